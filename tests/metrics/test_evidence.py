"""Evidence adds up: any grouping, any order, over tree and time, is the same as counting from scratch."""

from datetime import date, timedelta
from itertools import combinations
from types import SimpleNamespace

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.evidence import added, gathered, own, placed, read, roll_up, series, windowed

START = date(2026, 9, 7)
WEEKS = [START + timedelta(weeks=n) for n in range(6)]
ABOVE = {"a": ["a", "ab", "top"], "b": ["b", "ab", "top"], "c": ["c", "top"], "ab": ["ab", "top"]}
LEAVES = sorted(ABOVE)


def above(unit, week):
    """From the fourth week on `c` hangs under `ab`."""
    return ["c", "ab", "top"] if unit == "c" and week >= WEEKS[3] else ABOVE[unit]


TREE = pl.DataFrame(
    [(week, unit, one, n) for week in WEEKS for unit in LEAVES for n, one in enumerate(above(unit, week))],
    schema=["week", "unit", "ancestor", "distance"], orient="row",
)  # fmt: skip


def indicator(kind, **facts):
    return SimpleNamespace(**{"name": "i", "kind": kind, "least": 30, "target": 5.0, "better": "up"} | facts)


def rows(events, **columns):
    place = {"unit": pl.String, "week": pl.Date, "person": pl.String} | columns
    return pl.LazyFrame(events, schema=place, orient="row")


def within(events, unit, last, weeks):
    """The events in the tree under a unit in the weeks up to one."""
    return [e for e in events if last - timedelta(weeks=weeks - 1) <= e[1] <= last and unit in above(e[0], e[1])]


def in_pieces(evidence, dice):
    """Leaf evidence shuffled, cut into pieces, each rolled up by itself, and the pieces added in another order."""
    shuffled = evidence.sample(fraction=1.0, shuffle=True, seed=dice.randrange(99))
    pieces = [shuffled.filter(pl.col("week").is_in(chosen)) for chosen in (WEEKS[::2], WEEKS[1::2])]
    dice.shuffle(pieces)
    return added(pl.concat([added(roll_up(piece, TREE)) for piece in pieces]))


def every_window(evidence, weeks):
    return {(row["unit"], row["week"]): row for row in windowed(evidence, weeks).rows(named=True)}


event = st.tuples(st.sampled_from(LEAVES), st.sampled_from(WEEKS), st.sampled_from("pqrs"))
dice = st.randoms(use_true_random=False)
small = settings(max_examples=40, deadline=None)


@small
@given(st.lists(st.tuples(event, st.booleans()), min_size=1), dice, st.integers(1, 4))
def test_shares_add(drawn, dice, weeks):
    events = [(*e, part, 1) for e, part in drawn]
    evidence = gathered(rows(events, part=pl.Boolean, whole=pl.Int64), indicator("share")).collect()
    found = every_window(in_pieces(evidence, dice), weeks)
    assert found == every_window(roll_up(evidence, TREE), weeks)
    for (unit, week), row in found.items():
        counted = within(events, unit, week, weeks)
        assert (row["part"], row["whole"]) == (sum(e[3] for e in counted), len(counted))


@small
@given(st.lists(st.tuples(event, st.integers(-9, 9)), min_size=1), dice, st.integers(1, 4))
def test_means_add(drawn, dice, weeks):
    events = [(*e, float(amount)) for e, amount in drawn]
    evidence = gathered(rows(events, total=pl.Float64), indicator("mean")).collect()
    for (unit, week), row in every_window(in_pieces(evidence, dice), weeks).items():
        amounts = [e[3] for e in within(events, unit, week, weeks)]
        assert (row["total"], row["squares"], row["count"]) == (sum(amounts), sum(a * a for a in amounts), len(amounts))


def kaplan_meier(waits, target):
    surviving = 1.0
    for age in sorted({age for age, done in waits if done and age <= target}):
        at_risk = sum(other >= age for other, _ in waits)
        surviving *= 1 - sum(other == age and done for other, done in waits) / at_risk
    followed = any(age >= target for age, _ in waits)
    return 1 - surviving if followed or surviving == 0 else None


