"""Who is told what: what each may see, what each asked for, and what is muted."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import polars as pl

from metrics.alerts import FLIPS, flips
from metrics.board import ancestors, folded

TIERS = ("alarm", "watch")
TOLD = pl.Schema(
    {
        **dict.fromkeys(("indicator", "unit", "verdict", "side"), pl.String()),
        "since": pl.Date(),
        "at": pl.Datetime("us", "UTC"),
    }
)


@dataclass(frozen=True)
class Want:
    """One thing somebody asked to be told of: a unit with all below it, a theme, or both; `tier`: from which verdict.

    Nothing named is everything.
    """

    unit: str = ""
    theme: str = ""
    tier: str = "alarm"


@dataclass(frozen=True)
class Recipient:
    """Somebody to tell. `name`: what is told is remembered under it, so it names way out and address.

    `scope`: the units they may see, each with all below it; None is all there are, empty is none. `wants`: what they
    asked for; None is every alarm they may see, empty is nothing.
    """

    name: str
    scope: tuple[str, ...] | None = None
    wants: tuple[Want, ...] | None = None


@dataclass(frozen=True)
class Mute:
    """Nothing is sent of this until a day, which is the first on which it is again; who said so and why.

    `unit` (with all `below` it, or alone), `indicator`, `theme`: what all of those named have in common.
    """

    until: date
    who: str
    why: str
    unit: str = ""
    below: bool = True
    indicator: str = ""
    theme: str = ""
    id: int = 0

    def holds(self, today: date) -> bool:
        return today < self.until


@dataclass(frozen=True)
class Tree:
    """The published units (`unit, parent`), and the theme of each indicator."""

    units: pl.DataFrame
    themes: Mapping[str, str]

    @cached_property
    def above(self) -> pl.DataFrame:
        return ancestors(self.units)

    def below(self, tops: Collection[str]) -> list[str]:
        """These units, as far as they are published, and all below them."""
        known = self.units.filter(pl.col("unit").is_in(list(tops)))["unit"]
        under = self.above.filter(pl.col("ancestor").is_in(known.implode()))["unit"]
        return list(dict.fromkeys([*known, *under]))

    def themed(self, theme: str) -> list[str]:
        return [name for name, one in self.themes.items() if one == theme]


def news(
    rows: pl.DataFrame,
    recipients: Iterable[Recipient],
    mutes: Iterable[Mute],
    tree: Tree,
    told: Mapping[str, pl.DataFrame],
    today: date,
) -> dict[str, pl.DataFrame]:
    """What to tell whom: for each recipient's name the flips of `metrics.alerts.flips`, empty where there is nothing.

    `rows`: what `metrics.alerts.standing` gives; `told`: for each recipient's name what they were told (none: nothing
    yet). Nobody is told of what they may not see, did not ask for, or what is muted today; its end is told once the
    mute is over. What an alarm above explains is left to that one only for those who are told of that one.
    """
    heard = [one for one in mutes if one.holds(today)]
    loud = rows.filter(~silenced(heard, tree))
    return {one.name: due(loud, one, tree, told.get(one.name, pl.DataFrame(schema=TOLD))) for one in recipients}


def due(rows: pl.DataFrame, one: Recipient, tree: Tree, told: pl.DataFrame) -> pl.DataFrame:
    """What to tell one recipient: in the tier of what they asked for, the more wanted one first."""
    seen = rows if one.scope is None else rows.filter(pl.col("unit").is_in(tree.below(one.scope)))
    wants = (Want(),) if one.wants is None else one.wants
    watched = seen.filter(wanted([want for want in wants if want.tier == "watch"], tree))
    rest = seen.filter(wanted(wants, tree)).join(watched, ["indicator", "unit"], how="anti")
    both = folded(pl.concat([watched, rest]).drop("folded"), tree.units)
    mine = pl.col("indicator", "unit")
    parts = [flips(both.join(part.select(mine), ["indicator", "unit"], how="semi"), told, tier) for part, tier in
             ((watched, "watch"), (rest, "alarm"))]  # fmt: skip
    return pl.concat(parts).select(FLIPS).sort("indicator", "unit")


def wanted(wants: Collection[Want], tree: Tree) -> pl.Expr:
    """Whether a row is in any of these."""
    every = [within(want.unit, "", want.theme, below=True, tree=tree) for want in wants]
    return pl.any_horizontal(every) if every else pl.lit(False)


def silenced(mutes: Collection[Mute], tree: Tree) -> pl.Expr:
    """Whether a row is muted by any of these."""
    every = [within(one.unit, one.indicator, one.theme, below=one.below, tree=tree) for one in mutes]
    return pl.any_horizontal(every) if every else pl.lit(False)


def within(unit: str, indicator: str, theme: str, *, below: bool, tree: Tree) -> pl.Expr:
    """Whether a row is of this unit, indicator and theme, as far as they are named."""
    place = pl.lit(True)
    if unit:
        place &= pl.col("unit").is_in(tree.below([unit]) if below else [unit])
    if indicator:
        place &= pl.col("indicator") == indicator
    return place & pl.col("indicator").is_in(tree.themed(theme)) if theme else place


def muted(rows: pl.DataFrame, mutes: Iterable[Mute], tree: Tree, today: date) -> dict[tuple[str, str], Mute]:
    """The mute that holds today over each of these rows (`indicator, unit`) and lasts longest."""
    found: dict[tuple[str, str], Mute] = {}
    for one in sorted((one for one in mutes if one.holds(today)), key=lambda one: one.until):
        for place in rows.filter(silenced([one], tree)).select("indicator", "unit").iter_rows():
            found[place] = one
    return found
