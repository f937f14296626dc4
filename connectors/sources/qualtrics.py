"""Answers from Qualtrics' exports: who chose which point of which item, never what anyone wrote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from connectors.source import source
from connectors.survey.exports import MORE, SETTINGS, Exports, Layout
from connectors.survey.wide import Sheet

NOT_MEANT = ("survey preview", "survey test", "spam", "1", "2", "8", "9", "12", "17")
OWN = (
    *("StartDate", "EndDate", "Status", "IPAddress", "Progress", "Duration (in seconds)", "Finished", "RecordedDate"),
    *("RecipientLastName", "RecipientFirstName", "RecipientEmail", "ExternalReference", "LocationLatitude"),
    *("LocationLongitude", "DistributionChannel", "UserLanguage", "Start Date", "End Date", "Response Type"),
    *("IP Address", "Recorded Date", "Response ID", "Recipient Last Name", "Recipient First Name", "Recipient Email"),
    *("External Data Reference", "Location Latitude", "Location Longitude", "Distribution Channel", "User Language"),
)


def headers(cells: pl.DataFrame) -> int:
    """Names, texts, and where the export has them the import ids."""
    third = cells.row(2) if cells.height > 2 else ()
    return 3 if any("ImportId" in str(cell) for cell in third) else 2


def named(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """A column is called by its name (Q3_2), by its text, or by what stands behind the text's last dash."""
    return [list(rows[0]), list(rows[1]), [text.rpartition(" - ")[2] if " - " in text else "" for text in rows[1]]]


def meant(sheet: Sheet) -> pl.Expr:
    """Answers of real respondents: no previews, tests or spam, as Status says in words or numbers."""
    status = sheet.column("Status")
    return (
        pl.lit(value=True) if status is None else ~pl.col(status).str.to_lowercase().is_in(NOT_MEANT).fill_null(False)
    )


LAYOUT = Layout(headers, named, ("ResponseId", "Response ID"), ("EndDate", "RecordedDate"), meant, OWN)


@source(
    "qualtrics",
    title="Qualtrics (exports)",
    group="survey",
    proof="documented",
    by="Qualtrics Support: Export Formats; Understanding Your Dataset",
    needs=SETTINGS,
    may=MORE,
)
def qualtrics(name: str, settings: Mapping[str, Any]) -> Exports:
    """Reads exported files: CSV with all fields, choice text or numeric values, with its three rows of headers.

    Needs no access to Qualtrics. Only the columns of the items listed are read, never a text, a name or an address.
    """
    return Exports(name, settings, LAYOUT)
