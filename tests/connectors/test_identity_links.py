"""Links are remembered with why and since, decisions can be undone without loss, and names stay under seal."""

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from connectors.errors import Refused
from connectors.identity.linking import bots, link, sure
from connectors.identity.sealed import Seal, opened
from connectors.people import Pseudonyms
from connectors.source import Stream
from connectors.store.lake import Lake
from connectors.store.memory import Memory
from connectors.sync import sync

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
KEY = Pseudonyms(bytes(range(32)))
ADA, BOB = (KEY.token("person", f"hr:{name}") for name in ("ada", "bob"))
U1, B1 = (KEY.token("person", f"chat:{name}") for name in ("u1", "b1"))

PEOPLE = [{"person": person, "unit": "desk", "valid_from": date(2024, 1, 1)} for person in ("ada", "bob")]
STAFF = [
    {"account": "ada", "person": "ada", "email": "ada@example.org", "name": "Ada Lovelace"},
    {"account": "bob", "person": "bob", "email": "bob@example.org", "name": "Bob Byte"},
]
CHAT = [
    {"account": "u1", "email": "Ada@example.org", "name": "Ada Lovelace", "kind": "person"},
    {"account": "b1", "email": "build@example.org", "name": "Build Machine", "kind": "bot"},
]
MESSAGES = [
    {"message": f"m{n}", "channel": "c", "author": author, "sent": datetime(2026, 2, 3, tzinfo=UTC)}
    for n, author in enumerate(["u1", "b1"])
]


class Given:
    """A source that gives these rows of these tables, and all of them each time."""

    def __init__(self, name, **tables):
        self.name, self.tables = name, tables

    def streams(self):
        return [Stream(table, self.reads(rows), whole=True) for table, rows in self.tables.items()]

    def reads(self, rows):
        return lambda since: iter([pl.DataFrame(rows, schema={"account": pl.String} if not rows else None)])


@pytest.fixture
def lake(tmp_path):
    return Lake(tmp_path / "lake")


@pytest.fixture
def memory(tmp_path):
    return Memory.open(f"sqlite:///{tmp_path / 'memory.db'}")


@pytest.fixture
def company(lake, memory):
    """Links after one sync; call it again with other accounts or at another time."""

    def synced(accounts=CHAT, at=NOON):
        for source in (Given("hr", people=PEOPLE, accounts=STAFF), Given("chat", accounts=accounts, messages=MESSAGES)):
            assert {run.state for run in sync(source, lake, memory, KEY, at)} == {"done"}
        return link(lake, memory, at)

    return synced


def now(memory):
    return memory.links().select("account", "person", "state", "since").sort("account").rows()


def pairs(*rows):
    return pl.DataFrame(rows, schema={"account": pl.String, "person": pl.String, "act": pl.String}, orient="row")


def test_accounts_become_people_and_machines_are_told(company):
    found = company()
    assert sure(found).rows() == [(U1, ADA)]
    assert bots(found)["account"].to_list() == [B1]


def test_a_link_keeps_since_when_it_holds(company, memory):
    company()
    company(at=NOON + timedelta(days=9))
    assert set(memory.links()["since"]) == {NOON}


def test_a_link_that_ends_is_kept_with_its_end(company, memory):
    company()
    later = NOON + timedelta(days=9)
    company([CHAT[0] | {"email": "bob@example.org", "name": "Bob Byte"}, CHAT[1]], later)
    assert [(person, until) for account, person, *_, until in memory.links(history=True).rows() if account == U1] == [
        (ADA, later),
        (BOB, None),
    ]


def test_a_new_link_touches_the_days_of_its_activity_and_an_old_one_nothing(company, memory):
    company()
    touched = memory.touched().filter(table="messages")
    assert (date(2026, 1, 31), date(2026, 3, 2)) in touched.select("first", "last").rows()
    memory.settle(memory.touched()["id"].to_list())
    company(at=NOON + timedelta(days=9))
    assert memory.touched().is_empty()


def test_a_decision_touches_what_it_changes_and_survives_matching_again(company, lake, memory):
    company()
    memory.settle(memory.touched()["id"].to_list())
    memory.decide("link", pairs((U1, BOB, "link")), by="eve", note="asked her", at=NOON)
    link(lake, memory, NOON)
    assert memory.touched()["table"].to_list() == ["messages"]
    assert (U1, BOB, "locked") in [row[:3] for row in now(memory)]
    company(at=NOON + timedelta(days=9))
    assert (U1, BOB, "locked") in [row[:3] for row in now(memory)]


