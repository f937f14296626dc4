"""Who is tied to whom: the one rule by which people count as working together, for all indicators of networks."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from metrics.weeks import Calendar

WEEKS = 4
PAIRS = {"week": pl.Date, "one": pl.UInt64, "two": pl.UInt64, "tied": pl.Boolean}


@dataclass(frozen=True)
class Rule:
    """When two people are tied: within so many weeks, so many turns, in channels where at most so many wrote.

    `turns`: 1 is any one turn; 2 asks that each turned to the other, on two days; 3 asks for a third turn as well.
    """

    turns: int = 2
    weeks: int = WEEKS
    crowded: int = 30


RULE = Rule()


def pairs(messages: pl.LazyFrame, ties_seen: pl.LazyFrame, calendar: Calendar, rule: Rule = RULE) -> pl.LazyFrame:
    """Pairs who turned to one another in the weeks up to each: `week, one, two, tied`; people as hashes, `one` < `two`.

    Turning to somebody is a reply or a mention, in a public channel where at most 30 people wrote in those weeks;
    replies to what is older than the weeks looked back over are not counted. Tied: each turned to the other, on at
    least two days. Weeks whose four are not all known are left out; each other week has one row without a pair.
    """
    said = _said(messages, calendar).collect().lazy()
    turned = pl.concat([_replies(said, rule), _mentions(ties_seen, calendar)])
    found = _tied(turned, _small(said, rule), rule)
    known = _whole(said, rule)
    none = known.select("week", pl.lit(None, pl.UInt64).alias("one"), pl.lit(None, pl.UInt64).alias("two"), tied=False)
    return pl.concat([found.join(known, on="week", how="semi").select(list(PAIRS)), none])


def code(name: str) -> pl.Expr:
    """A number of 64 bits for each text, quicker to group by; two texts of a million share one once in 10 million."""
    return pl.when(pl.col(name).is_not_null()).then(pl.col(name).hash())


def members(teams: pl.LazyFrame, found: pl.LazyFrame) -> pl.LazyFrame:
    """Who was in which team in the weeks that are known: `week, unit, person, code, active` (turned to somebody)."""
    there = teams.join(found.select("week").unique(), on="week", how="semi").with_columns(code=code("person"))
    ends = (found.select("week", code=end).drop_nulls() for end in ("one", "two"))
    active = pl.concat(ends).unique().with_columns(active=pl.lit(True))
    known = there.join(active, on=["week", "code"], how="left")
    return known.select("week", "unit", "person", "code", pl.col("active").fill_null(False))


def tied(found: pl.LazyFrame, there: pl.LazyFrame) -> pl.LazyFrame:
    """Ties of which both ends are in a team: `week, one, two, unit, other` (the teams of one and two).

    Left joins, because inner ones may be done in another order: everybody of a week with everybody else first.
    """
    one = there.select("week", "unit", one="code")
    two = there.select("week", other="unit", two="code")
    both = found.filter("tied").join(one, on=["week", "one"], how="left").join(two, on=["week", "two"], how="left")
    return both.filter(pl.col("unit").is_not_null(), pl.col("other").is_not_null()).drop("tied")


def _said(messages: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    public = messages.filter(pl.col("public"), pl.col("author").is_not_null())
    day = calendar.day(pl.col("sent"))
    codes = (code(name).alias(name) for name in ("author", "channel"))
    return public.select("message", "reply_to", "sent", *codes, day=day)


def _windows(frame: pl.LazyFrame, weeks: int) -> pl.LazyFrame:
    """Every row once for each of the weeks in whose window it falls."""
    return pl.concat(frame.with_columns(pl.col("week") + pl.duration(weeks=later)) for later in range(weeks))


def _week() -> pl.Expr:
    return pl.col("day").dt.truncate("1w")


def _whole(said: pl.LazyFrame, rule: Rule) -> pl.LazyFrame:
    """The weeks of whose window none is without a message."""
    weekly = _windows(said.select(week=_week()).unique(), rule.weeks)
    return weekly.group_by("week").len().filter(pl.col("len") == rule.weeks).select("week")


def _small(said: pl.LazyFrame, rule: Rule) -> pl.LazyFrame:
    """The channels and weeks in whose window at most so many people wrote."""
    authors = _windows(said.select("channel", "author", week=_week()).unique(), rule.weeks).unique()
    counted = authors.group_by("channel", "week").len()
    return counted.filter(pl.col("len") <= rule.crowded).select("channel", "week")


def _replies(said: pl.LazyFrame, rule: Rule) -> pl.LazyFrame:
    first = said.select(reply_to="message", other="author", first="sent")
    replies = said.join(first, on="reply_to").filter(pl.col("sent") - pl.col("first") <= pl.duration(weeks=rule.weeks))
    return replies.select("channel", "day", "other", person="author").select("person", "other", "channel", "day")


def _mentions(ties_seen: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    mentions = ties_seen.filter(pl.col("kind") == "mention")
    codes = (code(name).alias(name) for name in ("person", "other", "channel"))
    return mentions.select(*codes, day=calendar.day(pl.col("seen")))


def _tied(turned: pl.LazyFrame, small: pl.LazyFrame, rule: Rule) -> pl.LazyFrame:
    one, two = pl.min_horizontal("person", "other"), pl.max_horizontal("person", "other")
    forth = pl.col("person") < pl.col("other")
    seen = turned.filter(pl.col("person") != pl.col("other")).with_columns(week=_week(), one=one, two=two, forth=forth)
    weekly = seen.group_by("week", "channel", "one", "two").agg(
        forth=pl.col("forth").any(), back=(~pl.col("forth")).any(), turns=pl.len(),
        first=pl.col("day").min(), last=pl.col("day").max(),
    )  # fmt: skip
    spread = _windows(weekly, rule.weeks)
    heard = pl.concat(
        [spread.join(small, on=["channel", "week"], how="semi"), spread.filter(pl.col("channel").is_null())]
    )
    both = pl.col("forth").any() & pl.col("back").any() & (pl.col("first").min() < pl.col("last").max())
    enough = pl.lit(True) if rule.turns < 2 else both & (pl.col("turns").sum() >= rule.turns)
    return heard.group_by("week", "one", "two").agg(tied=enough)
