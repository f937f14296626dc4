"""What people say beside what they do: agree, disagree, or cannot say."""

from datetime import date, timedelta

import polars as pl
import pytest

from metrics.agreement import agreement

FIRST, SECOND = date(2026, 6, 1), date(2026, 8, 31)


def cells(*rows):
    named = [dict(zip(("indicator", "week", "value", "half"), row, strict=True)) for row in rows]
    frame = pl.DataFrame(named).with_columns(unit=pl.lit("a"), state=pl.lit("shown"))
    return frame.with_columns(low=pl.col("value") - pl.col("half"), high=pl.col("value") + pl.col("half"))


def flags(safety, behaviour, name="help_seeking"):
    said = [("psychological_safety", week, value, 2.0) for week, value in zip((FIRST, SECOND), safety, strict=True)]
    done = [
        (name, week - timedelta(weeks=1), value, 1.0) for week, value in zip((FIRST, SECOND), behaviour, strict=True)
    ]
    found = agreement(cells(*said, *done)).filter(indicator=name)
    return found.select("says", "does", "flag", "words").row(0)


@pytest.mark.parametrize(
    ("safety", "behaviour", "flag", "words"),
    [
        ((60, 70), (10, 15), "agree", "People say they feel safer, and they ask more."),
        ((60, 70), (10, 5), "disagree", "People say they feel safer, but they ask less."),
        ((60, 70), (10, 10.5), "disagree", "People say they feel safer, but what they do has not clearly changed."),
        ((70, 60), (15, 10), "agree", "People say they feel less safe, and they ask less."),
        ((60, 61), (10, 10.5), "cannot say", "Neither what people say nor what they do has clearly changed."),
    ],
)
def test_both_sides_are_compared_by_what_clearly_changed(safety, behaviour, flag, words):
    assert flags(safety, behaviour)[2:] == (flag, words)


def test_of_repeated_trouble_less_goes_with_safety():
    assert flags((60, 70), (30, 20), "repeat_incidents")[2] == "agree"
    assert (
        flags((60, 70), (20, 30), "repeat_incidents")[3] == "People say they feel safer, but more trouble comes back."
    )


def test_where_behaviour_is_unknown_nothing_is_said_of_it():
    found = agreement(cells(("psychological_safety", FIRST, 60.0, 2.0), ("psychological_safety", SECOND, 70.0, 2.0)))
    assert set(found["flag"]) == {"cannot say"}
    assert found["words"][0] == "People say they feel safer; what they do is not known."


def test_after_one_survey_there_is_no_change_to_speak_of():
    assert agreement(cells(("psychological_safety", FIRST, 60.0, 2.0))).is_empty()
