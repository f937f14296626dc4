"""The kinds of evidence read against numbers published or worked by hand."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from metrics.evidence import roll_up
from metrics.kinds import KINDS, mean, scale, share, ties, waiting

KEY = {"indicator": "i", "unit": "u", "week": date(2026, 11, 9)}
PLACE = {"unit": "u", "week": date(2026, 11, 9)}


def reading(kind, rows, target=0.0):
    frame = pl.LazyFrame([KEY | row for row in rows])
    return KINDS[kind].read(frame, target).collect().row(0, named=True)


def test_wilson_as_newcombe_published_it(worked):
    example = worked("wilson_newcombe")
    for (part, whole), interval in zip(example["inputs"]["cases_x_n"], example["expected"]["ci"], strict=True):
        found = reading("share", [{"part": part, "whole": whole}])
        assert (found["low"], found["high"]) == pytest.approx(interval, abs=example["tolerance"])
        assert found["value"] == part / whole


def test_a_share_of_nothing_is_unknown_not_nought():
    assert reading("share", [{"part": 0, "whole": 0}]) == KEY | {
        "value": None,
        "low": None,
        "high": None,
        "n": 0,
        "sd": None,
    }


def test_a_mean_with_students_interval():
    found = reading("mean", [{"total": 15.0, "squares": 55.0, "count": 5}])
    assert found["value"] == 3.0
    assert found["sd"] == pytest.approx(2.5**0.5)
    assert (found["low"], found["high"]) == pytest.approx((3 - 1.963243, 3 + 1.963243), abs=1e-6)


def test_a_mean_of_one_has_no_interval_and_of_none_no_value():
    assert reading("mean", [{"total": 4.0, "squares": 16.0, "count": 1}]) | KEY == KEY | {
        "value": 4.0, "low": None, "high": None, "n": 1, "sd": None,
    }  # fmt: skip
    assert reading("mean", [{"total": 0.0, "squares": 0.0, "count": 0}])["value"] is None


def waits(times, events):
    done, open_ = ([t for t, e in zip(times, events, strict=True) if e == kind] for kind in (1, 0))
    return [
        KEY | {"bucket": t, "done": done.count(t), "waiting": open_.count(t)} for t in sorted(set(times), reverse=True)
    ]


def test_kaplan_meier_as_freireich_published_it(worked):
    example = worked("km_freireich")
    given, expected = example["inputs"], example["expected"]
    slow, fast = (pl.LazyFrame(waits(given[f"time_{arm}"], given[f"event_{arm}"])) for arm in "ab")
    curve = {row["bucket"]: row for row in waiting.curve(slow).collect().rows(named=True)}
    for age, surviving in expected["survival_a"].items():
        assert curve[int(age)]["surviving"] == pytest.approx(surviving, abs=1e-5)
    for age, interval in expected["ci95_loglog_a"].items():
        found = waiting.read(slow, float(age)).collect().row(0, named=True)
        assert (1 - found["high"], 1 - found["low"]) == pytest.approx(interval, abs=1e-5)
        assert 1 - found["value"] == pytest.approx(expected["survival_a"][age], abs=1e-5)
    assert waiting.median(slow).collect()["median"].item() == expected["median_a"]
    assert waiting.median(fast).collect()["median"].item() == expected["median_b"]


def test_nobody_followed_to_the_target_is_unknown():
    found = reading("waiting", [{"bucket": 3, "done": 1, "waiting": 0}, {"bucket": 9, "done": 0, "waiting": 5}], 10)
    assert (found["value"], found["low"], found["n"]) == (None, None, 6)
    assert reading("waiting", [{"bucket": 3, "done": 2, "waiting": 0}], 10)["value"] == 1.0


@pytest.mark.parametrize("kind", ["waiting", "median", "p85"])
def test_where_nobody_waited_nothing_is_known(kind):
    """As where only the people behind a number are there: not that all was done at once."""
    found = reading(kind, [{"bucket": 0, "done": 0, "waiting": 0}], 30)
    assert (found["value"], found["n"]) == (None, 0)


def test_where_none_or_all_were_done_the_interval_is_wilsons_over_those_followed():
    none = reading("waiting", [{"bucket": 4, "done": 0, "waiting": 7}, {"bucket": 10, "done": 0, "waiting": 20}], 10)
    assert (none["value"], none["low"], none["high"]) == (0.0, 0.0, pytest.approx(0.161125, abs=1e-6))
    every = reading("waiting", [{"bucket": 4, "done": 20, "waiting": 0}], 10)
    assert (every["value"], every["low"], every["high"]) == (1.0, pytest.approx(1 - 0.161125, abs=1e-6), 1.0)


@pytest.mark.parametrize(
    ("age", "done", "row"),
    [
        (23.5, True, (24, 1, 0)),
        (24.0, True, (24, 1, 0)),
        (24.1, True, (24, 0, 1)),
        (23.5, False, (23, 0, 1)),
        (99.0, False, (24, 0, 1)),
        (0.0, True, (0, 1, 0)),
    ],
)
def test_done_at_half_past_is_done_by_the_hour_and_waiting_has_waited_the_hours_before(age, done, row):
    frame = pl.DataFrame({"age": [age], "done": [done]})
    assert frame.select(**waiting.ages(pl.col("age"), pl.col("done"), 24)).row(0) == row


def test_density_of_the_worked_example(worked):
    example = worked("cross_team_density_hand")
    team = example["inputs"]["team"]
    members = [PLACE | {"unit": unit, "other": None, "ties": 0, "size": 1} for unit in team.values()]
    edges = [PLACE | {"unit": team[a], "other": team[b], "ties": 1, "size": 0} for a, b in example["inputs"]["edges"]]
    rows = pl.LazyFrame(members + edges, schema_overrides={"other": pl.String})
    leaves = ties.gather(rows).with_columns(
        indicator=pl.lit("i"), people=pl.when(pl.col("other").is_null()).then("size")
    )
    paths = {"A": ["A", "AB", "firm"], "B": ["B", "AB", "firm"], "C": ["C", "firm"]}
    above = [(KEY["week"], unit, one, n) for unit, path in paths.items() for n, one in enumerate(path)]
    tree = pl.DataFrame(above, schema=["week", "unit", "ancestor", "distance"], orient="row")
    found = {
        row["unit"]: row for row in roll_up(leaves.with_columns(pl.col("people").fill_null(0)), tree).rows(named=True)
    }
    expected = example["expected"]
    assert (found["firm"]["ties"], found["firm"]["pairs"]) == (
        expected["actual_cross"],
        expected["possible_cross_pairs"],
    )
    assert (found["A"]["ties"], found["A"]["pairs"]) == (3, 3 * 4)
    assert (found["C"]["ties"], found["C"]["pairs"]) == (2, 2 * 5)
    assert (found["AB"]["ties"], found["AB"]["pairs"]) == (4, 3 * 2 + 5 * 2)
    value = ties.read(pl.LazyFrame([found["firm"]]), 0).collect()["value"].item()
    assert value == pytest.approx(expected["cross_team_density"])


def test_no_ties_among_many_pairs_is_nought_with_room_above():
    found = reading("ties", [{"ties": 0, "pairs": 1000}])
    assert (found["value"], found["low"], found["n"]) == (0.0, 0.0, 1000)
    assert found["high"] == pytest.approx(0.003689, abs=3e-5)
    assert reading("ties", [{"ties": 100, "pairs": 1000}])["low"] == pytest.approx(0.0813, abs=2e-4)
    assert reading("ties", [{"ties": 0, "pairs": 0}])["value"] is None


def test_the_sums_of_a_scale_give_alpha_of_the_published_matrix(worked):
    example = worked("alpha_attitude")
    matrix = np.array(example["inputs"]["matrix_rows_are_respondents"], dtype=float)
    rows = [PLACE | {"score": row.mean(), "before": None, "items": list(row)} for row in matrix]
    rows.append(PLACE | {"score": 50.0, "before": 40.0, "items": [50.0, None, *[50.0] * 5]})
    sums = scale.gather(pl.LazyFrame(rows, infer_schema_length=None)).collect().row(0, named=True)
    n, k = sums["complete"], matrix.shape[1]
    cov = {(i, j): (sums[f"product_{i}_{j}"] - sums[f"sum_{i}"] * sums[f"sum_{j}"] / n) / (n - 1)
           for i in range(1, k + 1) for j in range(i, k + 1)}  # fmt: skip
    own = sum(cov[i, i] for i in range(1, k + 1))
    total = own + 2 * sum(value for (i, j), value in cov.items() if i < j)
    assert k / (k - 1) * (1 - own / total) == pytest.approx(example["expected"]["raw_alpha"], abs=example["tolerance"])
    assert (sums["count"], n, sums["matched"], sums["moved"]) == (31, 30, 1, 10.0)


def test_every_kind_gives_the_columns_it_names_even_from_nothing():
    for kind in KINDS.values():
        nothing = pl.LazyFrame(schema={"week": pl.Date, "unit": pl.String, "person": pl.String} | dict(kind.takes))
        found = kind.gather(nothing).collect()
        assert found.is_empty()
        assert all(kind.keeps(column) for column in found.columns)


def test_share_and_mean_are_gathered_per_unit_and_week():
    rows = pl.LazyFrame(
        [PLACE | {"part": True, "whole": 1, "total": 2.0}, PLACE | {"part": False, "whole": 1, "total": 3.0}]
    )
    assert share.gather(rows).collect().row(0)[2:] == (1, 2)
    assert mean.gather(rows).collect().row(0)[2:] == (5.0, 13.0, 2)


def test_ties_go_up_the_tree_of_each_week_whatever_other_weeks_there_are():
    """They are taken a quarter at a time; of a year, each week is what it is by itself."""
    rng, teams = np.random.default_rng(5), ["a1", "a2", "b1", "b2", "c1"]
    weeks = [date(2026, 1, 5) + timedelta(weeks=13 * n) for n in range(4)]
    rows = [{"indicator": "modularity", "week": week, "unit": one, "other": other, "people": 0,
             "inner": 0, "outer": int(rng.integers(1, 9))} for week in weeks for one in teams for other in teams
            if one < other]  # fmt: skip
    rows += [{"indicator": "modularity", "week": week, "unit": one, "other": None, "people": 9,
              "inner": int(rng.integers(1, 9)), "outer": 0} for week in weeks for one in teams]  # fmt: skip
    places = [(one, up, far) for one in teams for far, up in enumerate((one, one[0], "top"))]
    tree = pl.DataFrame([(week, *place) for week in weeks for place in places],
                        schema=["week", "unit", "ancestor", "distance"], orient="row")  # fmt: skip
    leaves = pl.DataFrame(rows)
    whole = roll_up(leaves, tree).sort("week", "unit")
    apart = pl.concat([roll_up(leaves.filter(week=week), tree.filter(week=week)) for week in weeks])
    assert whole.height == 4 * 9
    assert whole.equals(apart.sort("week", "unit"))
