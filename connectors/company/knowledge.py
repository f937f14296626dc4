"""What the made-up company adds for the knowledge it writes down, reuses, audits and forgets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from connectors.company.adding import Adds

if TYPE_CHECKING:
    from connectors.company.company import Company

AUDITED, FITS = 0.05, 0.88
CAUSED = 0.2
SPACES = ("how-to", "runbooks", "decisions", "products", "people")


def spaces(company: Company, frame: pl.DataFrame) -> pl.DataFrame:
    """Every article stands in one of a few spaces."""
    drawn = company.chance("spaces").choice(len(SPACES), frame.height, p=(0.4, 0.25, 0.15, 0.12, 0.08))
    return frame.with_columns(space=pl.Series(SPACES).gather(pl.Series(drawn)))


def audits(company: Company, frame: pl.DataFrame) -> pl.DataFrame:
    """One link in twenty is looked at by somebody else, and mostly found right."""
    rng = company.chance("audits")
    looked, fits = rng.random(frame.height) < AUDITED, rng.random(frame.height) < FITS
    linked = pl.col("ticket").is_not_null() & pl.Series(looked)
    return frame.with_columns(fits=pl.when(linked).then(pl.Series(fits)))


def causes(company: Company, frame: pl.DataFrame) -> pl.DataFrame:
    """One action in five names the cause it is meant to end: one of its department's, the common ones more often."""
    rng = company.chance("causes of actions")
    named = pl.Series(rng.random(frame.height) < CAUSED) & (frame["kind"] == "action")
    cause = pl.Series(np.minimum(rng.zipf(1.4, frame.height), 300)) + 1000 * pl.Series(_department(company, frame))
    return frame.with_columns(cause=pl.when(named).then(pl.format("cause-{}", cause)).otherwise("cause"))


def _department(company: Company, frame: pl.DataFrame) -> np.ndarray:
    places = pl.DataFrame({"unit": company.tree.id, "at": np.arange(len(company.tree.ids))})
    unit = frame.select("unit").join(places, on="unit", how="left", maintain_order="left")["at"]
    return company.tree.above(unit.to_numpy(), 2)


ADDS: Adds = {"articles": spaces, "article_uses": audits, "tickets": causes}
