"""What the made-up company adds for how it reflects: retrospectives, reviews, experiments, what came of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from connectors.company.adding import Adds
from connectors.company.rhythm import DAY, Ints, at, numbered
from connectors.company.work import spread

if TYPE_CHECKING:
    from connectors.company.company import Company

RETROSPECTIVES = 0.028
SEVERE, REVIEWED, LEARNING = 0.06, 0.72, 0.35
ACTED, WITHIN = 0.55, 9.0
HOURS, USED = 24.0, 0.62
MONEY, SPENT = 300.0, 0.7
QUARTER = 91


def tickets(company: Company, frame: pl.DataFrame) -> pl.DataFrame:
    """Incidents are severe or not, and teams hold retrospectives: about one in two weeks for most."""
    rng = company.chance("severe")
    severe = pl.Series(rng.random(frame.height) < SEVERE)
    marked = frame.with_columns(severe=pl.when(pl.col("kind") == "incident").then(severe))
    return pl.concat([marked, _retrospectives(company)], how="diagonal_relaxed")


def _held(company: Company) -> tuple[Ints, Ints, Ints]:
    """Retrospectives of teams: unit, person, moment."""
    rng = company.chance("retrospectives")
    unit, week, seats = spread(rng, company.tree, company.roster, company.rhythm, RETROSPECTIVES)
    when = company.rhythm.moments(rng, week)
    person = company.roster.sitting(company.roster.draw(rng, unit, seats), when // DAY)
    order = np.argsort(when, kind="stable")
    return unit[order], person[order], when[order]


def _retrospectives(company: Company) -> pl.DataFrame:
    unit, person, when = _held(company)
    moment = company.rhythm.moment(when)
    return pl.DataFrame({
        "ticket": numbered("desk:r", np.arange(1, len(unit) + 1)), "kind": pl.Series(["retrospective"] * len(unit)),
        "unit": company.tree.id.gather(unit), "assignee": at(company.roster.mail, person), "opened": moment,
        "resolved": moment, "closed": moment, "changed": moment,
    })  # fmt: skip


def links(company: Company, frame: pl.DataFrame) -> pl.DataFrame:
    """Severe incidents are linked to a post-mortem or a review; half of the retrospectives to an action."""
    rng, rhythm = company.chance("reflection links"), company.rhythm
    incidents = company.table("tickets").filter(pl.col("severe"))
    lessons = company.made("articles").filter(kind="post-mortem").sort("created")
    drawn = incidents.filter(pl.Series(rng.random(incidents.height) < REVIEWED))
    wait = (rng.lognormal(np.log(2.6), 0.8, drawn.height) * DAY).astype(np.int64)
    found = drawn.select(target="ticket", made=pl.col("opened") + pl.duration(seconds=pl.lit(pl.Series(wait)))).sort(
        "made"
    )
    near = found.join_asof(lessons.select("created", origin="article"), left_on="made", right_on="created")
    reviews = near.drop_nulls("origin").select("origin", "target", "made", kind=pl.lit("review"))
    last = rhythm.moment(np.array([rhythm.end - 1]))[0]
    both = pl.concat([reviews, _acted(company, rng)]).filter(pl.col("made") < last)
    named = both.with_columns(link=pl.format("desk:k{}", pl.int_range(1, pl.len() + 1)), changed="made")
    return pl.concat([frame, named.select(frame.columns)])


def _acted(company: Company, rng: np.random.Generator) -> pl.DataFrame:
    """Insights of tickets with the action that came of them, if one did: about nine days later in the middle."""
    kinds = pl.col("kind").is_in(["retrospective", "review", "experiment"])
    insights = company.table("tickets").filter(kinds, pl.col("resolved").is_not_null())
    drawn = insights.filter(pl.Series(rng.random(insights.height) < ACTED))
    wait = (rng.lognormal(np.log(WITHIN), 0.9, drawn.height) * DAY).astype(np.int64)
    actions = company.made("tickets").filter(kind="action")["ticket"]
    target = actions.gather(pl.Series(rng.integers(0, len(actions), drawn.height)))
    made = pl.col("resolved") + pl.duration(seconds=pl.lit(pl.Series(wait)))
    return drawn.select(origin="ticket", target=target, made=made, kind=pl.lit("action"))


def feedback(company: Company, frame: pl.DataFrame) -> pl.DataFrame:
    """A third of the recognition is for something learnt."""
    learnt = pl.Series(company.chance("learning praised").random(frame.height) < LEARNING)
    return frame.with_columns(learning=pl.when(pl.col("kind") == "recognition").then(learnt))


def resources(company: Company, frame: pl.DataFrame) -> pl.DataFrame:
    """Every quarter each team has hours and money for learning, and uses some; the last quarter is not over."""
    return pl.concat(
        [_granted(company, "resources", "hours", HOURS, USED), _granted(company, "budgets", "money", MONEY, SPENT)]
    )


def _granted(company: Company, section: str, kind: str, each: float, usual: float) -> pl.DataFrame:
    """So much for each seat and quarter, and what was used of it: the usual share, more or less."""
    rng, tree, rhythm = company.chance(section), company.tree, company.rhythm
    quarters = np.arange(0, rhythm.days, QUARTER)
    unit, day = np.repeat(tree.teams, len(quarters)), np.tile(quarters, len(tree.teams))
    seats = company.roster.open(quarters)[tree.teams].ravel()
    allotted = np.round(each * seats)
    used = np.round(allotted * np.clip(rng.normal(usual, 0.12, len(unit)), 0.05, 1), 1)
    over = day + QUARTER < rhythm.days
    known = np.where(over, day + QUARTER, day)
    return pl.DataFrame({
        "resource": numbered(f"hr:{kind[0]}", np.arange(1, len(unit) + 1)), "unit": tree.id.gather(unit),
        "kind": pl.repeat(kind, len(unit), eager=True), "starts": rhythm.date(day), "allotted": pl.Series(allotted),
        "used": pl.Series(used).set(pl.Series(~over), None), "changed": rhythm.moment(known * DAY),
    })  # fmt: skip


ADDS: Adds = {"tickets": tickets, "links": links, "feedback": feedback, "resources": resources}
