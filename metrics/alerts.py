"""Flips: what changed its verdict since people were last told, and the life of an alert."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

PLACE = ["indicator", "unit"]
FLIPS = [*PLACE, "verdict", "side", "since", "sentence", "kind"]
NEAR = timedelta(weeks=4)


def flips(verdicts: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """What to tell one way out: `indicator, unit, verdict, side, since, sentence, kind` (new, worse or over).

    `verdicts`: the board's rows; `told`: what this way out was told, `indicator, unit, verdict, side, since, at`. Only
    alarms that stand for themselves are told, and the end of those that were told. An unknown verdict ends nothing, a
    watch neither begins nor ends anything; what had turned for the better and is now an alarm is `worse`.
    """
    last = told.sort("at").unique(PLACE, keep="last", maintain_order=True)
    known = verdicts.join(last.select(*PLACE, was="verdict", was_side="side"), PLACE, how="left")
    alarm, told_alarm = pl.col("verdict") == "alarm", pl.col("was").eq_missing("alarm")
    other_side = pl.col("side").ne_missing(pl.col("was_side"))
    begins = alarm & pl.col("folded").is_null() & (~told_alarm | other_side)
    ends = (pl.col("verdict") == "ok") & told_alarm
    turned_bad = told_alarm & (pl.col("side") == "worse")
    kind = pl.when(begins & turned_bad).then(pl.lit("worse")).when(begins).then(pl.lit("new"))
    return (
        known.with_columns(kind=kind.when(ends).then(pl.lit("over"))).filter(pl.col("kind").is_not_null()).select(FLIPS)
    )


def life(verdicts: pl.DataFrame, acknowledgements: pl.DataFrame) -> pl.DataFrame:
    """The open alarms and watches that stand for themselves, with `also` (how many units are folded under each) and
    `who, note, at` of the newest acknowledgement.

    An acknowledgement belongs to an alert that began within four weeks of the one it was given to: late data may shift
    a beginning, but an alert that comes back is a new one.
    """
    stirring = verdicts.filter(pl.col("verdict").is_in(["alarm", "watch"]))
    under = (
        stirring.filter(pl.col("folded").is_not_null())
        .group_by("indicator", unit="folded")
        .agg(also=pl.len().cast(pl.Int64))
    )
    newest = acknowledgements.sort("at").select(*PLACE, "who", "note", "at", given="since")
    open_now = stirring.filter(pl.col("folded").is_null())
    near = (
        open_now.select(*PLACE, "since").join(newest, PLACE).filter((pl.col("since") - pl.col("given")).abs() <= NEAR)
    )
    last = near.sort("at").unique(PLACE, keep="last", maintain_order=True).drop("since", "given")
    return (
        open_now.join(under, PLACE, how="left").join(last, PLACE, how="left").with_columns(pl.col("also").fill_null(0))
    )
