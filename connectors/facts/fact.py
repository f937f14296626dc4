"""What every row of every table carries."""

from __future__ import annotations

import dataframely as dy
import polars as pl

from connectors.columns import moment


class Fact(dy.Schema):
    """What every row carries."""

    source = dy.String(min_length=1, max_length=200)
    changed = moment(nullable=False)


class Dated(Fact):
    """What holds from a day until before another; open-ended when the other is unknown."""

    valid_from = dy.Date(primary_key=True)
    valid_to = dy.Date(nullable=True)

    @dy.rule()
    def ends_after_it_starts(cls) -> pl.Expr:
        return pl.col("valid_to").is_null() | (pl.col("valid_to") > pl.col("valid_from"))
