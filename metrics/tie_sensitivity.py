"""How much the density of ties depends on the rule by which people count as tied."""

from __future__ import annotations

from itertools import product

import polars as pl

from metrics.network import Rule, members, pairs, tied
from metrics.weeks import Calendar

RULES = tuple(Rule(*chosen) for chosen in product((1, 2, 3), (2, 4, 8), (15, 30, 60)))
SHAPE = {"turns": pl.Int64, "weeks": pl.Int64, "crowded": pl.Int64, "density": pl.Float64, "ours": pl.Boolean}


def sensitivity(
    messages: pl.LazyFrame, ties_seen: pl.LazyFrame, teams: pl.LazyFrame, calendar: Calendar
) -> pl.DataFrame:
    """Cross-team density of the whole organisation in its last known week, per 1,000 pairs, under 27 rules (`SHAPE`).

    1, 2 or 3 turns; 2, 4 or 8 weeks; channels of at most 15, 30 or 60. `ours` is the rule the indicator uses. The
    relations between units should not hang on the rule: if they do, neither number is worth much.
    """
    rows = []
    for rule in RULES:
        first = calendar.last.toordinal() - 7 * (rule.weeks + 1)
        recent = pl.col("sent").dt.date() >= pl.lit(first - 719_163).cast(pl.Int32).cast(pl.Date)
        lately = pl.col("seen").dt.date() >= pl.lit(first - 719_163).cast(pl.Int32).cast(pl.Date)
        found = pairs(messages.filter(recent), ties_seen.filter(lately), calendar, rule).collect().lazy()
        last = found.select(pl.col("week").filter(pl.col("week") <= calendar.last).max()).collect().item()
        there = members(teams.filter(pl.col("week") == last), found.filter(pl.col("week") == last)).collect()
        ties = tied(found.filter(pl.col("week") == last), there.lazy()).filter(pl.col("unit") != pl.col("other"))
        sizes = there.group_by("unit").len()["len"]
        possible = (there.height**2 - (sizes**2).sum()) // 2
        density = 1000 * ties.select(pl.len()).collect().item() / possible if possible else None
        rows.append((rule.turns, rule.weeks, rule.crowded, density, rule == Rule()))
    return pl.DataFrame(rows, schema=SHAPE, orient="row")
