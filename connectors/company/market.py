"""What the made-up company adds for the skills it will need: posts, the market, and what it began when."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from connectors.company.adding import Adds
from connectors.company.names import SKILLS
from connectors.company.planted import (
    OFFICE_SPLIT,
    PLAYBOOKS,
    PLAYBOOKS_FROM,
    REORGANISED,
    ROOT,
    SHORT,
    SHORT_A_QUARTER,
    SHORT_FROM,
    SHORT_IN,
    SPLIT,
    weeks_before,
)
from connectors.company.rhythm import DAY

if TYPE_CHECKING:
    from connectors.company.company import Company

MONTH = 28


def needs(company: Company, frame: pl.DataFrame) -> pl.DataFrame:
    """Posts to be filled: a few in every department, and for one skill more and more since a year and a bit."""
    rng, tree, rhythm = company.chance("posts"), company.tree, company.rhythm
    departments, quarters = np.flatnonzero(tree.depth == 2), np.arange(0, rhythm.days, 91)
    unit, day = np.repeat(departments, len(quarters)), np.tile(quarters, len(departments))
    skill = (unit * 5 + rng.integers(0, 4, len(unit)) * 3) % len(SKILLS)
    posts = pl.DataFrame({
        "skill": pl.Series(SKILLS).gather(skill), "unit": tree.id.gather(unit),
        "level": pl.Series(rng.integers(2, 4, len(unit)).astype(np.float64)),
        "headcount": pl.Series(rng.integers(1, 3, len(unit)).astype(np.float64)),
        "starts": rhythm.date(day + 60), "changed": rhythm.moment(day * DAY),
    })  # fmt: skip
    since = rhythm.day(weeks_before(rhythm.today, SHORT_FROM))
    grown = np.arange(max(since, 0), rhythm.days, 91)
    more = pl.DataFrame({
        "skill": [SHORT] * len(grown), "unit": [SHORT_IN if SHORT_IN in set(tree.id) else PLAYBOOKS] * len(grown),
        "level": [3.0] * len(grown), "headcount": [6.0 + SHORT_A_QUARTER * n for n in range(len(grown))],
        "starts": rhythm.date(grown), "changed": rhythm.moment(grown * DAY),
    })  # fmt: skip
    both = pl.concat([posts.with_columns(kind=pl.lit("requisition")), more.with_columns(kind=pl.lit("project"))])
    named = both.with_columns(need=pl.format("hr:q{}", pl.int_range(1, pl.len() + 1)), project=pl.lit("open"),
                              importance=pl.lit(4.0))  # fmt: skip
    return pl.concat([frame, named], how="diagonal_relaxed")


def demand(company: Company, frame: pl.DataFrame) -> pl.DataFrame:
    """What the market asks for, every four weeks: 100 at first, wandering, and for one skill rising."""
    rng, rhythm = company.chance("demand"), company.rhythm
    days = np.arange(0, rhythm.days, MONTH)
    steps = rng.normal(0, 0.015, (len(SKILLS), len(days)))
    steps[SKILLS.index(SHORT)] += 0.02
    index = np.round(100 * np.exp(np.cumsum(steps, axis=1)), 1).ravel()
    when = np.tile(days, len(SKILLS))
    return pl.DataFrame({
        "skill": pl.Series(SKILLS).gather(np.repeat(np.arange(len(SKILLS)), len(days))), "day": rhythm.date(when),
        "index": pl.Series(index), "changed": rhythm.moment(when * DAY),
    })  # fmt: skip


def interventions(company: Company, frame: pl.DataFrame) -> pl.DataFrame:
    """What was begun on purpose, and when: a playbook programme, a re-organisation, another office."""
    rng, rhythm = company.chance("interventions"), company.rhythm
    began = [
        ("Playbook programme", "programme", PLAYBOOKS, PLAYBOOKS_FROM),
        ("Re-organisation", "re-organisation", ROOT, REORGANISED),
        ("Second office for Product", "policy", SPLIT, OFFICE_SPLIT),
    ]
    rows = [
        {"name": name, "kind": kind, "unit": unit, "began": weeks_before(rhythm.today, weeks)}
        for name, kind, unit, weeks in began
    ]
    day = int(rng.integers(20, 60))
    rows.append(
        {"name": "Learning hours", "kind": "policy", "unit": ROOT, "began": rhythm.today - timedelta(days=300 + day)}
    )
    named = pl.DataFrame(rows).with_columns(intervention=pl.format("hr:i{}", pl.int_range(1, pl.len() + 1)))
    known = named.filter(pl.col("began") >= rhythm.start)
    return known.with_columns(changed=pl.col("began").cast(pl.Datetime("us")).dt.replace_time_zone("UTC"))


ADDS: Adds = {"needs": needs, "demand": demand, "interventions": interventions}
