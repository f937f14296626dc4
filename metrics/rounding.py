"""How exactly numbers are published."""

from __future__ import annotations

import polars as pl


def rounded(frame: pl.DataFrame) -> pl.DataFrame:
    """To nine digits, ten decimals at most: the order in which a machine adds must not make two editions differ."""
    return frame.with_columns(pl.col(pl.Float64).round_sig_figs(9).round(10))
