"""A week and a quarter of daily refreshes, killed at any step: in the end each recipient has each flip once."""

import random
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from connectors.store.alerts import Book
from connectors.store.memory import Edition, Memory
from dashboard.lifetime import alerts, tick
from dashboard.settings import Settings
from dashboard.subscriptions import news

START = date(2026, 8, 31)
UNITS = [("acme", None, "Acme", 0), ("web", "acme", "Web", 1), ("desk", "acme", "Desk", 1), ("lab", "acme", "Lab", 1)]
# One letter a week: a(larm), b(etter), o(k), w(atch), - no verdict.
QUARTER = {
    "acme": "ooooooooooooo",
    "web": "oaaaaooooaaaa",  # rings, recovers, comes back within eight weeks
    "desk": "oaaa----aaaoo",  # goes stale, comes back still ringing, recovers in the last week
    "lab": "owaowaowaobbb",  # chatters, never two weeks as usual; then turns good
}
WEEK = {"acme": "oo", "web": "oa", "desk": "ao", "lab": "ow"}
SAYS = {
    "a": ("alarm", "worse"), "b": ("alarm", "better"), "o": ("ok", ""), "w": ("watch", "worse"), "-": ("unknown", ""),
}  # fmt: skip
SETTINGS = Settings(
    access={"ada@example.org": ["web", "lab"], "*": ["acme"]},
    subscriptions=[{"address": "ben@example.org", "unit": "desk"}],
)
NAMES = {"mail:ada": "ada@example.org", "mail:ben": "ben@example.org", "folder": ""}


class Killed(BaseException):
    """The process is gone, whatever it was at."""


class Chance:
    """Kills at about one step in twelve, so that most runs do not end."""

    def __init__(self, seed):
        self.random, self.kills = random.Random(seed), 0

    def step(self):
        if self.random.random() < 0.08:
            self.kills += 1
            raise Killed


class Mortal(Memory):
    """A memory whose process may be killed before, within and after each thing it writes."""

    def kill_by(self, chance):
        self.chance = chance
        return self

    @contextmanager
    def book(self):
        with super().book() as book:
            yield MortalBook(book.connection, self.chance)
        self.chance.step()

    def tell(self, export, flips, at):
        self.chance.step()
        super().tell(export, flips, at)
        self.chance.step()


class MortalBook(Book):
    def __init__(self, connection, chance):
        super().__init__(connection)
        object.__setattr__(self, "chance", chance)

    def add(self, *said):
        self.chance.step()
        super().add(*said)


class Inbox:
    """A way out that takes each flip under its key, as an outbox does: what is sent twice arrives once."""

    def __init__(self, chance):
        self.chance, self.keys, self.got = chance, set(), []

    def send(self, name, flips, day):
        for flip in flips.iter_rows(named=True):
            key = (name, flip["unit"], flip["verdict"], flip["side"], flip["since"])
            if key not in self.keys:
                self.keys.add(key)
                self.got.append((name, flip["unit"], flip["kind"], (day - START).days // 7))
            self.chance.step()


def since(letters, number):
    """The first week of the run of this letter, weeks without a verdict left out."""
    first = number
    for back in range(number, -1, -1):
        if letters[back] == letters[number]:
            first = back
        elif letters[back] != "-":
            break
    return START + timedelta(weeks=first)


def edition(story, number):
    """What a refresh in the week after week `number` publishes."""
    verdicts, cells, empty = [], [], Edition(START, "Acme")
    for unit, letters in story.items():
        for week in range(number + 1):
            verdict, side = SAYS[letters[week]]
            same = {"indicator": "link_rate", "unit": unit, "week": START + timedelta(weeks=week)}
            same |= {"verdict": verdict, "side": side}
            cells.append(dict.fromkeys(empty.cells.columns) | same | {"state": "shown", "mark": "", "value": 1.0})
        began = since(letters, number)
        told = {"folded": None, "nature": "shift", "sentence": f"{unit} in week {number}", "since": began}
        verdicts.append(dict.fromkeys(empty.verdicts.columns) | same | told)
    frame = pl.DataFrame(UNITS, schema=empty.units.schema, orient="row")
    return Edition(
        START + timedelta(weeks=number + 1),
        "Acme",
        verdicts=pl.DataFrame(verdicts, schema=empty.verdicts.schema),
        cells=pl.DataFrame(cells, schema=empty.cells.schema),
        units=frame,
    )


def one_run(memory, inbox, now, made, chance):
    """Refresh and tell, as a scheduler calls them; killed anywhere, what was done by then stays done."""
    try:
        chance.step()
        memory.publish(made)
        chance.step()
        tick(memory, now)
        for name, flips in news(SETTINGS, memory, NAMES, now).items():
            inbox.send(name, flips, now.date() - timedelta(days=7))
            memory.tell(name, flips, now)
    except Killed:
        pass


def lived_through(url, story, seed, days):
    chance = Chance(seed)
    memory, inbox = Mortal.open(url).kill_by(chance), Inbox(chance)
    weeks = len(next(iter(story.values())))
    editions = [edition(story, number) for number in range(weeks)]
    for day in range(days):
        now = datetime(2026, 9, 7, 7, tzinfo=UTC) + timedelta(days=day)
        for _ in range(1 + chance.random.randrange(2)):
            one_run(memory, inbox, now, editions[day // 7], chance)
    chance.step = lambda: None
    one_run(memory, inbox, now, editions[-1], chance)
    return memory, inbox, chance


FLIPS = {
    ("mail:ada", "web", "new", 1), ("mail:ada", "web", "over", 6), ("mail:ada", "web", "new", 9),
    ("mail:ada", "lab", "new", 2), ("mail:ada", "lab", "new", 10),
    ("mail:ben", "desk", "new", 1), ("mail:ben", "desk", "over", 12),
    ("folder", "web", "new", 1), ("folder", "web", "over", 6), ("folder", "web", "new", 9),
    ("folder", "desk", "new", 1), ("folder", "desk", "over", 12),
    ("folder", "lab", "new", 2), ("folder", "lab", "new", 10),
}  # fmt: skip


@pytest.mark.parametrize("seed", [1])
@pytest.mark.timeout(900)
def test_a_quarter_of_daily_refreshes_with_random_kills_ends_with_each_flip_once(tmp_path, seed):
    memory, inbox, chance = lived_through(f"sqlite:///{tmp_path}/memory.db", QUARTER, seed, 13 * 7)
    assert chance.kills > 40
    assert len(inbox.got) == len(FLIPS), "none twice"
    assert {*inbox.got} == FLIPS, "each, in the week in which it happened"
    lives = [(one.unit, one.side, one.state) for one in alerts(memory)]
    assert sorted(lives) == [
        ("desk", "worse", "resolved"), ("lab", "better", "open"), ("lab", "worse", "resolved"),
        ("web", "worse", "open"),
    ]  # fmt: skip


@pytest.mark.timeout(900)
def test_a_week_of_daily_refreshes_with_random_kills_ends_with_each_flip_once(memory_url):
    memory, inbox, _ = lived_through(memory_url, WEEK, 11, 14)
    assert sorted(inbox.got) == [
        ("folder", "desk", "new", 0), ("folder", "web", "new", 1), ("mail:ada", "web", "new", 1),
        ("mail:ben", "desk", "new", 0),
    ]  # fmt: skip
    assert [(one.unit, one.ringing) for one in alerts(memory)] == [("desk", True), ("web", True)]
