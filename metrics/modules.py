"""Which few modules touch most of what a unit lacks for its work, and whether such modules were of use before."""

from __future__ import annotations

from collections.abc import Mapping, Set

import polars as pl

from metrics.kinds import uplift
from metrics.kinds.kind import KEYS
from metrics.supply import seats
from metrics.weeks import Calendar

ENOUGH, MOST = 0.8, 5
MICRO = 15.0  # minutes
APPLIED = 30
LEAST = 200
SHAPE = {
    "unit": pl.String, "place": pl.Int64, "module": pl.String, "skills": pl.String, "covers": pl.Float64,
    "together": pl.Float64, "uplift": pl.Float64, "low": pl.Float64, "high": pl.Float64, "n": pl.Int64,
}  # fmt: skip


def greedy(
    gaps: Mapping[str, float], modules: Mapping[str, Set[str]], enough: float = ENOUGH, most: int = MOST
) -> list[tuple[str, tuple[str, ...], float]]:
    """The modules that, one after the other, cover most of what is still open: `module, skills, share of all gaps`.

    Greedy weighted cover (Nemhauser, Wolsey & Fisher 1978: at least 63 % of what so many modules could reach at best).
    Ends once `enough` is covered, after `most` modules, or when no module covers anything more. Of two alike the first
    by name.
    """
    open_ = {skill: gap for skill, gap in gaps.items() if gap > 0}
    total, covered = sum(open_.values()), 0.0
    chosen: list[tuple[str, tuple[str, ...], float]] = []
    while open_ and len(chosen) < most and covered < enough * total - 1e-9:
        reach = {name: sum(open_.get(skill, 0.0) for skill in skills) for name, skills in modules.items()}
        best = min(reach, key=lambda name: (-reach[name], name), default=None)
        if best is None or reach[best] <= 0:
            break
        taken = tuple(sorted(skill for skill in modules[best] if skill in open_))
        chosen.append((best, taken, reach[best] / total))
        covered += reach[best]
        open_ = {skill: gap for skill, gap in open_.items() if skill not in taken}
    return chosen


def gaps(
    needs: pl.LazyFrame, skills: pl.LazyFrame, teams: pl.LazyFrame, units: pl.LazyFrame, calendar: Calendar
) -> pl.DataFrame:
    """What each unit lacks in the last whole week for its projects, or its roles where it has none: `unit, skill, gap`.

    Levels missing over all seats, by importance.
    """
    now = teams.filter(pl.col("week") == calendar.last)
    ours = needs.filter(pl.col("starts") <= calendar.last + pl.duration(days=6))
    project = (pl.col("kind") == "project").fill_null(False)
    ours = ours.filter((project == project.any().over("unit")) | (pl.col("kind") == "requisition").fill_null(False))
    found = seats(ours, skills, now, units, calendar).filter(pl.col("week") == calendar.last)
    gap = (pl.col("level") * pl.col("headcount") - pl.col("met")) * pl.col("importance")
    return found.group_by("unit", "skill").agg(gap=gap.sum()).filter(pl.col("gap") > 0).collect()


def offered(suggestions: pl.LazyFrame, learning: pl.LazyFrame) -> pl.DataFrame:
    """Which modules teach which skill: whatever is suggested, and courses of a quarter of an hour (`module, skill`)."""
    suggested = suggestions.select("module", "skill")
    short = learning.with_columns(usual=pl.col("minutes").median().over("course")).filter(pl.col("usual") <= MICRO)
    both = pl.concat([suggested, short.select(module="course", skill="skill")])
    return both.drop_nulls().unique().sort("module", "skill").collect()


def uplifts(suggestions: pl.LazyFrame, calendar: Calendar, k: int) -> pl.DataFrame:
    """How many points more of each module were used at work within 30 days than of modules drawn by lot.

    `module, uplift, low, high, n`: of modules suggested 200 times or more, to a crowd, and drawn by lot too; the
    suggestions of the last 30 days are left out, for their time is not over.
    """
    over = pl.col("made") + pl.duration(days=APPLIED) <= calendar.now
    made = suggestions.filter(pl.col("explored").is_not_null(), over)
    used = (pl.col("applied") <= pl.col("made") + pl.duration(days=APPLIED)).fill_null(False)
    many = made.group_by("module").agg(people=pl.col("person").n_unique(), many=pl.len())
    enough = many.filter(pl.col("people") >= k, pl.col("many") >= LEAST).select("module")
    rows = made.join(enough, on="module", how="semi").select(
        "explored", unit="module", week=pl.lit(calendar.last), worked=used
    )
    read = uplift.read(uplift.gather(rows).with_columns(indicator=pl.lit("")), 0.0)
    points = (pl.col(name) * uplift.KIND.factor for name in ("low", "high"))
    told = read.select(*KEYS, "n", *points, uplift=pl.col("value") * uplift.KIND.factor)
    return told.select("uplift", "low", "high", "n", module="unit").drop_nulls().collect()


def suggested(lacks: pl.DataFrame, offers: pl.DataFrame, worked: pl.DataFrame, may: pl.DataFrame) -> pl.DataFrame:
    """For each unit the modules that would touch most of what it lacks (`SHAPE`), of needs in `may` (unit, skill).

    `covers` and `together` are shares of what is lacking in the skills that may be shown.
    """
    modules: dict[str, set[str]] = {}
    for module, skill in offers.iter_rows():
        modules.setdefault(module, set()).add(skill)
    known = {row["module"]: row for row in worked.iter_rows(named=True)}
    rows, open_ = [], lacks.join(may, on=["unit", "skill"], how="semi").sort("unit", "skill")
    for (unit,), mine in open_.group_by("unit", maintain_order=True):
        together = 0.0
        for place, (module, skills, share) in enumerate(
            greedy(dict(mine.select("skill", "gap").iter_rows()), modules), 1
        ):
            together += share
            use = known.get(module, {})
            rows.append((unit, place, module, ", ".join(skills), share, together, use.get("uplift"), use.get("low"),
                         use.get("high"), use.get("n")))  # fmt: skip
    return pl.DataFrame(rows, schema=SHAPE, orient="row")
