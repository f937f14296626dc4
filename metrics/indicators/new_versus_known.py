"""New versus known (K7): whether work goes into new problems or known ones."""

from __future__ import annotations

import polars as pl

from metrics.indicator import ALWAYS, indicator
from metrics.tickets import closed_at, worked_on
from metrics.weeks import Calendar

LINKED = 0.4


@indicator(
    code="K7", title="New problems", question="Does our effort go into new problems or known ones?", unit="%",
    better="either", timing="leading", source="KCS v6, New vs Known study", theme="knowledge",
    beware="A link rate near two fifths says that much is not known; look at that first.",
    kind="covered", target=LINKED, least=30, reach=ALWAYS, window=4, settles=7,
)  # fmt: skip
def new_versus_known(
    tickets: pl.LazyFrame, articles: pl.LazyFrame, article_uses: pl.LazyFrame, calendar: Calendar
) -> pl.LazyFrame:
    """Share of a week's closed and linked tickets whose knowledge did not exist before the ticket was opened.

    With a maturing base the known part is answered before it becomes a ticket, and this rises; a new product raises it
    too. Links count up to 7 days after closing. Unknown where fewer than 40 % of the closed tickets carry a link to a
    dated article: what the others needed is not known.
    """
    closed = tickets.with_columns(ended=closed_at()).filter(pl.col("ended").is_not_null(), worked_on())
    links = article_uses.filter(pl.col("ticket").is_not_null()).select("ticket", "article", "used")
    dated = links.join(articles.select("article", "created"), on="article", how="left").drop_nulls("created")
    told = closed.select("ticket", "opened", "ended").join(dated, on="ticket", how="left")
    told = told.filter(pl.col("used") <= pl.col("ended") + pl.duration(days=7))
    known = told.group_by("ticket").agg(known=(pl.col("created") < pl.col("opened")).any())
    linked = pl.col("known").is_not_null()
    return closed.join(known, on="ticket", how="left").select(
        "unit", week=calendar.week(pl.col("ended")), person="assignee", part=linked & ~pl.col("known").fill_null(True),
        whole=linked, of=pl.lit(1),
    )  # fmt: skip
