"""What may be written in a setting: time zones, countries, addresses, and the nearest to what was meant."""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import cache
from zoneinfo import available_timezones

import holidays


def near(word: str, known: list[str]) -> str:
    """`; did you mean X?` where something close is known."""
    close = get_close_matches(word, known, n=1, cutoff=0.5) or get_close_matches(word.lower(), known, n=1, cutoff=0.5)
    return f"; did you mean {close[0]}?" if close else ""


@cache
def zones() -> frozenset[str]:
    return frozenset(available_timezones())


def zone(name: str) -> str:
    if name not in zones():
        raise ValueError(f"is no time zone{near(name, sorted(zones())) or '; write it like Europe/Berlin or UTC'}")
    return name


def country(code: str) -> str:
    """A country, or a country and its region: `DE`, `DE-BY`."""
    known = holidays.list_supported_countries(include_aliases=True)
    land, _, region = code.partition("-")
    if land not in known:
        raise ValueError("is no country code; write two letters like DE, GB or US, with a region like DE-BY")
    if region and region not in known[land]:
        raise ValueError(f"names no region of {land}; it has {', '.join(known[land]) or 'none'}")
    return code


def address(link: str) -> str:
    if link and not re.match(r"^https?://[^\s]+$", link):
        raise ValueError("is no address; write it like https://learning.example.org")
    return link.rstrip("/")


def dask(address: str) -> str:
    """Where a dask scheduler listens."""
    if address and not re.match(r"^(tcp|tls)://[^\s/:]+:\d+$|^(tcp|tls)://\[[^\s\]]+\]:\d+$", address):
        raise ValueError("is no address of a scheduler; write it like tcp://10.0.0.5:8786")
    return address
