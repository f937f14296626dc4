"""Link rate (K1): how much closed work carries the knowledge it was solved with."""

from __future__ import annotations

import polars as pl

from metrics.indicator import ALWAYS, indicator
from metrics.tickets import closed_at, worked_on
from metrics.told import telling
from metrics.weeks import Calendar


@indicator(
    code="K1", title="Link rate", question="Is the knowledge behind our work written down and linked?", unit="%",
    better="up", timing="leading", source="KCS v6 Practices Guide, technique 3.3", theme="knowledge",
    beware="Linking for the sake of linking raises it: never a target for people or teams.",
    kind="share", least=30, reach=ALWAYS, window=4, settles=7, optional=("article_uses",),
    paired=("knowledge_reuse", "same"),
)  # fmt: skip
def link_rate(tickets: pl.LazyFrame, article_uses: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """Share of a week's closed tickets linked to at least one article, used or written, up to 7 days after closing.

    A ticket counts once however many articles it links, and also where its source only says that knowledge was used.
    Tickets closed by a machine, as duplicates or declined are left out, and so are those of a source
    that tells of no link and no use of knowledge at all. A link says that knowledge was there, not
    that it was right.
    """
    closed = tickets.with_columns(ended=closed_at()).filter(pl.col("ended").is_not_null(), worked_on())
    linking = tickets.join(article_uses.filter(pl.col("ticket").is_not_null()), on="ticket", how="semi")
    said = pl.concat([tickets.filter(pl.col("knowledge").is_not_null()), linking]).select("source")
    closed = telling(closed, pl.lit(True), of=said)
    first = article_uses.filter(pl.col("ticket").is_not_null()).group_by("ticket").agg(pl.col("used").min())
    linked = pl.col("used") <= pl.col("ended") + pl.duration(days=7)
    return closed.join(first, on="ticket", how="left").select(
        "unit",
        week=calendar.week(pl.col("ended")),
        person="assignee",
        part=linked.fill_null(False) | pl.col("knowledge").fill_null(False),
        whole=pl.lit(1),
    )
