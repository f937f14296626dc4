"""Everywhere else: a short text by apprise, to any of the services it knows."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, SecretStr

from dashboard.export import ExportError, Options, Ready, Recipient, export
from dashboard.exports.mail import template
from dashboard.exports.report import MARKS, Report, in_words, line
from dashboard.exports.rows import rows

QUIET = {"apprise": logging.CRITICAL, "urllib3": logging.WARNING}
INSTALL = "install the extra `apprise` (pip install 'bellwether[apprise]')"


class ElsewhereOptions(Options):
    url: Annotated[SecretStr, Field(min_length=4)]


class Elsewhere:
    """Matrix, Google Chat, Zulip, Telegram, ntfy and a hundred more, by apprise's addresses.

    apprise says only whether it worked, and knows neither blocks, nor waiting, nor keys against a second copy: where a
    way out of our own exists, it is the better one. What fails here is taken to have perhaps arrived.
    """

    def __init__(self, name: str, options: ElsewhereOptions, beside: Path) -> None:
        self.name, self.options = name, options

    @property
    def recipients(self) -> list[Recipient]:
        return [Recipient("", self.options.sees)]

    def pack(self, report: Report, to: str, id: str) -> bytes:
        told = {"report": report, "alerts": report.full.to_dicts(), "marks": MARKS, "day": in_words, "line": line}
        told["tables"] = [(title, rows(report, shown), more) for title, shown, more in report.tables]
        return f"{report.subject}\n{template('mail.txt').render(told)}".encode()

    def hand(self, packed: bytes, to: str, id: str, ready: Ready) -> str:
        title, _, body = packed.decode().partition("\n")
        way = self.way()
        ready()
        if not way.notify(title=title, body=body, body_format="text"):
            raise ExportError(
                f"{self.name}: {self.service(way)} did not take the message; "
                f"check url and the rights of its token in [exports.{self.name}]",
                doubtful=True,
            )
        return f"sent by {self.service(way)}"

    def check(self) -> str:
        return f"{self.service(self.way())} is known; whether it takes messages shows at the first one"

    def way(self) -> Any:
        """apprise with the one address; its own words are kept from the log, where they would show it."""
        try:
            from apprise import Apprise
        except ImportError:
            raise ExportError(
                f"{self.name}: apprise is not there; {INSTALL}, or remove [exports.{self.name}]", lasting=True
            ) from None
        for logger, level in QUIET.items():
            logging.getLogger(logger).setLevel(level)
        way = Apprise()
        if not way.add(self.options.url.get_secret_value()):
            raise ExportError(
                f"{self.name}: apprise knows no such address; write url as its documentation says "
                f"in [exports.{self.name}]",
                lasting=True,
            )
        return way

    def service(self, way: Any) -> str:
        return str(way[0].service_name)


@export("apprise")
def elsewhere(name: str, options: Mapping[str, Any], beside: Path) -> Elsewhere:
    return Elsewhere(name, ElsewhereOptions(**options), beside)
