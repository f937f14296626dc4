"""What stands beside the main indicators: medians, slow ones, backlogs, pairs, loops; each counted by hand."""

from datetime import date

import pytest

from metrics.evidence import read
from metrics.indicator import indicators
from metrics.weeks import Calendar
from tests.metrics.facts import CALENDAR, DAY, MONDAY, at, evidence, live

EAST, WEST = [f"e{n}" for n in range(8)], [f"w{n}" for n in range(8)]
TEAMS = dict.fromkeys(EAST, "east") | dict.fromkeys(WEST, "west")
PEOPLE = live(TEAMS)


def ticket(name, kind="incident", **known):
    row = {"ticket": name, "source": "desk", "kind": kind, "unit": "east", "assignee": "e0", "opened": at(0)}
    return row | known


def rows(name, *columns, calendar=CALENDAR, week=MONDAY, **tables):
    found = evidence(name, calendar, **tables)
    return [tuple(row[c] for c in columns) for row in found.rows(named=True) if row["week"] == week]


def published(*hours):
    """Tickets resolved on Tuesday at nine, each with an article so many hours later."""
    tickets = [ticket(str(n), resolved=at(1)) for n in range(len(hours))]
    made = [{"article": f"k{n}", "created": at(1) + late * DAY / 24} for n, late in enumerate(hours)]
    uses = [{"use": str(n), "article": f"k{n}", "ticket": str(n), "used": at(3)} for n in range(len(hours))]
    return {"tickets": tickets, "articles": made, "article_uses": uses}


def test_written_down_at_once_is_before_the_ticket_is_resolved_or_within_the_hour():
    assert rows("published_at_once", "part", "whole", **published(-5, 0.5, 2, 30)) == [(2, 4)]


def test_half_and_eighty_five_in_a_hundred_articles_are_there_after_so_many_hours():
    """Twenty articles after 1, 2, ... 20 hours: half after 10, 17 of 20 after 17."""
    tables = published(*range(1, 21))
    for name, hours in (("time_to_publish_median", 10), ("time_to_publish_p85", 17)):
        found = evidence(name, **tables)
        assert read(found, indicators()[name]).row(0, named=True)["value"] == hours


@pytest.mark.parametrize(("linked", "value"), [(12, 25.0), (11, None)])
def test_new_problems_are_unknown_where_fewer_than_two_fifths_of_the_work_is_linked(linked, value):
    """Of 30 closed 12 are linked, 3 of them to what did not exist before."""
    tickets = [ticket(str(n), closed=at(1)) for n in range(30)]
    made = [{"article": "old", "created": at(-9)}, {"article": "new", "created": at(1)}]
    uses = [{"use": str(n), "article": "new" if n < 3 else "old", "ticket": str(n), "used": at(1)}
            for n in range(linked)]  # fmt: skip
    found = evidence("new_versus_known", tickets=tickets, articles=made, article_uses=uses)
    assert found.select("part", "whole", "of").rows() == [(3, linked, 30)]
    assert read(found, indicators()["new_versus_known"])["value"].item() == value


def asked(name, author, sent, **known):
    told = {"message": name, "source": "chat", "channel": "help", "author": author, "sent": sent, "public": True}
    return told | {"question": True} | known


def test_the_wait_of_who_asks_runs_on_the_clock_of_work():
    """Asked Monday at nine: answered at noon after 3 hours; on Wednesday at ten after 8 + 8 + 1 = 17; never."""
    talk = [asked("1", "e0", at(0)), asked("2", "w0", at(0, 12), reply_to="1", question=False), asked("3", "e1", at(0)),
            asked("4", "w0", at(2, 10), thread="3", question=False), asked("5", "e2", at(0))]  # fmt: skip
    found = rows("question_wait_median", "bucket", "done", "waiting", messages=talk, people=PEOPLE)
    assert found == [(3, 1, 0), (17, 1, 0), (80, 0, 1)]


