"""Any dlt resource as a source: its records, and of them the fields that settings map, nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connectors.errors import Refused
from connectors.mapping import Translation, sections
from connectors.source import source
from connectors.vendors.dlt import KEYS, Resources, Section


@source(
    "dlt",
    title="Any dlt resource",
    group="anything",
    proof="server",
    by="dlt 1.31, resources and sources of its own",
    scopes=("those of the resource",),
)
def dlt(name: str, settings: Mapping[str, Any]) -> Resources:
    """Reads a resource or source made with dlt: your own, or one of its verified sources.

    Each table has a section with `resource = "package.module:name"`, its `arguments`, `select` (which resource of a dlt
    source), `since` (the argument that takes the moment to read from) and a column mapping as for files. Needs the
    extra `dlt`. Its telemetry is switched off. Only modules that settings name are imported.
    """
    found = Resources(name)
    for table, place, options in sections(name, settings, table_keys=KEYS, source_keys=()):
        if ":" not in str(options.get("resource", "")):
            raise Refused(f'{place} has no resource; set it like resource = "my_package.my_module:my_resource"')
        found.parts.append(Section(place, options, Translation.of(name, table, place, options)))
    return found
