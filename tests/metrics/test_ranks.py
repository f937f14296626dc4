"""Members of groups in order: medians and trimmed means, each worked out by hand."""

import numpy as np
import pytest

from metrics.ranks import Ranks

nan = float("nan")


def test_the_median_is_that_of_known_members():
    values = np.array([5.0, 1.0, 9.0, nan, 2.0, 4.0, 100.0])
    median, size = Ranks(np.array([0, 0, 0, 0, 1, 1, -1]), 3, 2).medians(values)
    assert median[:2].tolist() == [5, 3]
    assert np.isnan(median[2])
    assert size.tolist() == [3, 2, 0]


def test_groups_of_too_few_members_are_left_out_for_good():
    ranks = Ranks(np.array([0, 1, 1, 0, 1, 2]), 3, 3)
    assert ranks.at.tolist() == [1, 2, 4]
    median, size = ranks.medians(np.array([7.0, 3, 2, 7, 1, 7]))
    assert (np.isnan(median).tolist(), size.tolist()) == ([True, False, True], [0, 3, 0])


def test_nobody_has_no_groups():
    median, size = Ranks(np.array([-1, -1]), 0, 2).medians(np.array([1.0, 2.0]))
    assert (len(median), len(size)) == (0, 0)


def test_a_tenth_at_either_end_is_trimmed_and_the_rest_weighed():
    values = np.array([1000.0, *range(1, 10), -1000.0])
    weights = np.array([1.0, *[1.0] * 8, 3.0, 1.0])
    ranks = Ranks(np.zeros(11, np.int64), 1, 8)
    assert ranks.trimmed(values, weights, 0.1, 8) == pytest.approx([(36 + 27) / 11])


def test_members_without_a_value_weigh_nothing_and_too_few_have_no_mean():
    ranks = Ranks(np.array([0, 0, 0, 1, 1, 1]), 2, 3)
    found = ranks.trimmed(np.array([2.0, 4, nan, 1, 1, 1]), np.ones(6), 0.0, 3)
    assert np.isnan(found[0])
    assert found[1] == 1


def test_a_mean_does_not_hang_on_the_order_of_equals():
    values, weights = np.array([0.0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2]), np.arange(1.0, 12)
    there = Ranks(np.zeros(11, np.int64), 1, 8).trimmed(values, weights, 0.1, 8)
    back = Ranks(np.zeros(11, np.int64), 1, 8).trimmed(values[::-1], weights[::-1], 0.1, 8)
    assert there == back == pytest.approx([10 / 55])
