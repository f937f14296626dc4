"""Units beside their siblings: what each would be without its small numbers, and who is beyond what chance explains.

A funnel (Spiegelhalter 2005) around the unit above: limits of 95 and 99.8 %, wider by how much units of that level
differ from one another anyway. Only beyond 99.8 % is a unit called above or below what is expected, and nobody is
ranked; nor is one of so few events that its number bears a mark. Nothing but shown cells is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from scipy import stats

from metrics.indicator import Indicator
from metrics.kinds.kind import Z95
from metrics.scales import Anova
from metrics.shrink import drawn, overdispersion, strength, towards
from metrics.spc import Floats

FEWEST = 5  # units of a level from which on one may say how they differ
RELIABLE, DOUBTFUL = 0.70, 0.50
Z998 = 3.090232306167813
UNBOUNDED = ("ratio", "rate")  # percentages that may be over 100
NEVER = ("uplift", "forecast")  # differences of two small groups, and what has not been seen yet
SHAPE = {
    "indicator": pl.String, "parent": pl.String, "unit": pl.String, "week": pl.Date, "n": pl.Int64,
    "value": pl.Float64, "expected": pl.Float64, "shrunk": pl.Float64, "shrunk_low": pl.Float64,
    "shrunk_high": pl.Float64, "low95": pl.Float64, "high95": pl.Float64, "low998": pl.Float64, "high998": pl.Float64,
    "said": pl.String, "compare": pl.String, "reliability": pl.Float64, "scatter": pl.Float64, "spread": pl.Float64,
    "phi": pl.Float64, "peers": pl.Int64, "scale": pl.String,
}  # fmt: skip


@dataclass(frozen=True)
class Ruler:
    """On which scale units are compared: percentages as arcsines, which scatter alike everywhere; all else as it is.

    Of few events (`n`) a percentage is drawn in as Anscombe 1948 does, so that none in ten is not taken for never.
    """

    name: str

    @classmethod
    def of(cls, indicator: Indicator) -> Ruler:
        return cls("arcsine" if indicator.unit == "%" and indicator.kind not in UNBOUNDED else "plain")

    def there(self, value: Any, n: Any = np.inf) -> Floats:
        given, many = np.asarray(value, float), np.asarray(n, float)
        if self.name == "plain":
            return given
        share = np.clip(given / 100, 0, 1)
        drawn_in = np.where(np.isinf(many), share, (share + 0.375 / many) / (1 + 0.75 / many))
        return np.asarray(np.arcsin(np.sqrt(drawn_in)))

    def back(self, value: Any, n: Any = np.inf) -> Floats:
        given, many = np.asarray(value, float), np.asarray(n, float)
        if self.name == "plain":
            return given
        share = np.sin(np.clip(given, 0, np.pi / 2)) ** 2
        return np.asarray(100 * np.clip(share * (1 + 0.75 / many) - 0.375 / many, 0, 1))


def limits(scale: str, expected: Any, error: Any, spread: float, n: Any, z: float) -> tuple[Floats, Floats]:
    """The funnel's limits (low, high) for units with `n` events and this `error`, on the scale of the screen."""
    ruler = Ruler(scale)
    middle, reach = ruler.there(expected), z * np.sqrt(np.asarray(error, float) ** 2 + spread**2)
    return ruler.back(middle - reach, n), ruler.back(middle + reach, n)


def comparisons(cells: pl.DataFrame, units: pl.DataFrame, indicators: Mapping[str, Indicator]) -> pl.DataFrame:
    """Every unit beside its siblings in the newest shown week of the unit above (`SHAPE`).

    `compare` says whether it may be: yes, caution, no (of surveys by ICC(2), the reliability of team means), or
    unknown where there are fewer than five units of the level; then there are no limits and nothing is said.
    """
    shown = cells.filter(pl.col("state") == "shown", pl.col("value").is_not_null()).join(units, on="unit", how="semi")
    known = shown.filter(pl.col("low").is_not_null(), pl.col("high").is_not_null(), pl.col("n") > 0)
    above = shown.sort("week").unique(["indicator", "unit"], keep="last").select(
        "indicator", "week", parent="unit", expected="value"
    )  # fmt: skip
    below = units.select("unit", "parent", "depth").drop_nulls("parent")
    rows = known.join(below, on="unit").join(above, on=["indicator", "week", "parent"])
    found = [
        _level(part.sort("parent", "unit"), indicators[str(name)])
        for (name, _), part in rows.partition_by(["indicator", "depth"], as_dict=True).items()
        if name in indicators and indicators[str(name)].kind not in NEVER
    ]
    empty = pl.DataFrame(schema=SHAPE)
    return pl.concat([empty, *found]).sort("indicator", "parent", "unit")


