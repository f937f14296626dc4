"""The colours of pictures, for light and for dark backgrounds, told apart by those who see red and green alike too."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Ink:
    """Colours on one background; `kinds` by what a verdict says."""

    text: str
    line: str
    band: str
    quiet: str
    held: str
    faint: str
    paper: str
    kinds: dict[str, str]

    def kind(self, name: str) -> str:
        return self.kinds.get(name, self.quiet)


LIGHT = Ink(
    text="#3d4854",
    line="#1f5f8b",
    band="#1f5f8b",
    quiet="#6a7480",
    held="#8c8574",
    faint="#e3edf4",
    paper="#fbfaf7",
    kinds={"alarm": "#b3261e", "watch": "#9a5b00", "good": "#1b6e3c", "hope": "#1b6e3c", "ok": "#1f5f8b"},
)
DARK = Ink(
    text="#c3ccd6",
    line="#7db8e0",
    band="#7db8e0",
    quiet="#98a3af",
    held="#a39c8b",
    faint="#1c2a36",
    paper="#12171d",
    kinds={"alarm": "#ff8a80", "watch": "#f0b35a", "good": "#74cf97", "hope": "#74cf97", "ok": "#7db8e0"},
)


def ink(dark: bool) -> Ink:
    return DARK if dark else LIGHT
