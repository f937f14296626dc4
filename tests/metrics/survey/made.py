"""Little surveys whose answers are written down: who is in which team, what they said, and what may be told of it."""

from datetime import date, timedelta

import numpy as np
import polars as pl

from metrics.indicator import indicators
from metrics.publishing import Setting, seen
from metrics.respondents import respondents
from metrics.survey.published import GIVEN, surveys
from metrics.survey.wave import Wave
from metrics.weeks import Calendar
from tests.metrics.facts import table

FIRST, SECOND, THIRD = date(2026, 3, 2), date(2026, 6, 1), date(2026, 8, 31)
TODAY = date(2026, 11, 23)
SAFETY = "psychological_safety"
ROOT = "acme"


def answers(who, said, wave=FIRST, unit="a", high=7, items="q", turned=(), construct=SAFETY, survey="pulse"):
    """One respondent's answers in the order of the items; None is left out."""
    asked = {"survey": survey, "wave": wave, "respondent": who, "unit": unit, "construct": construct}
    return [
        asked | {"item": f"{items}{n}", "score": None if score is None else float(score), "low": 1.0,
                 "high": float(high), "reversed": n in turned}
        for n, score in enumerate(said, 1)
    ]  # fmt: skip


def team(unit, matrix, wave=FIRST, first=0, **more):
    """A team whose members are called by it and their number."""
    return [row for n, said in enumerate(matrix, first) for row in answers(f"{unit}{n}", said, wave, unit, **more)]


def drawn(rng, size, level=5.0, items=7, high=7, spread=0.9, slip=0.9):
    """Whole answers of so many people around a level, who differ by `spread`, item by item by `slip`."""
    felt = level + rng.normal(0, spread, (size, 1)) + rng.normal(0, slip, (size, items))
    return np.clip(felt.round(), 1, high).astype(int).tolist()


def scored(rows, construct=SAFETY):
    """Answers as the respondents that count."""
    return respondents(table("answers", rows).lazy(), construct).collect()


def tree(units, parent=ROOT, weeks=(FIRST, SECOND, THIRD)):
    """`week, unit, parent, name`: units right below one root, or as `unit: parent` says."""
    above = units if isinstance(units, dict) else dict.fromkeys(units, parent)
    rows = [(week, unit, up, unit) for week in weeks for unit, up in {parent: None, **above}.items()]
    return pl.DataFrame(rows, schema={"week": pl.Date, "unit": pl.String, "parent": pl.String, "name": pl.String},
                        orient="row")  # fmt: skip


def closure(units):
    """`week, unit, ancestor` of a tree."""
    from metrics.tree import closure

    return closure(tree(units))


def waves(rows, units):
    return list(Wave.all(scored(rows), closure(units)))


def invitations(units, wave=FIRST, survey="pulse"):
    """So many invited in each unit, those who answer among them by name."""
    rows = [{"survey": survey, "wave": wave, "respondent": f"{unit}{n}", "unit": unit}
            for unit, many in units.items() for n in range(many)]  # fmt: skip
    return table("invitations", rows)


def published(rows, units, invited=None, name=SAFETY, k=8, today=TODAY, since=FIRST):
    """An indicator as it may be seen: cells, series, and what is told of its evidence."""
    one, calendar = indicators()[name], Calendar(today=today, k=k)
    said = {"answers": rows if isinstance(rows, pl.DataFrame) else table("answers", rows)}
    evidence, crowd = one.counted(said, calendar)
    asked_of = {one["construct"] for one in rows} if isinstance(rows, list) else {name}
    given = {
        scale: indicators()[scale].rows(said, calendar).select(GIVEN.names()).collect() for scale in asked_of | {name}
    }
    nobody = pl.DataFrame(schema={"person": pl.String, "week": pl.Date, "unit": pl.String})
    asked = pl.concat(invited) if invited else table("invitations", [])
    landed = pl.DataFrame(schema={"source": pl.String, "table": pl.String, "week": pl.Date, "rows": pl.Int64})
    every = [since + timedelta(weeks=n) for n in range((today - since).days // 7 + 1)]
    told = surveys(given, asked, nobody)
    return seen(one, evidence, crowd, Setting.of(calendar, tree(units, weeks=every), nobody, landed, surveys=told))
