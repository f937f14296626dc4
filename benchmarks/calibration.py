"""Whether intervals hold what they promise: how often 90 % intervals hold the truth, over 200 seeds or more.

python -m benchmarks.calibration [SEEDS]        200 if nothing is said
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import polars as pl
from scipy import stats

from metrics.chances import covered
from metrics.effects import LEAST, LEAST_WINDOWS, compared, interrupted
from metrics.goalposts import BY_NAME
from metrics.indicator import indicators
from metrics.kinds import competing
from metrics.kinds.kind import KEYS, wilson
from metrics.kinds.mean import spread, student
from metrics.kinds.waiting import ages, curve, log_log
from metrics.scores import scores as scored

Z90 = 1.6448536269514722
Result = tuple[float, int]
TARGET = 24.0
DAY = date(2026, 11, 23)


def rates(seeds: int) -> Result:
    """Shares of 30 to 300 events, true shares from .1 to .9."""
    rng = np.random.default_rng(1)
    many, truth = rng.integers(30, 301, (seeds, 50)), rng.uniform(0.1, 0.9, (seeds, 50))
    drawn = pl.DataFrame({"n": many.ravel(), "truth": truth.ravel(), "part": rng.binomial(many, truth).ravel()})
    low, high = wilson(pl.col("part"), pl.col("n"), Z90)
    held = drawn.select(((low <= pl.col("truth")) & (pl.col("truth") <= high)).mean()).item()
    return float(held), drawn.height


def waits(seeds: int) -> Result:
    """Kaplan-Meier shares done within a day's 24 hours, 40 to 200 waits, of which a third are still open."""
    rng, frames, truths = np.random.default_rng(2), [], []
    for seed in range(seeds * 10):
        many, scale = int(rng.integers(40, 201)), float(rng.uniform(10, 40))
        waited, followed = np.ceil(rng.exponential(scale, many)), rng.exponential(60, many)
        rows = pl.DataFrame({"age": np.minimum(waited, followed), "done": waited <= followed})
        rows = rows.select(**ages(pl.col("age"), pl.col("done"), TARGET), unit=pl.lit(str(seed)))
        frames.append(rows)
        truths.append((str(seed), 1 - np.exp(-TARGET / scale)))
    place = {"indicator": pl.lit("wait"), "week": pl.date(2026, 9, 7)}
    evidence = pl.concat(frames).with_columns(**place).group_by(*KEYS, "bucket").agg(pl.col("done", "waiting").sum())
    last = curve(evidence.lazy()).filter(pl.col("bucket") <= TARGET).sort("bucket").group_by("unit").last().collect()
    low, high = log_log(pl.col("surviving"), pl.col("greenwood"), Z90)
    known = last.join(pl.DataFrame(truths, schema=["unit", "truth"], orient="row"), on="unit")
    held = known.select((low <= 1 - pl.col("truth")) & (1 - pl.col("truth") <= high)).drop_nulls().to_series()
    return float(held.mean() or 0), held.len()


def means(seeds: int) -> Result:
    """Means of 30 to 300 amounts that are far from normal: gamma distributed, as hours are, half near nought."""
    rng, rows = np.random.default_rng(6), []
    for _ in range(seeds * 10):
        many, scale = int(rng.integers(30, 301)), float(rng.uniform(1, 10))
        amounts = rng.gamma(1.5, scale, many)
        rows.append((float(amounts.sum()), float((amounts**2).sum()), many, 1.5 * scale))
    drawn = pl.DataFrame(rows, schema=["total", "squares", "count", "truth"], orient="row")
    total, count = pl.col("total"), pl.col("count")
    half = student(count, 0.90) * spread(total, pl.col("squares"), count) / count.sqrt()
    held = drawn.select(((total / count - pl.col("truth")).abs() <= half).mean()).item()
    return float(held), drawn.height


