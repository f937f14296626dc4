"""Teams as such: which there were in each week, and the people who stand behind what is said of a team."""

from __future__ import annotations

import polars as pl

from metrics.weeks import Calendar


def active(teams: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """Teams of at least the smallest crowd in each week: `week, unit`."""
    sizes = teams.group_by("week", "unit").agg(people=pl.len())
    return sizes.filter(pl.col("people") >= calendar.k).select("week", "unit")


def behind(teams: pl.LazyFrame, weeks: pl.LazyFrame, **columns: pl.Expr) -> pl.LazyFrame:
    """Everybody in the weeks named, so that they are counted as the crowd; `columns` are what their rows carry."""
    there = teams.join(weeks.select("week").unique(), on="week", how="semi")
    return there.select("week", "unit", "person", **columns)


def standing(found: pl.LazyFrame, teams: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """Shares of teams: `found` says `week, unit, part, whole`; members stand behind without counting themselves."""
    known = found.join(active(teams, calendar), on=["week", "unit"], how="semi").collect().lazy()
    none = pl.lit(0, pl.Int64)
    crowd = behind(teams.join(known, on=["week", "unit"], how="semi"), known, part=none, whole=none)
    said = known.select("week", "unit", pl.lit(None, pl.String).alias("person"), pl.col("part", "whole").cast(pl.Int64))
    return pl.concat([said, crowd])


def of_team(rows: pl.LazyFrame, teams: pl.LazyFrame, person: str) -> pl.LazyFrame:
    """Rows (`week, unit` and a person) with the team of record of that person, else the unit they name."""
    placed = rows.join(
        teams.select("week", pl.col("person").alias(person), team="unit"), on=["week", person], how="left"
    )
    return placed.with_columns(unit=pl.coalesce("team", "unit")).drop("team").filter(pl.col("unit").is_not_null())
