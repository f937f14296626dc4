"""Warnings for data that are not ours: measurements by the minute, and cases of a disease by the week.

Only benchmarks call these, to see whether the ideas hold elsewhere: what is compared is a short stretch with all before
it, and what has been told is not told again. Nothing looks ahead.
"""

from __future__ import annotations

from collections import deque

import numpy as np

from metrics.spc import Floats

LONG = 8000  # values that make what is usual
SHORT = 30
AGAIN, LONGEST, MORE = 8, 0.07, 0.3  # how long and by how much a score must exceed the last ones to be told
YEARS = 104  # weeks that make the usual number of cases
GAP = 4
STRETCH = 6  # weeks that an outbreak is looked for in
FEWEST, LEAST = 3, 0.3  # cases that make an outbreak; the smallest usual number believed


def stream(values: Floats) -> Floats:
    """Scores of a series of any rhythm: a value, a stretch of values and a stretch of steps, each against the past."""
    x = np.asarray(values, float)
    x = np.where(np.isfinite(x), x, np.nanmedian(x[:1]) if np.isfinite(x[:1]).any() else 0.0)
    steps = np.abs(np.diff(x, prepend=x[:1]))
    parts = far(x, 1), far(x, SHORT), np.maximum(far(steps, SHORT), 0)
    return news(np.sqrt(sum(part**2 for part in parts)))


def rolling(x: Floats, weeks: int) -> Floats:
    """The mean of the last values, as many as there are at first."""
    total, end = np.r_[0.0, np.cumsum(x)], np.arange(1, len(x) + 1)
    start = np.maximum(end - weeks, 0)
    return np.asarray((total[end] - total[start]) / (end - start))


def far(x: Floats, short: int) -> Floats:
    """How many SDs the mean of the last values lies from what such means were before."""
    mean = rolling(x, short)
    usual = rolling(mean, LONG)
    spread = np.maximum(rolling(mean**2, LONG) - usual**2, 0)
    scale = np.maximum.accumulate(np.abs(x)) * 1e-6 + 1e-12
    before = np.maximum(np.arange(len(x)) - short, 0)
    return np.asarray((mean - usual[before]) / np.sqrt(spread[before] + scale**2 + 1e-9 * rolling_variance(x)))


def rolling_variance(x: Floats) -> Floats:
    many = np.arange(1, len(x) + 1)
    return np.asarray(np.maximum(np.cumsum(x * x) / many - (np.cumsum(x) / many) ** 2, 0))


def news(score: Floats) -> Floats:
    """Scores that exceed all of the recent ones; the others are 0."""
    out, recent = np.zeros_like(score), deque[tuple[int, float]]()
    for t, now in enumerate(score):
        while recent and recent[0][0] < t - max(AGAIN, LONGEST * t):
            recent.popleft()
        out[t] = now if not recent or now > recent[0][1] + MORE else 0.0
        while recent and recent[-1][1] <= now:
            recent.pop()
        recent.append((t, now))
    return out


def outbreak(cases: Floats) -> Floats:
    """The largest log likelihood ratio that the last weeks brought more cases than usual, over one to six weeks."""
    x = np.nan_to_num(np.asarray(cases, float))
    total, out = np.r_[0.0, np.cumsum(x)], np.zeros(len(x))
    for t in range(YEARS // 4, len(x)):
        past = x[max(0, t - YEARS) : t - GAP + 1]
        usual = max(past.mean(), LEAST)
        uneven = max(past.var() / past.mean(), 1.0) if past.any() else 1.0
        weeks = np.arange(1, STRETCH + 1)
        seen, expected = total[t + 1] - total[t + 1 - weeks], usual * weeks
        more = (seen > expected) & (seen >= FEWEST)
        gain = seen * np.log(np.maximum(seen, 1e-9) / expected) - (seen - expected)
        out[t] = np.max(np.where(more, gain, 0.0)) / uneven
    return out


def cases(dates: Floats, values: Floats) -> bool:
    """Whether these are whole numbers by the week."""
    step = np.diff(np.asarray(dates).astype("datetime64[D]")).astype(int)
    whole = bool(np.all(np.isfinite(values))) and bool(np.all((values >= 0) & (values == np.round(values))))
    return whole and len(step) > 0 and bool(np.all(step == 7))
