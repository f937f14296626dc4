"""Shrinking, means and funnels where little is known: no events, one unit, all equal, no error, nought, no number."""

import numpy as np
import polars as pl
import pytest
from statsmodels.stats.meta_analysis import combine_effects

from metrics.combine import arithmetic, geometric, geometric_error, goalposts, harmonic
from metrics.comparisons import comparisons, limits
from metrics.indicator import indicators
from metrics.shrink import beta_binomial, between, drawn, james_stein, overdispersion, strength, towards

NAN = float("nan")
EVERY = indicators()


def test_a_number_that_is_missing_stays_unknown():
    assert (
        np.isnan(goalposts(NAN, 0, 10))
        and np.isnan(arithmetic([NAN, 50], [1, 1]))
        and np.isnan(geometric([NAN, 50], [1, 1]))
    )
    with pytest.raises(ValueError, match="leave out units without a rate"):
        james_stein([0.1, 0.2, NAN, 0.3], 10)


def test_what_weighs_nothing_does_not_matter_even_at_nought():
    assert geometric([0, 50], [0, 1]) == pytest.approx(50)
    assert harmonic([0, 50], [0, 1]) == pytest.approx(50)
    assert geometric_error([0, 50], [5, 4], [0, 1]) == pytest.approx(4)


def test_one_score_alone_is_itself():
    assert (arithmetic([42], [3]), geometric([42], [3]), harmonic([42], [3])) == pytest.approx((42, 42, 42))


def test_a_unit_without_events_is_what_all_are():
    found = beta_binomial([0, 10], [0, 40], 20)
    assert found.mean[0] == pytest.approx(0.25)
    assert towards([0], [0], [0.3], 50).mean[0] == pytest.approx(0.3)


def test_a_strength_of_how_much_units_differ_is_found_again():
    rng = np.random.default_rng(5)
    rate = rng.beta(40 * 0.3, 40 * 0.7, 400)
    whole = rng.integers(30, 200, 400)
    found = strength(rng.binomial(whole, rate), whole, 0.3)
    assert 30 < found < 54
    assert strength(rng.binomial(whole, 0.3), whole, 0.3) > 500


def test_the_variance_between_units_agrees_with_an_independent_library():
    rng = np.random.default_rng(6)
    errors = rng.uniform(1, 3, 25)
    values = rng.normal(50, 4, 25) + rng.normal(0, errors)
    assert between(values, errors) == pytest.approx(combine_effects(values, errors**2, method_re="dl").tau2, abs=1e-9)


def test_units_that_do_not_differ_are_all_the_centre_and_one_without_error_keeps_its_own():
    assert between([5, 5, 5], [1, 1, 1]) == 0
    assert np.isnan(between([5], [1]))
    assert between([1, 3], [0, 0]) == pytest.approx(2)
    estimate, sure, kept = drawn([60, 70, NAN, 40], [5, 0, 5, 5], 50, 0.0)
    assert estimate.tolist() == [50, 70, 50, 50]
    assert kept.tolist() == [0, 1, 0, 0]
    assert sure.tolist() == [0, 0, 0, 0]


def test_half_of_the_distance_is_kept_where_noise_is_as_large_as_the_difference():
    estimate, sure, kept = drawn([60], [4], 50, 16.0)
    assert (estimate[0], kept[0]) == (55, 0.5)
    assert sure[0] == pytest.approx(4 * 0.5**0.5)
    nothing, wide, _ = drawn([NAN], [NAN], 50, 16.0)
    assert (nothing[0], wide[0]) == (50, 4)


def test_overdispersion_is_spiegelhalters():
    """Ten z values, none to winsorise away but the outer two: phi = mean of squares over 9, tau2 by the weights."""
    z = np.array([-3, -2, -2, -1, 0, 0, 1, 2, 2, 3.0])
    phi, variance = overdispersion(z, np.full(10, 2.0))
    low = np.quantile(z, 0.1)
    squares = (np.clip(z, low, -low) ** 2).sum()
    assert phi == pytest.approx(squares / 9)
    assert variance == pytest.approx((squares - 9) / (10 / 4 - (10 / 16) / (10 / 4)))
    assert overdispersion(z / 10, np.full(10, 2.0)) == (1.0, 0.0)
    assert overdispersion([1.0], [1.0]) == (1.0, 0.0)


