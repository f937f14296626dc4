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
    weeks = [WEEK - timedelta(weeks=w) for w in range(52)]
    return pl.DataFrame(
        {
            "indicator": indicator,
            "unit": unit,
            "week": weeks,
            "state": "shown",
            "mark": "",
            "value": [40.0 + w % 7 for w in range(52)],
        }
    )


def report(told=FOUR, **over):
    pairs = told.select("indicator", "unit").iter_rows()
    facts = {"organisation": "Acme", "as_of": AS_OF, "flips": told, "link": "https://learning.example.org"}
    facts |= {"open": told.filter(pl.col("group") != "over"), "cells": pl.concat([trend(*pair) for pair in pairs])}
    return Report(**facts | over)
