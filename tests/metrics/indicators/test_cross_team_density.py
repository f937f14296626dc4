"""Cross-team ties: both turned to the other, on two days, in a small public channel, within four known weeks."""

from datetime import date

import pytest

from tests.metrics.facts import at, evidence, live

UNITS = {"ann": "east", "art": "east", "bob": "west", "ben": "west", "cat": "far"}
LAST = date(2026, 9, 28)


def said(name, author, day, **known):
    return {"message": name, "channel": "c", "author": author, "sent": at(day), "public": True} | known


HEARTBEAT = [said(f"beat{week}", "ann", 7 * week) for week in range(4)]


def mention(person, other, day, **known):
    tie = {"tie": f"{person}{other}{day}", "person": person, "other": other, "kind": "mention", "seen": at(day)}
    return tie | {"channel": "c"} | known


def ties(*seen, messages=HEARTBEAT, units=UNITS, week=LAST):
    found = evidence("cross_team_density", messages=list(messages), ties_seen=list(seen), people=live(units))
    rows = found.rows(named=True)
    return [(r["unit"], r["other"], r["ties"]) for r in rows if r["other"] and r["week"] == week]


def test_each_to_the_other_on_two_days_is_a_tie():
    assert ties(mention("ann", "bob", 22), mention("bob", "ann", 23)) == [("east", "west", 1)]


def test_two_days_may_lie_in_different_weeks_of_the_four():
    assert ties(mention("ann", "bob", 0), mention("bob", "ann", 23)) == [("east", "west", 1)]


@pytest.mark.parametrize(
    "seen",
    [
        [mention("ann", "bob", 22), mention("bob", "ann", 22)],
        [mention("ann", "bob", 22), mention("ann", "bob", 23)],
        [mention("ann", "art", 22), mention("art", "ann", 23)],
        [mention("ann", "bob", -1), mention("bob", "ann", 23)],
        [mention("ann", "bob", 22, kind="reaction"), mention("bob", "ann", 23)],
        [mention("ann", "stranger", 22), mention("stranger", "ann", 23)],
    ],
    ids=["one day", "one way", "one team", "five weeks apart", "a reaction", "a stranger"],
)
def test_less_is_no_tie(seen):
    assert ties(*seen) == []


def test_a_reply_turns_to_who_is_replied_to_and_two_pairs_are_two_ties():
    messages = [
        *HEARTBEAT,
        said("1", "bob", 22),
        said("2", "ann", 22, reply_to="1"),
        said("3", "bob", 23, reply_to="2"),
    ]
    also = mention("art", "ben", 22), mention("ben", "art", 24)
    assert ties(*also, messages=messages) == [("east", "west", 2)]


def test_a_reply_to_what_is_older_than_four_weeks_is_not_counted():
    old, recent = said("1", "bob", -7), said("2", "bob", -5)
    back = mention("bob", "ann", 23)
    assert ties(back, messages=[*HEARTBEAT, old, said("r", "ann", 22, reply_to="1")]) == []
    assert ties(back, messages=[*HEARTBEAT, recent, said("r", "ann", 22, reply_to="2")]) == [("east", "west", 1)]


def test_private_messages_are_not_seen():
    private = said("1", "bob", 22, public=False), said("2", "ann", 22, reply_to="1", public=False)
    assert ties(mention("bob", "ann", 23), messages=[*HEARTBEAT, *private]) == []


@pytest.mark.parametrize(("writers", "found"), [(29, [("east", "west", 1)]), (30, [])])
def test_a_channel_where_more_than_thirty_write_is_a_crowd(writers, found):
    crowd = [said(f"m{n}", f"w{n}", 22) for n in range(writers)]
    assert ties(mention("ann", "bob", 22), mention("bob", "ann", 23), messages=[*HEARTBEAT, *crowd]) == found


def test_a_mention_outside_any_channel_is_seen():
    assert ties(mention("ann", "bob", 22, channel=None), mention("bob", "ann", 23)) == [("east", "west", 1)]


def test_a_week_of_whose_four_one_is_silent_is_unknown():
    found = evidence("cross_team_density", messages=HEARTBEAT, people=live(UNITS))
    assert found["week"].unique().to_list() == [LAST]
    assert evidence("cross_team_density", messages=HEARTBEAT[1:], people=live(UNITS)).is_empty()


def test_everybody_counts_for_the_size_and_who_turned_to_somebody_for_the_crowd():
    seen = [mention("ann", "art", 22), mention("ann", "bob", 22)]
    found = evidence("cross_team_density", messages=HEARTBEAT, ties_seen=seen, people=live(UNITS))
    assert [(r["unit"], r["size"], r["squares"], r["people"]) for r in found.rows(named=True)] == [
        ("east", 2, 4, 2), ("far", 1, 1, 0), ("west", 2, 4, 1),
    ]  # fmt: skip


def test_a_pair_counts_between_the_teams_they_are_in_that_week():
    moved = [
        {"person": "bob", "unit": "west", "valid_from": date(2026, 1, 1), "valid_to": date(2026, 9, 28)},
        {"person": "bob", "unit": "far", "valid_from": date(2026, 9, 28)},
        *live({"ann": "east"}),
    ]
    seen = [mention("ann", "bob", 20), mention("bob", "ann", 22)]
    found = evidence("cross_team_density", messages=HEARTBEAT, ties_seen=seen, people=moved)
    assert [(r["unit"], r["other"]) for r in found.rows(named=True) if r["other"]] == [("east", "far")]
