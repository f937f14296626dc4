"""The worked examples from the literature and by hand: survey scales and who may be shown."""

import json
import re
from pathlib import Path

import polars as pl
import pytest

from metrics import scales
from metrics.crowd import answerable, comparable, decide
from tests.metrics.companies import cells, tree
from tests.metrics.survey.made import answers, scored

EXAMPLES = {one["id"]: one for one in json.loads(Path(__file__).with_name("worked_examples.json").read_text())}


def example(name):
    one = EXAMPLES[name]
    return one["inputs"], one["expected"], lambda value: pytest.approx(value, abs=one["tolerance"])


def test_alpha_of_the_attitude_data():
    given, expected, about = example("alpha_attitude")
    cov = scales.covariance(given["matrix_rows_are_respondents"])
    assert scales.alpha(cov) == about(expected["raw_alpha"])
    assert scales.standardised_alpha(cov) == about(expected["std_alpha"])
    assert scales.average_correlation(cov) == about(expected["average_r"])
    assert list(scales.alpha_if_dropped(cov)) == about(list(expected["alpha_if_dropped"].values()))
    assert scales.feldt(scales.alpha(cov), expected["n"], expected["k"]) == about(tuple(expected["feldt_ci95"]))


def test_omega_from_four_loadings():
    given, expected, about = example("omega_total_hand")
    assert scales.omega(given["loadings"]) == about(expected["omega_total"])


def test_seven_answers_of_which_three_are_turned_round():
    """Scored as the product scores a respondent; times 100 over 7 is the other scale, as if answers began at 0."""
    given, expected, about = example("ps7_scoring")
    found = scored(answers("r", given["raw_item_answers"], turned=given["reverse_items_index_from_1"]))
    low, high = given["scale"]
    assert found["items"].item().to_list() == expected["recoded"]
    assert found["score"].item() == about(expected["pomp_0_100"])
    mean = low + found["score"].item() / 100 * (high - low)
    assert mean == about(expected["mean"])
    assert scales.pomp(mean, 0, high) == about(expected["hbr_x100_over_7"])


def test_icc_of_six_groups_of_four():
    given, expected, about = example("icc_shrout_fleiss")
    found = scales.Anova.of(given["groups"])
    assert found.between == about(expected["MSB"])
    assert found.within == about(expected["MSW"])
    assert found.icc1 == about(expected["ICC1"])
    assert found.icc2 == about(expected["ICC2"])
    assert found.between / found.within == about(expected["F"])


def test_icc_of_ninety_nine_companies_of_soldiers():
    given, expected, about = example("icc_bh1996_wbeing")
    found = scales.Anova(given["MSB"], given["MSW"], given["N"] / given["n_groups"])
    assert found.size == about(expected["mean_group_size"])
    assert found.icc1 == about(expected["ICC1"])
    assert found.icc2 == about(expected["ICC2"])


def test_reliability_grows_with_the_group():
    given, expected, about = example("spearman_brown_icc2")
    assert list(scales.spearman_brown(given["ICC1"], given["n"])) == about(expected["ICC2"])


def test_agreement_on_one_item():
    given, expected, about = example("rwg_single")
    assert scales.rwg(given["values"], given["A"]) == about(expected["rwg"])


def test_agreement_on_seven_items():
    given, expected, about = example("rwgj_7x7")
    answers, options = given["matrix_rows_are_respondents"], given["A"]
    assert scales.rwg_j(answers, options) == about(expected["rwg_j"])
    assert scales.r_star_wg_j(answers, options) == about(expected["r_star_wg_j"])
    assert scales.ad_mean(answers) == about(expected["AD_M_J"])
    assert scales.ad_median(answers) == about(expected["AD_Md_J"])


def shown(children, k):
    people = {"all": sum(children.values()), **children}
    decided = decide(cells(people), tree(dict.fromkeys(children, "all")), k)
    return sorted(decided.filter((pl.col("state") == "shown") & (pl.col("unit") != "all"))["unit"])


def test_one_sibling_small_hides_the_other_unless_it_is_large_enough():
    given, expected, _ = example("suppress_cultureamp")
    assert shown(given["case1"], given["k"]) == expected["case1_visible"]
    assert shown(given["case2"], given["k"]) == expected["case2_visible"]


def test_of_four_siblings_the_small_and_the_next_are_hidden():
    given, expected, _ = example("suppress_tree")
    visible = shown(given["children"], given["k"])
    assert visible == expected["visible"]
    assert sum(given["children"].values()) - sum(given["children"][unit] for unit in visible) == 11


@pytest.mark.parametrize("query", ["a", "b", "c"])
def test_a_query_that_differs_by_a_few_people_is_denied(query):
    given, expected, _ = example("differencing_filters")
    allowed = answerable(set(given[f"query_{query}"]), [set(asked) for asked in given["history"]], given["k"])
    assert allowed == (expected[query] == "allow")


def test_one_joiner_would_be_given_away_by_two_means():
    given, expected, about = example("differencing_time")
    before, after = (given[f"{at}_members"] * given["means"][at] for at in ("t0", "t1"))
    assert after - before == about(expected["recoverable_joiner_answer"])
    assert not comparable(given["joiners"], given["leavers"], given["k"])


def test_two_releases_are_compared_again_once_a_crowd_has_changed():
    given, expected, _ = example("differencing_time")
    said = re.fullmatch(r"freeze cohort or suppress delta until >=(\d+) changed", expected["required_action"])
    changed = int(said[1])
    assert changed == given["k"]
    assert [comparable(n, given["leavers"], given["k"]) for n in (0, 1, changed - 1, changed)] == [
        True, False, False, True,
    ]  # fmt: skip
