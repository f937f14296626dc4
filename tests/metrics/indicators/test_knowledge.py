"""Knowledge in use, fresh, right, across teams; new problems, repeated ones, and on how few it rests: by hand."""

from datetime import timedelta

from metrics.indicator import indicators
from metrics.weeks import Calendar
from tests.metrics.facts import CALENDAR, DAY, MONDAY, at, evidence, live

WEEK = timedelta(weeks=1)


def article(name, **known):
    return {
        "article": name,
        "source": "wiki",
        "kind": "wiki",
        "author": "ann",
        "unit": "east",
        "created": at(-200),
    } | known


def use(name, article="a", person="bob", **known):
    return {"use": name, "article": article, "person": person, "used": at(1)} | known


def ticket(name, **known):
    row = {"ticket": name, "source": "desk", "kind": "incident", "unit": "east", "assignee": f"p{name}"}
    return row | {"opened": at(0), "resolved": at(1), "closed": at(2)} | known


def rows(name, *columns, calendar=CALENDAR, week=MONDAY, **tables):
    found = evidence(name, calendar, **tables)
    return [tuple(row[c] for c in columns) for row in found.rows(named=True) if row["week"] == week]


def test_an_article_used_by_somebody_else_is_alive_and_one_used_by_its_author_is_not():
    articles = [
        article("a"),
        article("b"),
        article("c"),
        article("old", retired=at(-60)),
        article("new", created=at(30)),
    ]
    uses = [use("1", used=at(-84)), use("2"), use("3"), use("4", "b", "ann"), use("5", "old")]
    found = rows("reuse_breadth", "unit", "bucket", "holders", articles=articles, article_uses=uses)
    assert found == [("east", 0, 2), ("east", 3, 1)]


def test_uses_of_more_than_thirteen_weeks_ago_are_forgotten():
    articles, uses = [article("a")], [use("0", used=at(-91)), use("1", used=at(-84)), use("2")]
    assert rows("reuse_concentration", "bucket", "holders", articles=articles, article_uses=uses) == [(2, 1)]


def test_what_is_written_a_day_after_the_ticket_is_in_time_and_what_was_there_before_is_not_new():
    articles = [article("early", created=at(0, 12)), article("soon", created=at(2, 8)), article("late", created=at(4)),
                article("known")]  # fmt: skip
    uses = [use(str(n), name, ticket=str(n)) for n, name in enumerate(["early", "soon", "late", "known"])]
    found = rows("time_to_publish", "bucket", "done", "waiting", tickets=[ticket(str(n)) for n in range(4)],
                 articles=articles, article_uses=uses)  # fmt: skip
    assert found == [(0, 1, 0), (23, 1, 0), (24, 0, 1)]


def test_an_article_is_fresh_for_180_days_after_it_was_written_or_reviewed():
    articles = [article("old"), article("seen", reviewed=at(-179)), article("after", reviewed=at(5)),
                article("young", created=at(-30)), article("mute", source="file", created=at(0))]  # fmt: skip
    uses = [use(a["article"], a["article"]) for a in articles]
    assert rows("knowledge_freshness", "part", "whole", articles=articles, article_uses=uses) == [(2, 4)]


def test_only_links_that_were_looked_at_are_right_or_wrong():
    uses = [use("1", fits=True), use("2", fits=False), use("3"), use("4", fits=True)]
    people = live({"bob": "west"})
    assert rows("link_accuracy", "unit", "part", "whole", article_uses=uses, people=people) == [("west", 2, 3)]


def test_a_ticket_is_known_if_one_of_its_articles_was_there_before():
    articles = [article("before"), article("after", created=at(1, 12))]
    links = [("1", "before"), ("2", "after"), ("3", "before"), ("3", "after"), ("4", "after")]
    uses = [use(f"{t}{a}", a, ticket=t, used=at(2)) for t, a in links]
    found = rows("new_versus_known", "part", "whole", tickets=[ticket(str(n)) for n in range(1, 6)], articles=articles,
                 article_uses=uses)  # fmt: skip
    assert found == [(2, 4)]


def test_reuse_counts_across_teams_in_the_teams_of_that_week():
    people = live({"ann": "east", "bob": "west", "eve": "east", "zoe": "west"})
    articles = [article("a"), article("gone", author="left", unit="west"), article("w", author="zoe")]
    uses = [use("1"), use("2", person="eve"), use("3", "gone"), use("4", "w", "eve"), use("5", "w", "stranger")]
    found = rows("cross_team_reuse", "unit", "part", "whole", articles=articles, article_uses=uses, people=people)
    assert found == [("east", 1, 2), ("west", 1, 2)]


