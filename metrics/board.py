"""Everything judged as of one day: what screen, mail and file all show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from metrics.indicator import Indicator
from metrics.judge import Rules, judge
from metrics.kinds import KINDS
from metrics.mixture import mixtures
from metrics.natures import stopped
from metrics.rounding import rounded
from metrics.sentence import sentence
from metrics.turning import SCHEMA as TURNED
from metrics.turning import turning
from metrics.whereabouts import whereabouts

PLACE = ["indicator", "unit"]
WAVE, WEEKS = 30, 8
SCHEMA = {
    "indicator": pl.String, "unit": pl.String, "week": pl.Date, "verdict": pl.String, "side": pl.String,
    "since": pl.Date, "before": pl.Float64, "now": pl.Float64, "n": pl.Int64, "strength": pl.Float64, "p": pl.Float64,
    "folded": pl.String, "nature": pl.String, "sentence": pl.String, "began": pl.Date, "began_early": pl.Date,
    "began_late": pl.Date,
}  # fmt: skip


@dataclass(frozen=True)
class Board:
    """One row per indicator and unit: `indicator, unit, week, verdict, side, since, before, now, n, strength, p,
    folded, nature, sentence, began, began_early, began_late`.

    `before` and `now` in display units; `since` is the week in which what the verdict tells began; `folded` names the
    highest unit above whose alarm of the same side tells of the same thing; `nature` is what kind of movement it is:
    `shift`, `drift`, `spike`, `good news`, or `silence` of a series that stopped; `began` is the week of the change
    itself, looked back upon, and between which weeks it lies.
    """

    as_of: date
    rows: pl.DataFrame

    @classmethod
    def of(
        cls,
        cells: pl.DataFrame,
        judged: pl.DataFrame,
        units: pl.DataFrame,
        indicators: Mapping[str, Indicator],
        as_of: date,
        turned: pl.DataFrame | None = None,
    ) -> Board:
        """From published cells (with their verdicts), what the judge said (raw), the published units, and when what
        rings began (`metrics.turning`).

        Only units in `units` stand on the board. The last week that is over and settled counts; if that is eight weeks
        ago (thirty for a survey), or hidden, or held, the verdict is unknown.
        """
        latest = newest(cells, units, indicators, as_of)
        said = judged.select(*PLACE, "week", "before", "strength", "p", "maturity", "nature", told="since")
        factors = {name: KINDS[one.kind].factor for name, one in indicators.items()}
        factor = pl.col("indicator").replace_strict(factors, default=1.0, return_dtype=pl.Float64)
        known, shown = pl.col("verdict") != "unknown", pl.col("state") == "shown"
        rows = latest.join(said, [*PLACE, "week"], how="left").join(runs(cells), PLACE, how="left")
        rows = rows.with_columns(
            since=pl.when(known).then(pl.coalesce("told", "from")).otherwise("from"),
            before=pl.when(shown).then(pl.col("before") * factor),
            strength=pl.when(shown).then("strength"),
            p=pl.when(shown).then("p"),
            now="value",
        )
        rows = with_turning(with_nature(rows, cells, indicators), turned)
        rows = folded(rows, units).join(units.select("unit", "name", "parent"), "unit")
        words = [sentence(row, indicators[row["indicator"]]) for row in rows.iter_rows(named=True)]
        more = mixtures(rows, cells, units, indicators), whereabouts(rows, indicators)
        words = [" ".join(one for one in told if one) for told in zip(words, *more, strict=True)]
        good = (pl.col("verdict") == "alarm") & (pl.col("side") == "better")
        told = rows.with_columns(
            sentence=pl.Series(words, dtype=pl.String),
            nature=pl.when(good).then(pl.lit("good news")).otherwise("nature"),
        )
        return cls(as_of, told.select(pl.col(name).cast(kind) for name, kind in SCHEMA.items()).sort(PLACE))

    def alarms(self, side: str) -> pl.DataFrame:
        """The alarms that stand for themselves, strongest first: trouble (`worse`) or good news (`better`)."""
        mine = self.rows.filter(pl.col("verdict") == "alarm", pl.col("side") == side, pl.col("folded").is_null())
        return mine.sort(pl.col("strength").abs(), descending=True)


def newest(cells: pl.DataFrame, units: pl.DataFrame, indicators: Mapping[str, Indicator], as_of: date) -> pl.DataFrame:
    """The last cell of each indicator and published unit whose week is over and settled; unknown when long ago."""
    waves = [name for name, one in indicators.items() if one.kind == "scale"]
    whole = cells.lazy().filter(pl.col("state") != "partial", pl.col("indicator").is_in(list(indicators)))
    ends = whole.join(units.lazy(), "unit", how="semi").group_by(PLACE).agg(pl.col("week").max())
    last = cells.lazy().join(ends, [*PLACE, "week"], how="semi").sort("week", *PLACE).collect()
    stale = pl.when(pl.col("indicator").is_in(waves)).then(WAVE).otherwise(WEEKS)
    old = (pl.lit(as_of) - pl.col("week")).dt.total_days() > 7 * (1 + stale) + settling(indicators)
    unknown = old | (pl.col("state") != "shown")
    return last.with_columns(
        old=old,
        verdict=pl.when(unknown).then(pl.lit("unknown")).otherwise("verdict"),
        side=pl.when(unknown).then(pl.lit("")).otherwise("side"),
    )


def with_nature(rows: pl.DataFrame, cells: pl.DataFrame, indicators: Mapping[str, Indicator]) -> pl.DataFrame:
    """With `nature` of what is known, and `silence` where a series stopped that came week by week."""
    weekly = [name for name, one in indicators.items() if one.kind != "scale"]
    gone = stopped(cells.lazy().filter(pl.col("indicator").is_in(weekly))).with_columns(stopped=pl.lit(True))
    silent = pl.col("old") & (pl.col("state") == "shown") & pl.col("stopped").fill_null(False)
    moving = pl.col("verdict").is_in(["alarm", "watch"])
    nature = pl.when(silent).then(pl.lit("silence")).when(moving).then(pl.col("nature").fill_null(""))
    return rows.join(gone, PLACE, how="left").with_columns(nature=nature.otherwise(pl.lit("")))


def with_verdicts(cells: pl.DataFrame, verdicts: pl.DataFrame, registered: Mapping[str, Indicator]) -> pl.DataFrame:
    """The cells with verdict, side and usual range, in display units; what is not shown has none."""
    factors = {name: KINDS[one.kind].factor for name, one in registered.items()}
    factor = pl.col("indicator").replace_strict(factors, return_dtype=pl.Float64)
    keys, judged = [*PLACE, "week"], ["verdict", "side", "usual_low", "usual_high"]
    said = cells.select(keys).join(verdicts.select(*keys, *judged), on=keys, how="left", maintain_order="left")
    told = pl.col("state") == "shown"
    drawn = pl.col("state").is_in(["shown", "partial"])
    return cells.hstack(said.select(judged)).with_columns(
        verdict=pl.when(told).then(pl.col("verdict").fill_null("unknown")).otherwise(pl.lit("unknown")),
        side=pl.when(told).then(pl.col("side").fill_null("")).otherwise(pl.lit("")),
        usual_low=pl.when(drawn).then(pl.col("usual_low") * factor),
        usual_high=pl.when(drawn).then(pl.col("usual_high") * factor),
    )


def verdicts(
    cells: pl.DataFrame,
    series: pl.DataFrame,
    units: pl.DataFrame,
    indicators: Mapping[str, Indicator],
    as_of: date,
    rules: Rules,
) -> tuple[pl.DataFrame, Board]:
    """The cells with what the judge says of the series, and the board of what is so now."""
    said = judge(series, rules=rules)
    told = rounded(with_verdicts(cells, said, indicators))
    return told, Board.of(told, said, units, indicators, as_of, turning(series, said))


def with_turning(rows: pl.DataFrame, turned: pl.DataFrame | None) -> pl.DataFrame:
    """With `began, began_early, began_late` of alarms that are shown."""
    known = pl.DataFrame(schema=TURNED) if turned is None else turned
    rings = (pl.col("verdict") == "alarm") & (pl.col("state") == "shown")
    weeks = [name for name in TURNED if name not in PLACE]
    return rows.join(known, PLACE, how="left").with_columns(pl.when(rings).then(name).alias(name) for name in weeks)


def settling(indicators: Mapping[str, Indicator]) -> pl.Expr:
    days = {name: one.settles for name, one in indicators.items()}
    return pl.col("indicator").replace_strict(days, default=0, return_dtype=pl.Int64)


def runs(cells: pl.DataFrame) -> pl.DataFrame:
    """The week since which each indicator and unit has had its last verdict, weeks that are not over left out."""
    told = [*PLACE, "verdict", "side"]
    whole = cells.lazy().filter(pl.col("state") != "partial").select(*told, "week").sort(*PLACE, "week")
    turned = pl.any_horizontal(pl.col(name).ne_missing(pl.col(name).shift()) for name in told)
    return whole.filter(turned).group_by(PLACE).agg(pl.col("week").max().alias("from")).collect()


def folded(rows: pl.DataFrame, units: pl.DataFrame) -> pl.DataFrame:
    """With `folded`: of an alarm, the highest unit above it with an alarm of the same side and indicator."""
    alarms = rows.filter(pl.col("verdict") == "alarm").select(*PLACE, "side")
    above = ancestors(units).join(alarms, "unit").join(
        alarms.rename({"unit": "ancestor"}), ["indicator", "side", "ancestor"], how="semi"
    )  # fmt: skip
    top = above.sort("distance").group_by(PLACE, maintain_order=True).agg(folded=pl.col("ancestor").last())
    return rows.join(top, PLACE, how="left")


def ancestors(units: pl.DataFrame) -> pl.DataFrame:
    """`unit, ancestor, distance` (1 = parent) among these units; a cycle ends."""
    parents = units.select("unit", "parent").drop_nulls()
    level, found = parents.rename({"parent": "ancestor"}), []
    for distance in range(1, units.height + 1):
        if level.is_empty():
            break
        found.append(level.with_columns(distance=pl.lit(distance)))
        level = level.join(parents, left_on="ancestor", right_on="unit").select("unit", ancestor="parent")
        level = level.filter(pl.col("unit") != pl.col("ancestor"))
    shape = {"unit": pl.String, "ancestor": pl.String, "distance": pl.Int32}
    return pl.concat(found) if found else pl.DataFrame(schema=shape)
