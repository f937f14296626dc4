"""Alerts in a database: ticks, people, two schedulers at once, and what came before alerts had a history."""

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from forked import FORKS

from connectors.store import database
from connectors.store.memory import Edition, Memory
from dashboard.lifetime import act, alerts, history, tick
from metrics.life import Change, Unfit

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
MONDAY = date(2026, 11, 16)
EMPTY = Edition(MONDAY, "Acme")


def week(back):
    return MONDAY - timedelta(weeks=back)


def verdict(unit, said, back=0, indicator="link_rate"):
    side = "worse" if said == "alarm" else ""
    return {
        "indicator": indicator, "unit": unit, "week": week(back), "verdict": said, "side": side, "since": week(back),
        "before": 60.0, "now": 40.0, "n": 300, "strength": -3.0, "p": 0.001, "folded": None,
        "nature": "shift", "sentence": f"{unit}: {said}",
    }  # fmt: skip


def cell(unit, said, back, indicator="link_rate"):
    blank = dict.fromkeys(EMPTY.cells.columns)
    return blank | {
        "indicator": indicator, "unit": unit, "week": week(back), "state": "shown", "mark": "", "value": 40.0,
        "verdict": said, "side": "",
    }  # fmt: skip


def edition(verdicts, cells=()):
    units = sorted({one["unit"] for one in verdicts} | {"acme"})
    tree = [(unit, None if unit == "acme" else "acme", unit.title(), int(unit != "acme")) for unit in units]
    return Edition(
        MONDAY,
        "Acme",
        verdicts=pl.DataFrame(verdicts, schema=EMPTY.verdicts.schema),
        cells=pl.DataFrame(list(cells), schema=EMPTY.cells.schema),
        units=pl.DataFrame(tree, schema=EMPTY.units.schema, orient="row"),
    )


@pytest.fixture
def memory(memory_url):
    memory = Memory.open(memory_url)
    memory.publish(edition([verdict("web", "alarm", 3)]))
    yield memory
    memory.close()


def recovered(memory):
    memory.publish(edition([verdict("web", "ok")], [cell("web", "alarm", 3), *(cell("web", "ok", n) for n in (1, 0))]))


def test_an_edition_raises_its_alarms_once(memory):
    assert [change.act for _, change in tick(memory, NOW)] == ["raised"]
    assert tick(memory, NOW) == []
    assert [(one.id, one.indicator, one.unit, one.side, one.state) for one in alerts(memory)] == [
        (1, "link_rate", "web", "worse", "open")
    ]


def test_recovery_is_read_from_the_published_weeks(memory):
    tick(memory, NOW)
    memory.publish(edition([verdict("web", "ok")], [cell("web", "alarm", 3), cell("web", "ok", 0)]))
    assert tick(memory, NOW) == []
    recovered(memory)
    assert [change.act for _, change in tick(memory, NOW)] == ["recovered"]


def test_before_anything_is_published_nothing_happens(memory_url):
    assert tick(Memory.open(memory_url), NOW) == []


def test_what_people_did_is_kept_word_for_word_in_its_order(memory):
    tick(memory, NOW)
    act(memory, 1, Change("acknowledged", NOW, "Ada", "O'Neill's \"fix\", done\n"))
    act(memory, 1, Change("assigned", NOW, "Ada", owner="Ben", due=date(2026, 12, 1)))
    act(memory, 1, Change("snoozed", NOW, "Ben", until=date(2026, 12, 24)))
    told = history(memory, 1)
    assert [(one.act, one.who) for one in told] == [
        ("raised", ""), ("acknowledged", "Ada"), ("assigned", "Ada"), ("snoozed", "Ben"),
    ]  # fmt: skip
    assert told[1] == Change("acknowledged", NOW, "Ada", "O'Neill's \"fix\", done\n")
    assert told[2].due == date(2026, 12, 1)


def test_what_cannot_be_done_leaves_nothing_behind(memory):
    tick(memory, NOW)
    with pytest.raises(Unfit, match="a why is needed"):
        act(memory, 1, Change("resolved", NOW, "Ada"))
    with pytest.raises(Unfit, match="there is no alert 7"):
        act(memory, 7, Change("acknowledged", NOW, "Ada"))
    assert len(history(memory, 1)) == 1


