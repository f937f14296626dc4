"""Knowledge reuse (K2): how much work is solved with what was already known."""

from __future__ import annotations

import polars as pl

from metrics.indicator import ALWAYS, indicator
from metrics.tickets import closed_at, worked_on
from metrics.weeks import Calendar


@indicator(
    code="K2", title="Knowledge reuse", question="Do people solve work with what was already known?", unit="%",
    better="up", timing="leading", source="KCS v6; Markus 2001, JMIS 18:57", theme="knowledge",
    beware="New products lower it for good reasons, copies of articles raise it for bad ones.",
    kind="share", least=30, reach=ALWAYS, window=4, settles=7,
    paired=("cross_team_density", "same"),
)  # fmt: skip
def knowledge_reuse(
    tickets: pl.LazyFrame, articles: pl.LazyFrame, article_uses: pl.LazyFrame, calendar: Calendar
) -> pl.LazyFrame:
    """Share of a week's closed tickets that link an article written before the ticket was opened.

    Links count up to 7 days after closing. Tickets closed by a machine, as duplicates or declined are left out, and
    so are the tickets of a source none of whose tickets links a dated article: there reuse is unknown, not nought.
    New products lower it for good reasons; copies of articles raise it for bad ones.
    """
    closed = tickets.with_columns(ended=closed_at()).filter(pl.col("ended").is_not_null(), worked_on())
    links = article_uses.filter(pl.col("ticket").is_not_null()).join(
        articles.select("article", "created"), on="article"
    )
    telling = tickets.join(links, on="ticket", how="semi").select("source").unique()
    known = closed.join(links, on="ticket").filter(
        pl.col("created") < pl.col("opened"), pl.col("used") <= pl.col("ended") + pl.duration(days=7)
    )
    reused = known.select("ticket", part=pl.lit(True)).unique()
    return (
        closed.join(telling, on="source", how="semi")
        .join(reused, on="ticket", how="left")
        .select(
            "unit",
            week=calendar.week(pl.col("ended")),
            person="assignee",
            part=pl.col("part").fill_null(False),
            whole=1,
        )
    )
