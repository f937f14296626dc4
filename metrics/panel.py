"""Series of all units side by side: one row a series, one column a week, on a scale where noise is even.

Shares become arcsines, densities square roots; means and scales stay as they are. Columns start with a block of four
weeks counted from 1970, so that blocks never shift when the future arrives.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from metrics.spc import Flags, Floats

Places = NDArray[np.int64]
Kinds = NDArray[np.int8]
BLOCK = 4
SILENCE = 26
FIRST = date(1970, 1, 5)
SHARE, TIES, MEAN, SCALE, RATE, SPAN = range(6)
KINDS = {
    "share": SHARE,
    "waiting": SHARE,
    "competing": SHARE,
    "ties": TIES,
    "mean": MEAN,
    "scale": SCALE,
    "rate": RATE,
    "ratio": MEAN,
    "gain": MEAN,
    "uplift": MEAN,
}
OPTIONAL: dict[str, Any] = {"sd": None, "quiet": False, "break_": False, "matched": None, "moved_sd": None}


def forward(value: Floats, n: Floats, kind: Kinds) -> Floats:
    """Values on the even scale: Anscombe's arcsine for shares, the square root for densities."""
    kinds = kind.reshape(-1, *[1] * (value.ndim - 1))
    part = np.where(np.isnan(n), value, (value * n + 0.375) / (n + 0.75))
    with np.errstate(invalid="ignore"):
        share = np.arcsin(np.sqrt(np.clip(part, 0, 1)))
        return np.where(kinds == SHARE, share, np.where(_rooted(kinds), np.sqrt(np.maximum(value, 0)), value))


def back(x: Floats, kind: Kinds) -> Floats:
    """The other way round, for centres and ranges."""
    share, ties = np.sin(np.clip(x, 0, np.pi / 2)) ** 2, np.maximum(x, 0) ** 2
    return np.where(kind == SHARE, share, np.where(_rooted(kind), ties, x))


def _rooted(kind: Kinds) -> Flags:
    """Densities and rates are counts over something: even on the scale of their roots."""
    return np.asarray((kind == TIES) | (kind == RATE))


def numbered_series(rows: pl.DataFrame) -> tuple[pl.DataFrame, Places]:
    """Every series once, in order of its names, with its facts as of its first `number`; the series of each row."""
    place = ["indicator", "unit"]
    run = rows.select(pl.struct(place).rle_id()).to_series()
    oldest = pl.col("row").get(pl.col("number").arg_min())
    runs = (
        rows.select(*place, "number", run=run)
        .with_row_index("row")
        .group_by("run")
        .agg(pl.col(place).first(), oldest, pl.col("number").min())
    )
    heads = runs.group_by(place).agg(oldest).sort(place)
    keys = heads.select(place).hstack(rows.select("kind", "better", "depth")[heads["row"]])
    of_run = runs.sort("run").join(keys.with_row_index("series"), on=place, how="left", maintain_order="left")["series"]
    return keys, of_run.to_numpy().astype(np.int64)[run.to_numpy()]


def returned(there: Flags) -> Flags:
    """Where a series is back after a silence of more than half a year: what was usual then is not known to be now."""
    weeks = np.arange(there.shape[1])
    last = np.maximum.accumulate(np.where(there, weeks, -1), axis=1)
    before = np.concatenate([np.full((len(there), 1), -1), last[:, :-1]], axis=1)
    return np.asarray(there & (before >= 0) & (weeks - before > SILENCE))


@dataclass(frozen=True)
class Columns:
    """Values and the events behind them, by series and time; `fit` says which may be learnt from and judged."""

    value: Floats
    n: Floats
    fit: Flags
    broken: Flags
    quiet: Flags


