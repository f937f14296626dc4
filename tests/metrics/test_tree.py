"""The tree of a week: re-organisations move units, broken data is mended and told, nothing hangs or vanishes."""

import random
from datetime import date, timedelta

import polars as pl
import pytest

from metrics.tree import closure, faults, parents, tree
from metrics.weeks import spine

SCHEMA = {"unit": pl.String, "parent": pl.String, "name": pl.String, "valid_from": pl.Date, "valid_to": pl.Date}
MAY = spine(date(2026, 5, 4), date(2026, 5, 25))
FIRST, SECOND, THIRD, FOURTH = MAY["week"]


def units(*rows):
    full = [(unit, parent, unit.title(), *(dates or (date(2026, 1, 1), None))) for unit, parent, *dates in rows]
    flat = [(u, p, n, *(d[0] if isinstance(d[0], tuple) else d)) for u, p, n, *d in full]
    return pl.DataFrame(flat, schema=SCHEMA, orient="row")


def above(frame, unit, week=FIRST):
    rows = frame.filter(pl.col("unit") == unit, pl.col("week") == week).sort("distance")
    return rows["ancestor"].to_list()


def test_a_unit_is_its_own_ancestor_at_distance_nought():
    found = tree(units(("firm", None), ("sales", "firm"), ("east", "sales")), MAY)
    assert above(found, "east") == ["east", "sales", "firm"]
    assert found.height == 4 * (1 + 2 + 3)


def test_a_reorganisation_on_thursday_counts_that_week_and_one_on_friday_the_next():
    moved = [("east", "sales", (date(2026, 1, 1), date(2026, 5, 14))), ("east", "care", (date(2026, 5, 14), None))]
    found = tree(units(("firm", None), ("sales", "firm"), ("care", "firm"), *moved), MAY)
    assert [above(found, "east", week)[1] for week in MAY["week"]] == ["sales", "care", "care", "care"]
    moved = [("east", "sales", (date(2026, 1, 1), date(2026, 5, 15))), ("east", "care", (date(2026, 5, 15), None))]
    found = tree(units(("firm", None), ("sales", "firm"), ("care", "firm"), *moved), MAY)
    assert [above(found, "east", week)[1] for week in MAY["week"]] == ["sales", "sales", "care", "care"]


def test_late_facts_of_a_closed_unit_are_found_where_it_last_hung():
    closed = ("east", "sales", (date(2026, 5, 11), date(2026, 5, 18)))
    found = tree(units(("firm", None), ("sales", "firm"), closed), MAY)
    assert [above(found, "east", week) for week in (FIRST, FOURTH)] == [["east", "sales", "firm"]] * 2


def test_an_orphan_hangs_under_the_root_and_is_told():
    mended = parents(units(("firm", None), ("east", "nowhere")), MAY)
    assert above(closure(mended), "east") == ["east", "firm"]
    assert faults(mended).rows() == [("east", "orphan", 4)]


def test_a_unit_only_facts_name_hangs_under_the_root_and_is_told():
    mended = parents(units(("firm", None)), MAY, named=["desk", "firm"])
    assert above(closure(mended), "desk") == ["desk", "firm"]
    assert faults(mended).rows() == [("desk", "unlisted", 4)]


def test_a_cycle_is_cut_at_its_first_unit_by_name_and_what_hangs_below_stays_there():
    mended = parents(units(("firm", None), ("b", "c"), ("c", "d"), ("d", "b"), ("a", "c"), ("ok", "firm")), MAY)
    found = closure(mended)
    assert above(found, "b") == ["b", "firm"]
    assert above(found, "c") == ["c", "d", "b", "firm"]
    assert above(found, "a") == ["a", "c", "d", "b", "firm"]
    assert faults(mended).rows() == [("b", "cycle", 4)]


def test_a_unit_that_is_its_own_parent_hangs_under_the_root():
    assert above(tree(units(("firm", None), ("me", "me")), MAY), "me") == ["me", "firm"]


def test_a_cycle_that_swallows_the_root_gets_a_root_of_its_own():
    found = tree(units(("a", "b"), ("b", "a")), MAY)
    assert above(found, "b") == ["b", "a", "all"]


def test_two_roots_at_a_time_get_one_above_them_that_bears_the_organisations_name():
    mended = parents(units(("north", None), ("south", None), ("east", "south")), MAY, organisation="Larkfield")
    assert above(closure(mended), "east") == ["east", "south", "all"]
    assert mended.filter(pl.col("unit") == "all")["name"].unique().to_list() == ["Larkfield"]
    assert faults(mended).is_empty()


def test_one_root_after_another_is_one_root():
    new = ("new", None, (date(2026, 5, 18), None))
    found = tree(units(("old", None, (date(2026, 1, 1), date(2026, 5, 18))), new, ("east", "new")), MAY)
    assert above(found, "old", FIRST) == ["old"]
    assert above(found, "old", FOURTH) == ["old", "new"]
    assert set(found.filter(pl.col("distance") == 0, pl.col("week") == FIRST)["unit"]) == {"old", "new", "east"}


def test_without_units_every_unit_facts_name_is_a_child_of_all():
    found = tree(units(), MAY, named=["b", "a"])
    assert sorted(found.filter(pl.col("week") == FIRST).select("unit", "ancestor").rows()) == [
        ("a", "a"), ("a", "all"), ("all", "all"), ("b", "all"), ("b", "b"),
    ]  # fmt: skip


def test_of_two_parents_at_once_the_one_that_began_last_wins():
    twice = [("east", "sales", (date(2026, 1, 1), None)), ("east", "care", (date(2026, 3, 1), None))]
    assert above(tree(units(("firm", None), ("sales", "firm"), ("care", "firm"), *twice), MAY), "east")[1] == "care"


@pytest.mark.parametrize("seed", range(30))
def test_however_broken_the_data_every_unit_reaches_the_root_once_a_week(seed):
    dice = random.Random(seed)
    names = [f"u{i}" for i in range(12)]
    rows = [
        (name, dice.choice([*names, "gone", None]), (start, dice.choice([None, start + timedelta(days=9)])))
        for name in names
        for start in [date(2026, 4, 20) + timedelta(days=dice.randrange(40))]
    ]
    mended = parents(units(*rows), MAY)
    found = closure(mended)
    roots = mended.filter(pl.col("parent").is_null())
    assert roots.height == 4
    reach = found.join(roots.select("week", ancestor="unit"), on=["week", "ancestor"])
    assert reach.height == mended.height == reach.select("week", "unit").n_unique()
    assert set(mended["unit"]) >= set(names)
