"""Five scores out of cells, counted by hand."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from metrics.goalposts import Goalposts
from metrics.indicator import indicators
from metrics.points import points
from metrics.quality import label, shares
from metrics.scores import COLUMNS, overall, scores

DAY = date(2026, 11, 23)
WAVE = date(2026, 9, 14)
CLIMATE = ("psychological_safety", "supportive_environment", "reinforcing_leadership")
EVERY = indicators()


def cell(indicator, value, unit="a", week=WAVE, half=4.5, n=200, people=200, state="shown", mark=""):
    low, high = (None, None) if half is None else (value - half, value + half)
    if state != "shown":
        value = low = high = None
    return {"indicator": indicator, "unit": unit, "week": week, "state": state, "mark": mark, "value": value,
            "low": low, "high": high, "n": n, "people": people}  # fmt: skip


def cells(*rows):
    shape = {"indicator": pl.String, "unit": pl.String, "week": pl.Date, "state": pl.String, "mark": pl.String,
             "value": pl.Float64, "low": pl.Float64, "high": pl.Float64, "n": pl.Int64, "people": pl.Int64}  # fmt: skip
    return pl.DataFrame(rows, schema=shape, orient="row")


def climate(*values, **facts):
    return [cell(name, value, **facts) for name, value in zip(CLIMATE, values, strict=False)]


def units(*names):
    rows = [("all", None, "All", 0), *((name, "all", name.upper(), 1) for name in names)]
    return pl.DataFrame(rows, schema=["unit", "parent", "name", "depth"], orient="row").cast({"depth": pl.Int64})


def made(*rows, tree=None, **other):
    return scores(cells(*rows), units("a") if tree is None else tree, EVERY, DAY, **other)


def one(frames, score="climate", unit="a"):
    return frames["scores"].row(by_predicate=(pl.col("unit") == unit) & (pl.col("score") == score), named=True)


def test_three_scales_between_their_goalposts_make_the_climate():
    found = one(made(*climate(62.5, 85, 40)))
    assert found["value"] == pytest.approx((50 + 100 + 0) / 3)
    assert (found["present"], found["missing"], found["colour"]) == (pytest.approx(1), "", "amber")


def test_the_interval_is_the_delta_methods_where_errors_are_known():
    """Each half interval of 4.5 is an error of 4.5 / 1.96 / .45 = 5.102 points; errors that share half (all answered
    by the same people, too few waves to know better): variance = (3 + 2 * 3 * .5) / 9 * 5.102 ** 2."""
    found = one(made(*climate(62.5, 62.5, 62.5)))
    assert found["error"] == pytest.approx(5.10213 * (6 / 9) ** 0.5, abs=1e-4)
    assert found["high"] - found["low"] == pytest.approx(2 * 1.6448536 * found["error"])


def test_under_sixty_per_cent_of_the_weight_there_is_no_score():
    found = one(
        made(cell("knowledge_reuse", 40, week=date(2026, 11, 2)), cell("cross_team_reuse", 40, week=date(2026, 11, 2))),
        "knowledge",
    )
    assert found["value"] is None and found["colour"] == "grey"
    assert found["missing"] == "time_to_publish,link_accuracy"


def test_missing_weight_goes_to_the_others_and_is_told():
    frames = made(*climate(62.5, 85))
    found = one(frames)
    assert found["value"] == pytest.approx(75)
    assert found["present"] == pytest.approx(2 / 3)
    parts = frames["score_parts"].filter(score="climate").sort("place")
    assert parts["used"].to_list() == pytest.approx([0.5, 0.5, 0])
    assert parts["value"].to_list() == [62.5, 85, None]


def test_points_end_at_the_goalposts_and_have_no_error_beyond_them():
    found = points(cells(cell("psychological_safety", 99.0, half=1)), Goalposts(), EVERY, [DAY]).row(0, named=True)
    assert (found["points"], found["error"]) == (100, 0)
    assert found["share"] == pytest.approx((99 - 40) / 45)


def test_where_less_is_better_more_points_are_for_less():
    week = date(2026, 11, 2)
    rows = [cell("load_concentration", 15.0, week=week), cell("bridge_redundancy", 65.0, week=week)]
    found = points(cells(*rows), Goalposts(), EVERY, [DAY])
    assert dict(found.select("indicator", "points").iter_rows()) == {
        "load_concentration": pytest.approx(100),
        "bridge_redundancy": pytest.approx(50),
    }


@pytest.mark.parametrize("state", ["hidden", "held", "partial"])
def test_what_is_not_shown_counts_as_missing(state):
    frames = made(*climate(62.5, 85), cell("reinforcing_leadership", 77.7123, state=state))
    assert one(frames)["missing"] == "reinforcing_leadership"


def test_what_is_hidden_now_does_not_count_though_it_was_published_with_a_number():
    leak = cells(*climate(62.5, 85), cell("reinforcing_leadership", 77.7)).with_columns(
        state=pl.when(pl.col("indicator") == "reinforcing_leadership").then(pl.lit("hidden")).otherwise("state")
    )
    found = scores(leak, units("a"), EVERY, DAY)
    assert one(found)["value"] == pytest.approx(75)


def test_a_unit_that_is_not_published_has_no_score():
    frames = made(*climate(62.5, 85, 40, unit="skunkworks"), *climate(62.5, 85, 40))
    assert set(frames["scores"]["unit"]) == {"a"}
    assert all("skunkworks" not in frame["unit"] for frame in frames.values() if "unit" in frame.columns)


def test_an_old_number_counts_no_more():
    assert one(made(*climate(60, 60, 60, week=DAY - timedelta(weeks=31))))["value"] is not None
    assert made(*climate(60, 60, 60, week=DAY - timedelta(weeks=34)))["scores"].is_empty()


def test_no_change_is_clear_while_the_difference_may_be_nought():
    before = climate(60, 60, 60, week=WAVE - timedelta(weeks=13))
    found = one(made(*before, *climate(62, 62, 62)))
    assert found["changed"] == "same"
    assert found["difference"] == pytest.approx(2 / 0.45)
    assert found["difference_low"] < 0 < found["difference_high"]


def test_a_change_is_told_once_its_interval_leaves_nought_out():
    before = climate(60, 60, 60, week=WAVE - timedelta(weeks=13))
    assert one(made(*before, *climate(72, 72, 72)))["changed"] == "up"
    assert one(made(*before, *climate(48, 48, 48)))["changed"] == "down"


def test_what_was_not_measured_again_has_not_moved():
    only = one(made(*climate(60, 60, 60, week=DAY - timedelta(weeks=25))))
    assert (only["changed"], only["difference"], only["difference_high"]) == ("same", 0, 0)
    assert one(made(*climate(60, 60, 60)))["changed"] == ""


def test_without_an_interval_the_error_is_how_much_the_number_moves():
    """Thirteen windows of 26 weeks would be needed for time to proficiency; link accuracy has windows of 13: five in
    a year, so four moves, of 4, 4, 4 and 4."""
    weeks = [date(2026, 11, 2) - timedelta(weeks=13 * back) for back in range(5)]
    values = [70, 74, 70, 74, 70]
    rows = [cell("link_accuracy", value, week=week, half=None) for value, week in zip(values, weeks, strict=True)]
    found = points(cells(*rows), Goalposts(), EVERY, [DAY]).row(0, named=True)
    assert found["error"] == pytest.approx(4 / 1.128 / 35 * 100)
    alone = points(cells(rows[0]), Goalposts(), EVERY, [DAY]).row(0, named=True)
    assert alone["error"] is None


def test_a_score_of_which_one_error_is_unknown_has_no_range_and_no_change():
    rows = [*climate(62.5, 62.5), cell("reinforcing_leadership", 62.5, half=None)]
    found = one(made(*rows))
    assert (found["value"], found["low"], found["high"], found["changed"]) == (pytest.approx(50), None, None, "")


def test_the_less_is_seen_the_wider_the_range():
    rows = cells(*climate(62.5, 62.5, 62.5))
    half = pl.DataFrame({"indicator": CLIMATE, "unit": "a", "week": WAVE, "coverage": None, "response": 0.25}).cast(
        {"coverage": pl.Float64}
    )
    plain, thin = (one(scores(rows, units("a"), EVERY, DAY, shares=seen)) for seen in (None, half))
    assert thin["error"] == pytest.approx(2 * plain["error"])
    assert (thin["value"], thin["response"]) == (plain["value"], 0.25)
    assert thin["quality"] < plain["quality"]


def test_how_much_answered_and_whose_authors_are_known():
    rows = cells(cell("psychological_safety", 60, people=50), cell("knowledge_reuse", 40, week=WAVE, people=9))
    heads = pl.DataFrame({"unit": ["a"], "week": [WAVE], "people": [80]})
    known = pl.DataFrame({"source": ["desk", "wiki"], "table": ["tickets", "article_uses"], "known": [50, 30],
                          "placed": [60, 30], "whole": [100, 40]})  # fmt: skip
    found = {row["indicator"]: row for row in shares(rows, EVERY, heads, known).iter_rows(named=True)}
    assert found["psychological_safety"]["response"] == 50 / 80
    assert found["knowledge_reuse"]["response"] is None
    assert found["knowledge_reuse"]["coverage"] == 0.6
    assert [label(one) for one in (90, 75, 60, 50, 20)] == ["strong", "strong", "fair", "fair", "thin"]


def test_reliability_is_what_of_the_differences_is_not_noise():
    names = [chr(ord("a") + at) for at in range(10)]
    alike = [row for name in names for row in climate(62.5, 62.5, 62.5, unit=name)]
    apart = [row for at, name in enumerate(names) for row in climate(*[45 + 4 * at] * 3, unit=name)]
    low, high = (one(made(*rows, tree=units(*names)))["reliability"] for rows in (alike, apart))
    assert low == 0 and high > 0.8


def test_the_course_goes_back_two_years_and_knows_only_what_was_settled():
    week = date(2026, 9, 14)
    frames = made(*climate(62.5, 62.5, 62.5, week=week))
    course = frames["score_courses"].filter(score="climate")
    assert course["week"].to_list() == [DAY - timedelta(weeks=4 * back) for back in range(1, -1, -1)]
    assert set(course["version"]) == {"1"}
    settled = week + timedelta(days=7 + EVERY["psychological_safety"].settles)
    assert course["week"].min() >= settled


def test_own_goalposts_make_another_version_and_another_score():
    own = Goalposts.own({"climate": {name: {"low": 0, "high": 100} for name in CLIMATE}})
    found = one(made(*climate(62.5, 62.5, 62.5), posts=own))
    assert found["value"] == pytest.approx(62.5)
    assert found["version"] == own.version != "1"


def test_a_skill_shortage_that_nobody_computes_yet_is_missing_weight():
    found = made(
        cell("skill_coverage", 67.5, week=date(2026, 11, 16)), cell("plan_alignment", 60, week=date(2026, 11, 16))
    )
    assert "skill_shortage" in one(found, "skills")["missing"]


def test_the_checks_name_every_pair_and_how_far_errors_go_together():
    checks = made(*climate(62.5, 85, 40))["score_checks"].filter(score="climate")
    assert checks.filter(kind="errors")["value"].to_list() == [0.5, 0.5, 0.5]
    assert checks.filter(kind="alpha")["value"].to_list() == [None]


def test_where_teams_lack_a_part_the_parts_are_laid_side_by_side_a_level_higher():
    rng, rows, tree = np.random.default_rng(5), [], [("all", None, "All", 0)]
    for at in range(10):
        level = 40 + 4 * at
        rows += climate(*(level + rng.normal(0, 1, 3)), unit=f"d{at}")
        rows += climate(*rng.uniform(45, 80, 2), unit=f"t{at}")
        tree += [(f"d{at}", "all", "D", 1), (f"t{at}", f"d{at}", "T", 2)]
    frame = pl.DataFrame(tree, schema=["unit", "parent", "name", "depth"], orient="row").cast({"depth": pl.Int64})
    alpha = made(*rows, tree=frame)["score_checks"].filter(score="climate", kind="alpha").row(0, named=True)
    assert alpha["units"] == 10
    assert alpha["value"] > 0.95


def test_errors_that_go_together_are_found_from_how_units_move():
    rng = np.random.default_rng(4)
    names = [f"u{at}" for at in range(60)]
    rows = []
    for name in names:
        for wave in range(8):
            shared = rng.normal(0, 2.3 * 0.7**0.5)
            week = WAVE - timedelta(weeks=13 * wave)
            values = [62.5 + shared + rng.normal(0, 2.3 * 0.3**0.5) for _ in CLIMATE]
            rows += climate(*values, unit=name, week=week)
    checks = made(*rows, tree=units(*names))["score_checks"].filter(score="climate", kind="errors")
    assert checks["value"].to_list() == pytest.approx([0.7, 0.7, 0.7], abs=0.1)


def test_nothing_is_nothing():
    frames = made()
    assert frames["scores"].is_empty() and frames["score_courses"].is_empty()
    assert {name: list(frame.schema) for name, frame in frames.items()} == {n: list(c) for n, c in COLUMNS.items()}


def test_one_number_for_whoever_asks_is_geometric_and_needs_all_five():
    assert overall([50, 50, 50, 50, 50]) == pytest.approx(50)
    assert overall(iter([25, 100])) == pytest.approx(50)
    assert overall([0, 100, 100, 100, 100]) == 0
    assert overall([50, None, 50]) is None
    assert overall([]) is None
