"""The record of the alarms: how often trouble followed, how early they rang, and what dumb rivals would have got.

An event is the onset of an agreed outcome's alarm for the worse in a unit; an alarm is true where one follows in the
same unit within eight weeks. An outcome's own alarm is the event, never the alarm that foretold it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, timedelta

import polars as pl

from metrics.kinds.kind import wilson
from metrics.life import OUTCOMES as WORTH
from metrics.life import Alert

OUTCOMES = ("reopened_work", "repeat_incidents", "psychological_safety")
HORIZON = 8
YEAR = 52
PLACE = ["indicator", "unit"]
SCHEMA = pl.Schema(
    {
        "rival": pl.String(),
        **dict.fromkeys(("alarms", "true", "events", "found"), pl.Int64()),
        **dict.fromkeys(
            ("precision", "precision_low", "precision_high", "recall", "recall_low", "recall_high"), pl.Float64()
        ),
        **dict.fromkeys(("lead", "false_a_year", "years"), pl.Float64()),
    }
)


def onsets(cells: pl.DataFrame, side: str = "worse") -> pl.DataFrame:
    """The weeks in which an alarm of this side began: `indicator, unit, week`, from shown cells alone.

    The first verdict a place ever has begins nothing: it is not known since when that is so.
    """
    known = cells.filter(pl.col("state") == "shown", pl.col("verdict") != "unknown").sort(*PLACE, "week")
    rings = (pl.col("verdict") == "alarm") & (pl.col("side") == side)
    began = rings & (~rings).shift(1).over(PLACE).fill_null(False)
    return known.filter(began).select(*PLACE, "week")


def record(cells: pl.DataFrame, outcomes: Collection[str] = OUTCOMES, horizon: int = HORIZON) -> pl.DataFrame:
    """One row for our alarms and each rival (`persistence`, `random`): counts, precision, recall, lead, false ones.

    `persistence` foretells trouble where there was trouble: each event is its alarm for the next one. `random` is what
    as many alarms as ours would get on average, had they rung in any unit and week in which we judged. Only alarms
    whose whole horizon has passed count, only events before which the whole horizon was judged. `lead`: median weeks
    from the first alarm within the horizon to the event. `false_a_year`: false alarms per unit and year.
    """
    wanted = pl.col("indicator").is_in(list(outcomes))
    began = onsets(cells)
    known = cells.filter(~wanted, pl.col("state") == "shown", pl.col("verdict") != "unknown")
    judged = known.select("unit", "week").unique()
    if judged.is_empty():
        return pl.DataFrame(schema=SCHEMA)
    last: date = judged["week"].max()  # type: ignore[assignment]
    events = began.filter(wanted).select("unit", "week").unique()
    spans = judged.group_by("unit").agg(first=pl.col("week").min())
    events = events.join(spans, on="unit").filter(pl.col("week") >= pl.col("first") + timedelta(weeks=horizon))
    events = events.select("unit", "week")
    ours = began.filter(~wanted).select("unit", "week")
    whole = judged.filter(pl.col("week") <= last - timedelta(weeks=horizon))
    years = whole.height / YEAR
    rows = [
        fared("ours", ours, events, last, horizon, years),
        fared("persistence", began.filter(wanted).select("unit", "week").unique(), events, last, horizon, years),
        by_chance(ours, events, whole, last, horizon, years),
    ]
    return with_intervals(pl.concat(rows))


def followed(alarms: pl.DataFrame, events: pl.DataFrame, horizon: int) -> pl.DataFrame:
    """Pairs of an alarm (by its `number`) and an event in the same unit within the horizon after it."""
    ahead = (pl.col("event") - pl.col("week")).dt.total_days()
    pairs = alarms.join(events.rename({"week": "event"}), on="unit")
    return pairs.filter(ahead.is_between(1, 7 * horizon)).with_columns(lead=ahead / 7)


def fared(
    rival: str, alarms: pl.DataFrame, events: pl.DataFrame, last: date, horizon: int, years: float
) -> pl.DataFrame:
    numbered = alarms.with_row_index("number")
    pairs = followed(numbered, events, horizon)
    over = numbered.filter(pl.col("week") <= last - timedelta(weeks=horizon))
    true = over.join(pairs, on="number", how="semi").height
    found = pairs.group_by("unit", "event").agg(lead=pl.col("lead").max())
    lead = found["lead"].median() if found.height else None
    return row(rival, over.height, true, events.height, found.height, lead, over.height - true, years)  # type: ignore[arg-type]


def by_chance(
    ours: pl.DataFrame, events: pl.DataFrame, whole: pl.DataFrame, last: date, horizon: int, years: float
) -> pl.DataFrame:
    """What as many alarms anywhere would get on average; the counts are rounded, the shares are not."""
    count = ours.filter(pl.col("week") <= last - timedelta(weeks=horizon)).height
    if whole.is_empty():
        return row("random", count, 0, events.height, 0, None, count, years)
    numbered = whole.with_row_index("number")
    share = numbered.join(followed(numbered, events, horizon), on="number", how="semi").height / whole.height
    hit = 1 - (1 - min(horizon / whole.height, 1.0)) ** count
    true = round(count * share)
    made = row("random", count, true, events.height, round(events.height * hit), None, count * (1 - share), years)
    return made.with_columns(precision=pl.lit(share), recall=pl.lit(hit))


def row(
    rival: str, alarms: int, true: int, events: int, found: int, lead: float | None, false: float, years: float
) -> pl.DataFrame:
    said = {"rival": rival, "alarms": alarms, "true": true, "events": events, "found": found, "lead": lead}
    said |= {"false_a_year": false / years if years else None, "years": years, "precision": None, "recall": None}
    return pl.DataFrame([said], schema={name: SCHEMA[name] for name in said})


def with_intervals(rows: pl.DataFrame) -> pl.DataFrame:
    """With precision and recall and their 95 % intervals (Wilson); none where there is nothing to divide by.

    Those of chance are what it gives on average, and have no interval.
    """
    chance = pl.col("rival") == "random"
    for name, part, whole in (("precision", "true", "alarms"), ("recall", "found", "events")):
        low, high = wilson(pl.col(part), pl.col(whole))
        some = pl.col(whole) > 0
        rows = rows.with_columns(
            pl.when(some).then(pl.coalesce(name, pl.col(part) / pl.col(whole))).alias(name),
            pl.when(some & ~chance).then(low).alias(f"{name}_low"),
            pl.when(some & ~chance).then(high).alias(f"{name}_high"),
        )
    return rows.select(pl.col(name).cast(kind) for name, kind in SCHEMA.items())


def tally(alerts: Iterable[Alert], today: date, quarters: int = 4) -> pl.DataFrame:
    """What alerts were worth by the quarter in which they were raised, newest first: `quarter, raised` and each worth.

    `unsaid` are those of which nobody has said it. Only alerts for the worse: good news needs no defence.
    """
    bad = (one for one in alerts if one.raised and one.side != "better")
    known = [(quarter(one.raised.date()), one.outcome or "unsaid") for one in bad if one.raised]
    names = [quarter_back(today, back) for back in range(quarters)]
    said = [
        {"quarter": name, "raised": sum(of == name for of, _ in known)}
        | {worth: known.count((name, worth)) for worth in (*WORTH, "unsaid")}
        for name in names
    ]
    return pl.DataFrame(said)


def quarter(day: date) -> str:
    return f"{day.year} Q{(day.month + 2) // 3}"


def quarter_back(today: date, back: int) -> str:
    months = today.year * 12 + today.month - 1 - 3 * back
    return quarter(date(months // 12, months % 12 + 1, 1))
