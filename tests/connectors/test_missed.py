"""One project of several may not be read: the others land, it is told, and nothing is taken for gone."""

from datetime import UTC, datetime

import httpx2
import pytest
from answering import NOW, ok
from contract import Rehearsal

from connectors.fields import moment
from connectors.http import Api
from connectors.web import Endpoint, Rows, Web

PROJECTS = Endpoint("projects", "projects", {"id": str})
ISSUES = Endpoint("issues", "projects/{id}/issues", {"id": str}, of=PROJECTS)
NOTES = Endpoint(
    "notes",
    "issues/{id}/notes",
    {"id": str, "at": str},
    (Rows("messages", {"message": "id", "channel": "parent.id", "sent": moment("at")}, within="channel"),),
    of=ISSUES,
    covers="all",
)


class Desk:
    """Three projects, an issue in each, a note on each issue."""

    def __init__(self, folder):
        self.refusing, self.code = set(), 403
        transport = httpx2.MockTransport(self.answer)
        self.web = Web("desk", Api("https://example.org", transport=transport, clock=lambda: NOW), [NOTES], workers=1)
        self.rehearsal = Rehearsal(self.web, folder)

    def answer(self, request):
        if request.url.path in self.refusing:
            return httpx2.Response(self.code, text="CANARY")
        match request.url.path.strip("/").split("/"):
            case ["projects"]:
                return ok([{"id": "1"}, {"id": "2"}, {"id": "3"}])
            case ["projects", name, "issues"]:
                return ok([{"id": f"i{name}"}])
            case ["issues", name, "notes"]:
                return ok([{"id": f"n{name}", "at": "2026-03-02T09:00:00Z"}])

    def sync(self):
        self.rehearsal.sync()
        run = self.rehearsal.memory.runs().row(0, named=True)
        rows = self.rehearsal.lake.scan("messages").collect()["message"].sort().to_list()
        return run["state"], run["words"], [one.removeprefix("desk:n") for one in rows]

    @property
    def bookmark(self):
        return self.rehearsal.memory.bookmark("desk", "notes")


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


def test_where_one_project_refuses_the_others_land_and_it_is_told(desk):
    desk.refusing = {"/projects/2/issues"}
    state, words, rows = desk.sync()
    assert (state, rows, desk.bookmark) == ("refused", ["i1", "i3"], None)
    assert "refused /projects/2/issues (403)" in words and "1 of 3 parts could not be read" in words
    desk.refusing = set()
    assert desk.sync() == ("done", "", ["i1", "i2", "i3"])


def test_what_was_read_before_of_a_project_that_refuses_now_stays(desk):
    assert desk.sync()[2] == ["i1", "i2", "i3"]
    before = desk.bookmark
    desk.refusing, desk.code = {"/projects/1/issues"}, 404
    state, words, rows = desk.sync()
    assert (state, rows, desk.bookmark) == ("changed", ["i1", "i2", "i3"], before)
    assert "/projects/1/issues answered 404" in words


def test_where_all_refuse_or_the_list_itself_nothing_lands_and_it_is_told(desk):
    desk.refusing = {f"/projects/{n}/issues" for n in (1, 2, 3)}
    assert desk.sync()[0::2] == ("refused", [])
    desk.refusing = {"/projects"}
    assert desk.sync()[0::2] == ("refused", [])


def test_a_check_tells_of_a_project_that_refuses(desk):
    desk.refusing = {"/projects/1/issues"}
    health = desk.web.check()
    assert not health.reachable and "refused /projects/1/issues" in health.words
    desk.refusing = set()
    assert desk.web.check().newest == datetime(2026, 3, 2, 9, tzinfo=UTC)
