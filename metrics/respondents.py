"""Survey scales as they are scored, alike for all: who counts, what is turned round, what is never filled in."""

from __future__ import annotations

import polars as pl

from metrics.weeks import monday

WAVE = ["survey", "wave"]
SCALE = ["low", "high"]
FEW_MISSING = 2 / 7
A_YEAR = 380  # days; whoever last answered longer ago has not been asked in between, or has changed
PART = "\x1f"  # between the parts of a series' key: low, high, then each item after + or, turned round, after -


def respondents(answers: pl.LazyFrame, construct: str) -> pl.LazyFrame:
    """One row per respondent and wave: `week, unit, person, score, before, items` and `survey, series, low, high`.

    Items worded the other way are turned round. Nobody who left more than 2 of 7 items out is counted, and nothing is
    filled in. `score` runs from 0 to 100, `items` are points of the scale in the order of their names. A `series` is
    one set of items on one scale (see `parts`): of several asked in a week the one most people answered is kept, since
    scales of different length or items are never mixed. `before` is the score of the same person a wave ago in the
    same series.
    """
    asked = answers.filter(pl.col("construct") == construct)
    turned = pl.when("reversed").then(pl.col("low") + pl.col("high") - pl.col("score")).otherwise("score")
    scored = _scored(asked.with_columns(score=turned), _series(asked))
    same = ["survey", "person", "series"]
    before, when = (pl.col(column).shift(1).over(same, order_by="wave") for column in ("score", "wave"))
    recent = (pl.col("wave") - when).dt.total_days() <= A_YEAR
    return _commonest(scored).with_columns(before=pl.when(recent).then(before)).drop("wave")


def parts(series: str) -> tuple[float, float, list[str], list[bool]]:
    """What a series' key says: lowest and highest answer, the names of the items, and which are turned round."""
    low, high, *items = series.split(PART)
    return float(low), float(high), [item[1:] for item in items], [item[0] == "-" for item in items]


def _series(asked: pl.LazyFrame) -> pl.LazyFrame:
    """The key of what each wave asked on each scale: its ends and its items."""
    item = pl.when("reversed").then(pl.lit("-")).otherwise(pl.lit("+")) + pl.col("item")
    each = asked.group_by(*WAVE, *SCALE, "item").agg(pl.col("reversed").max())
    keys = each.group_by(*WAVE, *SCALE).agg(items=item.sort_by("item"), asked=pl.len())
    ends = [pl.col(end).cast(pl.String) for end in SCALE]
    return keys.with_columns(series=pl.concat_str(*ends, pl.col("items").list.join(PART), separator=PART))


def _scored(turned: pl.LazyFrame, series: pl.LazyFrame) -> pl.LazyFrame:
    """One row per respondent, wave and scale: their score, and their answers in the order of the items."""
    items = turned.select(*WAVE, *SCALE, "item").unique()
    every = items.join(turned.select(*WAVE, *SCALE, "respondent").unique(), on=[*WAVE, *SCALE])
    answered = every.join(turned, on=[*WAVE, *SCALE, "item", "respondent"], how="left")
    people = answered.group_by(*WAVE, *SCALE, "respondent").agg(
        pl.col("unit").min(),
        missing=pl.col("score").is_null().mean(),
        score=pl.col("score").mean(),
        items=pl.col("score").sort_by("item"),
    )
    share = (pl.col("score") - pl.col("low")) / (pl.col("high") - pl.col("low")) * 100
    kept = people.filter(pl.col("missing") <= FEW_MISSING + 1e-9)
    found = kept.join(series.select(*WAVE, *SCALE, "series"), on=[*WAVE, *SCALE]).with_columns(score=share)
    columns = ("survey", "wave", "unit", "score", "items", "series", *SCALE)
    return found.select(*columns, week=monday(pl.col("wave")), person="respondent")


def _commonest(scored: pl.LazyFrame) -> pl.LazyFrame:
    """The rows of each week's commonest series; who answered it twice in a week counts once, as they answered last."""
    met = scored.group_by("week", "series").agg(people=pl.len())
    most = met.sort(["people", "series"], descending=[True, False]).unique("week", keep="first", maintain_order=True)
    kept = scored.join(most.drop("people"), on=["week", "series"], how="semi")
    return kept.sort("wave").unique(["survey", "week", "person"], keep="last", maintain_order=True)
