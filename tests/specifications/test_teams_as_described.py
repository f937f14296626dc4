"""Graph is asked as Microsoft's own metadata says, and replies made from its types are read."""

from datetime import UTC, datetime, timedelta

import pytest
from described import everything
from metadata import Tenant, metadata

from connectors.source import kinds
from connectors.sources.teams import LONG

SETTINGS = {"tenant": "directory", "client_id": "app", "client_secret": "s"}
KINDS = {"users": "user", "groups": "group", "teams/{id}/channels": "channel"}


def reading(**settings):
    transport = Tenant(metadata(), group={"visibility": "Public"})
    return transport, kinds()["teams"]("teams", {**SETTINGS, "transport": transport, **settings})


def test_requests_are_valid_and_replies_are_read():
    transport, source = reading()
    assert everything(source) == {"accounts": 1, "messages": 2, "ties_seen": 0, "article_uses": 0}
    assert transport.wrong == []
    assert [path for path, _ in transport.asked] == [
        "/users",
        "/groups",
        "/teams/xxxx/channels",
        "/teams/xxxx/channels/xxxx/messages",
    ]


@pytest.mark.parametrize(("days", "end"), [(1, "/messages/delta"), (300, "/messages")])
def test_what_changed_since_is_asked_of_the_delta_as_long_as_it_remembers(days, end):
    transport, source = reading(private=True)
    everything(source, datetime.now(UTC) - timedelta(days=days))
    assert transport.wrong == []
    path, query = transport.asked[-1]
    assert path.endswith(end)
    assert ("$filter" in query) is (end == "/messages/delta")


def test_every_field_that_is_read_is_there():
    _, source = reading()
    for endpoint in source.endpoints:
        while endpoint is not None:
            kind = KINDS.get(endpoint.path, "chatMessage")
            assert [name for name in metadata().lacking(kind, endpoint.fields) if name != LONG] == []
            endpoint = endpoint.of


@pytest.mark.parametrize(
    ("path", "query", "said"),
    [
        ("/teams/1/channels/2/messages/delta", {"$expand": "replies", "$top": "50"}, []),
        ("/teams/1/channels/2/messages/3/replies", {}, []),
        ("/teams/1/chanels", {}, ["/teams/1/chanels: 'chanels' is not there"]),
        ("/team", {}, ["/team: 'team' is not there"]),
        ("/users", {"$select": "id,mial"}, ["/users: $select mial"]),
        ("/users", {"$expand": "mail"}, ["/users: $expand mail"]),
        ("/groups", {"$filter": "resourceOptions/Any(x:x eq 'Team')"}, ["/groups: $filter resourceOptions"]),
        ("/users", {"$filter": "accountEnabled eq true", "top": "9"}, ["/users: top is not an option"]),
    ],
)
def test_what_breaks_the_metadata_is_named(path, query, said):
    assert metadata().complaints(path, query) == said
