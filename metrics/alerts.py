"""Flips: what changed its verdict since somebody was last told."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

import polars as pl

from metrics.life import Alert
from metrics.turns import PLACE, Place, newest

FLIPS = [*PLACE, "verdict", "side", "since", "sentence", "kind"]
MOMENT = pl.Datetime("us", "UTC")
HUSH = ("snoozed", "resolved")
STANDING = pl.Schema(
    {"indicator": pl.String(), "unit": pl.String(), "said": pl.String(), "again": MOMENT, "hushed": pl.Boolean()}
)


def standing(
    verdicts: pl.DataFrame,
    alerts: Collection[Alert],
    quiet: Mapping[Place, int] | None = None,
    needed: int = 1,
) -> pl.DataFrame:
    """The board's rows as they may be told: `verdicts` with `again` (told anew since) and `hushed` (begins nothing).

    An alarm that does not ring any more by its life, or not yet, or whose alert a person put off or resolved, begins
    nothing. What rings is not over, whatever the board says; what has no alert (a watch) is over after `needed` calm
    weeks (`quiet`, what `calm` counted).
    """
    rows = [
        (*one.place, "rings" if one.ringing else "over", one.again, one.ringing and one.state in HUSH)
        for one in newest(alerts).values()
    ]
    lives = pl.DataFrame(rows, schema=STANDING, orient="row")
    calm = pl.DataFrame(
        [(*place, weeks) for place, weeks in (quiet or {}).items()],
        schema={"indicator": pl.String, "unit": pl.String, "calm": pl.Int64},
        orient="row",
    )
    known = verdicts.join(lives, PLACE, how="left").join(calm, PLACE, how="left")
    ok, alarm = pl.col("verdict") == "ok", pl.col("verdict") == "alarm"
    still = ok & (pl.col("said").eq_missing("rings") | (pl.col("said").is_null() & (pl.col("calm") < needed)))
    asleep = alarm & pl.col("said").ne_missing("rings")
    return known.with_columns(
        verdict=pl.when(still).then(pl.lit("unknown")).otherwise("verdict"),
        hushed=pl.col("hushed").fill_null(False) | asleep,
    ).drop("said", "calm")


def flips(verdicts: pl.DataFrame, told: pl.DataFrame, tier: str = "alarm") -> pl.DataFrame:
    """What to tell somebody: `indicator, unit, verdict, side, since, sentence, kind` (new, worse, again, watch, over).

    `verdicts`: the board's rows, best those of `standing`; `told`: what they were told, `indicator, unit, verdict,
    side, since, at`. Only alarms that stand for themselves are told, and the end of those that were told; in the tier
    `watch` also what may still be chance. An unknown verdict ends nothing; what had turned for the better and is now
    an alarm is `worse`. What is `hushed` begins nothing; what is to be told `again` was told before that moment.
    """
    rows = verdicts.with_columns(
        *(pl.lit(value, kind).alias(name) for name, value, kind in OPTIONAL if name not in verdicts.columns)
    )
    last = told.sort("at").unique(PLACE, keep="last", maintain_order=True)
    known = rows.join(last.select(*PLACE, was="verdict", was_side="side", was_at="at"), PLACE, how="left")
    alarm, told_alarm = pl.col("verdict") == "alarm", pl.col("was").eq_missing("alarm")
    other_side = pl.col("side").ne_missing(pl.col("was_side"))
    own = pl.col("folded").is_null() & ~pl.col("hushed")
    begins = alarm & own & (~told_alarm | other_side)
    anew = alarm & own & ~begins & (pl.col("was_at") < pl.col("again"))
    ends = (pl.col("verdict") == "ok") & (told_alarm | (pl.lit(tier == "watch") & pl.col("was").eq_missing("watch")))
    stirs = (pl.col("verdict") == "watch") & own & pl.lit(tier == "watch") & ~told_alarm
    stirs &= pl.col("was").ne_missing("watch") | other_side
    kind = (
        pl.when(begins & told_alarm & (pl.col("side") == "worse"))
        .then(pl.lit("worse"))
        .when(begins)
        .then(pl.lit("new"))
        .when(anew)
        .then(pl.lit("again"))
        .when(stirs)
        .then(pl.lit("watch"))
        .when(ends)
        .then(pl.lit("over"))
    )
    return known.with_columns(kind=kind).filter(pl.col("kind").is_not_null()).select(FLIPS)


OPTIONAL: list[tuple[str, datetime | bool | None, pl.DataType]] = [
    ("again", None, MOMENT),
    ("hushed", False, pl.Boolean()),
]
