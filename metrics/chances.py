"""What may come of a skill: the chance that it is short, and futures drawn from the same few numbers.

A future: of `stock` people a share stays (Beta with mean `stay` and the weight of `stay_weight` people), more are
`trained` and `joined` (Poisson around a Gamma with that mean and shape), and `headcount` planned is needed times the
exponential of a surprise (Student's t around `drift`, of that `spread` and so many degrees of `free`dom).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl
from scipy.special import betaln, gammaln, stdtr, stdtrit

from metrics.spc import Floats

DRAWS = 4000
ROWS = 2000
STATED = [
    "stock", "stay", "stay_weight", "trained", "trained_shape", "joined", "joined_shape", "headcount", "drift",
    "spread", "free",
]  # fmt: skip


def chances(rows: pl.DataFrame) -> pl.Series:
    """The chance that fewer hold the skill than are needed, exactly: what the draws of `futures` come to."""
    found = [_exactly(part.select(STATED).cast(pl.Float64).to_dict(as_series=False)) for part in rows.iter_slices(ROWS)]
    return pl.Series("chance", np.concatenate(found) if found else np.empty(0), dtype=pl.Float64)


def supply(given: Mapping[str, Any]) -> Floats:
    """How likely each number of people is to hold the skill then: rows by 0, 1, 2, ... people."""
    now, stay, weight, trained, trained_shape, joined, joined_shape = (
        np.asarray(given[name], float)[:, None] for name in STATED[:7]
    )
    reach = float(np.max(now + 6 * (trained + joined) + 10))
    n = np.arange(2 ** np.ceil(np.log2(reach)), dtype=float)[None, :]
    with np.errstate(invalid="ignore"):
        kept = np.where(n <= now, _chosen(now, n) + betaln(n + stay * weight, now - n + (1 - stay) * weight)
                        - betaln(stay * weight, (1 - stay) * weight), -np.inf)  # fmt: skip
    parts = (np.exp(kept), _poisson_gamma(n, trained, trained_shape), _poisson_gamma(n, joined, joined_shape))
    product = np.fft.rfft(parts[0]) * np.fft.rfft(parts[1]) * np.fft.rfft(parts[2])
    return np.clip(np.fft.irfft(product, n.shape[1]), 0, 1)


def futures(given: Mapping[str, Any], draws: int = DRAWS, seed: int = 1) -> tuple[Floats, Floats]:
    """So many futures of one need: how many are needed, and how many hold the level."""
    rng = np.random.default_rng(seed)
    one = {name: float(given[name]) for name in STATED}
    stay = rng.beta(one["stay"] * one["stay_weight"], (1 - one["stay"]) * one["stay_weight"], draws)
    there = rng.binomial(int(one["stock"]), stay).astype(float)
    for name in ("trained", "joined"):
        shape = one[f"{name}_shape"]
        there += rng.poisson(rng.gamma(shape, one[name] / shape, draws))
    missed = one["drift"] + one["spread"] * rng.standard_t(one["free"], draws)
    return np.round((one["headcount"] + 1) * np.exp(np.clip(missed, -5, 5)) - 1).clip(0), there


def covered(rows: pl.DataFrame, level: float = 0.90) -> pl.DataFrame:
    """Whether the likely range of each forecast held what came: `there` (who hold the level), `needed`.

    What came counts with half of its own chance, since people are whole: else a range holds more than it says.
    """
    parts = [_held(part.cast(dict.fromkeys(STATED, pl.Float64)), level) for part in rows.iter_slices(ROWS)]
    return pl.concat(parts) if parts else pl.DataFrame(schema={"there": pl.Boolean, "needed": pl.Boolean})


def _held(rows: pl.DataFrame, level: float) -> pl.DataFrame:
    tail = (1 - level) / 2
    upto = np.cumsum(supply(rows.select(STATED).to_dict(as_series=False)), axis=1)
    came = np.minimum(rows["there"].to_numpy().astype(np.int64), upto.shape[1] - 1)
    at, before = (np.take_along_axis(upto, np.maximum(place, 0)[:, None], 1)[:, 0] for place in (came, came - 1))
    middle = (at + np.where(came > 0, before, 0.0)) / 2
    there = (tail <= middle) & (middle <= 1 - tail)
    headcount, drift, spread, free = (rows[name].to_numpy() for name in STATED[7:])
    half = stdtrit(free, 1 - tail) * spread
    low, high = ((headcount + 1) * np.exp(drift + sign * half) - 1 for sign in (-1, 1))
    needed = rows["needed"].to_numpy()
    return pl.DataFrame({"there": there, "needed": (np.maximum(low, 0) <= needed) & (needed <= high)})


def _exactly(given: Mapping[str, Any]) -> Floats:
    held = supply(given)
    headcount, drift, spread, free = (np.asarray(given[name], float)[:, None] for name in STATED[7:])
    n = np.arange(held.shape[1])[None, :]
    enough = stdtr(free, (np.log((n + 1.5) / (headcount + 1)) - drift) / spread)
    return np.asarray(np.clip((held * (1 - enough)).sum(axis=1), 0, 1))


def _chosen(many: Floats, n: Floats) -> Floats:
    return np.asarray(gammaln(many + 1) - gammaln(n + 1) - gammaln(np.maximum(many - n, 0) + 1))


def _poisson_gamma(n: Floats, mean: Floats, shape: Floats) -> Floats:
    """A Poisson count whose rate is a Gamma: negative binomial."""
    mean = np.maximum(mean, 1e-12)
    log = gammaln(n + shape) - gammaln(shape) - gammaln(n + 1)
    log = log + shape * np.log(shape / (shape + mean)) + n * np.log(mean / (shape + mean))
    return np.asarray(np.exp(log))