def test_who_closed_and_wrote_how_much_in_half_a_year_is_a_histogram_without_names():
    tickets = [ticket(f"x{n}", assignee=who, opened=at(-190), closed=at(day), outcome=out)
               for n, (who, day, out) in enumerate([("p", -175, None), ("p", -20, None), ("q", -20, None),
                                                    ("r", -20, "duplicate"), ("q", -189, None)])]  # fmt: skip
    articles = [article("a", author="q", created=at(-1))]
    found = rows("contributor_absence_factor", "unit", "bucket", "holders", tickets=tickets, articles=articles)
    assert found == [("east", 2, 2)]
    assert indicators()["contributor_absence_factor"].evidence({}, CALENDAR).is_empty()


def test_where_only_tickets_or_only_articles_are_told_half_of_those_counts():
    tickets = [ticket(f"{who}{n}", assignee=who, opened=at(day - 1), closed=at(day))
               for n, (who, day) in enumerate([("p", -188), ("q", -1), ("q", -2)])]  # fmt: skip
    articles = [article("a", author="q", created=at(-188)), article("b", author="q", created=at(-1))]
    only = {"tickets": {"tickets": tickets}, "articles": {"articles": articles}}
    found = {
        name: rows("contributor_absence_factor", "unit", "bucket", "holders", **told) for name, told in only.items()
    }
    assert found == {"tickets": [("east", 2, 1)], "articles": [("east", 1, 1)]}


def incident(name, day, cause="dns", **known):
    return ticket(name, cause=cause, opened=at(day), resolved=at(day, 12), closed=None) | known


OLD = ticket("old", kind="request", opened=at(-400))


def test_of_the_first_half_year_of_a_source_nothing_is_said():
    young = [ticket("y", opened=at(-100)), incident("1", -10), incident("2", 0)]
    assert rows("repeat_incidents", "part", "whole", tickets=young) == []


def test_trouble_that_comes_back_after_its_lesson_is_a_repeat():
    lesson = ticket("l", kind="action", cause="dns", opened=at(-9), resolved=at(-5), closed=None)
    first, again = incident("1", -10), incident("2", 0)
    assert rows("repeat_incidents", "part", "whole", tickets=[OLD, first, lesson, again]) == [(1, 1)]


def test_without_a_lesson_since_or_after_180_days_it_is_not():
    lesson = ticket("l", kind="action", cause="dns", opened=at(-19), resolved=at(-15), closed=None)
    other = lesson | {"cause": "disk"}
    declined = lesson | {"outcome": "declined"}
    assert rows("repeat_incidents", "part", "whole", tickets=[OLD, incident("1", -10), lesson, incident("2", 0)]) == [
        (0, 1)
    ]
    assert rows("repeat_incidents", "part", "whole", tickets=[OLD, incident("1", -20), other, incident("2", 0)]) == [
        (0, 1)
    ]
    assert rows("repeat_incidents", "part", "whole", tickets=[OLD, incident("1", -20), declined, incident("2", 0)]) == [
        (0, 1)
    ]
    assert rows("repeat_incidents", "part", "whole", tickets=[OLD, incident("1", -185), lesson, incident("2", 0)]) == [
        (0, 1)
    ]


def test_where_no_action_names_a_cause_the_same_cause_again_is_enough():
    tickets = [OLD, incident("1", -10), incident("2", 0), incident("3", 0, cause=None), incident("4", 0, cause="disk")]
    assert rows("repeat_incidents", "part", "whole", tickets=tickets) == [(1, 2)]


def test_work_waits_from_asking_to_done_and_open_work_has_waited_until_today():
    calendar = Calendar(today=at(20).date())
    tickets = [ticket("1", resolved=at(3)), ticket("2", resolved=at(15)), ticket("3", resolved=None, closed=None),
               ticket("4", kind="action"), ticket("5", outcome="automatic")]  # fmt: skip
    found = rows("lead_time", "bucket", "done", "waiting", calendar=calendar, tickets=tickets)
    assert found == [(3, 1, 0), (10, 0, 2)]
    half = rows("lead_time_median", "bucket", "done", "waiting", calendar=calendar, tickets=tickets)
    assert half == [(3, 1, 0), (15, 1, 0), (19, 0, 1)]
    assert DAY < WEEK
