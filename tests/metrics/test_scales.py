"""Survey scales: the same from sums as from answers, and what cannot be known is not."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from metrics import scales

ANSWERS = arrays(float, st.tuples(st.integers(3, 20), st.integers(2, 7)), elements=st.integers(1, 7).map(float))
FIVE = [[1, 2, 3], [2, 2, 4], [4, 3, 5], [5, 5, 5], [3, 3, 1]]


def summed(answers):
    matrix = np.asarray(answers, float)
    return len(matrix), matrix.sum(axis=0), matrix.T @ matrix


@settings(deadline=None)
@given(ANSWERS)
def test_covariances_from_sums_are_those_of_the_answers(answers):
    count, sums, products = summed(answers)
    assert np.allclose(scales.covariance_from_sums(count, sums, products), scales.covariance(answers))
    assert np.allclose(scales.covariance_from_sums(count, sums, np.triu(products)), scales.covariance(answers))


@settings(deadline=None)
@given(ANSWERS, ANSWERS)
def test_two_groups_added_are_one_group(some, others):
    others = np.resize(others, (len(others), some.shape[1]))
    added = [one + other for one, other in zip(summed(some), summed(others), strict=True)]
    assert np.allclose(scales.covariance_from_sums(*added), scales.covariance(np.vstack([some, others])))


def test_many_groups_are_answered_at_once():
    count, sums, products = summed(FIVE)
    cov = scales.covariance_from_sums([count, count], [sums, sums], [products, products])
    assert np.allclose(scales.alpha(cov), [scales.alpha(scales.covariance(FIVE))] * 2)


def test_alpha_by_hand():
    """Items 0 2 4 and 0 2 4 and 0 0 3: variances 4 4 3, covariances 4 3 3; 3/2 (1 - 11/31)."""
    cov = scales.covariance([[0, 0, 0], [2, 2, 0], [4, 4, 3]])
    assert cov.tolist() == [[4, 4, 3], [4, 4, 3], [3, 3, 3]]
    assert scales.alpha(cov) == pytest.approx(1.5 * (1 - 11 / 31))


@settings(deadline=None)
@given(ANSWERS)
def test_item_rest_is_the_correlation_with_the_other_items(answers):
    rest = answers.sum(axis=1, keepdims=True) - answers
    for item, found in enumerate(scales.item_rest(scales.covariance(answers))):
        if answers[:, item].std() > 0 and rest[:, item].std() > 0:
            assert found == pytest.approx(stats.pearsonr(answers[:, item], rest[:, item]).statistic)


@settings(deadline=None)
@given(st.lists(st.lists(st.integers(1, 7), min_size=2, max_size=6), min_size=2, max_size=6))
def test_mean_squares_give_the_f_of_scipy(groups):
    found = scales.Anova.of(groups)
    if found.within > 1e-9:
        assert found.between / found.within == pytest.approx(stats.f_oneway(*groups).statistic, abs=1e-9)


def test_group_size_by_mean_and_by_worth():
    """Groups of 2 and 4: on average 3; (6 - 20/6) / 1 = 2.667."""
    sums = {"count": 6, "total": 18, "squares": 64, "groups": 2, "between": 2 * 2**2 + 4 * 3.5**2}
    assert scales.Anova.from_sums(**sums).size == 3
    assert scales.Anova.from_sums(**sums, size_squares=20).size == pytest.approx(2.6667, abs=1e-4)
    assert scales.Anova.from_sums(**sums).between == pytest.approx(3)
    assert scales.Anova.from_sums(**sums).within == pytest.approx(7 / 4)


def test_full_agreement_is_one_and_a_split_group_is_none():
    assert scales.rwg([4, 4, 4], 5) == 1
    assert scales.rwg([1, 5, 1, 5], 5) == 0
    assert scales.rwg_j([[1, 1], [5, 5]], 5) == 0
    assert scales.r_star_wg_j([[1, 1], [5, 5]], 5) == -3
    assert scales.rwg_j([[3, 4], [3, 4]], 5) == 1


def test_distance_from_the_mean_and_from_the_median():
    """Answers 1 1 4: mean 2, distances 1 1 2; median 1, distances 0 0 3."""
    assert scales.ad_mean([[1, 1], [1, 1], [4, 4]]) == pytest.approx(4 / 3)
    assert scales.ad_median([[1, 1], [1, 1], [4, 4]]) == pytest.approx(1)


def test_what_cannot_be_known_is_not_a_number():
    assert np.isnan(scales.covariance_from_sums(1, [4, 4], [[16, 16], [16, 16]])).all()
    assert np.isnan(scales.alpha([[0, 0], [0, 0]]))
    assert np.isnan(scales.Anova.from_sums(8, 40, 210, 1, 200).icc1)
    assert np.isnan(scales.Anova.of([[5, 5], [5, 5]]).icc2)


def test_answers_without_any_spread_leave_no_dust_to_divide_by():
    matrix = np.full((7, 3), [3.3, 2.7, 4.1])
    assert np.isnan(scales.alpha(scales.covariance_from_sums(*summed(matrix))))
    assert np.isnan(scales.Anova.of([[3.3] * 7, [3.3] * 5, [3.3] * 3]).icc1)


def test_the_middle_of_every_scale_is_fifty():
    assert scales.pomp([4, 1, 7], 1, 7).tolist() == [50, 0, 100]
    assert scales.pomp(3, 1, 5) == 50
    assert scales.turned([1, 7, 4], 1, 7).tolist() == [7, 1, 4]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: scales.covariance([1, 2, 3]), "two respondents and 2 item"),
        (lambda: scales.covariance([[1, 2]]), "two respondents"),
        (lambda: scales.covariance([[1, 2], [3, float("nan")]]), "missing"),
        (lambda: scales.alpha([[1, 2, 3], [4, 5, 6]]), "square"),
        (lambda: scales.alpha_if_dropped([[1, 0], [0, 1]]), "three"),
        (lambda: scales.covariance_from_sums(5, [1, 2], [1, 2]), "square of products"),
        (lambda: scales.omega([1.2, 0.5]), "-1 to 1"),
        (lambda: scales.pomp(3, 5, 5), "no length"),
        (lambda: scales.rwg([3, 4], 1), "takes two"),
        (lambda: scales.Anova.of([[1, 2], []]), "leave it out"),
    ],
)
def test_a_wrong_shape_is_refused_in_a_sentence(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_agreement_takes_ragged_answers_and_leaves_out_an_item_that_one_answered():
    """Item one: 4 4 6, variance 4/3; item two: 5 and 5, variance 0; item three is answered once. Mean 2/3 of 4."""
    nan = float("nan")
    answers = [[4, 5, nan], [4, nan, 7], [6, 5, nan]]
    assert scales.r_star_wg_j(answers, 7) == pytest.approx(1 - (2 / 3) / 4)
    assert scales.ad_mean(answers) == pytest.approx(((2 / 3 + 2 / 3 + 4 / 3) / 3 + 0) / 2)
    with pytest.raises(ValueError, match="two answers to one item"):
        scales.rwg_j([[nan, nan], [4, nan]], 7)


def test_a_slight_skew_is_a_harder_null_than_chance():
    """Answers 4 4 5 3 4 4 of 5: variance 0.4; 1 - 0.4 / 1.34."""
    assert scales.rwg([4, 4, 5, 3, 4, 4], 5, scales.slight_skew(5)) == pytest.approx(1 - 0.4 / 1.34)
    assert np.isnan(scales.slight_skew(4))


def test_one_group_or_none():
    assert np.isnan(scales.Anova.of([[1, 2, 3]]).icc1)
    assert np.isnan(scales.Anova.of([[1, 2, 3]]).p)
    with pytest.raises(ValueError, match="give one at least"):
        scales.Anova.of([])


@settings(deadline=None)
@given(st.lists(st.lists(st.integers(1, 7), min_size=2, max_size=6), min_size=2, max_size=6))
def test_the_f_test_is_that_of_scipy(groups):
    found = scales.Anova.of(groups)
    if found.within > 1e-9:
        assert float(found.p) == pytest.approx(stats.f_oneway(*groups).pvalue, abs=1e-9)
