"""Retrospectives, reviews, insights, actions, experiments, loops, leaders, recognition, time: counted by hand."""

import pytest

from metrics.weeks import Calendar
from tests.metrics.facts import CALENDAR, MONDAY, at, evidence, live

EAST, WEST = [f"e{n}" for n in range(8)], [f"w{n}" for n in range(8)]
PEOPLE = live(dict.fromkeys(EAST, "east") | dict.fromkeys(WEST, "west") | {"lone": "small"})


def ticket(name, kind="action", **known):
    row = {"ticket": name, "source": "desk", "kind": kind, "unit": "east", "assignee": "e0", "opened": at(0)}
    return row | known


def link(origin, target, made, kind="action"):
    return {"link": f"{origin}{target}", "kind": kind, "origin": origin, "target": target, "made": made}


def article(name, kind="post-mortem", created=at(1), **known):
    return {"article": name, "kind": kind, "author": "e0", "unit": "east", "created": created} | known


def rows(name, *columns, calendar=CALENDAR, week=MONDAY, **tables):
    found = evidence(name, calendar, **tables)
    return [tuple(row[c] for c in columns) for row in found.rows(named=True) if row["week"] == week]


def test_a_team_that_held_a_retrospective_in_four_weeks_looks_back_and_a_small_team_is_left_out():
    held = [ticket("0", "retrospective", resolved=at(-28)), ticket("1", "retrospective", resolved=at(-21)),
            ticket("2", "retrospective", resolved=at(1), assignee="lone")]  # fmt: skip
    found = rows("retrospective_cadence", "unit", "part", "whole", "people", tickets=held, people=PEOPLE)
    assert found == [("east", 1, 1, 8), ("west", 0, 1, 8)]


@pytest.mark.parametrize(("day", "part"), [(29, 1), (31, 0), (-1, 0)])
def test_a_severe_incident_is_reviewed_if_a_review_is_linked_within_thirty_days(day, part):
    tickets = [ticket("i", "incident", severe=True), ticket("j", "incident", severe=False), ticket("k", "incident"),
               ticket("r", "review", opened=at(-40))]  # fmt: skip
    for ends in (("i", "r"), ("r", "i")):
        tables = {"tickets": tickets, "articles": [article("p")], "links": [link(*ends, at(day))]}
        assert rows("incident_review", "part", "whole", **tables) == [(part, 1)]


def test_the_clock_of_a_review_counts_working_hours():
    tickets = [ticket("i", "incident", severe=True), ticket("k", "incident", severe=True)]
    tables = {"tickets": tickets, "articles": [article("p")], "links": [link("i", "p", at(2, 11), "review")]}
    assert rows("incident_review_time", "bucket", "done", "waiting", **tables) == [(18, 1, 0), (40, 0, 1)]


INSIGHTS = [ticket("retro", "retrospective", resolved=at(1)), ticket("open", "review"),
            ticket("tried", "experiment", resolved=at(1), outcome="supported"),
            ticket("vague", "experiment", resolved=at(1))]  # fmt: skip


def test_insights_wait_for_their_first_action_and_those_without_a_link_for_ever():
    links = [link("retro", "a", at(5)), link("retro", "b", at(3)), link("tried", "c", at(0)), link("p", "d", at(40)),
             link("p", "e", at(2), "reuse")]  # fmt: skip
    tables = {"tickets": INSIGHTS, "articles": [article("p"), article("w", "wiki")], "links": links}
    assert rows("learning_latency", "bucket", "done", "waiting", **tables) == [(2, 1, 0), (30, 0, 2)]
    assert rows("learning_latency_median", "bucket", "done", "waiting", **tables)[:2] == [(2, 1, 0), (39, 1, 0)]
    assert rows("insight_links", "part", "whole", **tables) == [(2, 3)]


def test_a_lesson_is_reused_only_by_another_team_and_only_after_it_was_written():
    uses = [{"use": "1", "article": "p", "person": "e1", "used": at(2)},
            {"use": "2", "article": "p", "person": "w1", "used": at(11)},
            {"use": "3", "article": "w", "person": "w1", "used": at(0)},
            {"use": "4", "article": "w", "person": "w2", "used": at(5)}]  # fmt: skip
    tables = {"tickets": INSIGHTS, "articles": [article("p"), article("w", "playbook"), article("q")],
              "links": [link("tried", "w", at(1), "playbook")], "article_uses": uses, "people": PEOPLE}  # fmt: skip
    assert rows("lesson_reuse", "bucket", "done", "waiting", **tables) == [(4, 1, 0), (10, 1, 0), (74, 0, 1)]


