"""The worked examples of networks and waits, and independent libraries beside them."""

from itertools import combinations

import lifelines
import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines.statistics import logrank_test

from metrics import partition
from metrics.survival import kaplan_meier, log_rank
from tests.science.test_worked_examples import example


def test_two_triangles_on_a_bridge():
    given_, expected, about = example("modularity_barbell")
    ties = [tuple(tie) for tie in given_["edges"]]
    for name in ("good", "bad"):
        groups = partition.groups_of(given_[name])
        assert partition.modularity(ties, groups) == about(expected[f"Q_{name}"])
        assert partition.coverage(ties, groups) == about(expected[f"coverage_{name}"])
    assert partition.performance(ties, partition.groups_of(given_["good"])) == about(expected["performance_good"])


def test_seven_people_of_three_teams():
    given_, expected, about = example("cross_team_density_hand")
    ties, groups = [tuple(tie) for tie in given_["edges"]], given_["team"]
    assert partition.possible(groups)[1] == expected["possible_cross_pairs"]
    assert len(ties) - partition.within(ties, groups) == expected["actual_cross"]
    assert partition.cross_density(ties, groups) == about(expected["cross_team_density"])
    density = {f"{a}-{b}": value for (a, b), value in partition.block_density(ties, groups).items()}
    assert density == about(expected["block_density"])
    assert partition.connected(ties, groups) == about(expected["team_pairs_connected_ge1"])
    assert partition.within(ties, groups) == expected["internal"]
    assert len(ties) - partition.within(ties, groups) == expected["external"]
    assert partition.ei(ties, groups) == about(expected["EI"])
    assert partition.expected_ei(groups) == about(expected["expected_EI_random"])


def test_two_treatments_of_leukaemia():
    given_, expected, about = example("km_freireich")
    slow, fast = (kaplan_meier(given_[f"time_{arm}"], given_[f"event_{arm}"]) for arm in "ab")
    by_age = {row["age"]: row for row in slow.steps.rows(named=True)}
    for age, surviving in expected["survival_a"].items():
        assert slow.at(float(age)) == by_age[float(age)]["surviving"] == about(surviving)
    for age, ends in expected["ci95_loglog_a"].items():
        assert (by_age[float(age)]["low"], by_age[float(age)]["high"]) == about(tuple(ends))
    assert (slow.median, fast.median) == (expected["median_a"], expected["median_b"])
    found = log_rank(*(given_[f"{what}_{arm}"] for arm in "ab" for what in ("time", "event")))
    assert (found.chi2, found.p) == (about(expected["logrank_chi2"]), about(expected["logrank_p"]))


WAITS = st.lists(st.tuples(st.integers(1, 30), st.booleans()), min_size=4, max_size=40)


@settings(deadline=None, max_examples=40)
@given(WAITS)
def test_curves_are_those_of_lifelines(waits):
    times, ended = zip(*waits, strict=True)
    ours = kaplan_meier(times, ended)
    theirs = lifelines.KaplanMeierFitter().fit(times, ended, alpha=0.05)
    for row in ours.steps.rows(named=True):
        assert row["surviving"] == pytest.approx(theirs.predict(row["age"]), abs=1e-6)
        if row["low"] is not None:
            low, high = theirs.confidence_interval_.loc[row["age"]]
            assert (row["low"], row["high"]) == pytest.approx((low, high), abs=1e-6)
    if (ours.steps["surviving"] - 0.5).abs().min() > 1e-9:  # at one half itself theirs goes by rounding
        assert (ours.median or np.inf) == pytest.approx(theirs.median_survival_time_, abs=1e-6)


@settings(deadline=None, max_examples=40)
@given(WAITS, WAITS)
def test_the_test_of_two_curves_is_that_of_lifelines(one, two):
    (ta, ea), (tb, eb) = zip(*one, strict=True), zip(*two, strict=True)
    theirs = logrank_test(ta, tb, ea, eb)
    try:
        ours = log_rank(ta, ea, tb, eb)
    except ValueError:
        assert not theirs.test_statistic > 1e-9  # theirs says 0 or NaN where nothing can be told
        return
    assert ours.chi2 == pytest.approx(theirs.test_statistic, rel=1e-6, abs=1e-9)
    assert ours.p == pytest.approx(theirs.p_value, rel=1e-6, abs=1e-9)


