"""Ties outward and within, islands, bridges, help and voice: hand-worked networks, and an independent library."""

from datetime import date

import networkx as nx
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.constraint import constraints
from metrics.evidence import read, roll_up
from metrics.indicator import indicators
from metrics.network import PAIRS, code
from metrics.tree import tree
from metrics.weeks import spine
from tests.metrics.facts import CALENDAR, MONDAY, at, evidence, facts, live

ALL = pl.DataFrame(schema={"unit": pl.String, "parent": pl.String, "valid_from": pl.Date, "valid_to": pl.Date})


def network(edges, teams):
    """Teams and pairs as the indicators are given them, for one week."""
    there = pl.DataFrame({"person": list(teams), "week": [MONDAY] * len(teams), "unit": list(teams.values())})
    codes = dict(there.select("person", code=code("person")).rows())
    drawn = [(MONDAY, *sorted((codes[one], codes[two])), True) for one, two in edges] + [(MONDAY, None, None, False)]
    return {"teams": there, "pairs": pl.DataFrame(drawn, schema=PAIRS, orient="row")}


def whole(name, edges, teams, unit="all"):
    one = indicators()[name]
    found = one.evidence(network(edges, teams), CALENDAR)
    above = tree(ALL_UNITS, spine(MONDAY, MONDAY), named=found["unit"])
    return read(roll_up(found, above), one).filter(unit=unit).row(0, named=True)


ALL_UNITS = pl.DataFrame(facts(units=[])["units"])


@pytest.fixture
def small(worked):
    """Seven people of three teams, and the same people twice over so that there are ten ties to read."""
    example = worked("cross_team_density_hand")
    edges, teams = example["inputs"]["edges"], example["inputs"]["team"]
    return edges, teams, example["expected"]


def raw(name, edges, teams):
    """What is read before few events are withheld."""
    from metrics.kinds import KINDS

    one = indicators()[name]
    rolled = roll_up(
        one.evidence(network(edges, teams), CALENDAR), tree(ALL_UNITS, spine(MONDAY, MONDAY), named=set(teams.values()))
    )
    return KINDS[one.kind].read(rolled.lazy(), 0).collect().filter(unit="all").row(0, named=True)


def test_the_worked_example_of_three_teams(small):
    edges, teams, expected = small
    assert raw("cross_team_density", edges, teams)["value"] == pytest.approx(expected["cross_team_density"])
    assert raw("ei_index", edges, teams)["value"] == pytest.approx(expected["EI"])
    beyond = raw("ei_beyond_size", edges, teams)["value"]
    assert beyond == pytest.approx(expected["EI"] - expected["expected_EI_random"])


def test_of_three_links_between_teams_two_hang_on_one_person(small):
    """A-B: two people on either side; A-C: a3 and c1 alone; B-C: b2 and c2 alone."""
    edges, teams, _ = small
    found = raw("bridge_redundancy", edges, teams)
    assert (found["value"], found["n"]) == (pytest.approx(2 / 3), 3)


def test_ties_per_person_do_not_count_those_within_the_team(small):
    """a1 1, a3 2, b1 1, b2 2, c1 1, c2 1, a2 0: eight over seven people."""
    edges, teams, _ = small
    assert raw("cross_team_degree", edges, teams)["value"] == pytest.approx(8 / 7)


def test_modularity_is_that_of_the_worked_example_once_teams_are_enough(worked, monkeypatch):
    example = worked("modularity_barbell")
    edges = [[f"p{one}", f"p{two}"] for one, two in example["inputs"]["edges"]]
    monkeypatch.setattr("metrics.kinds.blocks.LEAST_TEAMS", 2)
    for name in ("good", "bad"):
        teams = {f"p{person}": f"t{at_}" for at_, team in enumerate(example["inputs"][name]) for person in team}
        assert raw("modularity", edges, teams)["value"] == pytest.approx(example["expected"][f"Q_{name}"])


def test_of_fewer_than_five_teams_modularity_is_unknown(small):
    edges, teams, _ = small
    assert raw("modularity", edges, teams)["value"] is None


PEOPLE = [f"p{n}" for n in range(14)]
EDGES = st.sets(st.tuples(st.sampled_from(PEOPLE), st.sampled_from(PEOPLE)).filter(lambda e: e[0] < e[1]), min_size=6)


@settings(deadline=None)
@given(EDGES, st.lists(st.sampled_from("abcdefg"), min_size=14, max_size=14))
def test_modularity_density_and_constraint_are_those_of_networkx(edges, units):
    teams, graph = dict(zip(PEOPLE, units, strict=True)), nx.Graph(list(edges))
    sets = [{p for p in graph if teams[p] == unit} for unit in set(teams.values())]
    sets = [one for one in sets if one]
    found = raw("modularity", edges, teams)
    if len(sets) >= 5:
        assert found["value"] == pytest.approx(nx.community.modularity(graph, sets), abs=1e-9)
    given_ = network(edges, teams)
    ours = dict(constraints(given_["pairs"].lazy(), given_["teams"].lazy()).select("person", "total").collect().rows())
    theirs = nx.constraint(graph)
    assert ours == {person: pytest.approx(value, abs=1e-9) for person, value in theirs.items()}


