"""Control charts against published and recomputed tables, and the share of quiet series that cry in a year."""

import json
from pathlib import Path

import numpy as np
import pytest

from metrics import spc
from metrics.baseline import autocorrelation

EXAMPLES = {one["id"]: one for one in json.loads((Path(__file__).parent / "worked_examples.json").read_text())}


def example(name):
    one = EXAMPLES[name]
    return one["inputs"], one["expected"], one["tolerance"]


def test_individuals_of_the_nhs():
    given, expected, tolerance = example("xmr_nhs")
    plain, screened = spc.xmr(given["values"], screened=False), spc.xmr(given["values"])
    assert plain.centre == pytest.approx(expected["mean"], abs=tolerance)
    assert plain.sigma * spc.TO_SIGMA == pytest.approx(expected["amr_unscreened"], abs=tolerance)
    assert (plain.high, plain.low) == pytest.approx(
        (expected["upl_unscreened"], expected["lpl_unscreened"]), abs=tolerance
    )
    assert screened.sigma * spc.TO_SIGMA == pytest.approx(expected["amr_screened"], abs=tolerance)
    assert (screened.high, screened.low) == pytest.approx(
        (expected["upl_screened"], expected["lpl_screened"]), abs=tolerance
    )


def test_run_of_seven_against_a_baseline():
    given, expected, _ = example("xmr_run7")
    centre = np.mean(given["values"][: given["baseline_n"]])
    assert centre == expected["baseline_mean"]
    assert list(np.flatnonzero(spc.runs(given["values"], centre)) + 1) == expected["flagged_indices_from_1"]


def test_longest_runs_and_fewest_crossings():
    given, expected, _ = example("anhoej_limits")
    for useful in given["n_useful"]:
        row = expected[str(useful)]
        assert spc.anhoej(useful) == (row["longest_run_max"], row["crossings_min"])


def test_moving_average_of_the_nist_handbook():
    given, expected, tolerance = example("ewma_nist")
    smooth = spc.ewma(given["values"], given["lambda"], given["target"])
    limits = spc.ewma_limits(10_000, given["lambda"], given["target"], given["sigma"], given["L"])
    assert smooth == pytest.approx(expected["ewma_2dp"], abs=0.005 + tolerance)
    assert (limits.high[-1], limits.low[-1]) == pytest.approx((expected["ucl"], expected["lcl"]), abs=tolerance)
    assert not ((smooth > limits.high[-1]) | (smooth < limits.low[-1])).any()


def test_cumulative_sum_and_moving_average_of_montgomery():
    given, expected, tolerance = example("cusum_ewma_montgomery")
    above, below = spc.cusum(given["values"], 10, 0.5)
    assert above[26:30] == pytest.approx(expected["cusum_plus_27_30"], abs=tolerance)
    assert np.flatnonzero((above > 5) | (below > 5))[0] + 1 == expected["cusum_first_signal_index_from_1"]
    smooth = spc.ewma(given["values"], 0.1, 10)[1:]
    limits = spc.ewma_limits(len(smooth), 0.1, 10, 1, 2.7)
    assert smooth[:3] == pytest.approx(expected["ewma_first3"], abs=tolerance)
    assert (limits.low[0], limits.high[0]) == pytest.approx(expected["ewma_limits_i1"], abs=tolerance)
    assert (limits.low[1], limits.high[1]) == pytest.approx(expected["ewma_limits_i2"], abs=tolerance)
    steady = spc.ewma_limits(10_000, 0.1, 10, 1, 2.7)
    assert (steady.low[-1], steady.high[-1]) == pytest.approx(expected["ewma_steady"], abs=tolerance)
    out = np.flatnonzero((smooth < limits.low) | (smooth > limits.high)) + 1
    assert list(out) == expected["ewma_signal_indices_from_1"]


def test_shares_with_too_much_scatter_after_laney():
    given, expected, tolerance = example("laney_pprime")
    limits, z = spc.laney(given["numerators"], given["denominators"])
    assert limits.centre == pytest.approx(expected["pbar"], abs=tolerance)
    assert z == pytest.approx(expected["z"], abs=tolerance)
    assert limits.sigma == pytest.approx(expected["sigma_z"], abs=tolerance)
    assert limits.high == pytest.approx(expected["ucl"], abs=tolerance)
    assert limits.low == pytest.approx(expected["lcl"], abs=tolerance)


def test_moving_average_against_a_short_baseline():
    given, expected, tolerance = example("ewma_t_predictive")
    found = spc.ewma_t(given["baseline"], given["monitor"], given["lambda"])
    rows = np.column_stack([found.ewma, found.error, found.t, found.p])
    assert rows == pytest.approx(np.array(expected["rows_ewma_se_t_p"]), abs=tolerance)