@small
@given(st.lists(st.tuples(event, st.integers(0, 7), st.booleans()), min_size=1), dice, st.integers(1, 4))
def test_waits_add(drawn, dice, weeks):
    events = [(*e, age, done, not done) for e, age, done in drawn]
    columns = {"bucket": pl.Int64, "done": pl.Boolean, "waiting": pl.Boolean}
    waiting = indicator("waiting")
    evidence = gathered(rows(events, **columns), waiting).collect()
    for row in series(windowed(in_pieces(evidence, dice), weeks), waiting).rows(named=True):
        counted = within(events, row["unit"], row["week"], weeks)
        expected = kaplan_meier([(e[3], e[4]) for e in counted], 5)
        assert row["value"] == (expected if expected is None else pytest.approx(expected))
        assert row["n"] == len(counted)


team = st.dictionaries(st.sampled_from([f"p{n}" for n in range(9)]), st.sampled_from(LEAVES), min_size=1)


@small
@given(st.lists(team, min_size=6, max_size=6), st.randoms(use_true_random=False))
def test_ties_add(teams, dice):
    drawn = {
        w: [p for p in combinations(sorted(t), 2) if dice.random() < 0.4] for w, t in zip(WEEKS, teams, strict=True)
    }
    members = [
        (unit, week, person, None, 0, 1) for week, t in zip(WEEKS, teams, strict=True) for person, unit in t.items()
    ]
    ties = [(t[a], week, None, t[b], 1, 0) for week, t in zip(WEEKS, teams, strict=True) for a, b in drawn[week]]
    columns = {"other": pl.String, "ties": pl.Int64, "size": pl.Int64}
    evidence = gathered(rows(members + ties, **columns), indicator("ties")).collect()
    for row in in_pieces(evidence, dice).rows(named=True):
        t = teams[WEEKS.index(row["week"])]
        inside = {person for person, unit in t.items() if row["unit"] in above(unit, row["week"])}
        across = [p for p in combinations(sorted(t), 2) if t[p[0]] != t[p[1]] and inside & set(p)]
        assert row["pairs"] == len(across)
        assert row["ties"] == len(set(across) & set(drawn[row["week"]]))
        assert row["people"] == len(inside)


@small
@given(st.lists(st.tuples(event, st.lists(st.integers(1, 5), min_size=3, max_size=3)), min_size=1), dice)
def test_scales_add(drawn, dice):
    events = [(*e, float(sum(items)), None, [float(i) for i in items]) for e, items in drawn]
    columns = {"score": pl.Float64, "before": pl.Float64, "items": pl.List(pl.Float64)}
    evidence = gathered(rows(events, **columns), indicator("scale")).collect()
    for (unit, week), row in every_window(in_pieces(evidence, dice), 2).items():
        counted = within(events, unit, week, 2)
        groups = {}
        for e in counted:
            groups.setdefault(e[:2], []).append(e[3])
        assert (row["count"], row["groups"]) == (len(counted), len(groups))
        assert row["between"] == pytest.approx(sum(sum(g) ** 2 / len(g) for g in groups.values()))
        assert row["size_squares"] == sum(len(g) ** 2 for g in groups.values())
        assert row["product_1_3"] == sum(e[5][0] * e[5][2] for e in counted)
        assert row["sum_2"] == sum(e[5][1] for e in counted)


@small
@given(st.lists(event, min_size=1))
def test_people_add_up_the_tree_and_each_stands_in_one_unit_a_week(drawn):
    evidence = gathered(rows([(*e, 1, 1) for e in drawn], part=pl.Int64, whole=pl.Int64), indicator("share")).collect()
    top = roll_up(evidence, TREE).filter(pl.col("unit") == "top")
    for row in top.rows(named=True):
        assert row["people"] == len({person for _, week, person in drawn if week == row["week"]})


def count(*events):
    typed = [(unit, WEEKS[week], person, 1, 1) for unit, week, person in events]
    evidence = gathered(rows(typed, part=pl.Int64, whole=pl.Int64), indicator("share")).collect()
    return {(row["unit"], WEEKS.index(row["week"])): (row["whole"], row["people"]) for row in evidence.rows(named=True)}


def test_a_person_in_two_units_of_a_week_counts_where_most_of_their_events_are_then_by_name():
    assert count(("b", 0, "p"), ("a", 0, "p"), ("b", 0, "p")) == {("a", 0): (1, 0), ("b", 0): (2, 1)}
    assert count(("b", 0, "p"), ("a", 0, "p")) == {("a", 0): (1, 1), ("b", 0): (1, 0)}


