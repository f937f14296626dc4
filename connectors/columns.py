"""The kinds of column a canonical table is made of."""

from __future__ import annotations

from typing import Any

import dataframely as dy
import polars as pl

MOMENT = pl.Datetime("us", "UTC")

PERSON: dict[str, Any] = {"pseudonym": "person"}
LOGIN: dict[str, Any] = {"pseudonym": "login"}
NAME: dict[str, Any] = {"pseudonym": "name"}
ROW: dict[str, Any] = {"pseudonym": "row"}
RESPONDENT: dict[str, Any] = {"pseudonym": "survey"}


def moment(*, nullable: bool = True) -> Any:
    """A column of moments in UTC."""
    return dy.Datetime(time_unit="us", time_zone="UTC", nullable=nullable)


def key() -> Any:
    """A column of text that is part of the key."""
    return dy.String(primary_key=True, min_length=1, max_length=200)


def key_of_people() -> Any:
    """A key that is often made of people's ids, and therefore kept as a token as they are."""
    return dy.String(primary_key=True, min_length=1, max_length=500, metadata=ROW)


def who(*, nullable: bool = True, primary_key: bool = False) -> Any:
    """A column of people, or of accounts that become people."""
    return dy.String(nullable=nullable and not primary_key, primary_key=primary_key, metadata=PERSON)


def text() -> Any:
    """A short, optional label: never what a person wrote."""
    return dy.String(nullable=True, max_length=200)
