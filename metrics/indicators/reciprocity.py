"""Reciprocity of help (N5): whether help goes both ways."""

from __future__ import annotations

import polars as pl

from metrics.helping import WEEKS, answers, recently
from metrics.indicator import ALWAYS, indicator
from metrics.weeks import Calendar


@indicator(
    code="N5", title="Help both ways", question="Does help go both ways?", unit="%", better="up", timing="lagging",
    theme="connection", source="Wasserman & Faust 1994",
    beware="Experts rightly help more than they are helped; judge change, not level.",
    kind="standing", least=30, reach=ALWAYS, window=1, settles=14, counts="helping ties",
)  # fmt: skip
def reciprocity(messages: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """Share of helping ties that go both ways, in the four weeks up to a week.

    A helping tie is one person having answered another's public question first. It goes both ways if the other
    answered a question of theirs in the same weeks. Ties count for the helper's team.
    """
    found = answers(messages, calendar).select("week", "asker", "helper").unique().collect().lazy()
    last = pl.lit(found.select(pl.col("week").max()).collect().item(), pl.Date)
    seen = recently(found, last, WEEKS).unique()
    back = seen.select("week", asker="helper", helper="asker", part=pl.lit(True))
    both = seen.join(back, on=["week", "asker", "helper"], how="left")
    return both.select(
        "week", unit=pl.lit(None, pl.String), person="helper", part=pl.col("part").fill_null(False), whole=pl.lit(1)
    )
