"""Weeks that say nothing: what is held, what is quiet, and what is neither."""

from datetime import date, timedelta

import polars as pl

from metrics.gaps import gaps, quiet
from metrics.weeks import Calendar

FIRST = date(2025, 1, 6)


def calendar(weeks, *holidays):
    return Calendar(today=FIRST + timedelta(weeks=weeks), holidays=frozenset(holidays))


def spine(weeks):
    return pl.DataFrame({"week": [FIRST + timedelta(weeks=week) for week in range(weeks)]})


def counts(**tables):
    """Rows per week: `chat__messages=[...]`; 0 is a week without a row in the counts."""
    rows = [
        (*name.split("__"), FIRST + timedelta(weeks=week), number)
        for name, numbers in tables.items()
        for week, number in enumerate(numbers)
        if number
    ]
    return pl.DataFrame(
        rows, schema={"source": pl.String, "table": pl.String, "week": pl.Date, "rows": pl.Int64}, orient="row"
    )


def held(weeks=20, *holidays, **tables):
    found = gaps(counts(**tables), spine(weeks), calendar(weeks, *holidays))
    return [(row["source"], row["table"], (row["week"] - FIRST).days // 7) for row in found.iter_rows(named=True)]


def slow(weeks=20, *holidays, **tables):
    return [(w - FIRST).days // 7 for w in quiet(counts(**tables), spine(weeks), calendar(weeks, *holidays))["week"]]


def test_a_week_with_less_than_a_quarter_of_the_usual_is_held():
    assert held(chat__messages=[100] * 10 + [24] + [100] * 9, desk__tickets=[50] * 20) == [("chat", "messages", 10)]


def test_a_week_with_a_quarter_of_the_usual_is_not_held():
    assert held(chat__messages=[100] * 10 + [25] + [100] * 9, desk__tickets=[50] * 20) == []


def test_three_weeks_without_a_row_are_held():
    assert held(chat__messages=[100] * 10 + [0] * 3 + [100] * 7, desk__tickets=[50] * 20) == [
        ("chat", "messages", week) for week in (10, 11, 12)
    ]


def test_the_weeks_after_the_newest_row_of_a_stale_source_are_held():
    assert held(chat__messages=[100] * 18, desk__tickets=[50] * 20) == [
        ("chat", "messages", 18),
        ("chat", "messages", 19),
    ]


def test_the_gap_says_in_words_what_came_and_what_is_usual():
    row = gaps(counts(chat__messages=[4000] * 10 + [7]), spine(11), calendar(11)).row(0, named=True)
    assert (row["rows"], row["usual"]) == (7, 4000)
    assert row["words"] == "chat brought 7 messages in the week of 17 March 2025; about 4,000 are usual."


def test_fewer_than_eight_known_weeks_say_nothing():
    assert held(8, chat__messages=[100] * 7 + [0], desk__tickets=[50] * 8) == []


def test_an_extract_that_ends_in_a_thin_tail_stays_held():
    found = held(60, desk__tickets=[800] * 13 + [9] * 47)
    assert found == [("desk", "tickets", week) for week in range(13, 60)]


def test_a_week_in_which_all_slow_down_is_quiet_and_not_held():
    tables = {"chat__messages": [100] * 12 + [20] + [100] * 7, "desk__tickets": [50] * 12 + [16] + [50] * 7}
    assert held(**tables) == []
    assert slow(**tables) == [12]


def test_a_week_in_which_all_stop_is_held_for_it_is_the_data_that_is_missing():
    tables = {"chat__messages": [100] * 12 + [0] + [100] * 7, "desk__tickets": [50] * 12 + [2] + [50] * 7}
    assert {week for _, _, week in held(**tables)} == {12}


def test_a_week_mostly_of_holidays_is_quiet_and_never_held():
    off = [FIRST + timedelta(weeks=12, days=day) for day in range(3)]
    tables = {"chat__messages": [100] * 12 + [5] + [100] * 7}
    assert held(20, *off, **tables) == []
    assert slow(20, *off, **tables) == [12]


def test_two_holidays_do_not_make_a_week_quiet():
    off = [FIRST + timedelta(weeks=12, days=day) for day in range(2)]
    assert slow(20, *off, chat__messages=[100] * 20) == []


def test_one_stale_source_does_not_make_the_week_quiet():
    tables = {"chat__messages": [9000] * 12 + [0] * 3 + [9000] * 5, "desk__tickets": [50] * 20}
    assert slow(**tables) == []


def test_a_lasting_slowdown_is_quiet_only_until_it_is_the_usual():
    assert slow(60, chat__messages=[100] * 20 + [50] * 40) == list(range(20, 33))


def test_all_tables_of_a_silent_source_are_held_however_small():
    tables = {"chat__messages": [100] * 10 + [0] * 2 + [100] * 8, "chat__ties_seen": [5] * 10 + [0] * 2 + [5] * 8}
    assert {table for _, table, _ in held(**tables, desk__tickets=[50] * 20)} == {"messages", "ties_seen"}


def test_a_small_source_is_held_once_silent_as_never_before():
    weekly = [3, 0, 2] * 8
    assert held(28, wiki__articles=weekly, desk__tickets=[50] * 28) == [("wiki", "articles", w) for w in range(24, 28)]
    assert held(27, wiki__articles=weekly, desk__tickets=[50] * 27) == []


def test_surveys_and_tables_of_who_is_who_are_left_out():
    often = [100] * 10 + [0] * 10
    assert held(survey__answers=often, hr__people=often, hr__units=often, desk__tickets=[50] * 20) == []


def test_what_is_held_in_the_past_does_not_change_when_the_future_arrives():
    messages = [100] * 10 + [3, 100, 2, 1] + [100] * 16
    then, now = held(20, chat__messages=messages[:20]), held(30, chat__messages=messages)
    assert then == [gap for gap in now if gap[2] < 20]


def test_nothing_delivered_is_nothing_held():
    assert held() == []
    assert slow() == []
