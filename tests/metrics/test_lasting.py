"""What has lasted: means of a quarter and half a year, their errors by simulation, and what small shifts they find."""

import numpy as np
import polars as pl
import pytest

from metrics import lasting
from metrics.judge import judge
from metrics.lasting import SPANS, Lasting, chance
from tests.metrics.test_judge import course, steady

EVERYONE = np.arange(4_000)


def noisy(weeks, phi, seed=3):
    rng = np.random.default_rng(seed)
    out = np.empty((weeks, len(EVERYONE)))
    out[0] = rng.normal(size=len(EVERYONE))
    for t in range(1, weeks):
        out[t] = phi * out[t - 1] + rng.normal(0, np.sqrt(1 - phi**2), len(EVERYONE))
    return out


def filled(values, held=None):
    found = Lasting(values.shape[1])
    for t, row in enumerate(values):
        found.note(EVERYONE[: len(row)], row if held is None else np.where(held[t], np.nan, row), t)
    return found


@pytest.mark.parametrize("phi", [0.0, 0.4])
@pytest.mark.parametrize("weeks", SPANS)
def test_the_error_is_that_of_simulated_means(monkeypatch, weeks, phi):
    """With a baseline so long that it adds nothing, the means of noise scatter by their errors."""
    monkeypatch.setattr(lasting, "FAR", -1.0)
    rows, mean, error = filled(noisy(30, phi)).mean(weeks, np.full(4_000, 1e9), np.full(4_000, phi))
    assert len(rows) == 4_000
    assert mean.std() == pytest.approx(error[0], rel=0.05)


def test_the_baselines_own_error_counts_too():
    points, phi = np.array([52.0, 1e9]), np.zeros(2)
    _, mean, error = filled(np.full((26, 2), 2.0)).mean(26, points, phi)
    assert mean.tolist() == [2.0, 2.0]
    assert error == pytest.approx([np.sqrt(1 / 26 + 1 / 52), np.sqrt(1 / 26)])


def test_what_was_forgotten_or_held_is_not_counted_and_half_a_span_says_nothing():
    held = np.zeros((26, 1), bool)
    held[:8] = True
    assert not len(filled(np.full((26, 1), 3.0), held).mean(26, np.full(1, 52.0), np.zeros(1))[0])
    assert len(filled(np.full((26, 1), 3.0), held).mean(13, np.full(1, 52.0), np.zeros(1))[0])
    found = filled(np.full((26, 1), 3.0))
    found.forget(np.array([0]))
    assert not found.means(np.full(1, 52.0), np.zeros(1))


def test_a_mean_counts_for_each_span_that_is_asked():
    one = chance(np.array([1.0]), np.array([0.25]), np.array([1e6]), np.zeros(1))
    assert one[0] == pytest.approx(len(SPANS) * 6.334e-5, rel=0.01)


def judged(quiet=200, moved=40):
    """Verdicts on 130 weeks of noise; some series are one SD higher since week 80."""
    shift = np.r_[np.zeros(80), np.full(50, 0.0203)]
    every = [course(steady(130, 0.4, seed) + shift * (seed < moved), n=2_000.0, unit=str(seed)) for seed in
             range(moved + quiet)]  # fmt: skip
    said = judge(pl.concat(every)).with_columns(moved=pl.col("unit").cast(pl.Int64) < moved)
    late = said.filter(pl.col("moved"), pl.col("week") == pl.col("week").max())["p"].median()
    return late, said.filter(verdict="alarm").group_by("moved").agg(pl.col("unit").n_unique()).sort("moved")


def test_a_shift_of_one_sd_is_the_surer_the_longer_it_lasts_and_noise_is_left_alone(monkeypatch):
    late, rang = judged()
    assert rang.filter(moved=True)["unit"].sum() >= 38
    assert rang.filter(moved=False)["unit"].sum() <= 6
    monkeypatch.setattr(lasting, "FAR", 1e9)
    assert judged()[0] > 10 * late
