"""Questions answered: who counts as somebody else, what the clock counts, and what is still young."""

from datetime import date

import pytest

from metrics.weeks import Calendar
from tests.metrics.facts import CALENDAR, MONDAY, at, evidence, live

PEOPLE = live({"ann": "east", "bob": "west"})


def said(name, author, sent, **known):
    return {"message": name, "channel": "help", "author": author, "sent": sent, "public": True} | known


def question(name="q", author="ann", sent=at(1), **known):
    return said(name, author, sent, question=True, **known)


TALK = [said("t1", "bob", at(-14)), said("t2", "ann", at(-14), thread="t1")]


def count(*messages, calendar=CALENDAR):
    found = evidence("question_answered", calendar, messages=[*messages, *TALK], people=PEOPLE)
    return [(r["unit"], r["bucket"], r["done"], r["waiting"]) for r in found.rows(named=True)]


@pytest.mark.parametrize("link", [{"reply_to": "q"}, {"thread": "q"}, {"thread": "q", "reply_to": "q"}])
def test_a_reply_or_a_message_in_the_thread_by_somebody_else_answers(link):
    assert count(question(), said("r", "bob", at(1, 12), **link)) == [("east", 3, 1, 0)]


def test_the_asker_does_not_answer_themselves_and_a_bot_is_nobody():
    own, bot = said("r", "ann", at(1, 10), thread="q"), said("s", None, at(1, 11), thread="q")
    assert count(question(), own, bot) == [("east", 24, 0, 1)]
    assert count(question(), own, bot, said("t", "bob", at(1, 13), thread="q")) == [("east", 4, 1, 0)]
    assert count(question(), said("r", "ann", at(1, 10), reply_to="q")) == [("east", 24, 0, 1)]


def test_the_last_question_of_a_thread_is_not_answered_by_the_next_thread():
    other = said("z", "bob", at(1, 10)), said("zz", "bob", at(1, 11), thread="z")
    assert count(question("a"), *other) == [("east", 24, 0, 1)]


def test_a_question_inside_a_thread_is_answered_by_what_follows_not_by_what_was_there():
    before, root = said("b", "bob", at(1, 9, 30), thread="root"), said("root", "bob", at(1, 8))
    asked = question(sent=at(1, 10), thread="root")
    assert count(root, before, asked) == [("east", 24, 0, 1)]
    assert count(root, before, asked, said("c", "bob", at(1, 11), thread="root")) == [("east", 1, 1, 0)]


def test_twenty_four_working_hours_are_three_days_of_eight():
    asked = question(sent=at(4, 9))
    assert count(asked, said("r", "bob", at(8, 17), reply_to="q")) == [("east", 24, 1, 0)]
    assert count(asked, said("r", "bob", at(9, 10), reply_to="q")) == [("east", 24, 0, 1)]


def test_a_question_still_young_has_waited_what_it_has_waited():
    assert count(question(sent=at(1, 9)), calendar=Calendar(today=date(2026, 9, 9))) == [("east", 8, 0, 1)]


def test_what_is_asked_today_has_not_been_asked_yet():
    assert count(question(sent=at(1, 9)), calendar=Calendar(today=date(2026, 9, 8))) == []


def test_private_questions_and_those_of_strangers_are_not_counted():
    assert count(question(public=False), question("s", "stranger"), said("t", "ann", at(1))) == []


def test_they_count_for_the_askers_team_that_week():
    found = evidence("question_answered", messages=[*TALK, question(), question("p", "bob")], people=PEOPLE)
    assert found.select("unit", "week", "people").rows() == [("east", MONDAY, 1), ("west", MONDAY, 1)]


def test_where_a_source_tells_of_no_replies_at_all_nothing_is_known_and_it_is_not_nought():
    assert evidence("question_answered", messages=[question(), said("r", "bob", at(1, 12))], people=PEOPLE).is_empty()