def test_how_unevenly_help_is_given_counts_those_who_gave_none():
    start = [asked(f"b{week}", "e7", at(-7 * week), question=False) for week in (1, 2, 3)]
    talk = [asked("1", "e0", at(1)), asked("2", "w0", at(1, 10), reply_to="1", question=False)]
    found = rows("load_inequality", "unit", "bucket", "holders", messages=start + talk, people=PEOPLE)
    assert found == [("east", 0, 8), ("west", 0, 7), ("west", 1, 1)]


ACTIONS = [ticket("1", "action", resolved=at(4)), ticket("2", "action", resolved=at(4), reopened=at(9)),
           ticket("3", "action", closed=at(9), outcome="declined"), ticket("4", "action")]  # fmt: skip


def test_actions_wait_until_they_are_done_and_neither_declining_nor_reopening_is_doing():
    """As of 22 November, 76 whole days after they were opened."""
    found = rows("action_completion_median", "bucket", "done", "waiting", tickets=ACTIONS)
    assert found == [(4, 1, 0), (75, 0, 3)]


def test_of_what_is_open_after_a_quarter_all_is_old_and_what_was_declined_is_open_no_more():
    later = Calendar(today=date(2026, 12, 22))
    early, old = MONDAY, date(2026, 12, 7)
    assert rows("action_backlog", "part", "whole", tickets=ACTIONS, calendar=later, week=early) == [(0, 3)]
    assert rows("action_backlog", "part", "whole", tickets=ACTIONS, calendar=later, week=old - 7 * DAY) == [(0, 2)]
    assert rows("action_backlog", "part", "whole", tickets=ACTIONS, calendar=later, week=old) == [(2, 2)]


def test_insights_have_a_quarter_to_become_an_action_and_half_a_year_to_count_as_slow():
    held = [ticket(str(n), "retrospective", resolved=at(0)) for n in range(3)]
    links = [{"link": str(n), "kind": "action", "origin": str(n), "target": "a", "made": at(day)}
             for n, day in enumerate((10, 60))]  # fmt: skip
    tables = {"tickets": held, "articles": [{"article": "k", "kind": "wiki", "created": at(0)}], "links": links}
    later = Calendar(today=date(2027, 1, 1))
    for name in ("learning_latency_quarter", "learning_latency_p85"):
        found = rows(name, "bucket", "done", "waiting", calendar=later, **tables)
        assert found[:2] == [(10, 1, 0), (60, 1, 0)]
        assert found[2][1:] == (0, 1)


REVIEWS = [{"move": "1", "ticket": "c1", "person": "e1", "action": "reviewed", "moved": at(1, 11)},
           {"move": "2", "ticket": "c1", "person": "w1", "action": "reviewed", "moved": at(1, 12)},
           {"move": "3", "ticket": "c1", "person": "e0", "action": "reviewed", "moved": at(1, 13)},
           {"move": "4", "ticket": "c1", "person": "w2", "action": "commented", "moved": at(1, 13)}]  # fmt: skip
CHANGES = [ticket("c1", "change", resolved=at(2)), ticket("c2", "change", resolved=at(0, 12))]


def test_a_review_by_another_team_counts_for_the_author_and_the_authors_own_not_at_all():
    found = rows("cross_team_review", "unit", "part", "whole", tickets=CHANGES, ticket_moves=REVIEWS, people=PEOPLE)
    assert found == [("east", 1, 2)]


def test_a_change_waits_for_its_first_reader_and_one_finished_unread_as_long_as_it_was_open():
    found = rows("review_wait_median", "bucket", "done", "waiting", tickets=CHANGES, ticket_moves=REVIEWS)
    assert found == [(3, 0, 1), (10, 1, 0)]


def test_praise_from_another_team_is_counted_in_the_teams_of_its_week():
    praise = [{"feedback": str(n), "kind": "recognition", "giver": giver, "receiver": "e0", "given": at(1)}
              for n, giver in enumerate(["w0", "e1", "e2", "e0", "stranger"])]  # fmt: skip
    assert rows("recognition_across", "unit", "part", "whole", feedback=praise, people=PEOPLE) == [("east", 1, 3)]


