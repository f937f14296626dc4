"""A made-up edition with every state a screen must show, and with what it must never show."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import polars as pl
from scored_edition import frames

from connectors.store.memory import Edition, Memory
from dashboard.lifetime import act, alerts, tick
from metrics.indicator import indicators
from metrics.life import Change

TODAY = date(2026, 11, 22)
WEEKS = [date(2024, 7, 1) + timedelta(weeks=i) for i in range(125)]
LAST = WEEKS[-1]
REORGANISED = date(2026, 3, 2)
SMALL, SMALL_NUMBER = "Skunkworks Four", 77.7123
ODD = "R&D *Labs* [x](http://x.invalid) <script>alert(1)</script> :red[$1$]"

UNITS = [
    ("acme", None, "Acme", 0),
    ("engineering", "acme", "Engineering", 1),
    ("care", "acme", "Customer Care", 1),
    ("operations", "acme", "Operations", 1),
    ("labs", "acme", ODD, 1),
    ("platform", "engineering", "Platform", 2),
    ("payments", "engineering", "Payments", 2),
    ("mobile", "engineering", "Mobile apps for field engineers and partners", 2),
    ("checkout", "payments", "Checkout", 3),
    ("ledger", "payments", "Ledger", 3),
    ("desk", "care", "Service Desk", 2),
    ("success", "care", "Customer Success", 2),
    ("north", "operations", "Region North", 2),
    ("south", "operations", "Region South", 2),
]
SIZES = {"acme": 2400, "engineering": 820, "care": 610, "operations": 700, "labs": 41}
# name: level, swing, events a week for a unit of 100, better
COURSES = {
    "action_completion": (62.0, 4.0, 6, "up"),
    "cross_team_density": (3.1, 0.2, 900, "up"),
    "knowledge_reuse": (44.0, 2.5, 34, "up"),
    "link_rate": (67.0, 2.0, 34, "up"),
    "psychological_safety": (71.0, 1.6, 80, "up"),
    "question_answered": (78.0, 2.5, 25, "up"),
    "reopened_work": (4.1, 0.5, 34, "down"),
}
TROUBLES = {
    ("knowledge_reuse", "engineering"): ("worse", date(2026, 6, 1), -13.0),
    ("knowledge_reuse", "payments"): ("worse", date(2026, 6, 8), -14.0),
    ("knowledge_reuse", "platform"): ("worse", date(2026, 6, 15), -12.0),
    ("psychological_safety", "desk"): ("worse", date(2026, 7, 6), -9.0),
    ("reopened_work", "desk"): ("worse", date(2026, 9, 7), 3.2),
    ("reopened_work", "labs"): ("worse", date(2026, 10, 5), 2.8),
    ("action_completion", "success"): ("better", date(2026, 8, 3), 14.0),
}
BEGAN = {("knowledge_reuse", "engineering"): (date(2026, 6, 8), date(2026, 5, 25), date(2026, 6, 22))}
BUDGET = {
    "at_most": 4.0,
    "series": 98,
    "month": "2026-11",
    "version": "1",
    "ceiling": 0.003,
    "given": 2.62,
    "weeks": 125,
}
WATCHES = {("link_rate", "north"): "worse", ("link_rate", "acme"): "better"}
HIDDEN = {("psychological_safety", "ledger"), ("question_answered", "ledger"), ("psychological_safety", "checkout")}


def course(indicator, unit, seed):
    level, swing, events, _ = COURSES[indicator]
    weeks = WEEKS[::13] if indicator == "psychological_safety" else WEEKS
    noise = np.random.default_rng(seed)
    side, since, change = TROUBLES.get((indicator, unit), ("", date(2100, 1, 1), 0.0))
    people = SIZES.get(unit, 90)
    n = max(int(events * people / 100 * 4 * (1 if indicator != "psychological_safety" else 0.25)), 12)
    for place, week in enumerate(weeks):
        drift = np.clip((week - since).days / 56, 0, 1) * change
        value = level + swing * 0.6 * np.sin(place / 9 + seed) + noise.normal(0, swing * 0.25) + drift
        known = place >= (12 if len(weeks) > 20 else 4)
        alarm = drift != 0 and (week - since).days >= 21
        yield {
            "indicator": indicator,
            "unit": unit,
            "week": week,
            "state": "shown",
            "mark": "",
            "value": float(value),
            "low": float(value - swing),
            "high": float(value + swing),
            "n": n,
            "people": people,
            "verdict": "alarm" if alarm else "ok" if known else "unknown",
            "side": side if alarm else "",
            "usual_low": level - 1.6 * swing if known else None,
            "usual_high": level + 1.6 * swing if known else None,
        }


def changed(frame, where, **values):
    return frame.with_columns(
        pl.when(where).then(pl.lit(value)).otherwise(pl.col(name)).alias(name).cast(frame.schema[name])
        for name, value in values.items()
    )


EMPTY = {"value": None, "low": None, "high": None, "n": None, "people": None, "usual_low": None, "usual_high": None}


def cells():
    rows = [
        row
        for place, indicator in enumerate(COURSES)
        for number, (unit, *_) in enumerate(UNITS)
        if indicator != "cross_team_density" or unit != "ledger"
        for row in course(indicator, unit, 100 * place + number)
    ]
    frame = pl.DataFrame(rows, schema=Edition(TODAY, "").cells.schema)
    unit, indicator, week = pl.col("unit"), pl.col("indicator"), pl.col("week")
    held = (indicator == "question_answered") & (week > LAST - timedelta(weeks=3))
    frame = changed(frame, held, state="held", verdict="unknown", side="", **EMPTY)
    partial = (indicator == "action_completion") & (week > LAST - timedelta(weeks=4))
    frame = changed(frame, partial, state="partial", verdict="unknown", side="")
    few = (indicator == "action_completion") & (unit == "ledger")
    frame = changed(frame, few, mark="too few", verdict="unknown", side="", **(EMPTY | {"n": 6, "people": 20}))
    frame = changed(frame, (indicator == "action_completion") & (unit == "checkout"), mark="low volume", n=18)
    for name, small in HIDDEN:
        frame = changed(
            frame, (indicator == name) & (unit == small), state="hidden", verdict="unknown", side="", **EMPTY
        )
    for (name, where), side in WATCHES.items():
        frame = changed(frame, (indicator == name) & (unit == where) & (week == LAST), verdict="watch", side=side)
    return frame


def leaking(frame):
    """What a faulty pipeline might publish: numbers in hidden cells, and a unit that is not on the list."""
    hidden = changed(
        frame, pl.col("state") == "hidden", value=SMALL_NUMBER, low=SMALL_NUMBER, high=SMALL_NUMBER, n=777123
    )
    unlisted = frame.filter(pl.col("unit") == "ledger", pl.col("state") == "shown")
    return pl.concat([hidden, unlisted.with_columns(unit=pl.lit(SMALL), value=pl.lit(SMALL_NUMBER))])


def sentence(indicator, name, side, since):
    title = indicator.replace("_", " ").capitalize()
    moved = "moved out of" if side == "worse" else "risen above"
    return f"{title} in {name} has {moved} its usual range since the week of {since.day} {since:%B %Y}."


def nature(key, verdict, side):
    return ("good news" if side == "better" else "drift") if verdict == "alarm" else "spike" if key in WATCHES else ""


def verdicts(frame):
    names = {unit: name for unit, _, name, _ in UNITS}
    newest = frame.sort("week").group_by("indicator", "unit", maintain_order=True).last()
    rows = []
    for cell in newest.iter_rows(named=True):
        key = cell["indicator"], cell["unit"]
        side, since, _ = TROUBLES.get(key, (WATCHES.get(key, ""), LAST if key in WATCHES else None, 0))
        verdict = "alarm" if key in TROUBLES else "watch" if key in WATCHES else cell["verdict"]
        said = (
            sentence(cell["indicator"], names[cell["unit"]], side, since)
            if since
            else "As usual."
            if verdict == "ok"
            else "Too little is known yet."
        )
        folded = "engineering" if key[0] == "knowledge_reuse" and key[1] in ("payments", "platform") else None
        rows.append(
            {
                "indicator": cell["indicator"], "unit": cell["unit"], "week": cell["week"], "verdict": verdict,
                "side": side, "since": since, "before": 44.0, "now": cell["value"], "n": cell["n"], "strength": 2.0,
                "p": 0.001, "folded": folded, "nature": nature(key, verdict, side), "sentence": said,
                **dict(zip(("began", "began_early", "began_late"), BEGAN.get(key, (None,) * 3), strict=True)),
            }
        )  # fmt: skip
    rows.append(
        dict(
            rows[0], unit=SMALL, verdict="alarm", side="worse", since=LAST, sentence=f"{SMALL} fell to {SMALL_NUMBER}."
        )
    )
    return pl.DataFrame(rows, schema=Edition(TODAY, "").verdicts.schema)


def edition(**other):
    frame = cells()
    empty = Edition(TODAY, "")
    parts = {
        "cells": leaking(frame),
        "verdicts": verdicts(frame),
        "alarm_budget": pl.DataFrame([BUDGET], schema=empty.alarm_budget.schema),
        "units": pl.DataFrame(UNITS, schema=["unit", "parent", "name", "depth"], orient="row").cast(empty.units.schema),
        "events": pl.DataFrame(
            [
                (REORGANISED, None, "Re-organisation: 31 % of people changed unit"),
                (date(2026, 5, 4), SMALL, f"{SMALL} was founded"),
            ],
            schema=empty.events.schema,
            orient="row",
        ),
        "feeds": pl.DataFrame(
            [
                ("chat", "messages", date(2026, 10, 26), 412_380, "stale", "Data from chat is three weeks old."),
                ("chat", "ties_seen", date(2026, 10, 26), 198_211, "stale", "Data from chat is three weeks old."),
                ("desk", "tickets", LAST, 81_442, "ok", ""),
                ("hr", "people", LAST, 5_120, "ok", ""),
                ("survey", "answers", date(2026, 9, 28), 33_600, "ok", ""),
                ("wiki", "articles", LAST, 3_105, "ok", ""),
                ("wiki", "article_uses", LAST, 51_730, "ok", ""),
            ],
            schema=empty.feeds.schema,
            orient="row",
        ),
    }
    return Edition(
        TODAY, "Acme", **(parts | (frames(UNITS, frame, TODAY, SMALL, SMALL_NUMBER) if not other else {}) | other)
    )


RUNS = [
    ("chat", "messages", "refused", 0, 0, 0, "chat.example refused /messages (401); renew the token for this source"),
    ("desk", "tickets", "done", 1204, 1187, 3, ""),
    ("hr", "people", "done", 88, 12, 0, ""),
    ("survey", "answers", "done", 0, 0, 0, ""),
    ("wiki", "articles", "warning", 0, 0, 0, "0 rows, but 3,105 the last time; nothing was removed"),
    ("wiki", "article_uses", "busy", 120, 120, 0, "wiki.example asked to wait; the next run goes on"),
]


def publish(url, **other):
    """The made-up edition in a real database, with what sync would have left there."""
    memory = Memory.open(url)
    at = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
    for source, stream, state, received, landed, refused, words in RUNS:
        run = memory.start_run(source, stream, at)
        newest = at - timedelta(days=22 if source == "chat" else 1)
        memory.finish_run(
            run,
            state,
            at=at + timedelta(minutes=1),
            received=received,
            landed=landed,
            refused=refused,
            newest=newest,
            words=words,
        )
    keys = pl.DataFrame(
        {
            "source": "desk",
            "table": "tickets",
            "rule": "closed is not before opened",
            "key": ["desk:T-17", "desk:T-18", "desk:T-44"],
        }
    )
    memory.refuse(keys)
    memory.publish(edition(**other))
    tick(memory, at)
    for desk in (one for one in alerts(memory) if one.place == ("reopened_work", "desk")):
        act(memory, desk.id, Change("acknowledged", at, "Mara Lind", "Training for *new* joiners until January"))
    return memory


def telling():
    """The indicators that the edition has numbers of, and one it has none of for each kind: one view lays out all."""
    absent = {one.kind: name for name, one in indicators().items() if name not in COURSES}
    return [*COURSES, *absent.values()]
