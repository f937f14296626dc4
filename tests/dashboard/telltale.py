"""A made-up report for the tests of the ways out: two alerts, one good news, one over, with awkward names."""

from datetime import date, timedelta

import polars as pl

from dashboard.exports.report import Report

AS_OF = date(2026, 11, 22)
WEEK = date(2026, 11, 9)
TITLES = {"knowledge_reuse": "Knowledge reuse", "reopened_work": "Reopened work", "link_rate": "Link rate"}


def flip(group, indicator, unit, name, sentence="It fell.", **over):
    verdict = "ok" if group == "over" else "alarm"
    side = {"good": "better", "over": ""}.get(group, "worse")
    row = {"group": group, "title": TITLES[indicator], "name": name, "since": date(2026, 10, 12), "sentence": sentence}
    row |= {"before": 44.0, "now": 31.5, "measure": "%", "n": 812, "week": WEEK, "indicator": indicator, "unit": unit}
    return row | {"verdict": verdict, "side": side} | over


def flips(*rows):
    return pl.DataFrame(list(rows))


FOUR = flips(
    flip(
        "new",
        "knowledge_reuse",
        "eng",
        "Engineering & <b>Ops</b>",
        "Knowledge reuse has fallen: 31.5 %, usually 40 to 48 %.",
    ),
    flip("new", "reopened_work", "cmd", "=cmd()|'/C calc'!A0"),
    flip("good", "link_rate", "sales", "Sales"),
    flip("over", "knowledge_reuse", "hr", "+49 People"),
)


def trend(indicator, unit):
    weeks = [WEEK - timedelta(weeks=51 - w) for w in range(52)]
    values = [44.0 + w % 5 - (13 if w > 47 else 0) for w in range(52)]
    same = {"indicator": indicator, "unit": unit, "state": "shown", "mark": "", "n": 812, "people": 40}
    usual = {"usual_low": 40.0, "usual_high": 48.0, "verdict": "ok", "side": ""}
    cells = pl.DataFrame({"week": weeks, "value": values, **same, **usual})
    low = pl.col("value") < 36
    return cells.with_columns(
        low=pl.col("value") - 3,
        high=pl.col("value") + 3,
        verdict=pl.when(low).then(pl.lit("alarm")).otherwise("verdict"),
        side=pl.when(low).then(pl.lit("worse")).otherwise("side"),
    )


def report(told=FOUR, **over):
    pairs = told.select("indicator", "unit").iter_rows()
    facts = {"organisation": "Acme", "as_of": AS_OF, "flips": told, "link": "https://learning.example.org"}
    facts |= {
        "open": told.filter(pl.col("group") != "over"),
        "cells": pl.concat([trend(*pair) for pair in pairs] or [told]),
    }
    return Report(**facts | over)


ID = "0123456789abcdef0123456789abcdef"


def send(way, one=None, to=None, ready=lambda: None, id=ID):
    """One report the whole way to the first recipient, or to this one."""
    to = way.recipients[0].address if to is None else to
    return way.hand(way.pack(one or report(), to, id), to, id, ready)
