"""The kinds of source there are: on the command line and as docs/sources.md, both from the register itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from connectors.source import POLITE, Group, Kind, kinds
from dashboard.settings import SettingsError, near
from dashboard.terminal import say, table

PROVEN = {
    "server": "run against a real one",
    "specification": "requests and replies fit the vendor's own description",
    "recorded": "reads replies recorded from a real one",
    "documented": "written after the vendor's documentation only",
}
HEAD = """# Sources

What can be connected, how far each is proven, and the smallest rights it needs. This page is written by
`bellwether sources --page`; a test keeps it true. How a new one is added: [add a connector](add-a-connector.md).

How far a source is proven:

{proofs}

Every source on the web also takes {polite}.
"""
HEADINGS = "| kind | source | proven | against | rights |\n|---|---|---|---|---|\n"


def grouped() -> Iterator[tuple[str, list[Kind]]]:
    """The kinds by what they are for, in the order in which an organisation connects them."""
    known = list(kinds().values())
    for group in get_args(Group):
        found = sorted((kind for kind in known if kind.group == group), key=lambda kind: kind.title.lower())
        if found:
            yield group, found


def listed() -> None:
    """All kinds in one table."""
    rows = [(group, kind.name, kind.title, kind.proof, kind.by) for group, found in grouped() for kind in found]
    table(["for", "kind", "source", "proven", "against"], rows)
    say()
    for proof, words in PROVEN.items():
        say(f"  {proof}: {words}")
    say("Details of one: bellwether sources KIND")


def described(name: str) -> None:
    """One kind: what it reads, what it needs."""
    known = kinds()
    if name not in known:
        raise SettingsError(f"no kind of source is called {name}{near(name, list(known))}; see `bellwether sources`")
    kind = known[name]
    say(f"{kind.title} ({kind.group}), proven: {kind.proof}, {kind.by}")
    say(kind.words)
    if kind.scopes:
        say(f"Rights it needs: {', '.join(kind.scopes)}")
    say()
    say("[sources.NAME]")
    say(f'kind = "{name}"')
    for key, words in kind.needs.items():
        say(f'{key} = "..."  # {words}')
    for key, words in kind.may.items():
        say(f"# {key}: {words}")


def page(beside: Path) -> str:
    """docs/sources.md, as the register has it; a kind with a page of its own in docs/sources/ is linked."""
    proofs = "\n".join(f"- **{proof}**: {words}." for proof, words in PROVEN.items())
    polite = ", ".join(f"`{key}` ({words})" for key, words in POLITE.items())
    parts = [HEAD.format(proofs=proofs, polite=polite)]
    for group, found in grouped():
        parts.append(f"\n## {group[0].upper() + group[1:]}\n\n{HEADINGS}")
        for kind in found:
            own = f"[{kind.title}](sources/{kind.name}.md)" if (beside / f"{kind.name}.md").exists() else kind.title
            rights = ", ".join(f"`{scope}`" for scope in kind.scopes) or "–"
            parts.append(f"| `{kind.name}` | {own} | {kind.proof} | {kind.by} | {rights} |\n")
    return "".join(parts)
