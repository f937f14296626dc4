"""Microsoft Teams: what changed as an adaptive card, posted to a workflow's address."""

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
    "new": "attention",
    "worse": "attention",
    "again": "attention",
    "watch": "warning",
    "good": "good",
    "over": "default",
}
TINTS = {"alarm": "attention", "watch": "warning", "good": "good", "hope": "good"}
LARGEST = 27_000  # Teams takes 28 KB
Item = dict[str, Any]


class TeamsOptions(PostOptions):
    pass


class Teams(Post):
    """The address comes from the workflow "Post to a channel when a webhook request is received".

    Teams gives no way to say that two posts are one; after an answer that never came, a second copy may show.
    """

    def pack(self, report: Report, to: str, id: str) -> bytes:
        for most in (12, 6, 3, 0):
            body = as_json(message(report, most))
            if len(body) <= LARGEST:
                break
        return body

    def hand(self, packed: bytes, to: str, id: str, ready: Ready) -> str:
        self.post(packed, ready)
        return "posted to the channel"


@export("teams")
def teams(name: str, options: Mapping[str, Any], beside: Path) -> Teams:
    return Teams(name, TeamsOptions(**options), beside)


def message(report: Report, most: int) -> Item:
    """`most`: rows of figures; as many as there is room for."""
    card = {
        "type": "AdaptiveCard",
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "version": "1.4",
        "fallbackText": line(report.subject),
        "msteams": {"width": "Full"},
        "body": body(report, most),
    }
    if report.page():
        card["actions"] = [{"type": "Action.OpenUrl", "title": "See all alerts", "url": report.page()}]
    return {
        "type": "message",
        "attachments": [{"contentType": "application/vnd.microsoft.card.adaptive", "content": card}],
    }


def body(report: Report, most: int) -> list[Item]:
    title = " · ".join(filter(None, [report.title, report.organisation, f"as of {in_words(report.as_of)}"]))
    found = [text(plain(title), isSubtle=True, size="small")]
    found += [text(plain(report.headline), size="large", weight="bolder", style="heading", spacing="none")]
    found += [text(f"⚠ {plain(note)}", color="warning") for note in [*report.failing, *filter(None, [report.notes])]]
    for one in report.full.iter_rows(named=True):
        page = report.page(one["indicator"], one["unit"])
        more = [text(f"[Open in the dashboard]({page})", spacing="none")] if page else []
        items = [
            text(MARKS[one["group"]], color=COLOURS[one["group"]], size="small", weight="bolder"),
            text(f"{plain(one['title'])} – {plain(one['name'])}", weight="bolder", spacing="none"),
            text(plain(one["sentence"]), spacing="none"),
        ]
        found.append({"type": "Container", "separator": True, "items": [*items, *more]})
    found += [text(f"And {report.rest}.")] if report.rest else []
    for heading, shown, left in report.tables:
        found += figures(heading, rows(report, shown.head(most)), left + max(len(shown) - most, 0))
    standing = f"{report.standing} " if "alerts" in report.content else ""
    return [*found, text(f"{standing}Numbers are about teams, never about a person.", isSubtle=True, size="small")]


def figures(heading: str, shown: list[Item], more: int) -> list[Item]:
    lines = [
        {
            "type": "ColumnSet",
            "spacing": "small",
            "columns": [
                {"type": "Column", "width": "stretch", "items": [text(f"{plain(one['title'])}, {plain(one['name'])}")]},
                {"type": "Column", "width": "auto", "items": [text(plain(f"{one['value']} {one['beside']}"))]},
                {
                    "type": "Column",
                    "width": "auto",
                    "items": [text(one["said"], color=TINTS.get(one["kind"], "default"))],
                },
            ],
        }
        for one in shown
    ]
    left = [text(f"And {more} more in the dashboard.", isSubtle=True, size="small")] if more else []
    return [text(heading, weight="bolder", separator=True), *lines, *left]


def text(words: str, **look: Any) -> Item:
    return {"type": "TextBlock", "text": words, "wrap": True} | look
