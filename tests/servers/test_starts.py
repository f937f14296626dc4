"""A real server starts, takes a handful of things through its own way in, is killed, and gives them back.

Those that are killed in the tests of their sources (Redmine, Synapse, OpenLDAP) are not started again for it here.
"""

import httpx2
import pytest

from servers import mediawiki as wiki
from servers import ralph as store
from servers import request_tracker as desk
from servers import scim as people


def read(server, path, **more):
    return httpx2.get(server.url + path, timeout=60, **more).raise_for_status().json()


def mediawiki_keeps(server):
    wiki.fill(server, 5)
    server.move("Article 3", "Article III")
    server.delete("Article 4")
    server.kill()
    server.start()
    path = "/api.php?action=query&list=allpages&aplimit=100&format=json"
    return sum(page["title"].startswith("Article") for page in read(server, path)["query"]["allpages"])


def ralph_keeps(server):
    said = store.fill(server, 6)
    server.void(said[0]["id"])
    server.kill()
    server.start()
    asked = {"auth": (server.user, server.password), "headers": store.VERSION}
    return len(read(server, "/xAPI/statements/?limit=100", **asked)["statements"])


def scim_keeps(server):
    """Its memory ends with it, so it is not killed."""
    users = people.fill(server, 9)
    server.change(users[7], department="D4", manager=users[1])
    server.deactivate(users[6])
    server.delete(users[8])
    return read(server, "/Users", headers={"Authorization": f"Bearer {server.token}"})["totalResults"]


def request_tracker_keeps(server):
    tickets = desk.fill(server, 4)
    server.reopen(tickets[0])
    server.delete(tickets[3])
    server.kill()
    server.start()
    path = "/REST/2.0/tickets?query=id>0"
    return read(server, path, headers={"Authorization": f"token {server.token}"})["total"]


# Counted by hand. MediaWiki: five articles, one deleted, one moved and its redirect left. Ralph: six statements and one
# that takes one back. SCIM: nine people, one deleted. RT: four tickets, one deleted.
KEPT = {
    "mediawiki": (mediawiki_keeps, 5),
    "ralph": (ralph_keeps, 7),
    "scim": (scim_keeps, 8),
    "request_tracker": (request_tracker_keeps, 3),
}


@pytest.mark.parametrize("name", KEPT)
def test_a_real_server_keeps_what_it_was_given(name, request):
    keeps, expected = KEPT[name]
    assert keeps(request.getfixturevalue(name)) == expected