def test_an_age_before_the_first_end_leaves_all_waiting_and_none_ever_done_no_median():
    found = kaplan_meier([5, 6], [0, 0])
    assert (found.at(1), found.at(9), found.median, found.quantile(0.85)) == (1.0, 1.0, None, None)
    with pytest.raises(ValueError, match="each wait has a time"):
        kaplan_meier([1, 2], [1])
    with pytest.raises(ValueError, match="cannot be told apart"):
        log_rank([1], [0], [2], [0])


PEOPLE = [f"p{n}" for n in range(12)]
TIES = st.sets(st.sampled_from(list(combinations(PEOPLE, 2))), min_size=3)
LABELS = st.lists(st.sampled_from("abcd"), min_size=12, max_size=12).filter(lambda drawn: len(set(drawn)) > 1)


@settings(deadline=None, max_examples=40)
@given(TIES, LABELS)
def test_modularity_coverage_and_performance_are_those_of_networkx(ties, labels):
    groups, graph = dict(zip(PEOPLE, labels, strict=True)), nx.Graph()
    graph.add_nodes_from(PEOPLE)
    graph.add_edges_from(ties)
    sets = [{one for one in PEOPLE if groups[one] == label} for label in sorted(set(labels))]
    for gamma in (1.0, 0.7):
        theirs = nx.community.modularity(graph, sets, resolution=gamma)
        assert partition.modularity(ties, groups, gamma) == pytest.approx(theirs, abs=1e-9)
    found = nx.community.partition_quality(graph, sets)
    assert (partition.coverage(ties, groups), partition.performance(ties, groups)) == pytest.approx(found, abs=1e-9)
    mixing = {(a, b): nx.density(graph.subgraph(sets[0])) for a, b in [(min(labels), min(labels))]}
    own = partition.block_density(ties, groups)[min(labels), min(labels)]
    assert np.isnan(own) or own == pytest.approx(mixing[min(labels), min(labels)], abs=1e-9)


def test_people_who_keep_to_their_team_do_so_beyond_chance_and_those_who_do_not_do_not():
    groups = {person: int(person[1:]) // 4 for person in PEOPLE}
    apart = [tie for tie in combinations(PEOPLE, 2) if groups[tie[0]] == groups[tie[1]]]
    assert partition.permutation_p(apart, groups) < 0.01
    mixed = [tie for tie in combinations(PEOPLE, 2) if int(tie[0][1:]) % 4 == int(tie[1][1:]) % 4]
    assert partition.permutation_p(mixed, groups) > 0.9


def test_the_exact_p_of_a_network_small_enough_to_deal_out_by_hand():
    """Four people in two pairs, one tie within: of the three ways to pair them one leaves it within, so p is 1/3."""
    p = partition.permutation_p([(1, 2)], {1: "a", 2: "a", 3: "b", 4: "b"}, draws=20_000)
    assert p == pytest.approx(1 / 3, abs=0.01)


def test_information_shared_by_two_divisions_worked_by_hand():
    """Halves against quarters of four: I = ln 2, H = ln 2 and ln 4, so 2 ln 2 / (3 ln 2) = 2/3; crosswise nothing."""
    halves, each = dict(zip("wxyz", "aabb", strict=True)), dict(zip("wxyz", "abcd", strict=True))
    crosswise = dict(zip("wxyz", "abab", strict=True))
    assert partition.shared_information(halves, each) == pytest.approx(2 / 3)
    assert partition.shared_information(halves, crosswise) == pytest.approx(0, abs=1e-12)
    assert partition.shared_information(halves, halves) == pytest.approx(1)
    assert partition.shared_information(dict.fromkeys("wxyz", 1), dict.fromkeys("wxyz", 2)) == 1.0


def test_of_a_network_without_ties_nothing_is_known():
    with pytest.raises(ValueError, match="no ties"):
        partition.modularity([], {1: "a"})
