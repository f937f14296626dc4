"""Texts and numbers read as what a column of ours holds; what cannot be read is marked, never silently null."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from connectors.tables import MOMENT

ISO = ("%Y-%m-%d %H:%M:%S%.f%#z", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%d %H:%M", "%Y-%m-%d")
COUNTED = {"seconds": 1_000_000, "milliseconds": 1_000, "excel": 86_400_000_000}
EXCEL_DAY_ZERO = -2_209_161_600_000_000  # 1899-12-30 in microseconds since 1970
TRUE = ("true", "t", "yes", "y", "1", "1.0", "x")
FALSE = ("false", "f", "no", "n", "0", "0.0")
SPACES = r"[\s\x{00a0}\x{202f}\x{2009}'’_]"
NUMBER = {".": r"^[+-]?(\d+|\d{1,3}(,\d{3})+)?(\.\d+)?([eE][+-]?\d+)?$", ",": r"^[+-]?(\d+|\d{1,3}(\.\d{3})+)?(,\d+)?$"}
EITHER_WAY = r"^[+-]?[1-9]\d{0,2}\.\d{3}$"


@dataclass(frozen=True)
class Habits:
    """How a source writes: formats of dates, the zone of moments without one, decimals.

    `decimal` is None where nothing was said and the file is of the kind that writes a comma: then a number that can
    be read two ways is refused.
    """

    dates: tuple[str, ...] = ISO
    zone: str = "UTC"
    decimal: str | None = "."


@dataclass(frozen=True)
class Reading:
    """A column read: its values, and for each row that could not be read, the rule it breaks."""

    values: pl.Series
    refused: pl.Series
    rule: str


def read(column: pl.Series, dtype: pl.DataType, habits: Habits) -> Reading:
    """A column as the type that is wanted; null stays null."""
    if dtype == pl.Date:
        values, rule = days(column, habits), f"not a date like {habits.dates[0]}"
    elif isinstance(dtype, pl.Datetime):
        values, rule = moments(column, habits), f"not a date like {habits.dates[0]}"
    elif dtype.is_numeric():
        values, rule = numbers(column, dtype, habits.decimal)
    elif dtype == pl.Boolean:
        values, rule = truths(column), "not true or false"
    else:
        values, rule = texts(column), "not a text"
    return Reading(values.alias(column.name), column.is_not_null() & values.is_null(), f"{column.name}: {rule}")


def texts(column: pl.Series) -> pl.Series:
    """Text; whole numbers without the .0 that spreadsheets and databases give them."""
    if column.dtype.is_float():
        whole = column.cast(pl.Int64, strict=False)
        column = pl.select(pl.when(column == whole).then(whole.cast(pl.String)).otherwise(column.cast(pl.String)))[:, 0]
    return nothing(column) if column.dtype.is_nested() else column.cast(pl.String, strict=False)


def truths(column: pl.Series) -> pl.Series:
    lowered = column.cast(pl.String, strict=False).str.to_lowercase()
    known: dict[str, bool] = {**dict.fromkeys(TRUE, True), **dict.fromkeys(FALSE, False)}
    return lowered.replace_strict(known, default=None, return_dtype=pl.Boolean)


def numbers(column: pl.Series, dtype: pl.DataType, decimal: str | None) -> tuple[pl.Series, str]:
    """Numbers, with thousands separators and decimal commas; a fraction is no whole number."""
    if column.dtype.is_numeric():
        return whole(column.cast(pl.Float64), dtype), "not a whole number"
    mark = decimal or ","
    bare = column.cast(pl.String, strict=False).str.replace_all(SPACES, "")
    fits = bare.str.contains(NUMBER[mark]) & bare.str.contains(r"\d")
    if decimal is None:
        fits &= ~bare.str.contains(EITHER_WAY)
    plain = bare.str.replace_all("," if mark == "." else ".", "", literal=True).str.replace(",", ".", literal=True)
    values = plain.set(~fits.fill_null(False), None).cast(pl.Float64, strict=False)
    shape = "12,345.6" if mark == "." else "12.345,6"
    return whole(values, dtype), f'not a number like {shape}, or unclear; set decimal = "." or ","'


def whole(values: pl.Series, dtype: pl.DataType) -> pl.Series:
    if not dtype.is_integer():
        return values.cast(dtype)
    return values.set((values != values.round()).fill_null(False), None).cast(dtype, strict=False)


def days(column: pl.Series, habits: Habits) -> pl.Series:
    """Days; of a moment with a zone, the day it was in the organisation's."""
    if isinstance(column.dtype, pl.Datetime) and column.dtype.time_zone is None:
        return column.dt.date()
    return column if column.dtype == pl.Date else moments(column, habits).dt.convert_time_zone(habits.zone).dt.date()


def moments(column: pl.Series, habits: Habits) -> pl.Series:
    """Moments in UTC, from dates, from counts since a day zero, or from text by the formats in turn."""
    if isinstance(column.dtype, pl.Datetime | pl.Date):
        return utc(column, habits.zone)
    counted = next((form for form in habits.dates if form in COUNTED), None)
    if column.dtype.is_numeric():
        return since(column.cast(pl.Float64), counted, habits.zone)
    texts = column.cast(pl.String, strict=False)
    values = pl.Series(column.name, [], MOMENT).extend_constant(None, len(column))
    for form in habits.dates:
        found = (
            since(texts.cast(pl.Float64, strict=False), form, habits.zone)
            if form in COUNTED
            else utc(parsed(texts, form), habits.zone)
        )
        values = pl.select(pl.coalesce(values, found))[:, 0]
    return values


def parsed(texts: pl.Series, form: str) -> pl.Series:
    if form in ISO:
        texts = texts.str.replace(r"^(\d{4}-\d{2}-\d{2})T", "$1 ")
    return texts.str.to_datetime(form, time_unit="us", strict=False)


def since(numbers: pl.Series, form: str | None, zone: str) -> pl.Series:
    if form is None:
        return nothing(numbers).cast(MOMENT)
    ticks = (numbers * COUNTED[form]).round()
    if form == "excel":
        return utc((ticks + EXCEL_DAY_ZERO).cast(pl.Int64, strict=False).cast(pl.Datetime("us")).dt.round("1s"), zone)
    return ticks.cast(pl.Int64, strict=False).cast(MOMENT)


def utc(column: pl.Series, zone: str) -> pl.Series:
    """Local moments in UTC; of an hour that ran twice the first, of an hour that was skipped the next."""
    if isinstance(column.dtype, pl.Datetime) and column.dtype.time_zone:
        return column.cast(MOMENT)
    local = column.cast(pl.Datetime("us"))
    placed = local.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    later = local.dt.offset_by("1h").dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    return pl.select(pl.coalesce(placed, later))[:, 0].dt.convert_time_zone("UTC")


def nothing(column: pl.Series) -> pl.Series:
    return pl.Series(column.name, [], pl.String).extend_constant(None, len(column))
