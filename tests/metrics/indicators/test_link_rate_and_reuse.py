"""Link rate and knowledge reuse: the worked example, and the tickets a director would ask about."""

from datetime import date

import pytest

from metrics.indicator import indicators
from metrics.kinds import KINDS
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


def of_the_consortium(example):
    """Its incidents as facts: every article they link, written a day before or at closing, and those never linked."""
    incidents = example["inputs"]["closed_incidents"]
    linked = {link["article"]: link["existed_before"] for one in incidents for link in one["links"]}
    unused = [f"unused{n}" for n in range(example["inputs"]["articles_live"] - len(linked))]
    written = {article: OPENED - DAY if before else CLOSED for article, before in linked.items()}
    written |= dict.fromkeys(unused, OPENED - DAY)
    return {
        "tickets": [ticket(str(one["id"])) for one in incidents],
        "article_uses": [use(str(one["id"]), link["article"]) for one in incidents for link in one["links"]],
        "articles": [{"article": name, "unit": "east", "author": "a", "created": at_} for name, at_ in written.items()],
    }


def test_the_worked_example_of_the_consortium(worked):
    example = worked("kcs_link_reuse")
    tables, expected = of_the_consortium(example), example["expected"]

    def value(name):
        found = evidence(name, **tables)
        return KINDS[indicators()[name].kind].read(found.lazy(), 0.4).collect().row(-1, named=True)

    assert value("link_rate")["value"] == pytest.approx(expected["link_rate"])
    assert [value("link_rate")[end] for end in ("low", "high")] == pytest.approx(expected["wilson_link_rate"], abs=1e-5)
    assert value("knowledge_reuse")["value"] == pytest.approx(expected["reuse_rate_of_closed"])
    assert 1 - value("new_versus_known")["value"] == pytest.approx(expected["known_share_of_linked"], abs=1e-5)
    new = evidence("new_versus_known", **tables).row(0, named=True)
    assert new["part"] / new["of"] == expected["create_rate"]


def test_the_breadth_of_the_worked_example_of_the_consortium(worked):
    """The three articles that were there before are reused, of twenty live; one later use dates the thirteenth week."""
    example = worked("kcs_link_reuse")
    tables = of_the_consortium(example)
    reused = {link["article"] for one in example["inputs"]["closed_incidents"] for link in one["links"]
              if link["existed_before"]}  # fmt: skip
    tables["article_uses"] = [one for one in tables["article_uses"] if one["article"] in reused]
    found = evidence("reuse_breadth", Calendar(today=date(2026, 12, 6)), **tables)
    read_ = KINDS["breadth"].read(found.lazy(), 0).collect().row(0, named=True)
    assert (read_["value"], read_["n"]) == (pytest.approx(example["expected"]["article_reuse_breadth"]), 20)
    assert len(reused) == example["expected"]["articles_reused"]


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
    resolved = ticket("1", closed=None, resolved=at(7), knowledge=False)
    assert count("link_rate", [resolved, ticket("2", closed=None)]) == [("east", date(2026, 9, 14), 0, 1, 1)]


def test_a_source_that_only_says_knowledge_was_used_gives_a_link_rate_and_no_reuse():
    tickets = [ticket("1", knowledge=True), ticket("2", knowledge=False)]
    assert count("link_rate", tickets) == [("east", MONDAY, 1, 2, 2)]
    assert count("knowledge_reuse", tickets) == []


def test_a_source_that_tells_of_no_link_and_no_use_of_knowledge_is_unknown_not_nought():
    assert count("link_rate", [ticket("1")]) == []
    assert count("link_rate", [ticket("1"), ticket("2", source="other", knowledge=False)]) == [
        ("east", MONDAY, 0, 1, 1)
    ]


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
