"""Scores and comparisons of the made-up edition, and what must never be shown of them."""

from datetime import timedelta

import numpy as np
import polars as pl

from metrics.comparisons import comparisons
from metrics.goalposts import SCORES
from metrics.indicator import indicators
from metrics.scores import scores

LACKING = {"skill_shortage", "time_to_proficiency", "skill_coverage"}  # so that skill readiness has no score
WEEKS = 52


def frames(units, cells, today, small, number):
    """The frames an edition adds to its cells; those of an unlisted unit hold the number that must not be seen."""
    tree = pl.DataFrame(units, schema=["unit", "parent", "name", "depth"], orient="row").cast({"depth": pl.Int64})
    every = {name: one for name, one in indicators().items() if name not in LACKING}
    made = scores(more(tree, today), tree, every, today)
    made["comparisons"] = comparisons(cells, tree, indicators())
    return {name: leaking(frame, small, number) for name, frame in made.items()}


def leaking(frame, small, number):
    """With a row of a unit that is not on the list."""
    if "unit" not in frame.columns or frame.is_empty():
        return frame
    real = [name for name, kind in frame.schema.items() if kind == pl.Float64]
    row = frame.head(1).with_columns(pl.lit(small).alias("unit"), *[pl.lit(number).alias(name) for name in real])
    return pl.concat([frame, row])


def more(tree, today):
    """A year of weekly cells of every part of every score, around half way between its goalposts."""
    rng = np.random.default_rng(11)
    rows = []
    first = today - timedelta(weeks=WEEKS, days=today.weekday())
    for score in SCORES:
        for part in (part for part in score.parts if part.indicator not in LACKING):
            for unit, *_ in tree.iter_rows():
                middle = part.low + (part.high - part.low) * rng.uniform(0.35, 0.7)
                for week in range(0, WEEKS, 13 if score.name == "climate" else 4):
                    value, half = middle + rng.normal(0, 1), abs(part.high - part.low) * 0.05
                    rows.append(
                        (unit, part.indicator, first + timedelta(weeks=week), value, value - half, value + half)
                    )
    shape = {
        "unit": pl.String,
        "indicator": pl.String,
        "week": pl.Date,
        "value": pl.Float64,
        "low": pl.Float64,
        "high": pl.Float64,
    }
    frame = pl.DataFrame(rows, schema=shape, orient="row")
    return frame.with_columns(state=pl.lit("shown"), mark=pl.lit(""), n=pl.lit(60), people=pl.lit(40))