def test_many_tests_at_once_after_benjamini_and_hochberg():
    given, expected, tolerance = example("bh_1995")
    assert spc.adjusted(given["p"]) == pytest.approx(expected["adjusted"], abs=tolerance)
    assert spc.rejected(given["p"], 0.05).sum() == expected["n_rejected_q05"]
    assert spc.rejected(given["p"], 0.10).sum() == expected["n_rejected_q10"]


def noise(series, points, phi, seed):
    draw = np.random.default_rng(seed).normal(size=(series, points))
    for t in range(1, points):
        draw[:, t] = phi * draw[:, t - 1] + np.sqrt(1 - phi**2) * draw[:, t]
    return draw


def crying(phi, allowed, given):
    """Share of quiet series with at least one p under .0027 in a year."""
    m, weeks = given["baseline_m"], given["horizon"]
    draw = noise(given["n_series"], m + weeks, phi, seed=20)
    if allowed:
        off = draw[:, :m] - draw[:, :m].mean(axis=1, keepdims=True)
        allowed = spc.pooled_autocorrelation(autocorrelation(off), np.full(len(off), m))
    return np.mean([(spc.ewma_t(row[:m], row[m:], 0.2, allowed).p < 0.0027).any() for row in draw])


def test_share_of_quiet_series_that_cry_in_a_year():
    given, expected, tolerance = example("false_alarm_calibration")
    assert crying(0, 0, given) == pytest.approx(expected["ewma_t_predictive_p<.0027_iid"], abs=tolerance)
    assert crying(0.3, 0, given) == pytest.approx(
        expected["ewma_t_predictive_p<.0027_phi.3_uncorrected"], abs=tolerance
    )
    assert crying(0.3, True, given) == pytest.approx(
        expected["ewma_t_predictive_p<.0027_phi.3_corrected"], abs=tolerance
    )


def in_a_row(flags, length, most):
    """Whether at least `most` of some `length` neighbours are flagged."""
    return (np.lib.stride_tricks.sliding_window_view(flags, length, axis=1).sum(axis=-1) >= most).any(axis=1)


def test_share_of_quiet_series_that_cry_in_a_year_under_the_old_charts():
    given, expected, tolerance = example("false_alarm_calibration")
    draw = noise(given["n_series"] // 2, given["baseline_m"] + given["horizon"], 0, seed=21)
    known, seen = draw[:, : given["baseline_m"]], draw[:, given["baseline_m"] :]
    mean, sd = known.mean(axis=1, keepdims=True), known.std(axis=1, ddof=1, keepdims=True)
    z = (seen - mean) / sd
    limits = spc.ewma_limits(z.shape[1], 0.2, 0, 1, 2.86)
    averages = np.mean([(np.abs(spc.ewma(row, 0.2, 0.0)[1:]) > limits.high).any() for row in z])
    assert averages == pytest.approx(expected["ewma_0.2_L2.86_naive_iid"], abs=tolerance)
    sums = np.mean([max(side.max() for side in spc.cusum(row, 0, 0.5)) > 5 for row in z])
    assert sums == pytest.approx(expected["cusum_.5_5_naive_iid"], abs=tolerance)


def test_share_of_quiet_series_that_cry_in_a_year_under_the_rules_for_individuals():
    """Beyond a limit, and seven on one side, as the product's chart says; trends and two of three it does not have."""
    given, expected, tolerance = example("false_alarm_calibration")
    m = given["baseline_m"]
    draw = noise(given["n_series"] // 2, m + given["horizon"], 0, seed=22)
    charts, new = [spc.xmr(row[:m], screened=False) for row in draw], draw[:, m:]
    outside = np.array([((row < one.low) | (row > one.high)).any() for one, row in zip(charts, new, strict=True)])
    assert outside.mean() == pytest.approx(expected["xmr_3sigma_iid"], abs=tolerance)
    shifts = np.array([spc.runs(row, one.centre, 7).any() for one, row in zip(charts, new, strict=True)])
    z = np.array([(row - one.centre) / one.sigma for one, row in zip(charts, new, strict=True)])
    steps = np.diff(z, axis=1)
    trends = in_a_row(steps > 0, 6, 6) | in_a_row(steps < 0, 6, 6)
    near = in_a_row(z > 2, 3, 2) | in_a_row(z < -2, 3, 2)
    assert (outside | shifts | trends | near).mean() == pytest.approx(expected["nhs_4_rules_iid"], abs=tolerance)