def leavers(seeds: int) -> Result:
    """Shares done within half a year of 20 to 120 who began, of whom some leave before they could (Aalen-Johansen)."""
    rng, frames, truths, target = np.random.default_rng(7), [], [], 180.0
    for seed in range(seeds * 10):
        many, scale, leaving = int(rng.integers(20, 121)), float(rng.uniform(60, 300)), float(rng.uniform(300, 900))
        done, left = rng.exponential(scale, many), rng.exponential(leaving, many)
        followed = rng.uniform(120, 400, many)
        ended = np.minimum(np.minimum(done, left), followed)
        rows = pl.DataFrame({"age": ended, "done": done == ended, "left": left == ended})
        aged = competing.ages(pl.col("age"), pl.col("done"), pl.col("left"), target)
        frames.append(rows.select(**aged, unit=pl.lit(str(seed))))
        rate = 1 / scale + 1 / leaving
        truths.append((str(seed), float((1 - np.exp(-target * rate)) / scale / rate)))
    place = {"indicator": pl.lit("begun"), "week": pl.date(2026, 9, 7)}
    sums = (
        pl.concat(frames).with_columns(**place).group_by(*KEYS, "bucket").agg(pl.col("done", "left", "waiting").sum())
    )
    read = competing.read(sums.lazy(), target, Z90).collect()
    known = read.join(pl.DataFrame(truths, schema=["unit", "truth"], orient="row"), on="unit")
    held = known.select(pl.col("truth").is_between("low", "high")).drop_nulls().to_series()
    return float(held.mean() or 0), held.len()


def wandering(rng: np.random.Generator, shape: tuple[int, ...], follows: float) -> np.ndarray:
    """Weekly noise of which each week keeps a part of the one before; of standard deviation 1."""
    drawn = rng.normal(size=(*shape[:-1], shape[-1] + 50))
    for week in range(1, drawn.shape[-1]):
        drawn[..., week] = follows * drawn[..., week - 1] + np.sqrt(1 - follows**2) * drawn[..., week]
    return np.asarray(drawn[..., 50:])


def effects(seeds: int) -> dict[str, Result]:
    """A change of one standard deviation, weeks that follow one another by 0 to .5; the same of four-week values."""
    found = {}
    for name, weeks, began, least in (("", 104, 62, LEAST), (", four-week values", 32, 23, LEAST_WINDOWS)):
        rng, held = np.random.default_rng(3), np.zeros(2)
        many = seeds * 5
        for seed in range(many):
            follows = (0.0, 0.3, 0.5)[seed % 3] / (1 if not name else 2)
            step = np.where(np.arange(weeks) >= began, 1.0, 0.0)
            own = interrupted(step + wandering(rng, (weeks,), follows), began, least=least)
            shared = wandering(rng, (weeks,), follows)
            others = shared + wandering(rng, (5, weeks), follows)
            against = compared(step + shared + wandering(rng, (weeks,), follows), others, began, least=least)
            held += [bool(one and one.low <= 1 <= one.high) for one in (own, against)]
        found[f"effects, interrupted series{name}"] = (held[0] / many, many)
        found[f"effects, difference in differences{name}"] = (held[1] / many, many)
    return found


def outlooks(seeds: int) -> dict[str, Result]:
    """Skills of 8 to 80 holders, a quarter ahead, each with a past of its own to learn its rates from."""
    rng, rows = np.random.default_rng(4), []
    for _ in range(seeds * 10):
        stock, stay, joins = int(rng.integers(8, 81)), rng.beta(18, 2), rng.gamma(4, 0.5)
        seen, quarters = 30 * 8, 8
        kept, came = rng.binomial(seen, stay), rng.poisson(joins * quarters)
        missed = rng.normal(0, 0.1, 40)
        scale = float(np.sqrt((missed**2).mean() * (1 + 1 / 40)))
        planned = float(rng.integers(8, 81))
        needed = max(np.round((planned + 1) * np.exp(rng.normal(0, 0.1)) - 1), 0.0)
        there = rng.binomial(stock, stay) + rng.poisson(joins)
        shape = came + 1.0
        rows.append({"stock": float(stock), "stay": (kept + 1.8) / (seen + 2), "stay_weight": seen + 2.0,
                     "trained": shape / (quarters + 0.5), "trained_shape": shape, "joined": 1e-9, "joined_shape": 1.0,
                     "headcount": planned, "drift": 0.0, "spread": scale, "free": 40.0, "there": there,
                     "needed": needed})  # fmt: skip
    held = covered(pl.DataFrame(rows))
    told = {"who will hold a skill": "there", "how many will be needed": "needed"}
    return {f"forecasts, {name}": (float(held[column].mean() or 0), len(rows)) for name, column in told.items()}  # type: ignore[arg-type]


