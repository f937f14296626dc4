"""From respondents to what is told of a survey scale: which waves are shown, with what evidence and which marks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from metrics import crowd
from metrics.leaders import lifted
from metrics.survey.change import Both, answered_both, withheld
from metrics.survey.evidence import Basis, Told, told
from metrics.survey.separation import MARK
from metrics.survey.verdict import mark
from metrics.survey.wave import Wave
from metrics.weeks import monday

PLACE = ["indicator", "unit", "week"]
WITHHELD = ("split", "not shared", MARK)
GIVEN = pl.Schema({"week": pl.Date(), "unit": pl.String(), "person": pl.String(), "survey": pl.String(),
                   "series": pl.String(), "score": pl.Float64(), "items": pl.List(pl.Float64)})  # fmt: skip
ASKED = pl.Schema(
    {name: pl.Date() if name == "week" else pl.String() for name in ("survey", "week", "unit", "person", "of")}
)


@dataclass(frozen=True)
class Surveys:
    """Who answered each scale (`GIVEN`, by indicator) and who was asked (`ASKED`), each in the unit named then."""

    given: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    asked: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=ASKED))


def surveys(given: Mapping[str, pl.DataFrame], invitations: pl.DataFrame, teams: pl.DataFrame) -> Surveys:
    """With who was asked: those invited (`survey, wave, respondent, unit`) where that is known.

    Else, of a survey without a word on invitations, those employed then and four weeks before (`person, week, unit`).
    """
    week = monday(pl.col("wave"))
    invited = invitations.select("survey", "unit", week=week, person="respondent", of=pl.lit("invited")).unique()
    answered = [rows.select("survey", "week").unique() for rows in given.values()]
    held = pl.concat(answered).unique() if answered else invited.select("survey", "week").clear()
    unknown = held.join(invited, on=["survey", "week"], how="anti")
    new = teams.select("person", week=pl.col("week") + pl.duration(weeks=4))
    employed = unknown.join(teams, on="week").join(new, on=["person", "week"], how="semi")
    asked = pl.concat([one.select(ASKED.names()) for one in (invited, employed.with_columns(of=pl.lit("employed")))])
    return Surveys(given, asked)


@dataclass(frozen=True)
class Scale:
    """One scale with the tree of each week, before anything is decided."""

    name: str
    waves: list[Wave]
    both: Both
    invited: pl.DataFrame
    parents: pl.DataFrame
    above: pl.DataFrame
    k: int

    @classmethod
    def of(
        cls, name: str, surveys: Surveys, moves: pl.DataFrame, parents: pl.DataFrame, above: pl.DataFrame, k: int
    ) -> Scale:
        """The few who sit above the teams are counted where `metrics.leaders` says, as in the numbers themselves."""
        rows = lifted(surveys.given.get(name, pl.DataFrame(schema=GIVEN)), moves)
        weeks = rows["week"].unique()
        here = above.filter(pl.col("week").is_in(weeks.implode()))
        asked = lifted(surveys.asked.join(rows.select("survey", "week").unique(), on=["survey", "week"]), moves)
        invited = (
            asked.join(here, on=["week", "unit"])
            .group_by(unit="ancestor", week="week")
            .agg(pl.col("of").first(), invited=pl.struct("survey", "person").n_unique().cast(pl.Float64))
        )
        return cls(
            name,
            list(Wave.all(rows, here)),
            answered_both(rows, here),
            invited,
            parents.filter(pl.col("week").is_in(weeks.implode())),
            here,
            k,
        )

    def released(self, cells: pl.DataFrame, own: pl.DataFrame) -> pl.DataFrame:
        """The decided cells, with waves hidden that may not stand beside a later one, and what protects those."""
        gone = withheld(self.waves, cells.filter(pl.col("state") != "hidden"), self.both, self.k)
        if gone.is_empty():
            return cells
        marked = cells.join(gone.with_columns(gone=pl.lit(True)), on=["unit", "week"], how="left")
        state = pl.when(pl.col("gone").fill_null(False)).then(pl.lit("hidden")).otherwise("state")
        return crowd.decide(marked.with_columns(state=state).drop("gone"), self.parents, self.k, own=own)

    def told(self, cells: pl.DataFrame, safe: pl.DataFrame) -> Told:
        """The evidence of what is shown; `safe` are the cells as decided before waves were laid side by side."""
        open_ = safe.filter(pl.col("state") != "hidden").select("unit", "week")
        return told(
            Basis(self.name, self.waves, self.both, cells, open_, self.invited, self.parents, self.above, self.k)
        )


def marked(cells: pl.DataFrame, evidence: pl.DataFrame) -> pl.DataFrame:
    """The cells with what the evidence says against them: the number of a team that it does not describe is withheld.

    A mark that is there already, as "too few", stays.
    """
    if evidence.is_empty():
        return cells
    said = pl.Series([mark(row) for row in evidence.iter_rows(named=True)], dtype=pl.String)
    joined = cells.join(evidence.select(*PLACE).with_columns(said=said), on=PLACE, how="left")
    gone = pl.col("said").is_in(WITHHELD)
    numbers = [pl.when(~gone.fill_null(False)).then(name).alias(name) for name in ("value", "low", "high")]
    stays = (pl.col("mark") != "") & ~gone.fill_null(False)
    return joined.with_columns(*numbers, mark=pl.when(stays).then("mark").otherwise(pl.coalesce("said", "mark"))).drop(
        "said"
    )


def begins(evidence: pl.DataFrame) -> pl.DataFrame:
    """The units and weeks in which a new series begins, after another: nothing before is compared with."""
    new = evidence.sort("week").filter(pl.col("series") != pl.col("series").shift(1).over("unit", order_by="week"))
    return new.select("unit", "week", begins=pl.lit(True))


def of_last_series(cells: pl.DataFrame, evidence: pl.DataFrame) -> pl.DataFrame:
    """The cells without those waves that belong to an earlier series than the newest of their unit."""
    place = ["indicator", "unit"]
    newest = pl.col("series").last().over(place, order_by="week")
    old = evidence.filter(pl.col("series") != newest)
    return cells.join(old, on=PLACE, how="anti")
