"""When a finished series changed, and how surely that is known."""

import numpy as np
import pytest

from metrics.segments import changes, dated

DICE = np.random.default_rng(4)
STEP = np.r_[DICE.normal(10, 1, 50), DICE.normal(14, 1, 50)]


def test_a_step_is_found_where_it_is():
    assert changes(STEP) == [50]


def test_a_line_is_one_stretch_and_a_bend_is_two():
    line = np.arange(100) + np.random.default_rng(5).normal(0, 1, 100)
    bend = np.minimum(np.arange(100), 60) + np.random.default_rng(5).normal(0, 1, 100)
    assert changes(line) == []
    [at] = changes(bend)
    assert at == pytest.approx(60, abs=3)


def test_a_change_of_scatter_alone_is_a_change():
    dice = np.random.default_rng(6)
    [at] = changes(np.r_[dice.normal(0, 1, 80), dice.normal(0, 6, 80)])
    assert at == pytest.approx(80, abs=3)


def test_noise_has_no_changes():
    assert all(changes(np.random.default_rng(seed).normal(0, 1, 150)) == [] for seed in range(20))


@pytest.mark.parametrize("values", [[], [3.0], [5.0] * 40, [np.nan] * 30, [1.0, 2.0, 3.0]])
def test_what_cannot_change_does_not(values):
    assert changes(values) == []
    assert dated(values) == []


def test_missing_weeks_move_nothing():
    holed = STEP.copy()
    holed[[10, 20, 49, 70]] = np.nan
    assert changes(holed) == [pytest.approx(50, abs=2)]


def test_the_unit_of_measurement_does_not_matter():
    assert changes(STEP * 1e6 + 3) == changes(STEP)


def test_a_small_step_is_dated_less_surely_than_a_large_one():
    dice = np.random.default_rng(9)
    quiet = dice.normal(0, 1, 120)
    width = []
    for size in (1.6, 6.0):
        [one] = dated(quiet + np.where(np.arange(120) >= 70, size, 0))
        assert one.early <= 70 <= one.late
        width.append(one.late - one.early)
    assert width[1] < width[0]
    assert width[1] <= 1
