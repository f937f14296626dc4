"""Link rate and knowledge reuse: the worked example, and the tickets a director would ask about."""

from datetime import date

import pytest

from metrics.weeks import Calendar
from tests.metrics.facts import CALENDAR, DAY, MONDAY, at, evidence, reading

OPENED, CLOSED = at(0), at(2)
ARTICLES = [{"article": "old", "created": OPENED - DAY}, {"article": "new", "created": CLOSED}]


def ticket(name, **known):
    row = {"ticket": name, "source": "desk", "kind": "incident", "unit": "east", "assignee": f"p{name}"}
    return row | {"opened": OPENED, "closed": CLOSED} | known


def use(ticket, article="old", used=CLOSED):
    return {"use": f"{ticket}{article}{used}", "ticket": ticket, "article": article, "used": used}


def count(name, tickets, uses=(), articles=ARTICLES, calendar=CALENDAR):
    found = evidence(name, calendar, tickets=tickets, article_uses=list(uses), articles=articles)
    return found.select("unit", "week", "part", "whole", "people").rows()


def test_the_worked_example_of_the_consortium(worked):
    example = worked("kcs_link_reuse")
    incidents = example["inputs"]["closed_incidents"]
    uses = [use(str(i["id"]), "old" if link["existed_before"] else "new") for i in incidents for link in i["links"]]
    tickets = [ticket(str(i["id"])) for i in incidents]
    assert count("link_rate", tickets, uses) == [("east", MONDAY, 6, 8, 8)]
    assert count("knowledge_reuse", tickets, uses) == [("east", MONDAY, 4, 8, 8)]
    assert (example["expected"]["link_rate"], example["expected"]["reuse_rate_of_closed"]) == (6 / 8, 4 / 8)


def test_two_links_on_one_ticket_count_once():
    assert count("link_rate", [ticket("1")], [use("1"), use("1", "new")]) == [("east", MONDAY, 1, 1, 1)]
    assert count("knowledge_reuse", [ticket("1")], [use("1"), use("1", "new")]) == [("east", MONDAY, 1, 1, 1)]


@pytest.mark.parametrize(("days", "part"), [(7, 1), (8, 0)])
def test_a_link_added_a_week_after_closing_still_counts_and_later_not(days, part):
    late = [use("1", used=CLOSED + days * DAY)]
    assert count("link_rate", [ticket("1")], late) == [("east", MONDAY, part, 1, 1)]
    assert count("knowledge_reuse", [ticket("1")], late) == [("east", MONDAY, part, 1, 1)]


@pytest.mark.parametrize("outcome", ["automatic", "duplicate", "declined"])
@pytest.mark.parametrize("name", ["link_rate", "knowledge_reuse"])
def test_what_nobody_worked_on_is_left_out(name, outcome):
    tickets = [ticket("1", outcome=outcome), ticket("2", outcome="fixed")]
    assert count(name, tickets, [use("1")]) == [("east", MONDAY, 0, 1, 1)]


def test_a_ticket_without_a_closing_moment_counts_when_it_was_resolved_and_an_open_one_not():
    resolved = ticket("1", closed=None, resolved=at(7))
    assert count("link_rate", [resolved, ticket("2", closed=None)]) == [("east", date(2026, 9, 14), 0, 1, 1)]


def test_a_source_that_only_says_knowledge_was_used_gives_a_link_rate_and_no_reuse():
    tickets = [ticket("1", knowledge=True), ticket("2", knowledge=False)]
    assert count("link_rate", tickets) == [("east", MONDAY, 1, 2, 2)]
    assert count("knowledge_reuse", tickets) == []


def test_beside_a_source_with_links_one_without_stays_unknown_not_nought():
    tickets = [ticket("1"), ticket("2"), ticket("3", source="flags", knowledge=True)]
    assert count("knowledge_reuse", tickets, [use("1")]) == [("east", MONDAY, 1, 2, 2)]


def test_an_article_written_while_the_ticket_was_open_was_not_known_before():
    during = [{"article": "during", "created": OPENED}]
    assert count("knowledge_reuse", [ticket("1")], [use("1", "during")], during) == [("east", MONDAY, 0, 1, 1)]


def test_what_happens_today_or_later_is_not_known_yet():
    assert count("link_rate", [ticket("1")], [use("1")], calendar=Calendar(today=date(2026, 9, 9))) == []
    assert count("link_rate", [ticket("1")], [use("1")], calendar=Calendar(today=date(2026, 9, 10)))[0][2:4] == (1, 1)


def test_the_screen_shows_a_percentage_with_its_interval(worked):
    low, high = worked("kcs_link_reuse")["expected"]["wilson_link_rate"]
    tickets, uses = [ticket(str(i)) for i in range(32)], [use(str(i)) for i in range(24)]
    row = reading("link_rate", tickets=tickets, article_uses=uses)[0]
    assert (row["value"], row["n"], row["people"], row["mark"]) == (75.0, 32, 32, "")
    assert 100 * low < row["low"] < 75 < row["high"] < 100 * high
