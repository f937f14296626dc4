"""The odds that a series has just begun to change: found when planted, silent when not, the same however it is told."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.onsets import Course, onsets
from metrics.shared import levels

WEEKS = 110


def noise(series, weeks=WEEKS, seed=1):
    return np.random.default_rng(seed).normal(0, 1, (series, weeks))


def course(value, family=None, n=np.nan):
    """Series of one family, compared with one another where there are eight or more."""
    family = np.zeros(len(value), np.int64) if family is None else np.asarray(family, np.int64)
    events = np.full(value.shape, n)
    alone = np.full(len(value), -1)
    return Course(value, events, family, levels(value, events, family, alone, alone), np.zeros(len(value)), 2800)


def odds(value, **facts):
    return onsets(course(value, **facts))[0]


def test_a_step_of_two_sds_is_found_within_six_weeks_and_with_its_sign():
    value = noise(12)
    value[3, 80:] -= 2
    found, size = onsets(course(value))
    assert found[3, 80:86].max() > 3
    assert size[3, 90] == pytest.approx(-2, abs=0.6)


def test_a_drift_is_found_before_it_is_over():
    value = noise(12)
    value[5, 80:] += np.minimum(np.arange(1, WEEKS - 79) / 12, 1) * 2.5
    assert odds(value)[5, 80:92].max() > 3


def test_series_that_only_make_noise_rarely_reach_high_odds():
    found = odds(noise(400))
    assert np.nanmean(found[:, 52:] > 2) < 0.003


def test_what_all_do_is_nobodys_change():
    value = noise(40)
    value[:, 80:] -= 3
    assert np.nanmax(odds(value)[:, 80:84].mean(axis=0)) < 0


def test_what_few_do_is_not_taken_for_what_all_do():
    value = noise(40)
    value[:4, 80:] -= 3
    assert odds(value)[:4, 84].min() > 2


def test_one_wild_week_is_not_a_change():
    value = noise(12)
    value[2, 80] += 12
    assert np.nanmax(odds(value)[2, 80:84]) < 2


def test_a_year_that_comes_and_goes_is_not_a_change():
    weeks = np.arange(156)
    season = 2 * np.cos(2 * np.pi * weeks / 52.18)
    value = noise(60, 156) + season
    assert np.nanmean(odds(value)[:, 104:] > 2) < 0.004


def test_a_series_is_not_judged_in_its_first_half_year_nor_in_a_week_without_a_value():
    value = noise(3)
    value[0, 60] = np.nan
    found = odds(value)
    assert np.isnan(found[:, :25]).all()
    assert np.isnan(found[0, 60])
    assert np.isfinite(found[1, 60])


def test_a_constant_series_has_no_odds_of_change():
    assert np.nanmax(odds(np.full((1, WEEKS), 5.0))) < 0


def patchy(seed, series=14):
    """Series that begin late, miss weeks, and change."""
    dice = np.random.default_rng(seed)
    value = noise(series, seed=seed) * dice.uniform(0.5, 3, (series, 1))
    for row in value:
        row[: dice.integers(0, 60)] = np.nan
        row[dice.integers(30, WEEKS) :] += dice.normal(0, 3)
    value[dice.random(value.shape) < 0.05] = np.nan
    return value


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6), cut=st.integers(1, WEEKS - 1))
def test_the_past_does_not_change_when_the_future_arrives(seed, cut):
    value = patchy(seed)
    assert np.allclose(odds(value)[:, :cut], odds(value[:, :cut]), equal_nan=True)


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 10**6), scale=st.sampled_from([0.01, 7.0, 1000.0]), shift=st.sampled_from([0.0, 3.0]))
def test_the_unit_of_measurement_does_not_matter(seed, scale, shift):
    value = patchy(seed)
    assert np.allclose(odds(value), odds(value * scale + shift * scale), atol=2e-3, equal_nan=True)


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_the_order_of_series_does_not_matter(seed):
    value = patchy(seed)
    order = np.random.default_rng(seed).permutation(len(value))
    assert np.allclose(odds(value)[order], odds(value[order]), atol=1e-4, equal_nan=True)


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_series_of_another_family_change_nothing(seed):
    value, others = patchy(seed), patchy(seed + 1, 9)
    both = odds(np.concatenate([value, others]), family=[0] * len(value) + [1] * len(others))
    assert np.allclose(odds(value), both[: len(value)], atol=1e-4, equal_nan=True)


def test_weeks_with_few_events_count_for_less():
    value = noise(12) * 0.1
    value[0, 80:82] += 0.4
    few = np.full(value.shape, 100.0)
    few[0, 80:82] = 10.0
    alone = np.full(12, -1)
    family = np.arange(12)
    told = [
        onsets(Course(value, n, family, levels(value, n, alone, alone, alone), np.zeros(12), 2800))[0][0, 81]
        for n in (np.full(value.shape, 100.0), few)
    ]
    assert told[0] > told[1] + 0.5