@dataclass(frozen=True)
class Panel:
    """All series as matrices, and where each row of the long frame lies in them."""

    start: int
    row: Places
    column: Places
    weeks: Columns
    there: Flags
    ok: Flags
    sd: Floats
    matched: Floats
    moved_sd: Floats
    kind: Kinds
    up: Flags
    depth: Places
    indicator: Places

    @classmethod
    def of(cls, series: pl.DataFrame) -> Panel:
        """From one row per indicator, unit and week; of several for the same week the last stands."""
        absent = {name: pl.lit(blank) for name, blank in OPTIONAL.items() if name not in series.columns}
        numbered = series.with_columns(**absent, number=(pl.col("week") - pl.lit(FIRST)).dt.total_days() // 7)
        keys, row = numbered_series(numbered)
        weeks = numbered["number"].to_numpy().astype(np.int64)
        start = int(weeks.min(initial=2**31)) // BLOCK * BLOCK
        column = weeks - start
        shape = (keys.height, int(column.max(initial=-1)) + 1)
        at = column * keys.height + row

        def laid(values: NDArray[Any], blank: Any) -> NDArray[Any]:
            out = np.full(shape, blank, values.dtype, order="F")  # a week is read at a time
            out.T.ravel()[at] = values
            return out

        def matrix(name: str) -> Floats:
            return laid(numbered[name].cast(pl.Float64).to_numpy(), np.nan)

        def flags(name: str) -> Flags:
            return laid(numbered[name].cast(pl.Boolean).fill_null(value=False).to_numpy(), blank=False)

        ok, quiet, value = flags("ok"), flags("quiet"), matrix("value")
        fit = ok & ~quiet & np.isfinite(value)
        there = laid(np.ones(len(row), bool), blank=False)
        kind = keys["kind"].replace_strict(KINDS, default=SPAN, return_dtype=pl.Int8).to_numpy()
        broken = flags("break_") | (returned(fit) & (kind != SCALE)[:, None])
        return cls(
            start, row, column, Columns(value, matrix("n"), fit, broken, quiet), there, ok,
            matrix("sd"), matrix("matched"), matrix("moved_sd"), kind,
            np.asarray((keys["better"] == "up").to_numpy()),
            keys["depth"].to_numpy().astype(np.int64),
            keys["indicator"].rank("dense").to_numpy().astype(np.int64) - 1,
        )  # fmt: skip

    @property
    def spans(self) -> Flags:
        """Series whose every week tells of the weeks before it too."""
        return np.isin(self.kind, (TIES, SPAN))

    @property
    def shape(self) -> tuple[int, int]:
        return self.ok.shape[0], self.ok.shape[1]

    def blocks(self) -> Columns:
        """Four weeks at a time: shares and means pooled from at least two weeks, densities as in the last of four.

        A density's last week tells of all four, so none of them may be quiet.
        """
        series, weeks = self.shape
        whole = weeks // BLOCK

        def four(matrix: NDArray[Any]) -> NDArray[Any]:
            return matrix[:, : whole * BLOCK].reshape(series, whole, BLOCK)

        value, n, fit = four(self.weeks.value), four(self.weeks.n), four(self.weeks.fit)
        weight = np.where(fit, np.where(np.isnan(n), 1.0, n), 0.0)
        total = weight.sum(axis=2)
        with np.errstate(invalid="ignore"):
            pooled = np.where(fit, value * weight, 0.0).sum(axis=2) / np.where(total > 0, total, np.nan)
        ties, quiet = self.spans[:, None], np.asarray(four(self.weeks.quiet).any(axis=2))
        counted = np.where(np.isnan(n).all(axis=2), np.nan, total)
        return Columns(
            np.where(ties, value[:, :, -1], pooled),
            np.where(ties, n[:, :, -1], counted),
            np.asarray(np.where(ties, fit[:, :, -1] & ~quiet, (fit.sum(axis=2) >= 2) & (total > 0))),
            np.asarray(four(self.weeks.broken).any(axis=2)),
            np.asarray(quiet),
        )

    def sparse(self, few: float, year: int) -> Flags:
        """Where a series is to be read in blocks: most weeks of its first year so far bring fewer than `few` events.

        Densities always are: their evidence spans four weeks.
        """
        began = np.maximum.accumulate(self.there, axis=1)
        held = self.there & ~self.ok
        countable = began & ~held & (np.cumsum(began, axis=1) <= year)
        enough = np.nan_to_num(self.weeks.n) >= few
        balance = np.cumsum(np.where(countable, np.where(enough, 1, -1), 0), axis=1)
        sparse = (balance < 0) & self.counted()
        sparse[self.spans] = True
        return np.asarray(sparse)

    def four_week_n(self) -> Floats:
        """Events behind the last four weeks; infinite where nobody counts them; a density's own count."""
        n = np.nan_to_num(self.weeks.n)
        summed = np.cumsum(n, axis=1)
        summed[:, BLOCK:] = summed[:, BLOCK:] - np.cumsum(n, axis=1)[:, :-BLOCK]
        own = np.isin(self.kind, (TIES, SCALE, SPAN))[:, None]
        return np.where(self.counted(), np.where(own, n, summed), np.inf)

    def counted(self) -> Flags:
        """Whether events have been counted behind a series by then."""
        return np.asarray(np.maximum.accumulate(~np.isnan(self.weeks.n), axis=1))
