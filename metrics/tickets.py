"""What the indicators of work mean by a closed ticket."""

from __future__ import annotations

import polars as pl

NOT_WORKED_ON = ("automatic", "duplicate", "declined")
IMPROVING = ("action", "experiment", "review", "retrospective")


def closed_at() -> pl.Expr:
    """When a ticket was closed; where only its resolution is known, that."""
    return pl.coalesce("closed", "resolved")


def worked_on() -> pl.Expr:
    """Whether somebody dealt with it: not closed by a machine, as a duplicate, or declined; a meeting is no work."""
    meeting = (pl.col("kind") == "retrospective").fill_null(False)
    return ~pl.col("outcome").is_in(NOT_WORKED_ON).fill_null(False) & ~meeting
