"""Mattermost: what changed as attachments, posted to an incoming webhook."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dashboard.export import Ready, export
from dashboard.exports.report import MARKS, Report, in_words, line
from dashboard.exports.rows import rows
from dashboard.posting import Post, PostOptions, as_json
from dashboard.words import plain

COLOURS = {
    "new": "#b3261e",
    "worse": "#b3261e",
    "again": "#b3261e",
    "watch": "#9a5b00",
    "good": "#1b6e3c",
    "over": "#6a7480",
}


class MattermostOptions(PostOptions):
    channel: str = ""


class Mattermost(Post):
    """Smallest right: one incoming webhook, locked to a channel. The address is the server's own.

    Mattermost gives no way to say that two posts are one; after an answer that never came, a second copy may show.
    """

    def __init__(self, name: str, options: MattermostOptions, beside: Path) -> None:
        super().__init__(name, options, beside)
        self.channel = options.channel

    def pack(self, report: Report, to: str, id: str) -> bytes:
        return as_json(message(report) | ({"channel": self.channel} if self.channel else {}))

    def hand(self, packed: bytes, to: str, id: str, ready: Ready) -> str:
        self.post(packed, ready)
        return "posted to the channel"


@export("mattermost")
def mattermost(name: str, options: Mapping[str, Any], beside: Path) -> Mattermost:
    return Mattermost(name, MattermostOptions(**options), beside)


def message(report: Report) -> dict[str, Any]:
    """Headline and what is amiss as text; each alert as an attachment; where things stand as tables."""
    over = " · ".join(filter(None, [report.title, report.organisation, f"as of {in_words(report.as_of)}"]))
    lines = [f"#### {quiet(report.headline)}", quiet(over)]
    lines += [f"> ⚠ {quiet(note)}" for note in [*report.failing, *filter(None, [report.notes])]]
    parts = [
        {
            "fallback": line(f"{one['title']} – {one['name']}: {one['sentence']}"),
            "color": COLOURS[one["group"]],
            "pretext": MARKS[one["group"]],
            "title": line(f"{one['title']} – {one['name']}"),
            "title_link": report.page(one["indicator"], one["unit"]),
            "text": quiet(one["sentence"]),
        }
        for one in report.full.iter_rows(named=True)
    ]
    lines += [f"And {report.rest}."] if report.rest else []
    for heading, shown, more in report.tables:
        lines += ["", f"**{heading}**", "", "| | | | |", "|:--|:--|--:|:--|"]
        lines += [
            f"| {quiet(one['title'])} | {quiet(one['name'])} "
            f"| **{quiet(one['value'])}** {one['beside']} | {one['said']} |"
            for one in rows(report, shown)
        ]
        lines += ["", f"And {more} more in the dashboard."] if more else []
    lines += ["", report.standing] if "alerts" in report.content else []
    lines += [f"[See all alerts]({report.page()})"] if report.page() else []
    return {"text": "\n".join(lines), "attachments": parts}


def quiet(text: str) -> str:
    """Text that is shown as it stands and calls nobody: `@channel` loses its meaning, not its look."""
    return plain(text).replace("\\@", "@\u200b")
