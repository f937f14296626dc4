"""An export with a column for each question and a row for each respondent, as answers, one row each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from connectors.survey.items import Item, folded
from connectors.tables import MOMENT

ANSWERS = (
    *("survey", "wave", "respondent", "item", "unit", "construct", "score", "low", "high", "reversed", "changed"),
    "refused",
)


@dataclass(frozen=True)
class Sheet:
    """Rows of text, the name of each column, and the names and texts by which a column may be called."""

    place: str
    rows: pl.DataFrame
    calls: Mapping[str, str]

    def column(self, called: str) -> str | None:
        return self.calls.get(folded(called))


def calls(columns: Sequence[str], *headers: Sequence[str]) -> dict[str, str]:
    """By what each column may be called; what two columns are called is nobody's name."""
    found: dict[str, set[str]] = {}
    for header in headers:
        for column, text in zip(columns, header, strict=True):
            if folded(text):
                found.setdefault(folded(text), set()).add(column)
    return {text: one for text, (one, *more) in found.items() if not more}


def answers(
    sheet: Sheet, items: Sequence[Item], survey: str, wave: date, respondent: str, unit: pl.Expr, changed: pl.Expr
) -> pl.DataFrame:
    """The canonical table of answers; a label that its scale does not know is refused by the item's name only."""
    parts = []
    for item in items:
        columns = item.found(sheet.calls, sheet.place)
        if not columns:
            continue
        score, odd = item.scale.read(pl.coalesce(columns))
        rule = pl.lit(f"score: {item.item} holds a label that its scale does not know; add it under labels or missing")
        parts.append(
            sheet.rows.lazy().select(
                survey=pl.lit(survey),
                wave=pl.lit(wave),
                respondent=pl.col(respondent),
                item=pl.lit(item.item),
                unit=unit,
                construct=pl.lit(item.construct),
                score=score,
                low=pl.lit(item.scale.low),
                high=pl.lit(item.scale.high),
                reversed=pl.lit(item.reversed),
                changed=changed,
                refused=pl.when(odd).then(rule),
            )
        )
    return pl.concat(parts).collect() if parts else nothing()


def nothing() -> pl.DataFrame:
    kinds = {"wave": pl.Date, "score": pl.Float64, "low": pl.Float64, "high": pl.Float64, "reversed": pl.Boolean}
    return pl.DataFrame(schema={name: kinds.get(name, pl.String) for name in ANSWERS} | {"changed": MOMENT})


def everyone_answers(page: pl.DataFrame) -> pl.DataFrame:
    """Without those who answered nothing at all: they opened the survey and left."""
    return page.filter((pl.col("score").is_not_null() | pl.col("refused").is_not_null()).any().over("respondent"))
