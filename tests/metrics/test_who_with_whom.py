"""Who works with whom: counted by hand in a tree of two departments, and as a network library counts it."""

from itertools import product

import networkx as nx
import polars as pl
import pytest

from metrics.indicator import indicators
from metrics.publishing import Setting, seen
from metrics.tree import parents
from metrics.weeks import spine, team_of_record
from metrics.who_with_whom import FROM, LEAST_TIES, SHAPE, densities
from tests.metrics.facts import CALENDAR, MONDAY, at, facts, live
from tests.metrics.test_tie_sensitivity import NEWEST, mention

ONE = indicators()[FROM]
EARLY = MONDAY.replace(year=2025)
TEAMS = {"a1": "a", "a2": "a", "b1": "b", "c1": "c", "d1": "d"}
ABOVE = {"top": None, **dict.fromkeys("abcd", "top"), **TEAMS}
UNITS = [{"unit": unit, "parent": above, "name": unit, "valid_from": EARLY} for unit, above in ABOVE.items()]
WHO = {team: [f"{team}{at:02}" for at in range(10)] for team in TEAMS}


def told(pairs, small=()):
    """What is published of the ties between these pairs of people, with fewer people in the small teams."""
    met = [row for one, other in pairs for row in (mention(one, other, NEWEST), mention(other, one, NEWEST + 1))]
    talk = [{"message": f"m{week}", "channel": "help", "author": "a100", "sent": at(7 * week), "public": True}
            for week in range(-40, 11)]  # fmt: skip
    people = live({one: team for team, mine in WHO.items() for one in (mine[:4] if team in small else mine)})
    tables = facts(messages=talk, ties_seen=met, people=people, units=UNITS)
    known = tables["people"].with_columns(valid_to=pl.lit(None, pl.Date), left=pl.lit(None, pl.Date))
    tables["teams"] = team_of_record(known.lazy(), CALENDAR).collect()
    dated = tables["units"].with_columns(valid_to=pl.lit(None, pl.Date))
    tree = parents(dated, spine(tables["teams"]["week"].min(), CALENDAR.this), organisation="all")
    rows = pl.DataFrame(schema={"source": pl.String, "table": pl.String, "week": pl.Date, "rows": pl.Int64})
    setting = Setting.of(CALENDAR, tree, tables["teams"], rows)
    evidence, crowd = ONE.counted(tables, CALENDAR)
    found = densities(evidence, seen(ONE, evidence, crowd, setting).cells, setting)
    assert found.schema == SHAPE
    return {(row["unit"], row["one"], row["other"]): row for row in found.rows(named=True)}


def ring(one, other):
    """Ten ties that leave nobody out."""
    return list(zip(WHO[one], WHO[other][1:] + WHO[other][:1], strict=True))


EVERY = [*ring("a1", "a1"), *ring("a1", "a2"), *ring("a2", "b1"), *ring("a1", "b1"), *ring("b1", "b1"),
         *ring("c1", "c1"), *ring("d1", "d1"), *list(zip(WHO["b1"], WHO["c1"], strict=True))[:2]]  # fmt: skip


def test_densities_of_departments_and_teams_by_hand():
    found = told(EVERY)
    assert found["top", "a", "b"]["density"] == pytest.approx(100 * 20 / (20 * 10))
    assert found["top", "a", "a"]["density"] == pytest.approx(100 * (10 + 10) / (20 * 19 / 2), abs=0.01)
    assert found["a", "a1", "a2"]["density"] == pytest.approx(100 * 10 / 100)
    assert found["top", "b", "b"]["density"] == pytest.approx(100 * 10 / 45, abs=0.01)
    usual = 22 / (3 * 200 + 3 * 100)
    assert found["top", "a", "b"]["times"] == pytest.approx(0.1 / usual, abs=0.01)
    assert found["top", "a", "a"]["times"] is None


def test_fewer_than_three_ties_are_there_without_a_number():
    assert LEAST_TIES == 3
    assert told(EVERY)["top", "b", "c"]["density"] is None
    assert told([*EVERY, (WHO["b1"][5], WHO["c1"][5])])["top", "b", "c"]["density"] == pytest.approx(3)


def test_a_unit_that_is_too_small_is_in_no_pair():
    """Nor is b, which is hidden with it so that it cannot be worked out."""
    ties = [tie for one, other in product(("a1", "a2", "b1", "d1"), repeat=2) for tie in ring(one, other)]
    found = told([*ties, *product(WHO["c1"][:4], WHO["b1"])], small=("c1",))
    assert {key for key in found if key[0] == "top" and key[1] != key[2]} == {("top", "a", "d")}


def test_the_same_as_networkx_counts_between_groups():
    network = nx.Graph(EVERY)
    network.add_nodes_from(one for mine in WHO.values() for one in mine)
    blocks = [WHO["a1"] + WHO["a2"], WHO["b1"], WHO["c1"], WHO["d1"]]
    quotient = nx.quotient_graph(network, [set(block) for block in blocks], edge_data=lambda one, other: {
        "density": nx.cut_size(network, one, other) / (len(one) * len(other))})  # fmt: skip
    expected = quotient.edges[frozenset(blocks[0]), frozenset(blocks[1])]["density"]
    assert told(EVERY)["top", "a", "b"]["density"] == pytest.approx(100 * expected)