def _level(rows: pl.DataFrame, one: Indicator) -> pl.DataFrame:
    """One indicator's units of one depth, each around the unit above it."""
    ruler = Ruler.of(one)
    n = rows["n"].to_numpy().astype(float)
    middle, low, high = (ruler.there(rows[name].to_numpy()) for name in ("expected", "low", "high"))
    value = ruler.there(rows["value"].to_numpy(), n)
    group = rows["parent"].rank("dense").to_numpy()
    scatter = float(np.median((high - low) / 2 / _t(one, n) * np.sqrt(n)))
    error = np.where(scatter > 0, scatter, np.nan) / np.sqrt(n)
    compare, reliability = may_be(rows, one)
    enough = len(rows) >= FEWEST and scatter > 0
    phi, variance = overdispersion((value - middle) / error, error, group) if enough else (None, None)
    told = {
        "compare": compare if enough else "unknown",
        "reliability": reliability,
        "scatter": scatter,
        "phi": phi,
        "spread": None if variance is None else float(np.sqrt(variance)),
        "peers": len(rows),
        "scale": ruler.name,
    }
    made = rows.with_columns(pl.lit(value_).alias(name) for name, value_ in told.items())
    if variance is not None:
        made = made.with_columns(**_around(rows, one, ruler, error, variance))
    absent = [pl.lit(None, kind).alias(name) for name, kind in SHAPE.items() if name not in made.columns]
    made = made.with_columns(absent).with_columns(pl.col("said").fill_null(""))
    return made.select(pl.col(name).cast(kind) for name, kind in SHAPE.items())


def _around(rows: pl.DataFrame, one: Indicator, ruler: Ruler, error: Floats, variance: float) -> dict[str, Any]:
    """Limits and what is said, and the values shrunk towards the unit above."""
    n, expected, spread = rows["n"].to_numpy().astype(float), rows["expected"].to_numpy(), float(np.sqrt(variance))
    found: dict[str, Any] = {}
    for name, reach in (("95", Z95), ("998", Z998)):
        found[f"low{name}"], found[f"high{name}"] = limits(ruler.name, expected, error, spread, n, reach)
    z = (ruler.there(rows["value"].to_numpy(), n) - ruler.there(expected)) / np.sqrt(error**2 + variance)
    plain = (rows["mark"].fill_null("") == "").to_numpy()
    said = np.where(z > Z998, "above", np.where(z < -Z998, "below", "within"))
    found["said"] = pl.Series(np.where(plain, said, "few"))
    found |= dict(zip(("shrunk", "shrunk_low", "shrunk_high"), _shrunk(rows, one, ruler, error, variance), strict=True))
    return found


def _shrunk(
    rows: pl.DataFrame, one: Indicator, ruler: Ruler, error: Floats, variance: float
) -> tuple[Floats, Floats, Floats]:
    """By empirical Bayes, with their 90 % interval: shares as beta distributions, all else as normal ones."""
    if one.kind == "share":
        whole, rate = rows["n"].to_numpy().astype(float), rows["expected"].to_numpy() / 100
        part = np.clip(np.round(rows["value"].to_numpy() / 100 * whole), 0, whole)
        found = towards(part, whole, rate, strength(part, whole, rate))
        low, high = found.interval(0.9)
        return 100 * found.mean, 100 * low, 100 * high
    value, middle = ruler.there(rows["value"].to_numpy()), ruler.there(rows["expected"].to_numpy())
    estimate, sure, _ = drawn(value, error, middle, variance)
    half = stats.norm.ppf(0.95) * sure
    return ruler.back(estimate), ruler.back(estimate - half), ruler.back(estimate + half)


def _t(one: Indicator, n: Floats) -> Floats:
    """By how many errors an interval of this kind reaches from its middle to its end."""
    return (
        np.where(n > 1, stats.t.ppf(0.975, np.maximum(n - 1, 1)), Z95)
        if one.kind in ("scale", "mean")
        else np.full(len(n), Z95)
    )


def may_be(rows: pl.DataFrame, one: Indicator) -> tuple[str, float | None]:
    """Whether units of a level may be compared; of a survey by ICC(2) of its shown units, worked out from their means.

    From .70 on they may, from .50 on with caution, below not: their means differ by hardly more than chance.
    """
    if one.kind != "scale":
        return "yes", None
    n = rows["n"].to_numpy().astype(float)
    mean, half = rows["value"].to_numpy(), ((rows["high"] - rows["low"]) / 2).to_numpy()
    variance = n * (half / _t(one, n)) ** 2
    squares = (n - 1) * variance + n * mean**2
    found = Anova.from_sums(n.sum(), (n * mean).sum(), squares.sum(), len(n), (n * mean**2).sum())
    icc2 = float(found.icc2)
    if not np.isfinite(icc2):
        return "unknown", None
    return ("yes" if icc2 >= RELIABLE else "caution" if icc2 >= DOUBTFUL else "no"), icc2
