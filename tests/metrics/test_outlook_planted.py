"""The shortage planted in the made-up company is foreseen, and its forecasts beat saying that nothing changes."""

from datetime import date

import polars as pl
import pytest

from connectors.company.company import company
from connectors.company.planted import SHORT, SHORT_IN
from metrics.backtest import backtest, standing
from metrics.outlook import QUARTER, TABLES, forecasts
from metrics.weeks import Calendar, team_of_record

TODAY = date(2026, 11, 22)
CALENDAR = Calendar(today=TODAY)


@pytest.fixture(scope="module")
def foreseen():
    made = company(1, 2400, TODAY)
    tables = {name: made.table(name).lazy() for name in (*TABLES, "people") if name != "teams"}
    tables["teams"] = team_of_record(tables["people"], CALENDAR).collect().lazy()
    return forecasts(tables, CALENDAR)


def test_the_skill_that_is_needed_more_and_more_is_said_to_become_short_before_it_is(foreseen):
    one = foreseen.filter(pl.col("week") == pl.col("week").max(), unit=SHORT_IN, skill=SHORT, ahead=QUARTER)
    assert not one["now"].item()
    assert one["chance"].item() > 0.7
    assert one["drift"].item() > 0.04  # more than was planned, as the quarters before


def test_forecasts_of_both_horizons_beat_persistence_and_their_ranges_hold(foreseen):
    for row in backtest(foreseen).iter_rows(named=True):
        assert row["origins"] >= 8
        assert row["skill"] > 0.2
        assert row["skill_share"] > 0.2
        assert 0.8 < row["slope"] < 1.25
        assert 0.83 < row["covered"] < 0.97
        assert standing(row, None) == ("forecast", 0)


def test_a_forecast_of_the_past_is_the_same_when_later_facts_are_not_there_yet(foreseen):
    early = Calendar(today=date(2026, 3, 15))
    made = company(1, 2400, TODAY)
    dated = {"skills": "assessed", "tickets": "opened", "demand": "day"}
    tables = {name: made.table(name).lazy() for name in (*TABLES, "people") if name != "teams"}
    for name, column in dated.items():
        tables[name] = tables[name].filter(pl.col(column).cast(pl.Date) < early.today)
    tables["needs"] = tables["needs"].filter(pl.col("changed").dt.date() < early.today)
    tables["teams"] = team_of_record(tables["people"], early).collect().lazy()
    then = forecasts(tables, early)
    week = then["week"].max()
    key, told = ["unit", "skill", "ahead"], ["stock", "stay", "headcount", "drift", "chance"]
    both = then.filter(week=week).sort(key), foreseen.filter(week=week).sort(key)
    for name in told:
        assert both[0][name].to_list() == pytest.approx(both[1][name].to_list(), rel=1e-3, abs=1e-6)
