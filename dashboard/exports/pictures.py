"""The trend of one alert as a picture: pixels for mails, vectors for paper."""

from __future__ import annotations

from typing import Any

import polars as pl
from vl_convert import vegalite_to_png, vegalite_to_svg

from dashboard.charts import trend
from metrics.indicator import indicators

WIDTH, HEIGHT = 400, 150  # small enough that its words can still be read on a phone


def png(cells: pl.DataFrame, indicator: str) -> bytes:
    """On white, sharp on a phone."""
    return vegalite_to_png(spec(cells, indicator, HEIGHT) | {"padding": 8}, scale=2, allowed_base_urls=[])


def svg(cells: pl.DataFrame, indicator: str, height: int = 90) -> str:
    """Vectors, as wide as a page and as high as asked."""
    return vegalite_to_svg(spec(cells, indicator, height), allowed_base_urls=[])


def spec(cells: pl.DataFrame, indicator: str, height: int) -> dict[str, Any]:
    drawn: dict[str, Any] = trend(cells, indicators()[indicator], WIDTH, height).to_dict()
    return drawn | {"background": "#ffffff"}
