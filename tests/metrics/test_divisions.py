"""Do people work as the chart says? Groups planted across the teams are found, and lots are drawn as a library says."""

from itertools import combinations, pairwise
from math import log

import networkx as nx
import polars as pl
import pytest

from metrics.divisions import DEALS, ISLANDS, OUTWARD, SHAPE, Network, _lots, divided, divisions, network
from metrics.setting import Setting
from metrics.tree import parents
from metrics.weeks import spine
from tests.metrics.facts import CALENDAR, MONDAY

K = 8
EARLY = MONDAY.replace(year=2025)
TEAMS = {f"{above}{at}": above for above in "ab" for at in range(5)}
ABOVE = {"top": None, "a": "top", "b": "top", **TEAMS}
CODES = {team: list(range(10 * at, 10 * at + 10)) for at, team in enumerate(TEAMS)}
TEAM_OF = {code: team for team, mine in CODES.items() for code in mine}


def crowd(codes):
    """Everybody tied to everybody of these."""
    return list(combinations(sorted(codes), 2))


def chain(groups):
    """One tie from each group to the next, so that all hang together."""
    return [(one[-1], other[0]) for one, other in pairwise(groups)]


AS_THE_CHART = [tie for mine in CODES.values() for tie in crowd(mine)] + chain(list(CODES.values()))
HALVES = [CODES[f"a{at}"][:5] + CODES[f"b{at}"][5:] for at in range(5)] + [
    CODES[f"b{at}"][:5] + CODES[f"a{at}"][5:] for at in range(5)
]
ACROSS = [tie for mine in HALVES for tie in crowd(mine)] + chain([sorted(mine) for mine in HALVES])


def setting():
    teams = pl.DataFrame(
        [(f"p{code}", CALENDAR.last, team) for code, team in TEAM_OF.items()], ["person", "week", "unit"], orient="row"
    )
    units = pl.DataFrame(
        [{"unit": unit, "parent": above, "name": unit, "valid_from": EARLY} for unit, above in ABOVE.items()]
    ).with_columns(valid_to=pl.lit(None, pl.Date))
    rows = pl.DataFrame(schema={"source": pl.String, "table": pl.String, "week": pl.Date, "rows": pl.Int64})
    return Setting.of(CALENDAR, parents(units, spine(CALENDAR.last, CALENDAR.this)), teams, rows)


def told(ties, shown=(OUTWARD, ISLANDS), units=tuple(ABOVE), week=CALENDAR.last):
    """What is said of each unit, where of these indicators and units a number is shown."""
    people = pl.DataFrame({"unit": list(TEAM_OF.values()), "code": list(TEAM_OF)}, schema_overrides={"code": pl.UInt64})
    found = pl.DataFrame(ties, schema={"one": pl.UInt64, "two": pl.UInt64}, orient="row")
    cells = pl.DataFrame(
        [
            {"indicator": name, "unit": unit, "week": week, "state": "shown", "value": 0.5}
            for name in shown for unit in units
        ]
    )  # fmt: skip
    made = divisions(Network(people, found), cells, setting())
    assert made.schema == SHAPE
    return {row["unit"]: row for row in made.rows(named=True)}


def test_where_people_work_as_the_chart_says_the_groups_found_are_the_teams():
    row = told(AS_THE_CHART)["top"]
    assert (row["groups"], row["alike"]) == (10, 1.0)
    graph = nx.Graph(AS_THE_CHART)
    assert row["found"] == pytest.approx(nx.community.modularity(graph, [set(mine) for mine in CODES.values()]))
    assert row["by_chance"] == pytest.approx(1 / (DEALS + 1))
    assert row["found_by_lot"] < row["found"] / 2
    assert row["alike_by_lot"] < 0.5


def test_groups_planted_across_the_teams_are_found_and_share_little_with_them():
    row = told(ACROSS)["top"]
    graph = nx.Graph(ACROSS)
    assert row["found"] == pytest.approx(nx.community.modularity(graph, [set(mine) for mine in HALVES]))
    assert row["groups"] == 10
    # each group is half of two teams and each team half of two groups: H = ln 10 both ways, I = ln 10 - ln 2
    assert row["alike"] == pytest.approx((log(10) - log(2)) / log(10), abs=1e-6)


@pytest.mark.parametrize("seed", range(3))
def test_ties_that_fall_by_lot_make_no_groups_beyond_chance_though_their_modularity_is_high(seed):
    row = told(list(nx.gnm_random_graph(100, 150, seed=seed).edges))["top"]
    assert row["by_chance"] > 0.05
    assert row["found"] > 0.5
    assert row["found"] <= row["found_by_lot"] + 0.02
    assert row["alike"] <= row["alike_by_lot"] + 0.05


def test_what_is_dealt_out_by_lot_leaves_everybody_as_many_ties_but_for_a_few():
    graph = nx.gnm_random_graph(100, 600, seed=1)
    for lot in _lots(list(graph.edges)):
        dealt = nx.Graph(lot)
        assert dealt.number_of_edges() > 0.9 * graph.number_of_edges()
        assert all(dealt.degree(one) <= graph.degree(one) for one in dealt)


def test_each_department_is_looked_at_by_itself_and_a_team_not_at_all():
    found = told(AS_THE_CHART)
    assert set(found) == {"top", "a", "b"}
    assert (found["a"]["groups"], found["b"]["groups"]) == (5, 5)


def test_only_what_is_shown_beside_it_is_told():
    assert told(AS_THE_CHART, units=("a",)).keys() == {"a"}
    only = told(AS_THE_CHART, shown=(OUTWARD,))["top"]
    assert only["by_chance"] is not None
    assert {only[name] for name in ("found", "found_by_lot", "groups", "alike", "alike_by_lot")} == {None}
    assert told(AS_THE_CHART, shown=(ISLANDS,))["top"]["by_chance"] is None
    assert told(AS_THE_CHART, week=CALENDAR.last.replace(year=2025)) == {}


def test_of_few_ties_nothing_is_told_and_of_few_teams_no_groups():
    assert divided(AS_THE_CHART[:29], TEAM_OF, K) == {}
    few = [tie for mine in list(CODES.values())[:4] for tie in crowd(mine)]
    assert divided(few, TEAM_OF, K).keys() == {"by_chance"}


def test_groups_smaller_than_a_crowd_are_not_counted():
    pairs = [tie for mine in CODES.values() for half in (mine[:5], mine[5:]) for tie in crowd(half)]
    assert divided(pairs, TEAM_OF, K)["groups"] == 0


def test_the_network_is_that_of_the_last_whole_week_alone():
    teams = pl.DataFrame({"person": ["p", "q", "r"], "week": [CALENDAR.last] * 3, "unit": ["a0", "a0", "b0"]})
    code = {one: pl.Series([one]).hash()[0] for one in "pqr"}
    ends = [tuple(sorted((code["p"], code["q"]))), tuple(sorted((code["q"], code["r"])))]
    rows = [(CALENDAR.last, *ends[0], True), (CALENDAR.last, *ends[1], False),
            (CALENDAR.last.replace(year=2025), *ends[1], True)]  # fmt: skip
    shape = {"week": pl.Date, "one": pl.UInt64, "two": pl.UInt64, "tied": pl.Boolean}
    found = network(pl.DataFrame(rows, schema=shape, orient="row"), teams, CALENDAR)
    assert found.ties.rows() == [ends[0]]
    assert dict(found.people.select("code", "unit").iter_rows()) == {code["p"]: "a0", code["q"]: "a0", code["r"]: "b0"}