def test_events_of_nobody_known_count_and_add_no_people():
    assert count(("a", 0, None), ("a", 0, "p")) == {("a", 0): (2, 1)}


def test_people_of_a_wait_are_counted_once_however_many_ages_it_has():
    columns = {"bucket": pl.Int64, "done": pl.Int64, "waiting": pl.Int64}
    events = [("a", START, person, age, 1, 0) for person in "pq" for age in (1, 2, 3)]
    evidence = gathered(rows(events, **columns), indicator("waiting")).collect()
    assert evidence["people"].to_list() == [2, 0, 0]
    assert windowed(roll_up(evidence, TREE), 4)["people"].sum() == 2 * 3 * 1


def test_a_window_takes_the_people_of_its_largest_week_not_their_sum():
    events = [("a", WEEKS[0], p, 1, 1) for p in "pqr"] + [("a", WEEKS[1], p, 1, 1) for p in "pq"]
    found = windowed(gathered(rows(events, part=pl.Int64, whole=pl.Int64), indicator("share")), 4)
    assert found.select("week", "whole", "people").rows() == [(WEEKS[0], 3, 3), (WEEKS[1], 5, 3)]


def test_a_window_ends_no_later_than_the_evidence_and_forgets_the_fifth_week():
    events = [("a", WEEKS[0], "p", 1, 1), ("b", WEEKS[5], "p", 1, 1)]
    found = windowed(gathered(rows(events, part=pl.Int64, whole=pl.Int64), indicator("share")), 4)
    assert found.filter(pl.col("unit") == "a")["week"].to_list() == WEEKS[:4]
    assert found.filter(pl.col("unit") == "b")["week"].to_list() == [WEEKS[5]]


def test_the_team_of_record_wins_over_the_row_and_the_row_over_nothing():
    teams = pl.LazyFrame({"person": ["p"], "week": [START], "unit": ["east"]})
    drawn = rows([("desk", START, "p"), ("desk", START, "stranger"), ("desk", START, None), (None, START, "stranger")])
    assert sorted(placed(drawn, teams).collect()["unit"]) == ["desk", "desk", "east"]
    assert sorted(placed(drawn, None).collect()["unit"]) == ["desk", "desk", "desk"]


def test_a_unit_missing_from_the_tree_is_named_not_lost():
    with pytest.raises(ValueError, match="unit 'ghost' is not in the tree of 2026-09-07"):
        roll_up(
            pl.DataFrame([{"indicator": "i", "unit": "ghost", "week": START, "part": 1, "whole": 1, "people": 1}]), TREE
        )


@pytest.mark.parametrize(
    ("whole", "least", "value", "mark"),
    [(30, 30, 50.0, ""), (28, 30, 50.0, "low volume"), (10, 30, 50.0, "low volume"), (8, 30, None, "too few"),
     (8, 8, 50.0, ""), (6, 8, None, "too few")],
)  # fmt: skip
def test_few_events_are_marked_and_too_few_are_withheld(whole, least, value, mark):
    evidence = pl.DataFrame(
        [{"indicator": "i", "unit": "a", "week": START, "part": whole // 2, "whole": whole, "people": 9}]
    )
    found = read(evidence, indicator("share", least=least)).row(0, named=True)
    assert (found["value"], found["mark"], found["n"]) == (value, mark, whole)
    assert (found["low"] is None) == (value is None)
    assert series(evidence, indicator("share", least=least))["value"].item() == 0.5


def test_an_indicator_finds_its_own_rows_in_a_table_of_many():
    share = pl.DataFrame([{"indicator": "i", "unit": "a", "week": START, "part": 1, "whole": 2, "people": 1}])
    other = pl.DataFrame(
        [{"indicator": "j", "unit": "a", "week": START, "bucket": 1, "done": 2, "waiting": 1, "people": 1}]
    )
    wide = pl.concat([share, other], how="diagonal")
    assert own(wide, indicator("share")).collect().equals(share)
    assert own(wide, indicator("waiting", name="j")).collect().columns == [
        "indicator", "unit", "week", "people", "bucket", "done", "waiting",
    ]  # fmt: skip
