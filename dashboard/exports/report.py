"""What a way out is given to send: what changed, what is open, and which sources fail, from the edition alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import sha256
from urllib.parse import urlencode

import polars as pl

FULL = 5
GROUPS = {
    "new": ("new alert", "new alerts"),
    "worse": ("turn for the worse", "turns for the worse"),
    "good": ("good news", "good news"),
    "over": ("alert over", "alerts over"),
}
MARKS = {"new": "◆ Needs attention", "worse": "◆ Turned for the worse", "good": "▲ Good news", "over": "● Over"}
COLUMNS = ["group", "title", "name", "since", "sentence", "before", "now", "measure", "n", "week", "indicator", "unit"]


@dataclass(frozen=True)
class Report:
    """One telling. `flips` is what changed since this way out was last told; `open` is every alarm there is.

    Both carry group (new, worse, good, over), indicator, title, unit, name, since, sentence, before, now, n, week;
    `flips` also what is remembered as told (verdict, side).
    """

    organisation: str
    as_of: date
    flips: pl.DataFrame
    open: pl.DataFrame
    cells: pl.DataFrame
    link: str = ""
    failing: list[str] = field(default_factory=list)
    notes: str = ""

    @property
    def empty(self) -> bool:
        return self.flips.is_empty()

    @property
    def counts(self) -> dict[str, int]:
        """How many flips of each group, in the order they are told."""
        found = dict(self.flips.group_by("group").len().iter_rows())
        return {group: found[group] for group in GROUPS if group in found}

    @property
    def subject(self) -> str:
        """`2 new alerts, 1 good news – Acme, week of 16 November 2026`."""
        monday = self.as_of - timedelta(days=self.as_of.weekday())
        return f"{self.headline} – {line(self.organisation)}, week of {in_words(monday)}"

    @property
    def headline(self) -> str:
        """`2 new alerts, 1 good news`."""
        return counted(self.counts)

    @property
    def standing(self) -> str:
        """How much is open in all, told or not."""
        open_now = dict(self.open.group_by("group").len().iter_rows())
        trouble, good = open_now.get("new", 0), open_now.get("good", 0)
        return f"Open now: {trouble} {'alert' if trouble == 1 else 'alerts'}, {good} good news."

    @property
    def id(self) -> str:
        """The same for the same news, so that a report sent twice can be told to be one."""
        news = self.flips.select("indicator", "unit", "verdict", "side", "since").sort(pl.all())
        return sha256(f"{self.organisation}|{self.as_of}|{news.write_csv()}".encode()).hexdigest()[:16]

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
