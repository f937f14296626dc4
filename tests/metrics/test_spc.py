"""Control charts on series small enough to check by hand."""

import numpy as np
import pytest

from metrics import spc


def test_limits_of_individuals_lie_266_mean_moving_ranges_from_the_mean():
    chart = spc.xmr([10, 12, 10, 12])
    assert (chart.centre, chart.low, chart.high) == pytest.approx((11, 11 - 5.32, 11 + 5.32))


def test_one_wild_moving_range_is_screened_out():
    values = [1, 2] * 9 + [60]
    assert spc.xmr(values).high < spc.xmr(values, screened=False).high


def test_a_point_on_the_centre_ends_a_run():
    assert list(spc.runs([1, 1, 0, 1, 1, 1], centre=0, length=3)) == [False] * 3 + [True] * 3


def test_nobody_is_in_a_run_of_an_empty_series_or_of_points_on_the_centre():
    assert not spc.runs([0, 0, 0], centre=0, length=2).any()


def test_an_average_halfway_moves_half_the_way_each_time():
    assert list(spc.ewma([8, 8], weight=0.5, start=0)) == [0, 4, 6]


def test_a_sum_below_the_slack_starts_again_from_zero():
    above, below = spc.cusum([2, -5, 1], target=0, slack=1)
    assert (list(above), list(below)) == ([1, 0, 0], [0, 4, 2])


def test_less_scatter_than_the_binomial_does_not_narrow_the_limits():
    chart, _ = spc.laney([50, 50, 50], [100, 100, 100])
    assert chart.sigma == 0
    assert chart.high[0] == pytest.approx(0.5 + 3 * 0.05)


def test_a_short_baseline_makes_the_same_average_less_certain():
    assert spc.ewma_variance(0.2, 10, 12, 0.0) > spc.ewma_variance(0.2, 10, 48, 0.0)


def test_noise_that_lasts_makes_the_same_average_less_certain():
    assert spc.ewma_variance(0.2, 10, 48, 0.4) > spc.ewma_variance(0.2, 10, 48, 0.0)
    assert spc.freedom(49, 0.0) == 48 > spc.freedom(49, 0.4)


def test_the_critical_value_has_the_p_it_is_asked_for():
    assert spc.two_sided(spc.critical(0.01, 20), 20) == pytest.approx(0.01)


def test_autocorrelation_is_pooled_corrected_and_bounded():
    assert spc.pooled_autocorrelation([-0.02, -0.02], [50, 50]) == 0
    assert spc.pooled_autocorrelation([0.9], [50]) == 0.6
    assert spc.pooled_autocorrelation([], []) == 0
    assert spc.pooled_autocorrelation([0.2], [54]) == pytest.approx(11.8 / 50)


def test_many_tests_are_adjusted_in_the_order_given():
    assert spc.adjusted([0.04, 0.01]) == pytest.approx([0.04, 0.02])
    assert list(spc.rejected([0.5, 0.001, 0.9], q=0.1)) == [False, True, False]
    assert len(spc.adjusted(np.array([]))) == 0
