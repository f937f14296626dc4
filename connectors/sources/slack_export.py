"""Messages, mentions and reactions from a Slack export: who wrote when and to whom, never what."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from connectors.source import source
from connectors.vendors.slack_export import Export


@source(
    "slack_export",
    title="Slack export",
    group="chat",
    proof="recorded",
    by="a public meetup workspace's whole export, 2015 to 2016",
    needs={"path": "the export as Slack made it: a zip file, a folder, or a pattern such as exports/*.zip"},
    may={
        "private": "true for all private channels that are in it, or a list of their names",
        "links": "how addresses of known articles look: [{ pattern, article }]",
    },
)
def slack_export(name: str, settings: Mapping[str, Any]) -> Export:
    """Reads members, channels and messages of an export archive; private channels on demand, direct messages never.

    It needs `path`, and no rights at all: an owner of the workspace makes the export.
    """
    return Export(name, settings, Path(settings.get("folder", ".")))
