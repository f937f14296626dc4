"""Who is asking, and what of the published edition may be put before them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import polars as pl
import streamlit as st

from connectors.store.memory import Header, Memory
from metrics.subscriptions import Tree

OPEN = ("shown", "partial")
NUMBERS = ("value", "low", "high", "n", "people", "usual_low", "usual_high")
NAMED = ("unit", "skill", "ahead", "week", "state")
FINE = ("", "ok", "done", "fresh", "fine")
READS: dict[str, Callable[..., pl.DataFrame]] = {
    "cells": Memory.cells,
    "verdicts": Memory.verdicts,
    "units": Memory.units,
    "events": Memory.events,
    "feeds": Memory.feeds,
    "coverage": Memory.coverage,
    "section": Memory.section,
    "scores": Memory.scores,
    "score_courses": Memory.score_courses,
    "score_parts": Memory.score_parts,
    "score_drivers": Memory.score_drivers,
    "score_checks": Memory.score_checks,
    "comparisons": Memory.comparisons,
    "curves": Memory.curves,
    "tie_rules": Memory.tie_rules,
    "who_with_whom": Memory.who_with_whom,
    "divisions": Memory.divisions,
    "surveys": Memory.surveys,
    "survey_items": Memory.survey_items,
    "agreements": Memory.agreements,
}


def viewer() -> str:
    """The name of whoever signed in; empty where the dashboard asks nobody to."""
    return str(st.user.get("name") or st.user.get("email") or "")


def address() -> str:
    """The mail address of whoever signed in; empty where nobody did."""
    return str(st.user.get("email") or "")


@st.cache_resource(show_spinner=False)
def memory(url: str) -> Memory:
    return Memory.open(url)


@st.cache_data(show_spinner=False, max_entries=500)
def published(url: str, edition: int, name: str, **which: Any) -> pl.DataFrame:
    """One read of one edition; kept, because an edition never changes."""
    return READS[name](memory(url), **which)


@dataclass(frozen=True)
class Units:
    """The units that may be shown, as a tree: each named, siblings in the order they were published."""

    names: dict[str, str]
    parents: dict[str, str | None]

    @classmethod
    def of(cls, frame: pl.DataFrame) -> Units:
        known = set(frame["unit"])
        rows = frame.select("unit", "parent", "name").iter_rows()
        found = {unit: (parent if parent in known and parent != unit else None, name) for unit, parent, name in rows}
        roots = [unit for unit, (parent, _) in found.items() if parent is None]
        parents = {unit: parent or (None if unit == roots[0] else roots[0]) for unit, (parent, _) in found.items()}
        return cls({unit: name for unit, (_, name) in found.items()}, parents)

    @cached_property
    def below(self) -> dict[str | None, list[str]]:
        """The children of each unit; the root is the child of none."""
        children: dict[str | None, list[str]] = {}
        for unit, parent in self.parents.items():
            children.setdefault(parent, []).append(unit)
        return children

    @property
    def root(self) -> str:
        return self.below[None][0]

    def path(self, unit: str) -> list[str]:
        """From the root to the unit, both included."""
        parent = self.parents.get(unit)
        return [unit] if parent is None else [*self.path(parent), unit]

    def within(self, unit: str) -> list[str]:
        """The unit and all below it, each followed by its own."""
        return [unit, *(one for child in self.below.get(unit, []) for one in self.within(child))]


@dataclass(frozen=True)
class Shown:
    """The edition on show. Every read passes here: what is hidden or held carries no number, unlisted units nothing."""

    url: str
    header: Header
    scope: tuple[str, ...] | None = None

    @property
    def today(self) -> date:
        return self.header.as_of

    def read(self, name: str, **which: Any) -> pl.DataFrame:
        return published(self.url, self.header.id, name, **which)

    @cached_property
    def units(self) -> Units:
        every = self.read("units")
        return Units.of(every if self.scope is None else every.filter(pl.col("unit").is_in(below(every, self.scope))))

    def listed(self, frame: pl.DataFrame) -> pl.DataFrame:
        return frame.filter(pl.col("unit").is_in(list(self.units.names)))

    def cells(self, **which: Any) -> pl.DataFrame:
        """Cells of an indicator, of a unit or units, since a day, oldest first."""
        return self.listed(masked(self.read("cells", **which))).sort("indicator", "unit", "week")

    def verdicts(self) -> pl.DataFrame:
        return self.listed(self.read("verdicts"))

    def made(self, name: str, **which: Any) -> pl.DataFrame:
        """What is made of cells of listed units: scores, their parts, courses and drivers, comparisons."""
        return self.listed(self.read(name, **which))

    def events(self, unit: str) -> pl.DataFrame:
        """What happened to the whole organisation, to this unit, or to one above it."""
        return self.read("events").filter(pl.col("unit").is_null() | pl.col("unit").is_in(self.units.path(unit)))

    def feeds(self) -> pl.DataFrame:
        """How fresh each source is; `fine` where nothing is to be said about it."""
        return self.read("feeds").with_columns(fine=pl.col("state").is_in(FINE))

    def coverage(self) -> pl.DataFrame:
        """How much of what each source tells is by people whom HR knows: source, table, known, placed, whole."""
        return self.read("coverage")

    def section(self, table: str) -> pl.DataFrame:
        """One published table whole, of listed units where it tells of units: outlook, modules, effects, relations."""
        rows = self.read("section", table=table)
        if table == "outlook":
            seen = pl.col("state") == "shown"
            rows = rows.with_columns(pl.when(seen).then(name).alias(name) for name in rows.columns if name not in NAMED)
        return self.listed(rows) if "unit" in rows.columns else rows

    def surveys(self, **which: str) -> pl.DataFrame:
        """The evidence of survey scales, wave by wave, oldest first: of one scale, of one unit."""
        return self.listed(self.read("surveys", **which)).sort("unit", "week")

    def survey_items(self, indicator: str, unit: str) -> pl.DataFrame:
        return self.listed(self.read("survey_items", indicator=indicator, unit=unit))

    def agreements(self, unit: str) -> pl.DataFrame:
        """Whether what a unit's people say and do moved alike, by behaviour."""
        return self.listed(self.read("agreements", unit=unit))

    def waits(self, unit: str) -> pl.DataFrame:
        """When an indicator of this unit waited for data: indicator, first and last week of each wait, newest first."""
        held = self.cells(unit=unit).filter(pl.col("state") == "held")
        wait = (pl.col("week").diff().dt.total_days() != 7).fill_null(True).cum_sum().over("indicator")
        spans = held.with_columns(wait=wait).group_by("indicator", "wait")
        found = spans.agg(first=pl.col("week").min(), last=pl.col("week").max(), weeks=pl.len())
        return found.sort("last", "indicator", descending=[True, False])

    def memory(self) -> Memory:
        """For what is not part of an edition: runs, quarantine, who has taken up which alert."""
        return memory(self.url)


