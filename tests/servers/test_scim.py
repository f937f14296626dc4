"""A real SCIM directory, read, changed and read again: the lake says what the server says, and what it said before."""

from datetime import UTC, date, datetime

import polars as pl
import pytest

from connectors.people import Pseudonyms
from connectors.source import kinds
from connectors.store.lake import Lake
from connectors.store.memory import Memory
from connectors.sync import sync
from servers.conftest import running
from servers.scim import ENTERPRISE, Scim, fill

PEOPLE = 120
NAMES = Pseudonyms(bytes(range(32)))


@pytest.fixture(scope="module")
def directory(tmp_path_factory):
    """One of its own: what others fill in would be read here too."""
    for server in running(Scim, tmp_path_factory):
        server.ids = fill(server, PEOPLE)
        yield server


class House:
    def __init__(self, server, folder):
        self.server = server
        self.lake, self.memory = Lake(folder / "lake"), Memory.open(f"sqlite:///{folder / 'memory.db'}")

    def read(self, day=2, **more):
        now = datetime(2026, 3, day, 6, tzinfo=UTC)
        settings = {"url": self.server.url, "token": self.server.token, **more}
        return sync(kinds()["scim"]("hr", settings), self.lake, self.memory, NAMES, now)[0]

    def here(self):
        rows = self.lake.scan("people").filter(pl.col("valid_to").is_null())
        return set(rows.select("person", "unit", "manager").collect().rows())

    def stays(self, user):
        rows = self.lake.scan("people").filter(person=token(user)).sort("valid_from")
        return rows.select("unit", "valid_from", "valid_to", "left").collect().rows()


@pytest.fixture
def house(directory, tmp_path):
    return House(directory, tmp_path)


def token(user):
    return NAMES.token("person", f"hr:{user}") if user else None


def there(server):
    """Who is active on the server, read by one long page."""
    users = server.ask("GET", "/Users", params={"count": 1000})["Resources"]
    work = [(one["id"], one[ENTERPRISE]) for one in users if one["active"]]
    return {(token(user), said["department"], token(said.get("manager", {}).get("value"))) for user, said in work}


def test_everyone_is_here_page_by_page(directory, house):
    assert (house.read().landed, house.here()) == (PEOPLE, there(directory))


def test_what_changes_on_the_server_is_dated_history_here(directory, house):
    house.read(day=2)
    gone, idle, moved, led = directory.ids[-4:]
    directory.delete(gone)
    directory.deactivate(idle)
    directory.change(moved, department="D9", manager=directory.ids[0])
    directory.change(led, manager=directory.ids[1])
    fresh = directory.user("fresh", "D2", directory.ids[2])
    house.read(day=9)
    begun, noticed = date(2026, 3, 2), date(2026, 3, 9)
    assert house.here() == there(directory)
    assert [one[1:] for one in house.stays(gone) + house.stays(idle)] == [(begun, noticed, noticed)] * 2
    assert [one[1:] for one in house.stays(moved)] == [(begun, noticed, None), (noticed, None, None)]
    assert house.stays(fresh) == [("D2", noticed, None, None)]


def test_accounts_of_those_who_left_stay_so_that_their_work_keeps_its_author(directory, house):
    house.read(day=2)
    gone = directory.user("leaver", "D1")
    house.read(day=3)
    directory.delete(gone)
    house.read(day=9)
    assert house.lake.scan("accounts").filter(account=token(gone)).collect().height == 1


def test_a_wrong_token_is_refused(house):
    assert house.read(token="wrong").state == "refused"
