"""The indicators as they are told: on the command line, and as docs/indicators.md, both from the register itself."""

from __future__ import annotations

from itertools import groupby

from dashboard import words
from dashboard.miniatures import miniature
from dashboard.settings import SettingsError, near
from dashboard.terminal import say, table
from metrics.evidence import WITHHELD
from metrics.indicator import ALWAYS, Indicator, indicators

BETTER = {"up": "up is good", "down": "down is good", "either": "context, not judged"}
HEAD = """# Indicators

Every number on the screen, as the register has it: what it counts, in which unit, which way is good, after whom, how
much it takes to be shown, and what to beware of. This page is written by `bellwether indicators --page`; a test keeps
it true. How a new one is added: [add an indicator](add-an-indicator.md).

Common to all: counted in the team a person was in at the time; never shown for fewer than the smallest group (8 people
unless you set it higher); withheld under {few} events and marked "low volume" under the number given; 95 % intervals.
Where a table is missing, the value is unknown and the table is named.

{contents}
"""
ENTRY = """
### {title} ({code})

`{name}` · {unit} · {better} · {timing}

*{question}* {definition}

| | |
|---|---|
| after | {source} |
| reads | {reads} |
| counted over | {window} |
| shown plainly from | {least} |
| should move with | {paired} |
| beware | {beware} |
| in small | {miniature} |
"""


def in_order() -> list[Indicator]:
    """All indicators by theme, each followed by those that stand beside it."""
    found = indicators()

    def place(one: Indicator) -> tuple[str, str, int, bool, str]:
        main = found[one.beside] if one.beside else one
        letters = main.code.rstrip("0123456789")
        return main.theme, letters, int(main.code[len(letters) :] or 0), bool(one.beside), one.name

    return sorted(found.values(), key=place)


def listed() -> None:
    """All indicators in one table."""
    rows = [
        (one.theme, one.code, one.name, f"{'  ' if one.beside else ''}{one.title}", BETTER[one.better],
         ", ".join(one.tables))
        for one in in_order()
    ]  # fmt: skip
    table(["theme", "code", "name", "indicator", "better", "reads"], rows)
    say("Details of one: bellwether indicators NAME")


def described(name: str) -> None:
    """One indicator in full."""
    found = indicators()
    if name not in found:
        raise SettingsError(f"no indicator is called {name}{near(name, list(found))}; see `bellwether indicators`")
    for line in entry(found[name]).strip().splitlines():
        say(line)


def page() -> str:
    """docs/indicators.md."""
    themes = [(theme, list(found)) for theme, found in groupby(in_order(), key=_theme)]
    contents = "\n".join(
        f"- [{words.first_up(theme)}](#{theme.replace(' ', '-')}): {len(all_)}" for theme, all_ in themes
    )
    parts = [HEAD.format(few=WITHHELD, contents=contents)]
    for theme, found in themes:
        parts.append(f"\n## {words.first_up(theme)}\n")
        parts += [entry(one) for one in found]
    return "".join(parts)


def entry(one: Indicator) -> str:
    """One indicator as a section."""
    paragraphs = (" ".join(paragraph.split()) for paragraph in one.definition.split("\n\n"))
    main = indicators()[one.beside].title if one.beside else ""
    return ENTRY.format(
        title=one.title,
        code=one.code,
        name=one.name,
        unit=one.unit or "a number",
        better=f"beside {main}" if main else BETTER[one.better],
        timing=one.timing,
        question=one.question,
        definition="\n\n".join(paragraphs),
        source=one.source,
        reads=", ".join(f"{name} (if there is)" if name in one.optional else name for name in one.tables),
        window=_window(one),
        least=f"{one.least} counted",
        paired=words.pair(one.paired, indicators()) or "nothing in particular",
        beware=one.beware,
        miniature=miniature(one),
    )


def _theme(one: Indicator) -> str:
    return indicators()[one.beside].theme if one.beside else one.theme


def _window(one: Indicator) -> str:
    if one.kind == "scale":
        return "each survey wave"
    if one.window > 1:
        return f"{one.window} weeks"
    return (
        "a week"
        if one.reach == 0
        else "a week, from facts of any age"
        if one.reach >= ALWAYS
        else f"the {one.reach + 7} days up to a week's end"
    )
