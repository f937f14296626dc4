"""The columns of published cells, and of the weekly series that verdicts come from."""

from __future__ import annotations

import polars as pl

SHAPE = {
    "indicator": pl.String, "unit": pl.String, "week": pl.Date, "state": pl.String, "mark": pl.String,
    "value": pl.Float64, "low": pl.Float64, "high": pl.Float64, "n": pl.Int64, "people": pl.Int64,
}  # fmt: skip
SERIES = {name: kind for name, kind in SHAPE.items() if name not in ("state", "mark")} | {
    "sd": pl.Float64, "kind": pl.String, "better": pl.String, "matched": pl.Float64, "moved_sd": pl.Float64,
    "ok": pl.Boolean, "depth": pl.Int64, "break_": pl.Boolean, "quiet": pl.Boolean,
}  # fmt: skip
