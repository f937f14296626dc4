"""A team of four in a made-up company: nobody finds it in what is published, by name, by search or by subtraction."""

import datetime as dt
import json
import re
from pathlib import Path
from random import Random

import numpy as np
import polars as pl
import pytest

from metrics.audit import determined, unseen
from metrics.crowd import DEFAULT, DIVERSE, FLOOR, hide, named
from metrics.evidence import roll_up, windowed
from metrics.tree import closure
from tests.metrics.companies import cells, tree

MONDAYS = [dt.date(2026, 8, 3) + dt.timedelta(weeks=week) for week in range(12)]
MOVED = MONDAYS[6]
SIZES = {"east": 20, "west": 15, "canary": 4, "plant": 30, "yard": 12, "depot": 9, "operations": 1}
ABOVE = {"east": "sales", "west": "sales", "plant": "operations", "yard": "operations", "depot": "operations"}
NAMES = {"sales": "Sales", "operations": "Operations", "company": "Company", "canary": "Kanarienvogel"}


def above(unit, week):
    """The canary moves from sales to operations in the seventh week."""
    if unit == "canary":
        return "sales" if week < MOVED else "operations"
    return ABOVE.get(unit, None if unit == "company" else "company")


def evidence(seed=1, sizes=SIZES):
    chance = Random(seed)
    rows = [
        {
            "indicator": "reuse",
            "unit": unit,
            "week": week,
            "part": chance.randint(people, 3 * people),
            "whole": 5 * people + chance.randint(0, 9),
            "people": people - chance.randint(0, people // 4),
        }
        for week in MONDAYS
        for unit, people in sizes.items()
    ]
    return pl.DataFrame(rows)


def parents():
    units = sorted({*SIZES, "sales", "operations", "company"})
    rows = [{"week": week, "unit": unit, "parent": above(unit, week)} for week in MONDAYS for unit in units]
    return pl.DataFrame(rows, schema={"week": pl.Date, "unit": pl.String, "parent": pl.String})


def published(leaves):
    """Cells as they leave the house: rolled up, windowed, hidden, and only of units that may be named."""
    rolled = windowed(roll_up(leaves, closure(parents())))
    shares = rolled.with_columns(n="whole", value=100 * pl.col("part") / pl.col("whole"))
    cells = hide(shares, parents(), own=windowed(leaves))
    members = rolled.filter(pl.col("week") == MONDAYS[-1]).select("unit", "people")
    units = pl.DataFrame({"unit": list({*SIZES, *NAMES})}).with_columns(name=pl.col("unit").replace(NAMES))
    may = named(units, members)
    return cells.join(may, on="unit", how="semi").select("unit", "week", "state", "people", "n", "value"), may


def equations(cells, units):
    """What each shown cell says about the weeks of each unit's own members: a row of ones and noughts."""
    shown = cells.filter(pl.col("state") == "shown").select("unit", "week").rows()
    unknowns = [(unit, week) for unit in units for week in MONDAYS]

    def within(cell, end, unit, week):
        path = []
        while unit is not None:
            path, unit = [*path, unit], above(unit, week)
        return cell in path and week in window(end)

    return unknowns, np.array([[float(within(*cell, *unknown)) for unknown in unknowns] for cell in shown])


def window(end):
    return [week for week in MONDAYS if end - dt.timedelta(weeks=3) <= week <= end]


def test_the_name_of_a_team_of_four_is_in_no_byte():
    cells, units = published(evidence())
    said = (cells.write_csv() + json.dumps(units.to_dicts()) + cells.write_json()).lower()
    assert "west" in said
    assert "canary" not in said
    assert "kanarienvogel" not in said


@pytest.mark.parametrize("seed", range(10))
def test_no_difference_of_published_counts_is_the_count_of_the_team_of_four(seed):
    leaves = evidence(seed)
    cells, _ = published(leaves)
    unknowns, rows = equations(cells, SIZES)
    free = unseen(rows)
    for end in MONDAYS:
        wanted = np.array([float(unit == "canary" and week in window(end)) for unit, week in unknowns])
        assert not determined(wanted, free), end
    for at, (unit, week) in enumerate(unknowns):
        if unit in ("canary", "operations"):
            assert not determined(np.eye(len(unknowns))[at], free), (unit, week)


@pytest.mark.parametrize("seed", range(10))
def test_the_solver_would_have_found_it_had_nothing_been_hidden_beside_it(seed):
    cells, _ = published(evidence(seed))
    careless = cells.with_columns(state=pl.when(pl.col("unit") == "canary").then("state").otherwise(pl.lit("shown")))
    unknowns, rows = equations(careless, SIZES)
    wanted = np.array([float(unit == "canary" and week in window(MONDAYS[-1])) for unit, week in unknowns])
    without_head = np.array([unit != "operations" for unit, _ in unknowns])
    assert determined(wanted[without_head], unseen(rows[:, without_head]))


@pytest.mark.parametrize("seed", range(10))
def test_what_is_shown_stands_on_a_crowd(seed):
    cells, _ = published(evidence(seed))
    assert cells.filter(pl.col("state") == "shown")["people"].min() >= 8
    assert cells.filter(pl.col("state") == "hidden").select("people", "n", "value").null_count().row(0) == (
        (cells.filter(pl.col("state") == "hidden").height,) * 3
    )


def test_most_of_the_company_is_still_seen():
    cells, _ = published(evidence())
    shares = dict(cells.group_by("unit").agg((pl.col("state") == "shown").mean()).rows())
    assert shares["company"] == shares["sales"] == shares["operations"] == 1
    assert shares["plant"] > 0.9
    assert shares["east"] > 0.9


def test_the_page_on_privacy_gives_the_numbers_that_the_code_keeps():
    page = (Path(__file__).parents[1] / "docs" / "privacy.md").read_text()
    assert re.findall(r"\*\*(\d+)\*\*", page) == [str(DEFAULT), str(DIVERSE)]
    assert f"lower it to {FLOOR}" in page


@pytest.mark.parametrize(
    ("sizes", "direct", "seen"),
    [((4, 9), 0, []), ((6, 9), 0, [6, 9]), ((3, 8, 12, 20), 0, [12, 20]), ((20, 20, 20), 1, [20, 20])],
)
def test_the_cases_on_the_page_come_out_as_it_says(sizes, direct, seen):
    teams = {f"team {at}": people for at, people in enumerate(sizes)}
    shown = hide(cells({"all": sum(sizes) + direct, **teams}), tree(dict.fromkeys(teams, "all")), 5)
    assert shown.filter(pl.col("state") == "shown", pl.col("unit") != "all")["people"].to_list() == seen
