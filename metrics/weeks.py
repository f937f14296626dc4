"""The one calendar: ISO weeks in the organisation's zone, working hours, and who was in which team when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from zoneinfo import ZoneInfo

import polars as pl

from connectors.tables import MOMENT

Weeks = tuple[date, date]
EPOCH = date(1970, 1, 1)
OPENS, HOURS = 9, 8


def monday(day: pl.Expr) -> pl.Expr:
    """The Monday of the ISO week of a date."""
    return day.dt.truncate("1w")


def monday_of(day: date) -> date:
    """The Monday of the ISO week of one day."""
    return day - timedelta(days=day.weekday())


def spine(first: date, last: date) -> pl.DataFrame:
    """Every week from the week of `first` to the week of `last`, without gaps: one column `week`."""
    weeks = pl.date_range(monday_of(first), monday_of(last), "1w", eager=True)
    return pl.DataFrame({"week": weeks}, schema={"week": pl.Date})


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """The organisation's calendar as of the morning of `today`; `today` itself has not happened yet.

    `holidays` are days nobody works; `k` is the smallest crowd that may be shown.
    """

    today: date
    zone: str = "UTC"
    holidays: frozenset[date] = frozenset()
    k: int = 8

    @property
    def now(self) -> datetime:
        """The first moment of `today` in the organisation's zone, in UTC."""
        return datetime.combine(self.today, clock(), ZoneInfo(self.zone)).astimezone(UTC)

    @property
    def this(self) -> date:
        """Monday of the week of `today`, which is not over."""
        return monday_of(self.today)

    @property
    def last(self) -> date:
        """Monday of the last whole week before `today`."""
        return self.this - timedelta(weeks=1)

    def day(self, moment: pl.Expr) -> pl.Expr:
        """The local date of a moment."""
        return moment.dt.convert_time_zone(self.zone).dt.date()

    def week(self, moment: pl.Expr) -> pl.Expr:
        """The Monday of the local ISO week of a moment."""
        return monday(self.day(moment))

    def until_now(self, moment: pl.Expr) -> pl.Expr:
        """The moment where it has come, else `now`: how far a wait has been followed."""
        now = pl.lit(self.now, MOMENT)
        return pl.when(moment < now).then(moment).otherwise(now)

    def working_hours(self, start: pl.Expr, end: pl.Expr) -> pl.Expr:
        """Hours of work between two moments: Monday to Friday, 9 to 17 local time, holidays left out."""
        return self._worked(end) - self._worked(start)

    def _worked(self, moment: pl.Expr) -> pl.Expr:
        local = moment.dt.convert_time_zone(self.zone)
        day = local.dt.date()
        off = sorted(self.holidays)
        whole = pl.business_day_count(pl.lit(EPOCH), day, holidays=off)
        working = pl.business_day_count(day, day.dt.offset_by("1d"), holidays=off)
        into = local.dt.hour() + local.dt.minute() / 60 + local.dt.second() / 3600 - OPENS
        return HOURS * whole + working * into.clip(0, HOURS)


def in_force(dated: pl.LazyFrame, key: str, first: date, last: date) -> pl.LazyFrame:
    """The one row of each key in force in each week from `first` to `last` (Mondays), from rows with dates.

    It is the row of the week's Thursday, else the first one of that week; of two at once the one that began last,
    then the first by name of its unit. Columns `since` and `until` (both included) are those of the row.
    """
    thursday = pl.col("week") + pl.duration(days=3)
    there = pl.col("since").le(thursday) & pl.col("until").ge(thursday)
    start = pl.max_horizontal(monday(pl.col("since")), pl.lit(first))
    return (
        dated.filter(pl.col("since") <= pl.col("until"))
        .with_columns(week=pl.date_ranges(start, pl.min_horizontal("until", pl.lit(last)), "1w"))
        .explode("week")
        .filter(pl.col("week").is_not_null())
        .with_columns(entered=pl.when(there).then(date.min).otherwise(pl.max_horizontal("since", "week")))
        .sort(["entered", "since", "unit"], descending=[False, True, False])
        .unique([key, "week"], keep="first", maintain_order=True)
        .drop("entered")
    )


def team_of_record(people: pl.LazyFrame, calendar: Calendar, weeks: Weeks | None = None) -> pl.LazyFrame:
    """The one unit a person counts in, week by week: `person, week, unit`, from dated memberships (see `in_force`).

    Up to the week of `today`, or within `weeks` (first and last Monday). Who is in no unit that week has no row.
    """
    first, last = weeks or (date.min, calendar.this)
    until = (pl.min_horizontal("valid_to", "left") - pl.duration(days=1)).fill_null(date.max)
    stays = people.select("person", "unit", since="valid_from", until=until)
    return in_force(stays, "person", first, last).select("person", "week", "unit")
