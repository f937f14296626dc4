"""Coverage: how much of what was done is by people whom HR knows, and what is held when it is too little."""

from dataclasses import replace
from datetime import UTC, date, datetime

import polars as pl
import pytest

from connectors.tables import TABLES
from metrics.coverage import coverage, told, too_little
from metrics.indicator import indicators
from metrics.publishing import Setting, held_weeks
from metrics.weeks import Calendar

MARCH = Calendar(today=date(2026, 3, 4))
ACTORS = {"messages": "author", "tickets": "assignee", "articles": "author"}


def message(author, day):
    return {"source": "chat", "message": f"{author}{day}", "author": author, "sent": datetime(*day, tzinfo=UTC)}


def ticket(assignee, unit=None):
    opened = datetime(2026, 2, 2, tzinfo=UTC)
    return {"source": "desk", "ticket": f"{assignee}{unit}", "assignee": assignee, "unit": unit, "opened": opened}


def facts(**tables):
    rows = {"people": [{"person": "ada"}], **tables}
    return {name: pl.LazyFrame(rows.get(name, []), schema=TABLES[name].dtypes) for name in (*ACTORS, "people")}


def found(**tables):
    return coverage(facts(**tables), ACTORS, MARCH).select("known", "placed", "whole").rows()


def test_it_is_the_share_whose_author_hr_knows():
    day = (2026, 2, 2)
    assert found(messages=[message("ada", day), message("guest", day), message(None, day)]) == [(1, 1, 3)]


def test_it_looks_at_twelve_whole_weeks():
    inside, before, unfinished = (2025, 12, 8), (2025, 12, 7), (2026, 3, 2)
    assert found(messages=[message("ada", day) for day in (inside, before, unfinished)]) == [(1, 1, 1)]


def test_what_names_its_team_counts_without_an_author():
    assert found(tickets=[ticket("ada"), ticket("guest", "desk"), ticket("guest")]) == [(1, 2, 3)]


def test_a_ticket_that_nobody_has_yet_says_nothing():
    assert found(tickets=[ticket("ada"), ticket(None, "desk"), ticket(None)]) == [(1, 1, 1)]


def test_where_hr_tells_of_nobody_there_is_no_coverage():
    assert found(people=[], messages=[message("ada", (2026, 2, 2))]) == []


def counted(*rows):
    return pl.DataFrame(rows, schema=["source", "table", "known", "placed", "whole"], orient="row")


@pytest.mark.parametrize(("placed", "low"), [(59, {"messages"}), (60, set())])
def test_a_table_is_too_little_known_over_all_its_sources_together(placed, low):
    assert too_little(counted(("a", "messages", 0, placed, 70), ("b", "messages", 0, 0, 30)), 60) == low


def test_a_handful_of_rows_says_nothing():
    assert too_little(counted(("a", "messages", 0, 0, 19)), 60) == set()


def setting(known, minimum=60.0):
    parents = pl.DataFrame(
        {"week": [date(2026, 2, 2)], "unit": ["a"], "parent": [None], "name": ["a"]},
        schema={"week": pl.Date, "unit": pl.String, "parent": pl.String, "name": pl.String},
    )
    teams = pl.DataFrame(schema={"person": pl.String, "week": pl.Date, "unit": pl.String})
    rows = pl.DataFrame(schema={"source": pl.String, "table": pl.String, "week": pl.Date, "rows": pl.Int64})
    return Setting.of(
        MARCH, parents, teams, rows, coverage=counted(("chat", "messages", known, known, 100)), minimum=minimum
    )


def weeks_held(name, where, **other):
    return held_weeks(replace(indicators()[name], **other), where)["week"].sort().to_list()


def test_an_indicator_is_held_for_the_twelve_weeks_of_which_too_little_is_known():
    held = weeks_held("question_answered", setting(59))
    assert (len(held), held[0], held[-1]) == (12, date(2025, 12, 8), date(2026, 2, 23))
    assert weeks_held("question_answered", setting(60)) == []


def test_one_that_does_not_read_the_table_is_not():
    assert weeks_held("reopened_work", setting(0)) == []


def test_an_indicator_may_ask_for_more_and_an_organisation_for_less():
    assert weeks_held("question_answered", setting(80), coverage=90.0)
    assert not weeks_held("question_answered", setting(40, minimum=30))


def test_the_reason_is_a_sentence_unless_something_worse_is_said():
    feeds = pl.DataFrame(
        {"source": ["chat", "forum"], "table": "messages", "state": ["fresh", "stale"], "words": ["", "Late."]}
    )
    low = counted(("chat", "messages", 38, 38, 100), ("forum", "messages", 0, 0, 50))
    found = told(feeds, low, 60)
    assert found["state"].to_list() == ["unknown", "stale"]
    assert found["words"][0].startswith("Of the messages from chat in the last 12 weeks only 38 % have an author")
    assert found["words"][1] == "Late."
