"""The record of the alarms in words."""

import polars as pl

from dashboard.record_words import answer, compared, lines
from metrics.record import SCHEMA


def rows(**ours):
    """Our record, beside rivals that are right in one case of ten."""
    blank = dict.fromkeys(SCHEMA)
    mine = {"rival": "ours", "alarms": 20, "true": 6, "events": 11, "found": 4, "lead": 5.0, "years": 40.0}
    mine |= {"precision": 0.3, "precision_low": 0.15, "precision_high": 0.52, "recall": 0.36, "false_a_year": 0.35}
    others = [{"rival": name, "alarms": 20, "precision": 0.1} for name in ("persistence", "random")]
    return pl.DataFrame([blank | one for one in (mine | ours, *others)], schema=SCHEMA)


def test_the_record_is_told_in_cases_not_in_percent():
    assert answer(rows()) == (
        "Of 20 alarms, 6 came before trouble in the same unit within 8 weeks; "
        "of 11 troubles, 4 were foretold, 5 weeks before (median)."
    )


def test_few_cases_are_called_few():
    assert answer(rows(events=9)).endswith("That is too few to trust the shares.")
    assert answer(rows(alarms=0)).startswith("Too early for a record: 0 alarms")
    assert answer(rows().clear()) == "Nothing has been judged long enough for a record."


def test_a_rival_is_beaten_only_beyond_the_interval():
    assert compared(rows()) == "They do better than chance, and than expecting that trouble comes back."
    told = "They cannot be told from expecting that trouble comes back and chance by these numbers."
    assert compared(rows(precision_low=0.09)) == told


def test_the_table_says_how_sure_each_share_is():
    found = lines(rows()).rows()
    assert found[0] == ("Our alarms", 20, "30 % (15 to 52 %)", "36 %", 5.0, 0.35)
    assert [row[2] for row in found[1:]] == ["10 %", "10 %"]
