"""How late each planted trouble of the made-up company is found, how often quiet series cry, if traps stay silent.

python -m benchmarks.planted [SETTINGS]      reads the edition that SETTINGS (demo/settings.toml) has published
"""

from __future__ import annotations

import sys
from datetime import date, timedelta

import polars as pl

from connectors.company.planted import TEAM_OF_FOUR, Planted, planted
from connectors.store.memory import Memory
from dashboard.settings import load_settings
from metrics.indicator import indicators

PLACE = ["indicator", "unit"]


def main(path: str = "demo/settings.toml") -> None:
    settings = load_settings(path)
    edition = Memory.open(settings.store.memory).published()
    if edition is None:
        sys.exit(f"nothing is published by {path}; run `bellwether --settings {path} sync refresh` first")
    said = planted(edition.as_of)
    found(edition.cells, said)
    print()
    traps(edition, said)


def found(cells: pl.DataFrame, said: tuple[Planted, ...]) -> None:
    print(f"{'planted':<18}{'unit':<16}{'indicator':<22}{'from':<12}{'watch':>7}{'alarm':>7}  weeks until known")
    for one in (one for one in said if one.to_be_found):
        for name in one.indicators:
            late = [delay(cells, one, name, verdicts) for verdicts in (["watch", "alarm"], ["alarm"])]
            shown = ["–" if weeks is None else f"{weeks:.1f}" for weeks in late]
            print(f"{one.name:<18}{one.unit:<16}{name:<22}{one.onset!s:<12}{shown[0]:>7}{shown[1]:>7}")


def delay(cells: pl.DataFrame, one: Planted, name: str, verdicts: list[str]) -> float | None:
    """Weeks from the onset until the week of the first such verdict was over and settled."""
    hits = cells.filter(
        pl.col("unit") == one.unit,
        pl.col("indicator") == name,
        pl.col("week") >= one.onset,
        pl.col("verdict").is_in(verdicts),
        pl.col("side") == one.direction,
    )
    first = hits["week"].min()
    if not isinstance(first, date):
        return None
    known = first + timedelta(days=7 + indicators()[name].settles)
    return (known - one.onset).days / 7


def traps(edition: object, said: tuple[Planted, ...]) -> None:
    cells: pl.DataFrame = edition.cells  # type: ignore[attr-defined]
    units: pl.DataFrame = edition.units  # type: ignore[attr-defined]
    told = related(said, units)
    onsets = cells.sort("week").with_columns(
        new=(pl.col("verdict") == "alarm") & (pl.col("verdict").shift().over(PLACE) != "alarm")
    )
    judged = onsets.filter(pl.col("verdict") != "unknown").join(told, on=PLACE, how="anti")
    false = judged.filter("new")
    rate = 1000 * false.height / max(judged.height, 1)
    print(f"false alarms: {false.height} in {judged.height:,} quiet series-weeks, {rate:.2f} per 1,000")
    for row in false.select(*PLACE, "week", "side").sort(PLACE).iter_rows():
        print("   ", *row)
    for one in (one for one in said if one.direction in ("held", "quiet") and one.until):
        names = list(one.indicators) or list(indicators())
        within = onsets.filter(
            pl.col("week") >= one.onset, pl.col("week") < one.until, pl.col("indicator").is_in(names)
        )
        within = within.join(told, on=PLACE, how="anti") if one.direction == "quiet" else within
        print(f"{one.name}, {one.onset}: {within.filter('new').height} alarms begin; want 0")
    seen = TEAM_OF_FOUR in units["unit"] or TEAM_OF_FOUR in cells["unit"]
    print(f"team of four: {'SEEN' if seen else 'nowhere'}; want nowhere")


def related(said: tuple[Planted, ...], units: pl.DataFrame) -> pl.DataFrame:
    """The series a planted change moves: its unit, all below it and all above it."""
    above = dict(units.select("unit", "parent").rows())

    def line(unit: str | None) -> list[str]:
        return [] if unit is None else [unit, *line(above.get(unit))]

    lines = {unit: line(unit) for unit in above}
    pairs = {
        (name, unit)
        for one in said
        if one.to_be_found
        for name in one.indicators
        for unit in above
        if one.unit in lines[unit] or unit in lines.get(one.unit, [])
    }
    return pl.DataFrame(sorted(pairs), schema={"indicator": pl.String, "unit": pl.String}, orient="row")


if __name__ == "__main__":
    main(*sys.argv[1:])