def below(units: pl.DataFrame, tops: tuple[str, ...]) -> list[str]:
    """These units, as far as they are published, and all below them."""
    return Tree(units.select("unit", "parent"), {}).below(tops)


def standing(cells: pl.DataFrame, verdicts: pl.DataFrame) -> dict[str, Any] | None:
    """Where one indicator stands in one unit: its newest whole week, else the newest there is.

    The verdict comes with its sentence, and only where its number may be seen.
    """
    if cells.is_empty():
        return None
    whole = cells.filter(pl.col("state") != "partial")
    cell = (cells if whole.is_empty() else whole).row(-1, named=True)
    told = verdicts.filter(pl.col("indicator") == cell["indicator"], pl.col("unit") == cell["unit"])
    said = {"verdict": "unknown", "side": "", "sentence": "", "since": None}
    if cell["value"] is not None and len(told):
        row = told.row(0, named=True)
        said = {name: row[name] for name in said}
    return cell | said | {"filling": len(whole) < len(cells)}


def masked(cells: pl.DataFrame) -> pl.DataFrame:
    """Cells whose numbers are open to see; the others keep their place and their state only."""
    seen = pl.col("state").is_in(OPEN)
    return cells.with_columns(
        *(pl.when(seen).then(pl.col(name)).alias(name) for name in NUMBERS),
        verdict=pl.when(seen).then("verdict").otherwise(pl.lit("unknown")),
        side=pl.when(seen).then("side").otherwise(pl.lit("")),
    )


def shown(url: str, scope: tuple[str, ...] | None = None) -> Shown | None:
    """The edition on show; None where nothing has been published yet, or no unit in it may be seen.

    `scope`: the units that whoever asks may see, each with all below it; None is all.
    """
    header = memory(url).edition()
    if header is None or published(url, header.id, "units").is_empty():
        return None
    return Shown(url, header, scope)
