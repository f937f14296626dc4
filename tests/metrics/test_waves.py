"""A difference of two waves when some answered both times: against Student, Welch and paired tests of scipy."""

import numpy as np
import pytest
from scipy import stats

from metrics.waves import detectable, difference_error

BEFORE, AFTER = np.array([50.0, 62, 48, 71, 55, 66]), np.array([54.0, 60, 57, 80, 61, 70])


def error(before, after, matched=0.0, moved_sd=np.nan):
    sds = [np.array([one.std(ddof=1)]) for one in (after, before)]
    ns = [np.array([float(len(one))]) for one in (after, before)]
    found = difference_error(sds[0], ns[0], sds[1], ns[1], np.array([matched]), np.array([moved_sd]))
    return tuple(float(one[0]) for one in found)


def test_nobody_both_times_is_welch():
    se, df = error(BEFORE, AFTER)
    test = stats.ttest_ind(AFTER, BEFORE, equal_var=False)
    assert (AFTER.mean() - BEFORE.mean()) / se == pytest.approx(test.statistic)
    assert df == pytest.approx(test.df)


def test_everybody_both_times_is_the_paired_test():
    se, df = error(BEFORE, AFTER, 6.0, (AFTER - BEFORE).std(ddof=1))
    test = stats.ttest_rel(AFTER, BEFORE)
    assert (AFTER.mean() - BEFORE.mean()) / se == pytest.approx(test.statistic)
    assert df == pytest.approx(test.df)


def test_the_least_to_be_detected_is_1_645_root_two_standard_errors():
    """SD 18, 36 answers: SE 3; 1.645 x 1.414 x 3 = 6.98. Beside a wave of SE 4: 1.645 x 5."""
    sd, n = np.array([18.0]), np.array([36.0])
    assert detectable(sd, n)[0] == pytest.approx(1.645 * 2**0.5 * 3)
    assert detectable(sd, n, np.array([16.0]), np.array([16.0]))[0] == pytest.approx(1.645 * 5)