def test_an_action_is_sincere_if_it_was_verified_and_stayed_closed():
    known = {"resolved": at(1), "verified": True}
    tickets = [ticket("1", **known), ticket("2", **known, reopened=at(50)), ticket("3", **known, reopened=at(62)),
               ticket("4", resolved=at(1), verified=False), ticket("5", resolved=at(1)),
               ticket("6", **known, outcome="declined"), ticket("7", resolved=at(1), source="mute")]  # fmt: skip
    assert rows("action_sincerity", "part", "whole", tickets=tickets) == [(2, 5)]


def move(of, action, by, when):
    return {"move": f"{of}{action}{by}{when}", "ticket": of, "action": action, "person": by, "moved": when}


CHANGES = [ticket(str(n), "change", resolved=at(3)) for n in range(4)] + [ticket("no", "change", outcome="declined")]
MOVES = [move("0", "reviewed", "w1", at(1)), move("0", "commented", "w2", at(1)), move("1", "reviewed", "e0", at(1)),
         move("2", "reviewed", "w1", at(4)), move("3", "commented", "w1", at(1))]  # fmt: skip


def test_a_change_is_reviewed_by_another_before_it_is_finished():
    tables = {"tickets": CHANGES, "ticket_moves": MOVES}
    assert rows("peer_review", "part", "whole", **tables) == [(1, 4)]
    assert rows("review_depth", "total", "count", **tables) == [(4.0, 4)]
    assert rows("review_turnaround", "bucket", "done", "waiting", **tables) == [(8, 1, 0), (16, 0, 3)]


def test_where_no_review_was_ever_told_of_nothing_is_said():
    assert rows("peer_review", "part", tickets=CHANGES, ticket_moves=[move("0", "commented", "w1", at(1))]) == []


TRIED = [ticket(str(n), "experiment", resolved=at(n), outcome=outcome)
         for n, outcome in enumerate(["supported", "not supported", "not supported", "inconclusive"])]  # fmt: skip


def test_experiments_are_written_up_within_thirty_days_of_their_end():
    links = [link("0", "a", at(29), "playbook"), link("1", "a", at(40), "playbook"), link("2", "t", at(3))]
    tables = {"tickets": [*TRIED, ticket("open", "experiment")], "articles": [article("a", "playbook")], "links": links}
    assert rows("experiment_codification", "part", "whole", **tables) == [(1, 4)]
    assert rows("experiments_not_supported", "part", "whole", tickets=TRIED) == [(2, 3)]
    waits = rows("experiment_outcomes", "bucket", "done", "waiting", tickets=tables["tickets"])
    assert waits == [(0, 1, 0), (1, 1, 0), (2, 1, 0), (3, 1, 0), (60, 0, 1)]


def test_of_five_loops_those_known_turn_within_their_time():
    """Adjustments in east, assessments in west; of dialogue and root causes nothing is known, of reviews one team's."""
    early = [ticket("x", resolved=at(-100)), ticket("y", "review", resolved=at(-100), assignee="w0")]
    tickets = [*early, ticket("a", resolved=at(1))]
    praise = [{"feedback": str(n), "giver": "e0", "receiver": who, "kind": "peer", "given": at(day)}
              for n, (who, day) in enumerate([("w0", -100), ("w1", -80)])]  # fmt: skip
    found = rows("feedback_loops", "unit", "part", "whole", tickets=tickets, feedback=praise, people=PEOPLE)
    assert found == [("east", 1, 3), ("west", 1, 3)]


def test_leaders_are_seen_learning_in_four_weeks():
    people = [row | {"leader": row["person"] in ("e0", "w0")} for row in PEOPLE]
    done = [{"record": str(n), "person": who, "course": "c", "done": at(day), "changed": at(day)}
            for n, (who, day) in enumerate([("e0", -22), ("e0", -20), ("w0", -23), ("w1", 1)])]  # fmt: skip
    found = rows("leader_learning", "unit", "part", "whole", people=people, learning=done)
    assert found == [("east", 1, 1), ("west", 0, 1)]


