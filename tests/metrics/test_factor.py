"""One factor by minimum residuals: loadings that are known, those of other libraries, and what cannot be known."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics import factor, scales

EXAMPLES = {
    one["id"]: one for one in json.loads((Path(__file__).parents[1] / "science" / "worked_examples.json").read_text())
}
LOADS = [0.8, 0.7, 0.6, 0.5]
# The attitude data by statsmodels Factor(method="pa"), 5,000 steps
ATTITUDE = [0.7577732, 0.83382609, 0.60342722, 0.78872638, 0.84111993, 0.28446512, 0.49104656]


def built(loads, spread=1.0):
    """Covariances of items with these loadings on one factor."""
    found = np.outer(loads, loads)
    np.fill_diagonal(found, 1.0)
    return found * np.outer(spread, spread) if np.ndim(spread) else found * spread**2


def test_loadings_that_were_built_in_are_found_whatever_the_items_spread():
    assert factor.loadings(built(LOADS)) == pytest.approx(LOADS, abs=1e-7)
    assert factor.loadings(built(LOADS, np.array([1, 5, 0.1, 2]))) == pytest.approx(LOADS, abs=1e-7)


def test_omega_of_loadings_found_is_that_of_the_worked_example():
    expected = EXAMPLES["omega_total_hand"]["expected"]["omega_total"]
    assert float(factor.omega_total(factor.loadings(built(LOADS)))) == pytest.approx(expected, abs=1e-7)
    assert scales.omega(LOADS) == pytest.approx(expected, abs=1e-8)


def test_the_attitude_data_load_as_another_library_says():
    answers = EXAMPLES["alpha_attitude"]["inputs"]["matrix_rows_are_respondents"]
    assert factor.loadings(scales.covariance(answers)) == pytest.approx(ATTITUDE, abs=1e-6)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.floats(0.3, 0.9), min_size=3, max_size=8))
def test_any_positive_loadings_are_found_again(loads):
    assert factor.loadings(built(loads)) == pytest.approx(loads, abs=1e-4)
    assert float(factor.left_over(built([*loads, 0.5]), [*loads, 0.5])) == pytest.approx(0, abs=1e-9)


def test_many_scales_at_once_are_as_each_alone():
    both = factor.loadings(np.stack([built(LOADS), built([0.5, 0.5, 0.9, 0.4])]))
    assert both[0] == pytest.approx(factor.loadings(built(LOADS)), abs=1e-8)


def test_two_items_share_their_correlation_and_leave_nothing_to_test():
    assert factor.loadings([[1, 0.49], [0.49, 1]]) == pytest.approx([0.7, 0.7])
    assert np.isnan(factor.loadings([[1, -0.2], [-0.2, 1]])).all()
    assert np.isnan(factor.left_over(built([0.7, 0.6, 0.5]), [0.7, 0.6, 0.5]))


def test_an_item_that_all_answer_alike_has_no_loading():
    assert np.isnan(factor.loadings([[1, 0, 0.3], [0, 0, 0], [0.3, 0, 1]])).all()


def test_items_of_two_kinds_leave_more_than_one_factor_explains():
    two = np.kron(np.eye(2), built([0.8, 0.8, 0.8]))
    found = factor.loadings(two + 1e-3)
    assert float(factor.left_over(two, found)) > 0.2
