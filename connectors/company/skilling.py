"""What the made-up company adds for how people grow: tests, mentors, plans looked after, suggestions, what matters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from connectors.company.adding import Adds
from connectors.company.names import SKILLS
from connectors.company.rhythm import DAY, at, numbered
from connectors.company.work import spread

if TYPE_CHECKING:
    from connectors.company.company import Company

TESTED, GAINED = 0.55, 0.42
MENTORING, ACROSS = 0.035, 0.4
UPDATED = 0.6
SUGGESTED, BY_LOT = 0.12, 0.15
TAKEN, TAKEN_BY_LOT = 0.34, 0.22
APPLIED, APPLIED_BY_LOT = 0.18, 0.11
DECLINED = 0.08


def learning(company: Company, frame: pl.DataFrame) -> pl.DataFrame:
    """Half of the courses test what was known before and after."""
    rng, many = company.chance("tests"), frame.height
    tested, before = rng.random(many) < TESTED, np.round(rng.beta(4, 5, many) * 100)
    after = np.round(before + (100 - before) * np.clip(rng.normal(GAINED, 0.22, many), -0.2, 1))
    done = pl.col("done").is_not_null() & pl.Series(tested)
    marks = {"before": before, "after": np.clip(after, 0, 100), "best": np.full(many, 100.0)}
    return frame.with_columns(pl.when(done).then(pl.Series(values)).alias(name) for name, values in marks.items())


def mentoring(company: Company, frame: pl.DataFrame) -> pl.DataFrame:
    """Meetings with mentors, two in five with one of another team; told by the account of each."""
    rng, tree, roster, rhythm = company.chance("mentoring"), company.tree, company.roster, company.rhythm
    unit, week, seats = spread(rng, tree, roster, rhythm, MENTORING)
    met = rhythm.moments(rng, week)
    away = rng.random(len(unit)) < ACROSS
    there = np.where(away, rng.choice(tree.teams, len(unit)), unit)
    many = np.where(away, np.diff(roster.from_seat)[there], seats)
    who = roster.sitting(roster.draw(rng, unit, seats), met // DAY)
    mentor = roster.sitting(roster.draw(rng, there, many), met // DAY)
    accounts = company.made("accounts").select("account", mail="person")
    rows = pl.DataFrame({"mail": at(roster.mail, who), "other": at(roster.mail, mentor), "seen": rhythm.moment(met)})
    named = rows.drop_nulls().join(accounts, on="mail", how="left").join(
        accounts.rename({"account": "mentor", "mail": "other"}), on="other", how="left"
    )  # fmt: skip
    told = named.filter(pl.col("account") != pl.col("mentor")).sort("seen", "account").select(
        tie=pl.format("chat:g{}", pl.int_range(1, pl.len() + 1)), person="account", other="mentor",
        kind=pl.lit("mentoring"), seen="seen", changed="seen",
    )  # fmt: skip
    silent = frame.select(pl.col("seen").dt.date().unique())["seen"]
    told = told.filter(pl.col("seen").dt.date().is_in(silent.implode()))
    return pl.concat([frame, told], how="diagonal_relaxed")


def plans(company: Company, frame: pl.DataFrame) -> pl.DataFrame:
    """Most plans are looked at again."""
    rng = company.chance("updates")
    later = pl.Series(rng.integers(20, 200, frame.height))
    updated = pl.col("made") + pl.duration(days=pl.lit(later))
    known = pl.Series(rng.random(frame.height) < UPDATED) & (updated < company.today)
    return frame.with_columns(updated=pl.when(known).then(updated))


def needs(company: Company, frame: pl.DataFrame) -> pl.DataFrame:
    """Each need is one of a role and matters from 1 to 5; a skill matters alike everywhere."""
    weight = company.chance("importance").choice(5, len(SKILLS), p=(0.05, 0.15, 0.35, 0.3, 0.15)) + 1.0
    matters = pl.DataFrame({"skill": SKILLS, "importance": weight})
    return frame.join(matters, on="skill", how="left", maintain_order="left").with_columns(kind=pl.lit("role"))


def suggestions(company: Company, frame: pl.DataFrame) -> pl.DataFrame:
    """Modules suggested to people; one in seven drawn by lot, and less often taken up."""
    rng, tree, roster, rhythm = company.chance("suggestions"), company.tree, company.roster, company.rhythm
    unit, week, seats = spread(rng, tree, roster, rhythm, SUGGESTED)
    made = rhythm.moments(rng, week)
    person = roster.sitting(roster.draw(rng, unit, seats), made // DAY)
    keep = (person >= 0) & (week >= rhythm.weeks - 60)
    unit, made, person = unit[keep], made[keep], person[keep]
    lot, many = rng.random(len(unit)) < BY_LOT, len(unit)
    taken = rng.random(many) < np.where(lot, TAKEN_BY_LOT, TAKEN)
    used = rng.random(many) < np.where(lot, APPLIED_BY_LOT, APPLIED)
    done = made + (rng.exponential(8, many) * DAY).astype(np.int64)
    applied = made + (rng.uniform(1, 29, many) * DAY).astype(np.int64)
    skill = (unit * 3 + rng.integers(0, 5, many)) % len(SKILLS)
    latest = np.maximum(
        np.where(taken & (done < rhythm.end), done, made), np.where(used & (applied < rhythm.end), applied, made)
    )
    return pl.DataFrame({
        "suggestion": numbered("learning:s", np.arange(1, many + 1)), "person": roster.mail.gather(person),
        "module": numbered("module-", skill * 4 + rng.integers(0, 4, many)), "skill": pl.Series(SKILLS).gather(skill),
        "made": rhythm.moment(made), "explored": pl.Series(lot),
        "done": rhythm.moment(np.where(taken, done, rhythm.end)),
        "applied": rhythm.moment(np.where(used, applied, rhythm.end)),
        "declined": pl.Series(rng.random(many) < DECLINED), "changed": rhythm.moment(latest),
    })  # fmt: skip


ADDS: Adds = {
    "learning": learning, "ties_seen": mentoring, "plans": plans, "needs": needs, "suggestions": suggestions,
}  # fmt: skip
