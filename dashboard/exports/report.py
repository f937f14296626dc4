"""What a way out is given to send: what changed, what is open, and which sources fail, from the edition alone."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from urllib.parse import urlencode

import polars as pl

FULL = 5
MOST = 12
GROUPS = {
    "new": ("new alert", "new alerts"),
    "worse": ("turn for the worse", "turns for the worse"),
    "again": ("alert again", "alerts again"),
    "watch": ("to watch", "to watch"),
    "good": ("good news", "good news"),
    "over": ("alert over", "alerts over"),
}
MARKS = {
    "new": "◆ Needs attention",
    "worse": "◆ Turned for the worse",
    "again": "◆ Needs attention again",
    "watch": "◇ Watch",
    "good": "▲ Good news",
    "over": "● Over",
}
FIGURES = {
    "theme": pl.String,
    "title": pl.String,
    "name": pl.String,
    "value": pl.Float64,
    "measure": pl.String,
    "usual_low": pl.Float64,
    "usual_high": pl.Float64,
    "n": pl.Int64,
    "week": pl.Date,
    "verdict": pl.String,
    "side": pl.String,
    "indicator": pl.String,
    "unit": pl.String,
}
COLUMNS = ["group", "title", "name", "since", "sentence", "before", "now", "measure", "n", "week", "indicator", "unit"]


@dataclass(frozen=True)
class Report:
    """One telling. `flips` is what changed since this recipient was last told; `open` is every alarm they may see.

    Both carry group (new, worse, good, over), indicator, title, unit, name, since, sentence, before, now, n, week;
    `flips` also what is remembered as told (verdict, side). `figures` and `scores` are where things stand, the most
    telling first; `said` stands in place of a headline; `failing` comes before everything else.
    """

    organisation: str
    as_of: date
    flips: pl.DataFrame
    open: pl.DataFrame
    cells: pl.DataFrame
    link: str = ""
    failing: list[str] = field(default_factory=list)
    notes: str = ""
    name: str = ""
    title: str = ""
    said: str = ""
    content: tuple[str, ...] = ("alerts",)
    figures: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=FIGURES))
    scores: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=FIGURES))

    def with_figures(self, figures: pl.DataFrame) -> Report:
        return replace(self, figures=figures)

    def with_scores(self, scores: pl.DataFrame) -> Report:
        return replace(self, scores=scores)

    @property
    def empty(self) -> bool:
        """Nothing to say: no change, no figure, no word of its own. That data are missing is something to say in a
        report that is waited for."""
        silent = self.flips.is_empty() and self.figures.is_empty() and self.scores.is_empty() and not self.said
        return silent and not (self.name and self.failing)

    @property
    def counts(self) -> dict[str, int]:
        """How many flips of each group, in the order they are told."""
        found = dict(self.flips.group_by("group").len().iter_rows())
        return {group: found[group] for group in GROUPS if group in found}

    @property
    def subject(self) -> str:
        """`2 new alerts, 1 good news – Acme, week of 16 November 2026`."""
        monday = self.as_of - timedelta(days=self.as_of.weekday())
        title = f"{line(self.title)}: " if self.title else ""
        return f"{title}{self.headline} – {line(self.organisation)}, week of {in_words(monday)}"

    @property
    def headline(self) -> str:
        """`2 new alerts, 1 good news`; where nothing changed, how it stands."""
        return self.said or counted(self.counts) or self.calm

    @property
    def calm(self) -> str:
        if "alerts" not in self.content:
            return "Where things stand"
        if self.failing:
            return "No change seen, but data are missing"
        return "Nothing new" + (f", {self.trouble} still open" if self.trouble else "")

    @property
    def trouble(self) -> int:
        """How many alerts are open that are no good news."""
        return self.open.filter(pl.col("group") != "good").height

    @property
    def standing(self) -> str:
        """How much is open in all, told or not."""
        open_now = dict(self.open.group_by("group").len().iter_rows())
        trouble, good = open_now.get("new", 0), open_now.get("good", 0)
        return f"Open now: {trouble} {'alert' if trouble == 1 else 'alerts'}, {good} good news."

    @property
    def tables(self) -> list[tuple[str, pl.DataFrame, int]]:
        """Heading, rows and how many more there are, of what is shown on one page."""
        every = (("Scores", self.scores), ("Where things stand", self.figures))
        return [(title, rows.head(MOST), max(len(rows) - MOST, 0)) for title, rows in every if len(rows)]

    @property
    def full(self) -> pl.DataFrame:
        """The flips told in full: at most five, trouble first."""
        return self.flips.head(FULL)

    @property
    def rest(self) -> str:
        """The others, counted: `3 new alerts, 1 over`."""
        left = dict(self.flips.slice(FULL).group_by("group").len().iter_rows())
        return counted({group: left[group] for group in GROUPS if group in left})

    def page(self, indicator: str = "", unit: str = "") -> str:
        """The dashboard's address of one indicator in one unit, or of all alerts; empty where no link is set."""
        if not self.link:
            return ""
        return f"{self.link}/{indicator}?{urlencode({'unit': unit})}" if indicator else f"{self.link}/alerts"

    def drawn(self, indicator: str, unit: str) -> pl.DataFrame:
        """The cells behind one picture."""
        return self.cells.filter(pl.col("indicator") == indicator, pl.col("unit") == unit).sort("week")


def counted(groups: dict[str, int]) -> str:
    return ", ".join(f"{number} {GROUPS[group][number > 1]}" for group, number in groups.items())


def in_words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def line(text: str) -> str:
    """Text on one line, fit for a header."""
    return " ".join(text.split())
