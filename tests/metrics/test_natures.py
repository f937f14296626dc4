"""How did it move: at once, bit by bit, in one week alone, or not at all any more."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from test_board import board, cell, said
from test_judge import FIRST, course

from metrics.judge import judge
from metrics.natures import drifting, stopped

WEEKS = 110
STEP = (np.arange(WEEKS) >= 70) * 1.0
SLOPE = np.clip((np.arange(WEEKS) - 69) / 26, 0, 1)


def told(change, seed=3):
    """What is said of 20 units that change as planted, among 60."""
    rng = np.random.default_rng(seed)
    units = [0.45 + rng.normal(0, 0.02, WEEKS) - (change if unit < 20 else 0) for unit in range(60)]
    every = judge(pl.concat([course(one, unit=f"u{unit:02}", depth=2, n=600.0) for unit, one in enumerate(units)]))
    return every.filter(pl.col("unit") < "u20").sort("unit", "week")


def lately(rows):
    """How often each nature is told in the alarms of the last weeks in which the word may change."""
    week = FIRST + timedelta(weeks=102)
    return dict(rows.filter(pl.col("week") == week, pl.col("verdict") == "alarm")["nature"].value_counts().iter_rows())


def test_a_planted_step_is_a_shift_in_most_series():
    found = lately(told(0.06 * STEP))
    assert found["shift"] >= 4 * found.get("drift", 0)


def test_a_planted_slope_of_half_a_year_is_a_drift_in_most_series():
    found = lately(told(0.09 * SLOPE))
    assert found["drift"] >= 2 * found.get("shift", 0)


def test_one_wild_week_is_a_spike_on_watch_and_never_an_alarm():
    wild = np.zeros(WEEKS)
    wild[80] = 0.2
    rows = told(wild)
    week = rows.filter(pl.col("week") == FIRST + timedelta(weeks=80))
    assert set(week["verdict"]) == {"watch"}
    assert set(week["nature"]) == {"spike"}
    after = rows.filter(pl.col("week") > FIRST + timedelta(weeks=80), pl.col("side") == "worse")
    assert "alarm" not in set(after["verdict"])


def test_what_is_as_usual_has_no_nature():
    rows = told(np.zeros(WEEKS))
    assert set(rows.filter(pl.col("verdict").is_in(["ok", "unknown"]))["nature"]) == {""}


def test_a_survey_shifts_from_wave_to_wave_and_never_drifts():
    waves = [None if week % 13 else 70.0 - 12 * (week >= 65) for week in range(92)]
    rows = judge(course(waves, kind="scale", n=300.0, sd=12.0)).filter(pl.col("verdict") != "ok")
    assert set(rows.filter(pl.col("verdict").is_in(["alarm", "watch"]))["nature"]) == {"shift"}


def test_a_clean_slope_drifts_a_clean_step_does_not_and_missing_weeks_change_nothing():
    weeks = np.arange(39)
    slope, step = np.clip((weeks - 20) / 18, 0, 1), (weeks >= 20) * 1.0
    wobble = 0.01 * np.sin(7.0 * weeks)
    rows = np.stack([slope + wobble, step + wobble, slope + wobble, step + wobble])
    rows[2:, ::4] = np.nan
    assert drifting(rows).tolist() == [True, False, True, False]


@pytest.mark.parametrize("weeks", [0, 1, 4])
def test_too_few_weeks_are_no_drift(weeks):
    assert drifting(np.ones((2, weeks))).tolist() == [False, False]


def week_by_week(last, weeks=26, **facts):
    return [cell(week=last - timedelta(weeks=back), **facts) for back in range(weeks)]


def test_a_series_that_came_every_week_and_stopped_is_silent():
    row = board(week_by_week(date(2025, 11, 3))).row(0, named=True)
    assert (row["verdict"], row["nature"]) == ("unknown", "silence")
    words = "nothing new since the week of 3 November 2025. It has stopped: before that there was a number nearly every"
    assert row["sentence"].endswith(f"{words} week.")


@pytest.mark.parametrize(
    "cells",
    [
        week_by_week(date(2025, 11, 3), weeks=20),  # 20 of 26 weeks are too few to be missed
        week_by_week(date(2026, 2, 23)),  # still coming
        [*week_by_week(date(2025, 11, 3)), cell(week=date(2026, 3, 2), state="held", value=None)],  # the source is late
        [*week_by_week(date(2025, 11, 3)), cell(week=date(2025, 11, 10), state="hidden", value=None)],
    ],
)
def test_what_is_rare_or_late_or_hidden_has_not_stopped(cells):
    assert "silence" not in board(cells)["nature"].to_list()


def test_stopped_counts_each_series_by_its_own_last_week():
    cells = pl.DataFrame([*week_by_week(date(2024, 5, 6), unit="web"), *week_by_week(date(2026, 3, 2), 5, unit="ops")])
    assert stopped(cells).rows() == [("knowledge_reuse", "web")]


@pytest.mark.parametrize(
    ("side", "nature", "words", "kind"),
    [
        ("worse", "shift", "since the week of 5 January 2026.", "shift"),
        ("worse", "drift", "bit by bit since the week of 5 January 2026.", "drift"),
        ("worse", "spike", "so far a spike of one week.", "spike"),
        ("better", "drift", "bit by bit since the week of 5 January 2026.", "good news"),
    ],
)
def test_the_sentence_says_how_it_moved(side, nature, words, kind):
    row = board([cell(verdict="alarm", side=side)], [said(nature=nature)]).row(0, named=True)
    assert f", {words} n = 812" in row["sentence"]
    assert row["nature"] == kind
