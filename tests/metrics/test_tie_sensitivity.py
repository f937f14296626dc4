"""What ties would be under another rule: counted by hand in two teams, under the rule of crowds."""

import polars as pl
import pytest

from metrics.indicator import indicators
from metrics.publishing import Setting, seen
from metrics.tie_sensitivity import RULES, alike, otherwise, sensitivity
from metrics.tree import parents
from metrics.weeks import spine, team_of_record
from tests.metrics.facts import CALENDAR, MONDAY, at, facts, live

ONE = indicators()["cross_team_density"]
MINE = {ONE.name: ONE}
NEWEST = 63  # days from Monday 7 September to the last whole week


def mention(one, other, day, channel="help"):
    return {"tie": f"{one}{other}{day}", "person": one, "other": other, "kind": "mention", "seen": at(day),
            "channel": channel}  # fmt: skip


def company(size=10, ties=10, firm=4, slow=2):
    """Two teams of so many people, in whose last weeks `ties` pairs turned to one another on two days, `firm` of them a
    third time; `slow` more needed seven weeks for it. All teams sit under one roof."""
    east, west = ([f"{team}{at:02}" for at in range(size)] for team in ("e", "w"))
    pairs = list(zip(east, west, strict=True))
    met = [row for one, other in pairs[:ties] for row in (mention(one, other, NEWEST), mention(other, one, NEWEST + 1))]
    met += [mention(one, other, NEWEST + 2) for one, other in pairs[:firm]]
    late = list(zip(east, west[1:], strict=False))[:slow]
    met += [row for one, other in late for row in (mention(one, other, NEWEST - 42), mention(other, one, NEWEST))]
    talk = [{"message": f"m{week}", "channel": "help", "author": east[0], "sent": at(7 * week), "public": True}
            for week in range(-40, 11)]  # fmt: skip
    people = live(dict.fromkeys(east, "east") | dict.fromkeys(west, "west"))
    tables = facts(messages=talk, ties_seen=met, people=people, units=[])
    known = tables["people"].with_columns(valid_to=pl.lit(None, pl.Date), left=pl.lit(None, pl.Date))
    tables["teams"] = team_of_record(known.lazy(), CALENDAR).collect()
    return tables


def set_in(tables):
    teams = tables["teams"]
    weeks = spine(teams["week"].min(), CALENDAR.this)
    tree = parents(tables["units"].lazy(), weeks, named={"east", "west"}, organisation="all")
    rows = pl.DataFrame(schema={"source": pl.String, "table": pl.String, "week": pl.Date, "rows": pl.Int64})
    return Setting.of(CALENDAR, tree, teams, rows)


def told(tables):
    setting = set_in(tables)
    cells = seen(ONE, *ONE.counted(tables, CALENDAR), setting).cells
    return sensitivity(otherwise(tables, MINE, CALENDAR), MINE, setting, cells), cells


def test_where_there_is_nothing_frames_have_the_shape_of_those_where_there_is_something():
    setting, found = set_in(company()), ONE.counted(company(), CALENDAR)
    some, none = seen(ONE, *found, setting), seen(ONE, *(frame.clear() for frame in found), setting)
    assert some.cells.height and some.series.height and none.cells.is_empty() and none.series.is_empty()
    assert none.cells.schema == some.cells.schema
    assert none.series.schema == some.series.schema


def by_rule(found, unit):
    rows = found.filter(unit=unit).select("turns", "weeks", "crowded", "value").rows()
    return {(turns, weeks, crowded): value for turns, weeks, crowded, value in rows}


def test_each_rule_gives_what_was_planted():
    found, cells = told(company())
    root = cells.filter(pl.col("value").is_not_null())["unit"].unique().to_list()
    values = by_rule(found, next(unit for unit in root if unit not in ("east", "west")))
    assert len(values) == len(RULES) == 7
    assert values[2, 4, 30] == pytest.approx(1000 * 10 / 100)
    assert values[3, 4, 30] == pytest.approx(1000 * 4 / 100)
    assert values[1, 4, 30] == pytest.approx(1000 * 12 / 100)
    assert values[2, 8, 30] == pytest.approx(1000 * 12 / 100)
    assert values[2, 2, 30] == values[2, 4, 15] == values[2, 4, 60] == pytest.approx(1000 * 10 / 100)


def test_ours_is_the_number_on_the_page():
    found, cells = told(company())
    newest = cells.filter(pl.col("week") == CALENDAR.last).select("unit", "value").rows()
    assert dict(found.select("unit", "ours").unique().rows()) == pytest.approx(
        {unit: value for unit, value in newest if value is not None}
    )


def test_a_company_of_seven_shows_nothing_under_any_rule():
    found, _ = told(company(size=3, ties=3, firm=1, slow=1))
    assert found.is_empty()


def test_without_talk_there_is_nothing_to_vary():
    assert otherwise({"teams": company()["teams"]}, MINE, CALENDAR) == {}


@pytest.mark.parametrize(
    ("ours", "other", "same"),
    [((10, 12), (8, 9), True), ((10, 12), (8, 7), False), ((10, 10.1), (8, 7.9), True), ((10, 12), (None, 9), None)],
)
def test_a_trend_is_another_only_where_one_clearly_rises_and_the_other_falls(ours, other, same):
    row = {"ours_before": float(ours[0]), "ours": float(ours[1]), "before": other[0], "value": float(other[1])}
    frame = pl.DataFrame(row, schema=dict.fromkeys(row, pl.Float64))
    assert frame.select(alike()).item() is same


def test_the_calendar_of_this_test_is_the_one_it_counts_days_from():
    assert (CALENDAR.last - MONDAY).days == NEWEST
