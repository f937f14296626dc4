"""What each dated intervention changed, in every indicator of the unit it concerned: number, interval, sentence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from metrics.board import ancestors
from metrics.effects import LEAST, LEAST_WINDOWS, Effect, compared, interrupted
from metrics.indicator import Indicator
from metrics.kinds import KINDS
from metrics.sentence import amount, day, number
from metrics.spc import Floats, adjusted

SHAPE = {
    "intervention": pl.String, "name": pl.String, "unit": pl.String, "began": pl.Date, "indicator": pl.String,
    "method": pl.String, "value": pl.Float64, "low": pl.Float64, "high": pl.Float64, "before": pl.Int64,
    "after": pl.Int64, "alike": pl.Boolean, "clear": pl.Boolean, "sentence": pl.String,
}  # fmt: skip
FALSE = 0.10
WEIGHED = ("share", "mean", "rate")


def effects(
    series: Mapping[str, pl.DataFrame],
    interventions: pl.DataFrame,
    units: pl.DataFrame,
    indicators: Mapping[str, Indicator],
) -> pl.DataFrame:
    """One row per intervention, indicator and method, in display units (`SHAPE`).

    `series`: per indicator the weekly `unit, week, value, n, ok` (raw; only what may be shown is `ok`);
    `interventions`: the table; `units`: those published (`unit, parent, name, depth`). An intervention without a unit
    concerns the root. `clear`: the interval leaves nought out, also after Benjamini and Hochberg's correction for the
    indicators looked at for the same intervention, and the time before was as the method takes it to be.
    Whatever has too few weeks has no row.
    """
    root = units.filter(pl.col("parent").is_null())["unit"].first()
    begun = interventions.select("intervention", "name", "began", unit=pl.col("unit").fill_null(root))
    known = begun.join(units.select("unit", place="name"), on="unit").sort("began", "intervention").rows(named=True)
    taken = {one["unit"] for one in known}
    alike = [_alike(one["unit"], units, taken) for one in known]
    found: list[list[tuple[str, Effect]]] = [[] for _ in known]
    for name in (name for name, frame in series.items() if not frame.is_empty()):
        lines = Lines.of(series[name])  # of one indicator at a time: all would be too much
        for one, others, told in zip(known, alike, found, strict=True):
            told += [(name, each) for each in _both(lines, one, others)]
    rows = [row for one, told in zip(known, found, strict=True) for row in _rows(one, told, indicators)]
    return pl.DataFrame(rows, schema=SHAPE, orient="row")


def _rows(
    one: Mapping[str, Any], found: list[tuple[str, Effect]], indicators: Mapping[str, Indicator]
) -> Iterator[tuple[Any, ...]]:
    """What one intervention did, each interval corrected for all that were looked at."""
    corrected = adjusted([effect.p for _, effect in found]) if found else np.empty(0)
    for (name, effect), q in zip(found, corrected, strict=True):
        clear = bool(effect.clear and q <= FALSE and effect.alike is not False)
        yield _row(one, indicators[name], effect, clear, one["place"])


def _alike(unit: str, units: pl.DataFrame, begun: Set[str]) -> list[str]:
    """Units to compare with: as high in the tree, neither above nor below, and with no intervention of their own."""
    depth = units.filter(unit=unit)["depth"].item()
    above = ancestors(units).filter(pl.col("unit").is_in(list(begun)))["ancestor"]
    taken = {*begun, *above}
    return [other for other in units.filter(depth=depth)["unit"] if other not in taken]


@dataclass(frozen=True)
class Lines:
    """One indicator's series side by side: a row a unit, a column a week; what may not be shown is unknown."""

    rows: Mapping[str, int]
    first: date
    values: Floats
    weight: Floats
    kind: str

    @classmethod
    def of(cls, frame: pl.DataFrame) -> Lines:
        names = frame["unit"].unique(maintain_order=True)
        first, shown = frame["week"].min(), frame.filter("ok")
        place = pl.DataFrame({"unit": names}).with_row_index("row")
        known = shown.join(place, on="unit", maintain_order="left")
        column = ((known["week"] - first).dt.total_days() // 7).to_numpy()
        last = int((frame["week"] - first).dt.total_days().to_numpy().max()) // 7
        values, weight = np.full((2, len(names), last + 1), np.nan)
        values[known["row"].to_numpy(), column] = known["value"].cast(pl.Float64).to_numpy()
        weight[known["row"].to_numpy(), column] = known["n"].cast(pl.Float64).to_numpy()
        kind = str(frame["kind"].first()) if "kind" in frame.columns else "mean"
        return cls({name: row for row, name in enumerate(names)}, first, values, np.nan_to_num(weight), kind)  # type: ignore[arg-type]

    def place(self, began: date) -> int:
        """The first week that began on the day or after it."""
        return max(-(-(began - self.first).days // 7), 0)


def _both(lines: Lines, one: Mapping[str, Any], others: Iterable[str]) -> list[Effect]:
    """Against its own trend, and against the units alike where there are any."""
    mine = lines.rows.get(one["unit"])
    if mine is None:
        return []
    began, values = lines.place(one["began"]), lines.values[mine]
    there = np.flatnonzero(np.isfinite(lines.values).any(axis=0))
    if not len(there):
        return []
    step = int(np.gcd.reduce(np.diff(there))) if len(there) > 1 else 1  # of those told every fourth week, those weeks
    weeks = slice(int(there[0]) % step, None, step)
    after = -(-(began - int(there[0]) % step) // step)
    least = LEAST if step == 1 else LEAST_WINDOWS
    weight = lines.weight[mine, weeks] if lines.kind in WEIGHED else None
    own = interrupted(values[weeks], after, weight, least=least)
    rest = [lines.values[lines.rows[other], weeks] for other in others if other in lines.rows]
    rest = [line for line in rest if np.isfinite(line).mean() > 0.5]
    against = compared(values[weeks], np.array(rest), after, least=least) if rest else None
    return [effect for effect in (own, against) if effect is not None]


def _row(one: Mapping[str, Any], indicator: Indicator, effect: Effect, clear: bool, place: str) -> tuple[Any, ...]:
    factor = KINDS[indicator.kind].factor
    value, low, high = (part * factor for part in (effect.value, effect.low, effect.high))
    known = (value, low, high)
    words = sentence(one["name"], one["began"], indicator, place, effect.method, known, clear=clear, alike=effect.alike)
    return (
        one["intervention"], one["name"], one["unit"], one["began"], indicator.name, effect.method, value, low, high,
        effect.before, effect.after, effect.alike, clear, words,
    )  # fmt: skip


def sentence(
    name: str,
    began: date,
    indicator: Indicator,
    place: str,
    method: str,
    effect: tuple[float, float, float],
    *,
    clear: bool,
    alike: bool | None = None,
) -> str:
    """`Since Playbooks (3 March 2026), Knowledge reuse in Platform is 8.1 % higher than its own trend, likely ...`"""
    value, low, high = effect
    own = method.startswith("interrupted")
    against = "where its own trend was going" if own else "in units alike"
    subject = f"Since {name} began ({day(began)}), {indicator.title} in {place}"
    if alike is False:
        why = "its course before was no straight line" if own else "it and the units alike moved apart before"
        return f"{subject}: cannot be told from {against}, for {why}."
    if not clear:
        return f"{subject}: no clear difference from {against} (likely {number(low)} to {number(high)})."
    way, ends = ("higher", (low, high)) if value > 0 else ("lower", (-high, -low))
    unit = {"%": "points", "0 to 100": "points"}.get(indicator.unit, indicator.unit)
    likely = f"likely {number(max(ends[0], 0))} to {number(ends[1])}"
    return f"{subject}: {amount(abs(value), unit)} {way} than {against} ({likely})."
