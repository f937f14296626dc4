"""The outbox: whatever is killed when, and whatever the mail server does, each recipient gets each report once."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import mailboxes
import polars as pl
import posted
import pytest
from forked import FORKS
from telltale import WEEK

from connectors.store.memory import Edition, Errand, Memory
from dashboard import jobs
from dashboard.delivering import HELD, STEPS
from dashboard.settings import load_settings

MORNING = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)
LATER = MORNING + HELD + timedelta(hours=1)  # however slowly the process before it ran
ANNA, BERT = "anna@example.org", "bert@example.org"
SAFE = ("planned", "held", "packed")


def judged(unit, verdict="alarm", side="worse", since=date(2026, 10, 12)):
    row = {"indicator": "knowledge_reuse", "unit": unit, "week": WEEK, "verdict": verdict, "side": side, "since": since}
    row |= {"before": 44.0, "now": 31.5, "n": 812, "strength": 2.0, "p": 0.001, "folded": None, "nature": "shift"}
    row |= dict.fromkeys(("began", "began_early", "began_late"))
    return row | {"sentence": f"Knowledge reuse in {unit} has moved."}


def settled(unit):
    """Two weeks as usual after the one it rang in, which is what ends an alert."""
    weeks = [WEEK + timedelta(weeks=ahead) for ahead in (1, 2)]
    same = {"indicator": "knowledge_reuse", "unit": unit, "state": "shown", "mark": "", "verdict": "ok", "side": ""}
    return pl.DataFrame({"week": weeks, "value": [44.0, 44.0], "n": [812, 812], "people": [40, 40], **same})


def publish(memory, *rows, day=date(2026, 11, 22), calm=()):
    """An edition with these verdicts; `calm`: the units whose weeks are as usual again."""
    cells = [Edition(day, "").cells, *(settled(unit) for unit in calm)]
    units = {"unit": ["acme", "sales", "care"], "parent": [None, "acme", "acme"], "depth": [0, 1, 1]}
    named = pl.DataFrame(units).with_columns(name=pl.col("unit").str.to_titlecase())
    feeds = {"source": ["desk"], "table": ["tickets"], "newest": [day], "rows": [5], "state": ["ok"], "words": [""]}
    memory.publish(
        Edition(
            day,
            "Acme",
            units=named,
            verdicts=pl.DataFrame(list(rows)),
            feeds=pl.DataFrame(feeds),
            cells=pl.concat(cells, how="diagonal_relaxed"),
        )
    )


class House:
    """An organisation with two recipients, a mail server that can misbehave, and a folder for the operator."""

    def __init__(self, folder, url, boxes, port, more="", timeout=60):
        self.boxes, self.settings = boxes, folder / "settings.toml"
        self.settings.write_text(
            f"[store]\nmemory = '{url}'\n[exports.mail]\nkind = 'mail'\nhost = '127.0.0.1'\nport = {port}\n"
            f"from = 'b@example.org'\nto = ['{ANNA}', '{BERT}']\nsecurity = 'none'\ntimeout = {timeout}\n{more}"
        )
        self.memory = Memory.open(load_settings(self.settings).store.memory)

    def run(self, moment, what="tell", step="", number=1):
        """A real process; its exit code, -9 where it was killed."""
        process = self.start(moment, what, step, number)
        process.join(200)
        return process.exitcode

    def start(self, moment, *more):
        process = FORKS.Process(target=posted.main, args=(str(self.settings), moment.isoformat(), *more))
        process.start()
        self.boxes.sender = process.pid
        return process

    def tell(self, moment):
        return jobs.tell(load_settings(self.settings), moment)

    def report(self, name, moment):
        return jobs.report(load_settings(self.settings), name, moment)

    def settle(self, moment):
        return jobs.settle(load_settings(self.settings), moment)

    @property
    def states(self):
        rows = self.memory.deliveries().sort("report", "way", "recipient", "due")
        return [(row["recipient"], row["state"], row["tries"]) for row in rows.iter_rows(named=True)]


@pytest.fixture
def boxes():
    with mailboxes.served() as found:
        yield found


@pytest.fixture
def house(tmp_path, boxes):
    made = House(tmp_path, "memory.db", *boxes)
    yield made
    made.memory.close()


@pytest.fixture
def either(tmp_path, boxes, memory_url):
    """On SQLite and on PostgreSQL."""
    made = House(tmp_path, memory_url, *boxes, timeout=5)
    yield made
    made.memory.close()


NEWS = "◆ Needs attention: Knowledge reuse - Sales"


@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize("step", STEPS)
def test_killed_between_any_two_steps_each_gets_it_once(house, step, number):
    publish(house.memory, judged("sales"))
    planned_once = step == "planned" and number == 2
    assert house.run(MORNING, "tell", step, number) == (0 if planned_once else -9)
    assert house.run(LATER) == 0
    assert house.boxes.told(ANNA) == house.boxes.told(BERT) == {NEWS: 1}
    copies, same = house.boxes.copies()
    assert same
    twice = 1 if step == "handed" else 0  # it had arrived, and nobody was left to know
    assert sorted(copies.values()) == [1, 1 + twice]
    assert house.run(LATER + timedelta(days=1)) == 0
    assert len(house.boxes.received) == 2 + twice
    assert {state for _, state, _ in house.states} == {"sent"}


def test_killed_before_it_is_handed_over_nothing_comes_twice_over_the_wire(house):
    publish(house.memory, judged("sales"))
    for number, step in enumerate(SAFE):
        assert house.run(MORNING + number * timedelta(hours=2), "tell", step) == -9
    house.tell(MORNING + timedelta(hours=8))
    assert list(house.boxes.copies()[0].values()) == [1, 1]


def test_killed_by_the_server_itself_after_it_took_the_mail_the_same_mail_comes_again(house):
    """Nobody can know whether it arrived. It is sent once more, the same to the byte, so that mailboxes show one."""
    publish(house.memory, judged("sales"))
    house.boxes.mood = "kill"
    assert house.run(MORNING) == -9
    publish(house.memory, judged("sales"), judged("care"), day=date(2026, 11, 23))
    house.tell(LATER)
    house.tell(LATER + timedelta(minutes=1))
    copies, same = house.boxes.copies()
    assert same
    assert sorted(copies.values()) == [1, 1, 2]
    assert house.boxes.told(ANNA) == house.boxes.told(BERT)
    assert set(house.boxes.told(ANNA).values()) == {1}
    assert len(house.boxes.told(ANNA)) == 2


@pytest.mark.parametrize("mood", ["full", "greylist", "unknown", "hang up", "stall", "drop"])
def test_whatever_the_server_does_each_gets_it_once_and_late_rather_than_never(either, mood):
    publish(either.memory, judged("sales"))
    either.boxes.mood = mood
    assert [one.failed for one in either.tell(MORNING)] == [True, False]
    assert "waits for another try" in either.tell(MORNING + timedelta(seconds=20))[0].words
    either.settle(MORNING + timedelta(hours=7))
    assert either.boxes.told(ANNA) == either.boxes.told(BERT) == {NEWS: 1}
    assert sorted(either.boxes.copies()[0].values()) == ([1, 2] if mood == "drop" else [1, 1])
    assert either.boxes.copies()[1]
    assert either.states == [(ANNA, "sent", 2), (BERT, "sent", 1)]


def test_only_those_it_failed_for_get_it_again(house):
    publish(house.memory, judged("sales"))
    house.boxes.mood = "unknown"
    house.tell(MORNING)
    assert house.memory.hasten(MORNING) == 1
    house.settle(MORNING + timedelta(seconds=1))
    assert [to for to, _ in house.boxes.received] == [BERT, ANNA]


def test_what_cleared_before_it_could_be_told_is_not_told(house):
    publish(house.memory, judged("sales"))
    house.boxes.mood = "greylist"
    house.tell(MORNING)
    publish(house.memory, judged("sales", "ok", ""), judged("care"), day=date(2026, 11, 23), calm=("sales",))
    house.tell(MORNING + timedelta(days=1))
    assert house.boxes.told(ANNA) == {"◆ Needs attention: Knowledge reuse - Care": 1}
    assert house.boxes.told(BERT) == house.boxes.told(ANNA) + Counter({NEWS: 1, "● Over: Knowledge reuse - Sales": 1})
    assert house.states[0] == (ANNA, "replaced", 1)


def test_tries_come_later_and_later_but_never_too_late(house, boxes):
    publish(house.memory, judged("sales"))
    waits, now = [], MORNING
    for _ in range(9):
        boxes[0].mood = "greylist"
        house.settle(now) if waits else house.tell(now)
        row = house.memory.deliveries().filter(recipient=ANNA).row(0, named=True)
        waits.append((row["next"] - now).total_seconds() / 60)
        now = row["next"] + timedelta(seconds=1)
    for number, wait in enumerate(waits):
        full = min(2**number, 60)
        assert full / 2 <= wait <= full + 0.2, waits
    assert house.boxes.told(ANNA) == {}


def test_two_at_once_send_once(either):
    """Real processes, started together, on SQLite and on PostgreSQL."""
    publish(either.memory, judged("sales"))
    three = [either.start(MORNING) for _ in range(3)]
    for process in three:
        process.join(200)
    assert [process.exitcode for process in three] == [0, 0, 0]
    assert sorted(either.boxes.copies()[0].values()) == [1, 1]
    assert {state for _, state, _ in either.states} == {"sent"}


def test_who_lost_the_hold_before_handing_over_sends_nothing(house):
    publish(house.memory, judged("sales"))
    errand = Errand("tell", "now", "mail", ANNA)
    house.memory.plan([errand], MORNING)
    slow = house.memory.hold(errand, "slow", MORNING, MORNING + HELD)
    quick = house.memory.hold(errand, "quick", LATER, LATER + HELD)
    assert (slow.tries, quick.tries) == (1, 2)
    assert not house.memory.handing(slow, b"x", slow.news, LATER + HELD)
    assert house.memory.handing(quick, b"x", quick.news, LATER + HELD)


def test_nothing_is_ever_stuck_in_sending(house):
    publish(house.memory, judged("sales"))
    assert house.run(MORNING, "tell", "handing") == -9
    assert house.states[0] == (ANNA, "handing", 1)
    assert house.tell(MORNING + timedelta(minutes=9))[0].export == "mail"
    assert house.boxes.told(ANNA) == {}, "for as long as it may still be under way, nobody else begins"
    house.settle(LATER)
    assert house.boxes.told(ANNA) == {NEWS: 1}


REPORT = "[reports.weekly]\ntitle = 'Weekly summary'\nwhen = 'Mondays 07:00'\ntime_zone = 'Europe/Berlin'\n"
OPERATOR = (
    "[exports.desk]\nkind = 'files'\nfolder = 'operator'\nformats = ['md']\n[operator]\nto = ['desk']\nafter = 2\n"
)


@pytest.fixture
def weekly(tmp_path, boxes):
    made = House(tmp_path, "memory.db", *boxes, REPORT + f"to = ['mail:{ANNA}']\ncontent = ['alerts']\n" + OPERATOR)
    yield made
    made.memory.close()


def test_a_report_comes_once_for_each_time_it_is_due(weekly):
    publish(weekly.memory, judged("sales"))
    assert [one.words for one in weekly.report("weekly", MORNING)] == [f"mailed to {ANNA}"]
    assert "everybody has it" in weekly.report("weekly", MORNING + timedelta(hours=3))[0].words
    publish(weekly.memory, judged("sales"), judged("care"), day=date(2026, 11, 29))
    weekly.report("weekly", MORNING + timedelta(days=7))
    assert [mail["Subject"] for mail in weekly.boxes.box(ANNA)] == [
        "Weekly summary: 1 new alert – Acme, week of 16 November 2026",
        "Weekly summary: 1 new alert – Acme, week of 23 November 2026",
    ]
    assert set(weekly.boxes.told(ANNA).values()) == {1}


def test_a_report_with_nothing_to_say_is_not_sent_but_logged(weekly):
    publish(weekly.memory, judged("sales", "ok", ""))
    assert [one.words for one in weekly.report("weekly", MORNING)] == ["nothing new to tell"]
    row = weekly.memory.deliveries("weekly").row(0, named=True)
    assert (row["state"], row["words"], row["period"]) == ("nothing", "nothing new to tell", "2026-11-23T06:00Z")
    assert weekly.boxes.received == []


def test_what_was_told_at_night_is_told_in_the_report_too(weekly):
    """Each has its own memory: whoever reads only the report misses nothing."""
    publish(weekly.memory, judged("sales"))
    weekly.tell(MORNING - timedelta(hours=2))
    weekly.report("weekly", MORNING)
    assert weekly.boxes.told(ANNA) == {NEWS: 2}


def test_the_operator_is_told_by_another_way_what_does_not_arrive_and_why(weekly, tmp_path):
    publish(weekly.memory, judged("sales"))
    weekly.boxes.mood = "greylist"
    weekly.report("weekly", MORNING)
    assert not (tmp_path / "operator").exists(), "the first failure may pass by itself"
    weekly.boxes.mood = "greylist"
    weekly.settle(MORNING + timedelta(minutes=2))
    weekly.settle(MORNING + timedelta(minutes=2, seconds=30))
    (note,) = (tmp_path / "operator").iterdir()
    assert "The report weekly did not arrive by mail" in note.read_text()
    assert f"Has not arrived: {ANNA}" in note.read_text()
    assert "refused anna@example.org (451)" in note.read_text()
    weekly.boxes.mood = "greylist"
    weekly.settle(MORNING + timedelta(minutes=20))
    assert len(list((tmp_path / "operator").iterdir())) == 1, "once, however often it fails"
    weekly.settle(MORNING + timedelta(hours=2))
    assert weekly.boxes.told(ANNA) == {NEWS: 1}


def test_what_needs_a_person_is_told_to_the_operator_at_once(weekly, tmp_path):
    publish(weekly.memory, judged("sales"))
    weekly.boxes.mood = "unknown"
    weekly.report("weekly", MORNING)
    assert len(list((tmp_path / "operator").iterdir())) == 1


def test_before_anything_is_counted_a_report_that_is_due_fails_loudly(weekly, tmp_path):
    found = weekly.report("weekly", MORNING)
    assert [(one.failed, one.words) for one in found[:1]] == [
        (True, "nothing has been counted yet; run `bellwether refresh` first")
    ]
    assert "nothing has been counted yet" in next((tmp_path / "operator").iterdir()).read_text()


def test_who_is_no_longer_a_recipient_gets_nothing_that_waited(weekly):
    publish(weekly.memory, judged("sales"))
    weekly.boxes.mood = "unknown"
    weekly.report("weekly", MORNING)
    text = weekly.settings.read_text()
    weekly.settings.write_text(text.replace(f"to = ['mail:{ANNA}']", f"to = ['mail:{BERT}']"))
    weekly.settle(MORNING + timedelta(hours=7))
    assert weekly.boxes.received == []
    assert weekly.states[-1] == (ANNA, "nothing", 2)
