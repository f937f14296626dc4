"""Labels of answers as points of a scale; "don't know" is missing, and a label that no scale knows is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

AGREE_5 = ("strongly disagree", "disagree", "neither agree nor disagree", "agree", "strongly agree")
AGREE_7 = (
    "strongly disagree", "disagree", "somewhat disagree", "neither agree nor disagree", "somewhat agree", "agree",
    "strongly agree",
)  # fmt: skip
ACCURATE_7 = (
    "very inaccurate", "mostly inaccurate", "slightly inaccurate", "uncertain", "slightly accurate", "mostly accurate",
    "very accurate",
)  # fmt: skip
OFTEN_5 = ("never", "rarely", "sometimes", "often", "always")
LIKELY_5 = ("very unlikely", "unlikely", "neither likely nor unlikely", "likely", "very likely")
SATISFIED_5 = ("very dissatisfied", "dissatisfied", "neither satisfied nor dissatisfied", "satisfied", "very satisfied")
SCALES = {
    "agreement 5": AGREE_5, "agreement 7": AGREE_7, "accuracy 7": ACCURATE_7, "frequency 5": OFTEN_5,
    "likelihood 5": LIKELY_5, "satisfaction 5": SATISFIED_5,
}  # fmt: skip
ALIKE = {
    "neutral": "neither agree nor disagree", "neither": "neither agree nor disagree",
    "slightly agree": "somewhat agree", "slightly disagree": "somewhat disagree",
    "strongly agree.": "strongly agree", "almost never": "rarely", "almost always": "always",
}  # fmt: skip
NO_ANSWER = (
    "", "n/a", "na", "none", "null", "-", "--", "not applicable", "don't know", "dont know", "do not know", "unsure",
    "no opinion", "prefer not to say", "prefer not to answer", "no answer", "refused", "-99", "#n/a",
)  # fmt: skip
POINT = r"^([+-]?\d{1,3}(?:\.\d+)?)(?:\s*[:.)=–-].*|\s+.*)?$"


@dataclass(frozen=True)
class Scale:
    """The points from `low` to `high`, the labels that mean them, and the labels that mean no answer."""

    low: float
    high: float
    labels: Mapping[str, float]
    missing: tuple[str, ...] = ()

    def read(self, said: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
        """The score of a label, and whether it is a label that this scale does not know."""
        label = plain(said)
        none = label.is_null() | label.is_in([*NO_ANSWER, *self.missing])
        worded = label.replace_strict(dict(self.labels), default=None, return_dtype=pl.Float64)
        point = label.str.extract(POINT, 1).cast(pl.Float64, strict=False)
        on = pl.when(point.is_between(self.low, self.high)).then(point)
        score = pl.when(~none).then(pl.coalesce(worded, on))
        return score, ~none & score.is_null()


def plain(said: pl.Expr) -> pl.Expr:
    """A label without what differs between tools: case, spaces, typographic apostrophes."""
    tidy = said.cast(pl.String).str.replace_all("[\u2018\u2019]", "'").str.replace_all(r"[\s\u00a0]+", " ")
    return tidy.str.strip_chars().str.to_lowercase()


def scale(name: str, low: float, high: float, labels: Mapping[str, float], missing: tuple[str, ...]) -> Scale:
    """A scale by its name, or of numbers from `low` to `high`; own labels come before those of the name."""
    known = {word: float(n) for n, word in enumerate(SCALES[name], start=1)} if name else {}
    known |= {other: known[word] for other, word in ALIKE.items() if word in known and other not in known}
    own = {" ".join(word.split()).lower(): float(point) for word, point in labels.items()}
    return Scale(low, high, {**known, **own}, tuple(word.lower() for word in missing))