def summed(seeds: int) -> dict[str, Result]:
    """Scores and their changes in units of 10 to 80 people whose answers go together by .5, and of 30 to 300 events.

    Nine quarters, in which true values wander a little; truth is the score of the true values.
    """
    rng = np.random.default_rng(4)
    held, trials = np.zeros(3), np.zeros(3)
    for _ in range(max(seeds // 5, 1)):
        cells, tree, now, before = quarters(rng, 40)
        found = scored(cells, tree, indicators(), DAY)["scores"].drop_nulls("low")
        for row in found.filter(pl.col("score").is_in(["climate", "knowledge"])).iter_rows(named=True):
            at = 0 if row["score"] == "climate" else 1
            truth, was = (one[row["score"], row["unit"]] for one in (now, before))
            held[at] += row["low"] <= truth <= row["high"]
            held[2] += row["difference_low"] <= truth - was <= row["difference_high"]
            trials[at] += 1
            trials[2] += 1
    names = ("scores of surveys", "scores of shares", "changes of scores")
    return {name: (held[at] / trials[at], int(trials[at])) for at, name in enumerate(names)}


def quarters(
    rng: np.random.Generator, many: int
) -> tuple[pl.DataFrame, pl.DataFrame, dict[tuple[str, str], float], dict[tuple[str, str], float]]:
    """Cells of made-up units, their tree, and their true scores at the last quarter and at the one before."""
    rows: list[tuple[object, ...]] = []
    now: dict[tuple[str, str], float] = {}
    before: dict[tuple[str, str], float] = {}
    weeks = [DAY - timedelta(weeks=8) - timedelta(weeks=13 * back) for back in range(8, -1, -1)]
    for unit in (f"u{at:02}" for at in range(many)):
        for score in (BY_NAME["climate"], BY_NAME["knowledge"]):
            span = np.array([[part.low, part.high] for part in score.parts])
            start = span[:, 0] + (span[:, 1] - span[:, 0]) * rng.uniform(0.25, 0.75, len(span))
            truth = start + np.cumsum(rng.normal(0, 0.6, (len(weeks), len(span))), axis=0)
            for row, level in zip(weeks, truth, strict=True):
                seen = answers(rng, level) if score.name == "climate" else events(rng, level)
                rows += [(part.indicator, unit, row, *one) for part, one in zip(score.parts, seen, strict=True)]
            points = np.clip((truth - span[:, 0]) / (span[:, 1] - span[:, 0]), 0, 1).mean(axis=1) * 100
            now[score.name, unit], before[score.name, unit] = float(points[-1]), float(points[-2])
    shape = {"indicator": pl.String, "unit": pl.String, "week": pl.Date, "value": pl.Float64, "low": pl.Float64,
             "high": pl.Float64, "n": pl.Int64}  # fmt: skip
    cells = pl.DataFrame(rows, schema=shape, orient="row").with_columns(state=pl.lit("shown"), mark=pl.lit(""))
    units = [("all", None, "All", 0), *((f"u{at:02}", "all", "U", 1) for at in range(many))]
    tree = pl.DataFrame(units, schema=["unit", "parent", "name", "depth"], orient="row")
    return cells.with_columns(people="n"), tree, now, before


def answers(rng: np.random.Generator, level: np.ndarray) -> list[tuple[float, float, float, int]]:
    """Mean, Student's interval and count of scales that the same people answered."""
    n = int(rng.integers(10, 81))
    given = level + rng.normal(0, 11, (n, 1)) + rng.normal(0, 11, (n, len(level)))
    mean, half = given.mean(axis=0), stats.t.ppf(0.975, n - 1) * given.std(axis=0, ddof=1) / n**0.5
    return [(float(m), float(m - h), float(m + h), n) for m, h in zip(mean, half, strict=True)]


def events(rng: np.random.Generator, level: np.ndarray) -> list[tuple[float, float, float, int]]:
    """Percentages of 30 to 300 events each with Wilson's interval."""
    n = rng.integers(30, 301, len(level))
    part = rng.binomial(n, np.clip(level / 100, 0, 1))
    low, high = wilson(pl.col("part"), pl.col("n"))
    frame = pl.DataFrame({"part": part, "n": n}).select(
        100 * pl.col("part") / pl.col("n"), low=100 * low, high=100 * high, n="n"
    )
    return [(row[0], row[1], row[2], int(row[3])) for row in frame.iter_rows()]


SINGLE: dict[str, Callable[[int], Result]] = {
    "rates (Wilson)": rates,
    "means (Student)": means,
    "Kaplan-Meier shares (log-log)": waits,
    "shares of whom some leave (Aalen-Johansen)": leavers,
}


def main(seeds: str = "200") -> None:
    print(f"{'90 % intervals of':<52}{'hold the truth':>15}{'trials':>9}")
    found = {name: measure(int(seeds)) for name, measure in SINGLE.items()} | effects(int(seeds))
    found |= summed(int(seeds)) | outlooks(int(seeds))
    for name, (held, many) in found.items():
        print(f"{name:<52}{held:>14.1%}{many:>9,}")


if __name__ == "__main__":
    main(*sys.argv[1:])
