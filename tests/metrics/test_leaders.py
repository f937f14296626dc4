"""Heads of units are counted where they are a crowd, or nowhere."""

from datetime import date

import polars as pl

from metrics.leaders import lifted, lifts

WEEK = date(2026, 3, 2)
PARENTS = pl.DataFrame(
    [(WEEK, "all", None), (WEEK, "east", "all"), (WEEK, "west", "all"), (WEEK, "e1", "east"), (WEEK, "w1", "west")],
    schema={"week": pl.Date, "unit": pl.String, "parent": pl.String},
    orient="row",
)


def teams(**sizes):
    rows = [(f"{unit}{n}", WEEK, unit) for unit, size in sizes.items() for n in range(size)]
    return pl.DataFrame(rows, schema={"person": pl.String, "week": pl.Date, "unit": pl.String}, orient="row")


def where(**sizes):
    return dict(lifts(teams(**sizes), PARENTS, 8).select("unit", "to").rows())


def test_a_head_of_division_is_counted_in_the_company_where_the_heads_are_a_crowd():
    assert where(e1=20, w1=20, east=1, west=2, all=5) == {"east": "all", "west": "all"}


def test_too_few_heads_in_all_are_counted_nowhere():
    assert where(e1=20, w1=20, east=1, all=3) == {"east": None, "all": None}


def test_a_crowd_of_direct_members_stays_where_it_is():
    assert where(e1=20, w1=20, east=9, all=8) == {}


def test_those_who_rise_to_a_crowd_stop_there():
    assert where(e1=20, w1=20, west=3, all=9) == {"west": "all"}


def test_a_small_team_is_not_a_head_and_stays():
    assert where(e1=4, w1=20, all=8) == {}


def test_evidence_moves_with_them_at_either_end_and_is_lost_where_they_are_too_few():
    evidence = pl.DataFrame(
        [(WEEK, "east", "w1", 1), (WEEK, "e1", "east", 2), (WEEK, "e1", "w1", 4), (WEEK, "west", "e1", 8)],
        schema={"week": pl.Date, "unit": pl.String, "other": pl.String, "ties": pl.Int64},
        orient="row",
    )
    moves = pl.DataFrame({"week": [WEEK, WEEK], "unit": ["east", "west"], "to": ["all", None]})
    found = lifted(evidence, moves.with_columns(pl.col("to").cast(pl.String)))
    assert sorted(found.select("unit", "other", "ties").rows()) == [("all", "w1", 1), ("e1", "all", 2), ("e1", "w1", 4)]