def test_recognition_reaches_who_got_any_in_thirteen_weeks():
    given = [("e1", "e0", -84, "recognition"), ("e1", "e0", 1, "recognition"), ("e2", "e2", 1, "recognition"),
             ("e3", "e0", 1, "improvement"), ("w1", "e0", 1, "recognition")]  # fmt: skip
    praise = [{"feedback": str(n), "receiver": to, "giver": by, "given": at(day), "kind": kind, "learning": n == 0}
              for n, (to, by, day, kind) in enumerate(given)]  # fmt: skip
    assert rows("recognition_reach", "unit", "part", "whole", feedback=praise, people=PEOPLE) == [
        ("east", 1, 8), ("small", 0, 1), ("west", 1, 8)]  # fmt: skip
    tallies = rows("recognition_equity", "unit", "bucket", "holders", feedback=praise, people=PEOPLE)
    assert [row for row in tallies if row[0] == "east"] == [("east", 0, 7), ("east", 2, 1)]
    assert rows("recognised_learning", "unit", "part", "whole", feedback=praise, people=PEOPLE) == [
        ("east", 0, 2), ("west", 0, 1)]  # fmt: skip


def spread_out(recognised, sizes, people=()):
    """Sites of so many people each, of whom so many were recognised; all in one unit."""
    who = {site: [f"{site}{n}" for n in range(many)] for site, many in sizes.items()}
    lives = [row | {"site": row["person"][0]} for site in who for row in live(dict.fromkeys(who[site], "east"))]
    praise = [{"feedback": f"{site}{n}", "receiver": one, "giver": "boss", "given": at(1), "kind": "recognition"}
              for site, many in recognised.items() for n, one in enumerate(who[site][:many])]  # fmt: skip
    early = [{"feedback": "0", "receiver": "boss", "giver": "a0", "given": at(-100), "kind": "recognition"}]
    units = [{"unit": "top", "name": "Top", "valid_from": MONDAY.replace(year=2025)},
             {"unit": "east", "parent": "top", "name": "East", "valid_from": MONDAY.replace(year=2025)}]  # fmt: skip
    return {"feedback": praise + early, "people": lives, "units": units}


def test_recognition_that_would_have_to_move_between_sites():
    """30 of 90 are recognised, so 10 of each site of 30 if all were alike: 10 too many in a, 5 too few in b and c."""
    even = {"a": 30, "b": 30, "c": 30}
    told = spread_out({"a": 20, "b": 5, "c": 5}, even)
    assert rows("recognition_site_gap", "unit", "used", "allotted", "people", **told)[-1:] == [("top", 10.0, 30.0, 0)]
    assert sum(row[0] for row in rows("recognition_site_gap", "people", **told)) == 90
    alike = spread_out({"a": 10, "b": 10, "c": 10}, even)
    assert rows("recognition_site_gap", "unit", "used", **alike)[-1:] == [("top", 0.0)]


@pytest.mark.parametrize("sizes", [{"a": 30, "b": 30}, {"a": 30, "b": 30, "c": 9}])
def test_two_sites_give_no_gap_since_each_could_be_worked_out(sizes):
    assert rows("recognition_site_gap", "unit", **spread_out(dict.fromkeys(sizes, 9), sizes)) == []


def test_hours_used_are_set_against_hours_allotted_and_members_stand_behind():
    hours = [{"resource": "1", "unit": "east", "kind": "hours", "starts": MONDAY, "allotted": 40.0, "used": 10.5},
             {"resource": "2", "unit": "east", "kind": "money", "starts": MONDAY, "allotted": 99.0, "used": 9.0},
             {"resource": "3", "unit": "west", "kind": "hours", "starts": MONDAY, "allotted": 40.0}]  # fmt: skip
    found = rows("learning_time", "unit", "used", "allotted", "people", resources=hours, people=PEOPLE)
    assert found == [("east", 10.5, 40.0, 8), ("small", 0.0, 0.0, 1), ("west", 0.0, 0.0, 8)]
    assert isinstance(CALENDAR, Calendar)


def test_a_lesson_nobody_used_waits_and_does_not_drop_out():
    """A playbook linked to an experiment that was never used counts as waiting, as an unused post-mortem does."""
    uses = [{"use": "1", "article": "p", "person": "w1", "used": at(11)}]
    tables = {"tickets": INSIGHTS, "articles": [article("p"), article("w", "playbook")], "article_uses": uses,
              "links": [link("tried", "w", at(1), "playbook")], "people": PEOPLE}  # fmt: skip
    assert rows("lesson_reuse", "bucket", "done", "waiting", **tables) == [(10, 1, 0), (74, 0, 1)]
