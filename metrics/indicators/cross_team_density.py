"""Cross-team density (N1): how many of the ties there could be between people of different teams there are."""

from __future__ import annotations

import polars as pl

from metrics.indicator import indicator
from metrics.weeks import Calendar

WEEKS = 4
CROWDED = 30
DAYS = 28
TURNS = ["person", "other", "channel", "day"]


@indicator(
    code="N1", title="Cross-team ties", question="Do people of different teams turn to one another?",
    unit="per 1,000 possible pairs", better="up", timing="leading", theme="connection",
    source="Wasserman & Faust 1994; Hansen 1999; Reagans & McEvily 2003",
    kind="ties", least=30, reach=2 * DAYS, window=1, optional=("ties_seen",),
)  # fmt: skip
def cross_team_density(
    messages: pl.LazyFrame, ties_seen: pl.LazyFrame, teams: pl.LazyFrame, calendar: Calendar
) -> pl.LazyFrame:
    """Ties between people of different teams, per 1,000 such pairs there could be, in the four weeks up to a week.

    Two people are tied if each turned to the other, by reply or mention, on at least two days, in public channels
    where at most 30 people wrote in those weeks. Replies to what is older than 28 days are not counted. A unit's
    density is that of all pairs with at least one end in it; it falls as the organisation grows. Weeks whose four are
    not all known are left out. What is said in private or at the table is not seen.
    """
    said = _said(messages, calendar).collect().lazy()
    turned = pl.concat([_replies(said), _mentions(ties_seen, calendar)])
    pairs = _pairs(turned, _small(said)).collect().lazy()
    members = teams.join(_whole(said), on="week", how="semi").with_columns(code=_code("person")).collect().lazy()
    return pl.concat([_members(members, pairs), _ties(members, pairs)])


def _code(name: str) -> pl.Expr:
    """A number of 64 bits for each text, quicker to group by; two texts of a million share one once in 10 million."""
    return pl.when(pl.col(name).is_not_null()).then(pl.col(name).hash())


def _said(messages: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    public = messages.filter(pl.col("public"), pl.col("author").is_not_null())
    day = calendar.day(pl.col("sent"))
    codes = (_code(name).alias(name) for name in ("author", "channel"))
    return public.select("message", "reply_to", "sent", *codes, day=day)


def _windows(frame: pl.LazyFrame) -> pl.LazyFrame:
    """Every row once for each of the weeks in whose four weeks it falls."""
    return pl.concat(frame.with_columns(pl.col("week") + pl.duration(weeks=later)) for later in range(WEEKS))


def _week() -> pl.Expr:
    return pl.col("day").dt.truncate("1w")


def _whole(said: pl.LazyFrame) -> pl.LazyFrame:
    """The weeks of whose four weeks none is without a message."""
    return _windows(said.select(week=_week()).unique()).group_by("week").len().filter(pl.col("len") == WEEKS)


def _small(said: pl.LazyFrame) -> pl.LazyFrame:
    """The channels and weeks in whose four weeks at most 30 people wrote."""
    authors = _windows(said.select("channel", "author", week=_week()).unique()).unique()
    return authors.group_by("channel", "week").len().filter(pl.col("len") <= CROWDED).select("channel", "week")


def _replies(said: pl.LazyFrame) -> pl.LazyFrame:
    first = said.select(reply_to="message", other="author", first="sent")
    replies = said.join(first, on="reply_to").filter(pl.col("sent") - pl.col("first") <= pl.duration(days=DAYS))
    return replies.select("channel", "day", "other", person="author").select(TURNS)


def _mentions(ties_seen: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    mentions = ties_seen.filter(pl.col("kind") == "mention")
    codes = (_code(name).alias(name) for name in ("person", "other", "channel"))
    return mentions.select(*codes, day=calendar.day(pl.col("seen")))


def _pairs(turned: pl.LazyFrame, small: pl.LazyFrame) -> pl.LazyFrame:
    """Pairs who turned to one another in the four weeks up to each week: `week, one, two, tied`."""
    one, two = pl.min_horizontal("person", "other"), pl.max_horizontal("person", "other")
    forth = pl.col("person") < pl.col("other")
    seen = turned.filter(pl.col("person") != pl.col("other")).with_columns(week=_week(), one=one, two=two, forth=forth)
    weekly = seen.group_by("week", "channel", "one", "two").agg(
        forth=pl.col("forth").any(), back=(~pl.col("forth")).any(), first=pl.col("day").min(), last=pl.col("day").max()
    )
    spread = _windows(weekly)
    heard = pl.concat(
        [spread.join(small, on=["channel", "week"], how="semi"), spread.filter(pl.col("channel").is_null())]
    )
    tied = pl.col("forth").any() & pl.col("back").any() & (pl.col("first").min() < pl.col("last").max())
    return heard.group_by("week", "one", "two").agg(tied=tied)


def _members(members: pl.LazyFrame, pairs: pl.LazyFrame) -> pl.LazyFrame:
    """Every member counts for the size of the team; for the crowd, who turned to somebody."""
    ends = (pairs.select("week", code=end) for end in ("one", "two"))
    active = pl.concat(ends).unique().with_columns(active=True)
    return members.join(active, on=["week", "code"], how="left").select(
        "week", "unit", person=pl.when("active").then("person"),
        other=pl.lit(None, pl.String), ties=pl.lit(0, pl.Int64), size=pl.lit(1, pl.Int64),
    )  # fmt: skip


def _ties(members: pl.LazyFrame, pairs: pl.LazyFrame) -> pl.LazyFrame:
    """One row for each tie, counted between the teams of its two ends.

    Left joins, because inner ones may be done in another order: everybody of a week with everybody else first.
    """
    one = members.select("week", "unit", one="code")
    two = members.select("week", other="unit", two="code")
    both = pairs.filter("tied").join(one, on=["week", "one"], how="left").join(two, on=["week", "two"], how="left")
    return both.filter(pl.col("unit") != pl.col("other")).select(
        "week", "unit", person=pl.lit(None, pl.String),
        other="other", ties=pl.lit(1, pl.Int64), size=pl.lit(0, pl.Int64),
    )  # fmt: skip