def test_limits_hold_as_many_as_they_say():
    """Binomial draws at .3 of 40 events: outside the 95 % limits about 5 %, outside those of 99.8 % about .2 %."""
    rng = np.random.default_rng(7)
    seen = 100 * rng.binomial(40, 0.3, 40_000) / 40
    error = 0.5 / 40**0.5
    for z, outside in ((1.96, 0.05), (3.09, 0.002)):
        low, high = limits("arcsine", 30.0, error, 0.0, 40, z)
        assert ((seen < low) | (seen > high)).mean() == pytest.approx(outside, abs=outside * 0.5)


def cells(indicator, values, n, half, kind=None):
    import datetime as dt

    rows = [
        ("all", 1000, np.mean(list(values.values())), 1.0),
        *((unit, n, value, half) for unit, value in values.items()),
    ]
    return pl.DataFrame(
        [(indicator, unit, dt.date(2026, 9, 7), "shown", "", float(value), value - wide, value + wide, many, many)
         for unit, many, value, wide in rows],
        schema=["indicator", "unit", "week", "state", "mark", "value", "low", "high", "n", "people"], orient="row",
    )  # fmt: skip


def tree(names):
    rows = [("all", None, "All", 0), *((name, "all", name, 1) for name in names)]
    return pl.DataFrame(rows, schema=["unit", "parent", "name", "depth"], orient="row")


def test_one_of_twenty_far_out_is_called_below_and_nobody_else():
    values = {f"u{at:02}": 60.0 + at % 3 for at in range(20)} | {"u07": 30.0}
    found = comparisons(cells("link_rate", values, 100, 9.6), tree(values), EVERY)
    said = dict(found.select("unit", "said").iter_rows())
    assert said["u07"] == "below"
    assert {word for unit, word in said.items() if unit != "u07"} == {"within"}
    low = found.filter(unit="u07").row(0, named=True)
    assert 30 < low["shrunk"] < low["expected"]


def test_of_a_small_unit_nothing_is_called_and_of_four_nothing_is_known():
    values = {f"u{at}": 60.0 for at in range(6)} | {"u3": 0.0}
    marked = cells("link_rate", values, 12, 25).with_columns(
        mark=pl.when(pl.col("unit") != "all").then(pl.lit("low volume")).otherwise(pl.lit(""))
    )
    assert set(comparisons(marked, tree(values), EVERY)["said"]) == {"few"}
    four = dict(list(values.items())[:4])
    few = comparisons(cells("link_rate", four, 100, 9.6), tree(four), EVERY)
    assert set(few["compare"]) == {"unknown"} and few["low998"].null_count() == 4


def test_teams_are_compared_only_where_icc2_allows():
    """Ten groups of 20, standard deviation of one answer 10: half interval t(19) * 10 / sqrt(20) = 4.68. Means from 50
    in equal steps s: between = 20 * s2 * 9.1667, ICC(2) = 1 - 100 / between."""
    told = {}
    for step in (0.5, 1.05, 3.0):
        values = {f"u{at}": 50.0 + step * at for at in range(10)}
        found = comparisons(cells("psychological_safety", values, 20, 4.6801), tree(values), EVERY).row(0, named=True)
        told[step] = found["compare"]
        assert found["reliability"] == pytest.approx(1 - 100 / (20 * step**2 * 9.166667), abs=0.001)
    assert told == {0.5: "no", 1.05: "caution", 3.0: "yes"}


def test_hidden_units_are_in_no_comparison():
    values = {f"u{at}": 60.0 for at in range(8)}
    hidden = cells("link_rate", values, 100, 9.6).with_columns(
        state=pl.when(pl.col("unit") == "u5").then(pl.lit("hidden")).otherwise("state")
    )
    assert "u5" not in comparisons(hidden, tree(values), EVERY)["unit"].to_list()
    assert (
        "skunkworks"
        not in comparisons(cells("link_rate", values | {"skunkworks": 9.0}, 100, 9.6), tree(values), EVERY)["unit"]
    )


def test_differences_of_two_small_groups_and_forecasts_are_never_compared():
    values = {f"u{at}": 10.0 * at for at in range(8)}
    assert comparisons(cells("suggestion_uplift", values, 100, 9.6), tree(values), EVERY).is_empty()
    assert comparisons(cells("skill_shortage", values, 100, 9.6), tree(values), EVERY).is_empty()
