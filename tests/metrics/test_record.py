"""The record of the alarms, counted by hand."""

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from lives import CELLS, week

from metrics.life import Alert, Change, lived
from metrics.record import onsets, record, tally

WORDS = {
    "a": ("alarm", "worse"), "b": ("alarm", "better"), "o": ("ok", ""), "w": ("watch", "worse"), "-": ("unknown", ""),
}  # fmt: skip


def course(unit, letters, indicator="link_rate", state="shown"):
    rows = [(indicator, unit, week(n), state, *WORDS[one]) for n, one in enumerate(letters)]
    return pl.DataFrame(rows, schema={**CELLS, "side": pl.String}, orient="row")


def weeks(frame):
    return [(unit, (day - week(0)).days // 7) for unit, day in frame.select("unit", "week").rows()]


def test_an_alarm_begins_once_however_long_it_rings_and_not_with_the_first_verdict():
    assert weeks(onsets(course("web", "ooaaoa"))) == [("web", 2), ("web", 5)]
    assert weeks(onsets(course("web", "aaoa"))) == [("web", 3)]
    assert weeks(onsets(course("web", "oo--aa"))) == [("web", 4)]
    assert weeks(onsets(course("web", "oobba"))) == [("web", 4)]


def test_hidden_weeks_are_in_no_record():
    assert onsets(course("web", "ooaa", state="hidden")).is_empty()
    assert record(course("web", "ooaa", state="hidden")).is_empty()


# Web: alarms in weeks 10 and 30; its outcome turns bad in week 14: the first is true, four weeks early.
# Desk: an alarm in week 12, nothing follows. Its outcome turns bad in week 25, which nobody foretold.
WEB = course("web", "o" * 10 + "aa" + "o" * 18 + "aa" + "o" * 28)
DESK = course("desk", "o" * 12 + "aa" + "o" * 46)
BAD = course("web", "o" * 14 + "a" * 4 + "o" * 42, "reopened_work")
WORSE = course("desk", "o" * 25 + "a" * 4 + "o" * 31, "reopened_work")
ALL = pl.concat([WEB, DESK, BAD, WORSE])


def told(rival):
    return record(ALL).filter(rival=rival).row(0, named=True)


def test_true_and_false_alarms_found_and_missed_events_and_the_lead_are_counted():
    ours = told("ours")
    assert (ours["alarms"], ours["true"], ours["events"], ours["found"], ours["lead"]) == (3, 1, 2, 1, 4.0)
    assert ours["precision"] == pytest.approx(1 / 3)
    assert ours["recall"] == 0.5
    assert ours["precision_low"] < 1 / 3 < ours["precision_high"]


def test_false_alarms_are_told_per_unit_and_year():
    # Two units judged for 60 weeks, of which the first 52 have a whole horizon after them: two unit-years.
    ours = told("ours")
    assert ours["years"] == 2.0
    assert ours["false_a_year"] == 1.0


def test_persistence_foretells_the_next_trouble_from_the_last():
    twice = course("web", "o" * 14 + "aooaoo" + "o" * 40, "reopened_work")
    found = record(pl.concat([WEB, twice])).filter(rival="persistence").row(0, named=True)
    assert (found["alarms"], found["true"], found["events"], found["found"], found["lead"]) == (2, 1, 2, 1, 3.0)


def test_random_alarms_at_the_same_rate_are_true_as_often_as_weeks_come_before_events():
    # 16 of 104 judged unit-weeks come within eight weeks before one of the two events; 3 alarms: 0.46 true, so none.
    chance = told("random")
    assert (chance["alarms"], chance["true"], chance["lead"]) == (3, 0, None)
    assert chance["precision"] == pytest.approx(16 / 104)
    assert chance["false_a_year"] == pytest.approx(3 * 88 / 104 / 2)
    # Each alarm lies before a given event with 8/104: three of them find it with 1 - (96/104)^3.
    assert chance["recall"] == pytest.approx(1 - (96 / 104) ** 3)
    assert chance["precision_low"] is None


def test_an_alarm_whose_horizon_is_not_over_does_not_count_yet():
    late = course("web", "o" * 55 + "a" * 5)
    assert record(pl.concat([late, BAD])).filter(rival="ours")["alarms"].to_list() == [0]


def test_an_event_before_the_first_horizon_was_judged_was_nobodys_to_foretell():
    early = course("web", "ooo" + "a" * 4 + "o" * 53, "reopened_work")
    assert record(pl.concat([WEB, early]))["events"].to_list() == [0, 0, 0]


def test_an_outcome_is_not_foretold_by_itself():
    assert record(BAD).is_empty()


def test_good_news_foretells_nothing():
    good = course("web", "o" * 10 + "bb" + "o" * 48)
    assert record(pl.concat([good, BAD])).filter(rival="ours")["alarms"].to_list() == [0]


def worth(number, month, outcome="", side="worse"):
    born = Alert(number, "link_rate", "web", side, week(0))
    at = datetime(2026, month, 3, tzinfo=UTC)
    said = [Change("raised", at, week=week(0))]
    return lived(born, [*said, *([Change("outcome", at, "Ana", outcome=outcome)] if outcome else [])])


def test_four_quarters_are_tallied_by_what_people_said():
    said = [
        worth(1, 11, "useful"),
        worth(2, 10, "wrong"),
        worth(3, 10),
        worth(4, 7, "useful"),
        worth(5, 11, side="better"),
    ]
    found = tally(said, date(2026, 11, 27))
    assert found.columns == ["quarter", "raised", "useful", "known", "wrong", "gamed", "unsaid"]
    assert found.rows() == [
        ("2026 Q4", 3, 1, 0, 1, 0, 1), ("2026 Q3", 1, 1, 0, 0, 0, 0), ("2026 Q2", 0, 0, 0, 0, 0, 0),
        ("2026 Q1", 0, 0, 0, 0, 0, 0),
    ]  # fmt: skip
    assert tally([], date(2026, 1, 5) + timedelta(days=1))["quarter"].to_list() == [
        "2026 Q1", "2025 Q4", "2025 Q3", "2025 Q2",
    ]  # fmt: skip