def test_an_undo_brings_back_exactly_what_was_and_loses_nothing(company, lake, memory):
    company()
    before = [row[:3] for row in now(memory)]
    number = memory.decide("link", pairs((U1, BOB, "link")), by="eve", note="", at=NOON)
    link(lake, memory, NOON)
    undo = memory.decide("undo", pairs(), by="eve", note="", at=NOON, undo=[number])
    link(lake, memory, NOON)
    assert [row[:3] for row in now(memory)] == before
    assert memory.batches().select("act", "by", "undone", "accounts").rows() == [
        ("link", "eve", undo, 1),
        ("undo", "eve", None, 0),
    ]
    assert memory.batch(number).rows() == [(U1, BOB, "link")]


def test_an_undo_can_be_undone(company, lake, memory):
    company()
    number = memory.decide("link", pairs((U1, BOB, "link")), by="eve", note="", at=NOON)
    undo = memory.decide("undo", pairs(), by="eve", note="", at=NOON, undo=[number])
    memory.decide("undo", pairs(), by="eve", note="", at=NOON, undo=[undo])
    link(lake, memory, NOON)
    assert (U1, BOB, "locked") in [row[:3] for row in now(memory)]


def test_names_are_under_seal_and_only_the_key_opens_them(company, memory, tmp_path):
    company()
    found = opened(Seal(KEY.sealing_key()), memory.sealed()).filter(token=U1)
    assert found.select("source", "account", "email", "name").rows() == [
        ("chat", "u1", "ada@example.org", "Ada Lovelace")
    ]
    memory.close()
    for path in (path for path in tmp_path.rglob("*") if path.is_file()):
        assert b"lovelace" not in path.read_bytes().lower(), path


def test_another_key_opens_nothing(company, memory):
    company()
    with pytest.raises(Refused, match="sealed with another key"):
        opened(Seal(bytes(32)), memory.sealed())


def test_a_seal_opens_for_its_own_account_only(company, memory):
    company()
    one, two = memory.sealed().head(2)["sealed"]
    swapped = memory.sealed().head(2).with_columns(sealed=pl.Series([two, one]))
    with pytest.raises(Refused):
        opened(Seal(KEY.sealing_key()), swapped)
    assert "not shown" in repr(Seal(KEY.sealing_key()))


def test_a_name_goes_with_its_account(company, memory):
    company()
    assert U1 in set(memory.sealed()["token"])
    company([CHAT[0] | {"gone": True}, CHAT[1] | {"gone": False}], NOON + timedelta(days=9))
    assert U1 not in set(memory.sealed()["token"])
    assert U1 not in set(memory.links()["account"])


def test_what_was_forgotten_is_not_sealed_again(company, memory):
    company()
    memory.decide("forget", pairs((U1, None, "forget")), by="eve", note="", at=NOON)
    assert memory.unseal(pl.Series([U1])) == 1
    company(at=NOON + timedelta(days=9))
    assert U1 not in set(memory.sealed()["token"])
    assert (U1, ADA, "linked") in [row[:3] for row in now(memory)]


def test_links_and_seals_are_the_same_on_every_database(memory_url):
    memory = Memory.open(memory_url)
    rows = {"account": [U1], "person": [None], "why": ["bot"], "evidence": ["x"], "state": ["separated"]}
    found = pl.DataFrame(rows, schema_overrides={"person": pl.String})
    memory.relink(found, NOON)
    memory.relink(found.with_columns(evidence=pl.lit("y")), NOON + timedelta(days=9))
    assert memory.links().select("account", "person", "evidence", "since").rows() == [(U1, None, "y", NOON)]
    memory.seal(pl.DataFrame({"token": [U1], "sealed": ["1"]}))
    memory.seal(pl.DataFrame({"token": [U1], "sealed": ["2"]}))
    assert memory.sealed().rows() == [(U1, "2")]
    number = memory.decide("separate", pairs((U1, None, "separate")), by="eve", note="", at=NOON)
    assert memory.decided().rows() == [(number, U1, None, "separate")]
    memory.close()
