"""Weeks that say nothing: a source delivered too little to be believed, or the whole organisation hardly worked.

Missing data is held, never read as a fall; a quiet week is drawn, but neither learnt from nor alarmed about.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from metrics.spc import Flags, Floats
from metrics.weeks import Calendar

TOO_LITTLE = 0.25
HARDLY = 0.6
TRAILING = 26
KNOWN = 8
ENOUGH = 20
LATE = 4
OUTSIDE = ("units", "people", "accounts", "skills", "needs", "answers", "invitations")
HELD = {
    "table": pl.String, "week": pl.Date, "source": pl.String, "rows": pl.Int64, "usual": pl.Int64, "words": pl.String
}  # fmt: skip
QUIET = {"week": pl.Date, "activity": pl.Float64}


def gaps(counts: pl.DataFrame, weeks: pl.DataFrame, calendar: Calendar) -> pl.DataFrame:
    """The weeks in which a source delivered too little to be believed: `table, week, source, rows, usual, words`.

    `counts`: `source, table, week, rows`; `weeks`: a spine that ends with the last whole week. Too little is less than
    a quarter of the median of the 26 weeks before, those held left out, once there are 8 of them and the median is 20
    rows or more; of one table, or of all a source delivers. A week in which the other sources slow down as well, or
    that is mostly holidays, is quiet instead. A source of fewer rows is held once it is silent for four weeks and
    twice as long as ever before. Surveys, and tables that say who is who, are left out.
    """
    seen = Deliveries.of(counts, weeks, calendar)
    found = np.argwhere(seen.held)
    at = [seen.streams.row(stream) for stream, _ in found]
    held = pl.DataFrame(
        {
            "source": [source for source, _ in at],
            "table": [table for _, table in at],
            "week": [seen.weeks[week] for _, week in found],
            "rows": [round(seen.rows[stream, week]) for stream, week in found],
            "usual": [round(seen.usual[stream, week]) for stream, week in found],
        },
        schema={name: kind for name, kind in HELD.items() if name != "words"},
    )
    words = [said(*row) for row in held.select("source", "table", "week", "rows", "usual").iter_rows()]
    return held.with_columns(words=pl.Series(words, dtype=pl.String)).select(*HELD).sort("table", "week", "source")


def quiet(counts: pl.DataFrame, weeks: pl.DataFrame, calendar: Calendar) -> pl.DataFrame:
    """The weeks with less than 60 % of normal work: `week, activity` (1 = normal).

    By working days where there are holidays, by rows against the median of the 26 weeks before where there are sources
    that can be believed; the lower of the two counts.
    """
    seen = Deliveries.of(counts, weeks, calendar)
    rows = [(week, float(share)) for week, share in zip(seen.weeks, seen.activity, strict=True) if share < HARDLY]
    return pl.DataFrame(rows, schema=QUIET, orient="row")


def said(source: str, table: str, week: date, rows: int, usual: int) -> str:
    named = table.replace("_", " ")
    return f"{source} brought {rows:,} {named} in the week of {week.day} {week:%B %Y}; about {usual:,} are usual."


def working_days(week: date, calendar: Calendar) -> float:
    """The share of Monday to Friday that is worked."""
    return sum(week + timedelta(days=day) not in calendar.holidays for day in range(5)) / 5


@dataclass
class Deliveries:
    """Rows by stream (source and table) and week, and what is made of them week by week."""

    streams: pl.DataFrame
    weeks: list[date]
    rows: Floats
    of_source: NDArray[np.int64]
    worked: Floats
    usual: Floats
    held: Flags
    activity: Floats

    @classmethod
    def of(cls, counts: pl.DataFrame, weeks: pl.DataFrame, calendar: Calendar) -> Deliveries:
        days = weeks["week"].sort().to_list()
        kept = counts.filter(~pl.col("table").is_in(OUTSIDE), pl.col("week").is_in(days))
        streams = kept.select("source", "table").unique().sort("source", "table")
        rows = np.zeros((streams.height, len(days)))
        places = streams.with_row_index("stream").join(kept, ["source", "table"])
        column = {day: place for place, day in enumerate(days)}
        at = places["stream"].to_numpy(), np.array([column[day] for day in places["week"]], dtype=np.int64)
        np.add.at(rows, at, places["rows"].to_numpy().astype(float))
        of_source = streams["source"].rank("dense").to_numpy().astype(np.int64) - 1
        worked = np.array([working_days(day, calendar) for day in days])
        blank = np.full(rows.shape, np.nan)
        seen = cls(streams, days, rows, of_source, worked, blank, np.zeros(rows.shape, bool), worked.copy())
        for week in range(len(days)) if streams.height else ():
            seen.look(week)
        seen.fallen_silent()
        return seen

    def look(self, week: int) -> None:
        """Take in one week: hold what delivers too little, and see how busy the others are."""
        begun = (self.rows[:, : week + 1] > 0).any(axis=1)
        self.usual[:, week] = [self.median(stream, week) for stream in range(len(self.rows))]
        little = begun & self.too_little(self.rows[:, week], self.usual[:, week])
        sources = int(self.of_source.max()) + 1
        total: Floats = np.bincount(self.of_source, self.rows[:, week], sources).astype(np.float64)
        usual: Floats = np.bincount(self.of_source, np.nan_to_num(self.usual[:, week]), sources).astype(np.float64)
        ratio = np.where(usual >= ENOUGH, total / np.maximum(usual, 1), np.nan)
        little |= begun & self.too_little(total, usual)[self.of_source]
        calm = np.array([self.slow(np.delete(ratio, source)) for source in range(sources)], dtype=bool)
        self.held[:, week] = little & ~calm[self.of_source] & (self.worked[week] >= HARDLY)
        silent = np.bincount(self.of_source[self.held[:, week]], minlength=sources) > 0
        believed = ratio[~silent & np.isfinite(ratio)]
        if len(believed):
            self.activity[week] = min(self.worked[week], float(np.median(believed)))

    def median(self, stream: int, week: int) -> float:
        """Of the last 26 weeks that can be believed since the stream began; nan before there are eight."""
        first = int(np.argmax(self.rows[stream] > 0))
        past = np.arange(first, week)
        known = past[~self.held[stream, first:week]][-TRAILING:]
        return float(np.median(self.rows[stream, known])) if len(known) >= KNOWN else np.nan

    def too_little(self, rows: Floats, usual: Floats) -> Flags:
        return np.asarray((usual >= ENOUGH) & (rows < TOO_LITTLE * usual))

    def slow(self, ratio: Floats) -> bool:
        """Whether the other sources slow down too; if they stop as well, it is the data that is missing."""
        known = ratio[np.isfinite(ratio)]
        return bool(len(known)) and TOO_LITTLE <= float(np.median(known)) < HARDLY

    def fallen_silent(self) -> None:
        """Hold all weeks after the last row of a source too small for medians, when it is silent as never before."""
        for source in range(int(self.of_source.max(initial=-1)) + 1):
            mine = self.of_source == source
            spoke = np.flatnonzero(self.rows[mine].any(axis=0))
            if len(spoke) < KNOWN:
                continue
            silence, longest = len(self.weeks) - 1 - spoke[-1], np.diff(spoke).max() - 1
            if silence >= LATE and silence > 2 * longest:
                self.held[np.ix_(mine, np.arange(spoke[-1] + 1, len(self.weeks)))] = True
                self.usual[mine] = np.nan_to_num(self.usual[mine])