def said(name, author, sent, **known):
    return {
        "message": name,
        "channel": "help",
        "author": author,
        "sent": sent,
        "public": True,
        "question": False,
    } | known


def question(name, author, sent=at(1), **known):
    return said(name, author, sent, question=True, **known)


def rows(name, *columns, week=MONDAY, **tables):
    found = evidence(name, **tables)
    return [tuple(row[c] for c in columns) for row in found.rows(named=True) if row["week"] == week]


TEAMS = live({"ann": "east", "art": "east", "bob": "west", "eve": "west"})


def test_help_goes_both_ways_only_if_each_answered_the_other():
    talk = [question("1", "ann"), said("2", "bob", at(1, 10), reply_to="1"), question("3", "bob", at(2)),
            said("4", "ann", at(2, 10), thread="3"), question("5", "art", at(2)),
            said("6", "bob", at(2, 11), reply_to="5")]  # fmt: skip
    assert rows("reciprocity", "unit", "part", "whole", messages=talk, people=TEAMS) == [
        ("east", 1, 1), ("west", 1, 2)]  # fmt: skip


def test_an_answer_of_another_team_counts_for_the_team_that_asked():
    talk = [question("1", "ann"), said("2", "bob", at(1, 10), reply_to="1"), said("3", "art", at(1, 11), reply_to="1"),
            question("4", "art"), said("5", "ann", at(1, 12), thread="4"), question("6", "eve")]  # fmt: skip
    assert rows("cross_team_answers", "unit", "part", "whole", messages=talk, people=TEAMS) == [("east", 1, 2)]


def test_questions_are_counted_over_the_time_people_were_at_work():
    people = [*TEAMS, {"person": "zoe", "unit": "east", "valid_from": date(2026, 1, 1), "share": 0.5},
              {"person": "off", "unit": "east", "valid_from": date(2026, 1, 1), "share": 0.0}]  # fmt: skip
    talk = [question("1", "ann"), question("2", "ann"), question("3", "stranger"), question("4", "bob", public=False)]
    assert rows("help_seeking", "unit", "events", "exposure", messages=talk, people=people) == [
        ("east", 2, 2.5), ("west", 0, 2.0)]  # fmt: skip


def test_who_answered_how_much_includes_those_who_answered_nothing():
    start = [said(f"b{week}", "ann", at(-7 * week)) for week in (1, 2, 3)]
    talk = [question("1", "ann"), said("2", "bob", at(1, 10), reply_to="1"), question("3", "art"),
            said("4", "bob", at(1, 12), reply_to="3")]  # fmt: skip
    found = rows("load_concentration", "unit", "bucket", "holders", messages=start + talk, people=TEAMS)
    assert found == [("east", 0, 2), ("west", 0, 1), ("west", 2, 1)]


def test_the_evenness_of_a_channel_counts_the_silent_of_late():
    """Five members wrote 12, 12, 12, 0 and 0 in four weeks: G = .4, evenness 1 - .4 x 5/4."""
    people = ["ann", "art", "bob", "eve", "zoe"]
    early = [said(f"e{who}", who, at(-7 * 5)) for who in people] + [said("first", "ann", at(-7 * 7))]
    late = [said(f"{who}{n}", who, at(n % 5)) for who in people[:3] for n in range(12)]
    found = rows(
        "voice_evenness", "unit", "total", "count", messages=early + late, people=live(dict.fromkeys(people, "east"))
    )
    assert found == [("east", pytest.approx(5 * 0.5), 5)]


def test_ways_to_learn_are_a_course_a_mentor_and_a_review():
    learning = [{"record": "1", "person": "ann", "mode": "digital", "done": at(1), "changed": at(1)},
                {"record": "2", "person": "bob", "mode": "human", "done": at(1), "changed": at(1)},
                {"record": "3", "person": "bob", "mode": "human", "done": None, "changed": at(1)}]  # fmt: skip
    met = [{"tie": "1", "person": "ann", "other": "bob", "kind": "mentoring", "seen": at(2)},
           {"tie": "2", "person": "ann", "other": "bob", "kind": "mention", "seen": at(2)}]  # fmt: skip
    moves = [{"move": "1", "ticket": "t", "person": "eve", "action": "reviewed", "moved": at(3)}]
    tables = {"learning": learning, "ties_seen": met, "ticket_moves": moves, "people": TEAMS}
    assert rows("learning_balance", "unit", "bucket", "holders", **tables) == [
        ("east", 0, 1), ("east", 2, 1), ("west", 1, 1), ("west", 3, 1)]  # fmt: skip
    assert rows("human_learning", "unit", "part", "whole", **tables) == [("east", 1, 1), ("west", 2, 2)]