def test_who_acts_on_a_page_that_others_have_left_behind_is_told_so(memory):
    tick(memory, NOW)
    act(memory, 1, Change("resolved", NOW, "Ben", "the product was retired"))
    with pytest.raises(Unfit, match="it is resolved"):
        act(memory, 1, Change("acknowledged", NOW, "Ada"))


def at_once(memory_url, what):
    """Two processes that do it at the same moment; what each found."""
    barrier, found = FORKS.Barrier(2), FORKS.Queue()
    crowd = [FORKS.Process(target=what, args=(memory_url, barrier, found, n)) for n in range(2)]
    for one in crowd:
        one.start()
    told = [found.get(timeout=400) for _ in crowd]
    for one in crowd:
        one.join(60)
    assert [one.exitcode for one in crowd] == [0, 0]
    return told


def tick_at_once(memory_url, barrier, found, number):
    memory = Memory.open(memory_url)
    barrier.wait(300)
    found.put([change.act for _, change in tick(memory, NOW)])


def take_at_once(memory_url, barrier, found, number):
    memory = Memory.open(memory_url)
    barrier.wait(300)
    try:
        act(memory, 1, Change("resolved", NOW, f"person {number}", "mine"))
    except Unfit as reason:
        found.put(str(reason))
    else:
        found.put("done")


@pytest.mark.timeout(900)
def test_two_schedulers_at_once_raise_one_alert_and_end_it_once(memory, memory_url):
    assert sorted(at_once(memory_url, tick_at_once)) == [[], ["raised"]]
    recovered(memory)
    assert sorted(at_once(memory_url, tick_at_once)) == [[], ["recovered"]]
    assert [one.act for one in history(memory, 1)] == ["raised", "recovered"]


@pytest.mark.timeout(900)
def test_of_two_people_at_once_one_resolves_it_and_the_other_is_told(memory, memory_url):
    tick(memory, NOW)
    assert sorted(at_once(memory_url, take_at_once)) == ["done", "it is resolved (mine); reopen it first"]
    assert len(history(memory, 1)) == 2


def test_a_mute_is_kept_with_who_and_why_and_can_be_ended(memory):
    said = {"unit": "web", "indicator": "", "theme": "", "below": True, "until": date(2026, 12, 1), "who": "Ada"}
    number = memory.mute({**said, "why": "they move house", "at": NOW})
    assert memory.mutes().select("unit", "until", "who", "why").rows() == [
        ("web", date(2026, 12, 1), "Ada", "they move house")
    ]
    assert memory.unmute(number, "Ben", NOW)
    assert not memory.unmute(number, "Ben", NOW)
    assert memory.mutes().is_empty()
    assert memory.mutes(history=True).select("ended_by").rows() == [("Ben",)]


def test_a_subscription_is_kept_until_it_is_ended(memory):
    said = {"address": "ada@example.org", "unit": "web", "theme": "", "tier": "watch", "by": "Ada", "at": NOW}
    number = memory.subscribe(said)
    assert memory.subscriptions().select("address", "unit", "tier").rows() == [("ada@example.org", "web", "watch")]
    assert memory.unsubscribe(number, "Ada", NOW)
    assert memory.subscriptions().is_empty()


def test_acknowledgements_from_before_become_alerts_with_a_history(memory_url):
    opened = database.Database(database.connect(memory_url))
    config = Config()
    config.set_main_option("script_location", str(database.Path(database.__file__).parent / "migrations"))
    with opened.writing() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
        said = sa.text("INSERT INTO acknowledgements VALUES ('link_rate', 'web', :since, :who, :note, :at)")
        at = NOW if "postgresql" in memory_url else "2026-11-23 06:00:00.000000"
        for back, who in ((30, "Old"), (3, "Ada")):
            since = week(back) if "postgresql" in memory_url else str(week(back))
            connection.execute(said, {"since": since, "who": who, "note": "we look", "at": at})
    memory = Memory.open(memory_url)
    found = alerts(memory)
    assert [(one.since, one.who, one.note, one.state) for one in found] == [
        (week(30), "Old", "we look", "resolved"),
        (week(3), "Ada", "we look", "acknowledged"),
    ]
    assert found[1].acknowledged == NOW
    memory.publish(edition([verdict("web", "alarm")]))
    assert tick(memory, NOW) == []
