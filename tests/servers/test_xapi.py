"""Ralph read, added to, voided and read again: the lake is what its statements say."""

from datetime import UTC, datetime, timedelta

import pytest

from connectors.people import Pseudonyms
from connectors.source import kinds
from connectors.store.lake import Lake
from connectors.store.memory import Memory
from connectors.sync import sync
from servers.ralph import COURSES, fill, spoken

NAMES = Pseudonyms(bytes(range(32)))
NOW = datetime(2026, 11, 22, tzinfo=UTC)


class Learned:
    """Ralph beside a store of its own."""

    def __init__(self, server, folder):
        self.server = server
        self.settings = {"url": f"{server.url}/xAPI", "user": server.user, "password": server.password}
        self.settings["overlap_days"] = 7  # Ralph looks at the time of the voiding, which is that of the test
        self.lake, self.memory = Lake(folder / "lake"), Memory.open(f"sqlite:///{folder / 'memory.db'}")

    def sync(self, now):
        sync(kinds()["xapi"]("xapi", self.settings), self.lake, self.memory, NAMES, now)
        assert set(self.memory.runs()["state"]) == {"done"}, self.memory.runs()["words"].to_list()

    def rows(self):
        return set(self.lake.scan("learning").select("person", "course", "started", "done").collect().rows())


def says(statements):
    """Who began and finished what when, told from the statements one by one."""
    found = {}
    for one in statements:
        person = NAMES.token("person", one["actor"]["mbox"].removeprefix("mailto:"))
        record = found.setdefault((person, one["object"]["id"]), [None, None])
        place = 0 if one["verb"]["id"].endswith("initialized") else 1
        at = datetime.fromisoformat(one["timestamp"])
        record[place] = min(at, record[place] or at)
    return {(*key, *moments) for key, moments in found.items()}


@pytest.fixture
def learned(ralph, tmp_path):
    return Learned(ralph, tmp_path)


def test_the_lake_equals_the_store_before_and_after_it_changes(learned):
    said = fill(learned.server, 330)
    learned.sync(NOW)
    assert learned.rows() == says(said)

    course = said[6]["object"]["id"].removeprefix(f"{COURSES}/")
    later = [
        spoken("person1@example.org", "completed", "course-new", "2026-11-23T10:00:00Z"),
        spoken("new@example.org", "initialized", "course-0", "2026-11-23T11:00:00Z"),
        spoken("person3@example.org", "passed", course, "2026-11-21T12:00:00Z"),
    ]
    learned.server.post(later)
    wrong = next(one for one in said if one["verb"]["id"].endswith("completed"))
    learned.server.void(wrong["id"])
    learned.sync(NOW + timedelta(days=2))
    left = [one for one in said if one["id"] != wrong["id"]] + later
    assert says(left) != says(said + later)
    assert learned.rows() == says(left)

    learned.server.void(later[0]["id"])
    learned.sync(NOW + timedelta(days=4))
    assert learned.rows() == says([one for one in left if one["id"] != later[0]["id"]])


def test_a_client_that_may_not_read_is_told_so(learned):
    learned.settings["password"] = "another"
    health = kinds()["xapi"]("xapi", learned.settings).check()
    assert not health.reachable
    assert health.lacking == ("statements/read",)
