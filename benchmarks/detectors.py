"""Our engine as scoring programs call one: a panel of series, one series as it comes, and one that is finished.

`panel(view)`: causal scores by series and week of `view.values`, `view.denom`, `view.kind` (rate, count, mean) and
`view.dates`; `scores >= ALARM` is an alarm. `online(dates, values)`: causal scores of one series, no denominators.
`change_points(dates, values)`: where a finished series changed. One setting for all of them; nothing is learnt from
the data that they are scored on.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.streams import cases, outbreak, stream
from metrics.onsets import BINOMIAL, Course, onsets
from metrics.panel import FIRST, MEAN, RATE, SHARE, forward
from metrics.segments import changes
from metrics.shared import levels

ALARM = 1.85  # about one false alarm in 1,000 series-weeks of the simulated organisation
STREAM = 7.68  # of `online` where data come by the minute
KINDS = {"rate": SHARE, "count": RATE, "mean": MEAN}


def panel(view: Any) -> np.ndarray:
    """Scores of all series at once, those of a kind compared with one another."""
    kind = np.array([KINDS[str(one)] for one in view.kind], np.int8)
    n = np.where(np.isfinite(view.values), view.denom, np.nan)
    counts = (kind == RATE)[:, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        value = forward(np.where(counts, (view.values + 0.375) / n, view.values), n, kind)
    family = kind.astype(np.int64)
    alone = np.full(len(family), -1)
    shared = levels(value, n, family, alone, alone)
    days = (view.dates[0].astype("datetime64[D]") - np.datetime64(FIRST)).astype(int)
    return onsets(Course(value, n, family, shared, np.where(kind == SHARE, BINOMIAL, 0.0), int(days) // 7))[0]


def online(dates: Any, values: Any) -> np.ndarray:
    """Scores of one series as it comes, whatever its rhythm."""
    known = np.asarray(values, float)
    return outbreak(known) if cases(dates, known) else stream(known)


def change_points(dates: Any, values: Any) -> list[int]:
    """The positions at which a finished series begins anew."""
    return changes(np.asarray(values, float))
