"""Each real server starts, takes a handful of things through its own way in, is killed, and gives them back."""

from urllib.parse import quote

import httpx2
import pytest

from servers import mediawiki as wiki
from servers import openldap as directory
from servers import ralph as store
from servers import redmine as tracker
from servers import request_tracker as desk
from servers import scim as people
from servers import synapse as chat


def read(server, path, **more):
    return httpx2.get(server.url + path, timeout=60, **more).raise_for_status().json()


def redmine_keeps(server):
    issues = tracker.fill(server, 6)
    server.reopen(issues[0])
    server.delete(issues[5])
    server.page("desk", "Login", "See [[Invoice]]")
    server.kill()
    server.start()
    return read(server, "/issues.json?status_id=*", headers={"X-Redmine-API-Key": server.key})["total_count"]


def synapse_keeps(server):
    (room, first, _), *_ = sent = chat.fill(server, 6)
    server.edit(room, "person0", first, "Better said")
    server.redact(room, "person2", sent[2][1])
    server.kill()
    server.start()
    path = f"/_matrix/client/v3/rooms/{quote(room)}/messages?dir=b&limit=100"
    events = read(server, path, headers={"Authorization": f"Bearer {server.tokens['person0']}"})["chunk"]
    return sum(event["type"] == "m.room.message" and bool(event["content"]) for event in events)


def openldap_keeps(server):
    directory.fill(server, 20)
    server.change("person3", manager="lead5", departmentNumber="")
    server.leave("D1", "person1")
    server.rename("person5", "person50")
    server.delete("person4")
    server.kill()
    server.start()
    assert "manager: uid=lead5," in server.search("(uid=person3)").stdout
    return server.search(as_reader=True).stdout.count("dn: uid=")


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


# Counted by hand. Redmine: six issues, one deleted. Synapse: messages 0, 2, 4 are in this room, 2 is redacted, an edit
# is one more. OpenLDAP: 20 people, one deleted. MediaWiki: five articles, one deleted, one moved and its redirect left.
# Ralph: six statements and one that takes one back. SCIM: nine people, one deleted. RT: four tickets, one deleted.
KEPT = {
    "redmine": (redmine_keeps, 5),
    "synapse": (synapse_keeps, 3),
    "openldap": (openldap_keeps, 19),
    "mediawiki": (mediawiki_keeps, 5),
    "ralph": (ralph_keeps, 7),
    "scim": (scim_keeps, 8),
    "request_tracker": (request_tracker_keeps, 3),
}


@pytest.mark.parametrize("name", KEPT)
def test_a_real_server_keeps_what_it_was_given(name, request):
    keeps, expected = KEPT[name]
    assert keeps(request.getfixturevalue(name)) == expected
