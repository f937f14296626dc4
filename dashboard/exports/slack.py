"""Slack: what changed as blocks, posted to an incoming webhook."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dashboard.export import Ready, export
from dashboard.exports.report import MARKS, Report, in_words, line
from dashboard.exports.rows import rows
from dashboard.posting import Post, PostOptions, as_json

HEADER, SECTION, SHOWN = 150, 3000, 10
Block = dict[str, Any]


class SlackOptions(PostOptions):
    pass


class Slack(Post):
    """Smallest right: the scope `incoming-webhook` for one channel, nothing to read.

    Slack gives no way to say that two posts are one; after an answer that never came, a second copy may show.
    """

    def pack(self, report: Report, to: str, id: str) -> bytes:
        return as_json({"text": plain(report.subject), "unfurl_links": False, "blocks": blocks(report)})

    def hand(self, packed: bytes, to: str, id: str, ready: Ready) -> str:
        self.post(packed, ready)
        return "posted to the channel"


@export("slack")
def slack(name: str, options: Mapping[str, Any], beside: Path) -> Slack:
    return Slack(name, SlackOptions(**options), beside)


def plain(text: str) -> str:
    """Text that Slack shows as it stands: no mention, no link, no mark-up. Its three signs are escaped as it asks for;
    a sign of mark-up no longer touches what it would mark."""
    safe = line(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return "".join(f"\u200b{sign}\u200b" if sign in "*_~`" else sign for sign in safe)


def link(address: str, words: str) -> str:
    return f"<{plain_address(address)}|{words}>" if address else words


def plain_address(address: str) -> str:
    return address.replace("&", "&amp;").replace("|", "%7C").replace("<", "%3C").replace(">", "%3E")


def blocks(report: Report) -> list[Block]:
    """Headline; what is amiss first; at most five alerts in full, the rest as counts; where things stand."""
    title = " · ".join(filter(None, [line(report.title), line(report.organisation), f"as of {in_words(report.as_of)}"]))
    found = [{"type": "header", "text": {"type": "plain_text", "text": report.headline[:HEADER]}}, small(plain(title))]
    found += [section(f":warning: {plain(note)}") for note in [*report.failing, *filter(None, [report.notes])]]
    for one in report.full.iter_rows(named=True):
        page = report.page(one["indicator"], one["unit"])
        heading = link(page, f"{plain(one['title'])} – {plain(one['name'])}")
        found += [section(f"{MARKS[one['group']]}\n*{heading}*\n{plain(one['sentence'])}")]
    found += [section(f"And {report.rest}.")] if report.rest else []
    for title, shown, more in report.tables:
        told = [
            f"• {link(one['page'], plain(one['title']))}, {plain(one['name'])}: *{plain(one['value'])}* "
            f"{plain(one['beside'])} {plain(one['said'])}"
            for one in rows(report, shown.head(SHOWN))
        ]
        more += max(len(shown) - SHOWN, 0)
        told += [f"And {more} more in the dashboard."] if more else []
        found += [section("\n".join([f"*{title}*", *told]))]
    ending = [report.standing] if "alerts" in report.content else []
    ending += [link(report.page(), "See all alerts")] if report.page() else []
    return [*found, small(" ".join([*ending, "Numbers are about teams, never about a person."]))]


def section(text: str) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": cut(text, SECTION)}}


def small(text: str) -> Block:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": cut(text, SECTION)}]}


def cut(text: str, most: int) -> str:
    """Whole lines of it, as far as Slack takes them."""
    if len(text) <= most:
        return text
    whole = text[: most - 2].rpartition("\n")[0] or text[: most - 2]
    return f"{whole}\n…"