def test_money_and_hours_are_told_apart():
    spent = [{"resource": kind, "unit": "east", "kind": kind, "starts": MONDAY, "allotted": 100.0, "used": used}
             for kind, used in (("money", 40.0), ("hours", 90.0))]  # fmt: skip
    for name, used in (("learning_budget", 40.0), ("learning_time", 90.0)):
        found = rows(name, "unit", "used", "allotted", "periods", "people", resources=spent, people=PEOPLE)
        assert found[0] == ("east", used, 100.0, 1, 8)


def test_of_work_85_in_a_hundred_is_done_after_so_many_days_the_open_ones_counted():
    """Twenty tickets: 16 done after 1 to 16 days, one after 40, three still open: 17 of 20 after 40."""
    done = [ticket(str(n), resolved=at(n)) for n in [*range(1, 17), 40]]
    work = done + [ticket(f"open{n}") for n in range(3)]
    found = evidence("lead_time_p85", tickets=work)
    assert read(found, indicators()["lead_time_p85"])["value"].item() == 40


def mention(person, other, day):
    tie = {"tie": f"{person}{other}{day}", "person": person, "other": other, "kind": "mention", "seen": at(day)}
    return tie | {"channel": "c"}


@pytest.mark.parametrize(("many", "firm"), [(3, [("east", "west", 1)]), (2, [])])
def test_two_teams_are_firmly_tied_by_three_ties_and_small_teams_do_not_count(many, firm):
    people = live(TEAMS | {"x0": "tiny", "x1": "tiny", "x2": "tiny"})
    beats = [{"message": f"b{week}", "channel": "c", "author": "e0", "sent": at(7 * week), "public": True}
             for week in range(4)]  # fmt: skip
    seen = [tie for n in range(many) for tie in (mention(f"e{n}", f"w{n}", 22), mention(f"w{n}", f"e{n}", 23))]
    seen += [tie for n in range(3) for tie in (mention(f"e{n}", f"x{n}", 22), mention(f"x{n}", f"e{n}", 23))]
    found = evidence("team_pairs_tied", messages=beats, ties_seen=seen, people=people)
    assert [(r["unit"], r["size"], r["squares"]) for r in found.rows(named=True) if r["other"] is None] == [
        ("east", 1, 1), ("west", 1, 1)]  # fmt: skip
    assert [(r["unit"], r["other"], r["ties"]) for r in found.rows(named=True) if r["other"]] == firm


LOOPS = {
    "loop_adjustments": {"tickets": [ticket("1", "change", resolved=at(1)), ticket("2", "incident", resolved=at(1))]},
    "loop_reviews": {"tickets": [ticket("1", "retrospective", resolved=at(1))]},
    "loop_assessments": {"feedback": [{"feedback": "1", "giver": "w0", "receiver": "e0", "given": at(1)}]},
    "loop_dialogue": {"messages": [asked("1", "w0", at(1)), asked("2", "e0", at(1), reply_to="1")]},
    "loop_root_causes": {"tickets": [ticket("1", resolved=at(1), cause="dns"), ticket("2", resolved=at(1))]},
}


@pytest.mark.parametrize(("name", "weeks"), [*zip(LOOPS, (4, 13, 13, 4, 13), strict=True)])
def test_a_loop_that_turned_once_counts_for_its_team_as_long_as_it_should(name, weeks):
    last = MONDAY + 7 * (weeks - 1) * DAY
    later = Calendar(today=date(2027, 3, 1))
    found = rows(name, "unit", "part", "whole", people=PEOPLE, calendar=later, week=last, **LOOPS[name])
    assert found == [("east", 1, 1), ("west", 0, 1)]
    after = rows(name, "unit", "part", people=PEOPLE, calendar=later, week=last + 7 * DAY, **LOOPS[name])
    assert after == [("east", 0), ("west", 0)]
