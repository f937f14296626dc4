"""The worked examples for shrinking, combining, concentration and skill gaps."""

import pytest

from metrics.combine import arithmetic, arithmetic_error, geometric, geometric_error, goalposts, harmonic
from metrics.concentration import absence_factor, evenness, gini
from metrics.shortfall import coverage, gap_index, meeting, required_level, shortfall
from metrics.shrink import beta_binomial, funnel, james_stein
from tests.science.test_worked_examples import example


def test_eighteen_batters_are_drawn_together():
    given, expected, about = example("james_stein_baseball")
    found = james_stein([hits / given["at_bats_each"] for hits in given["hits"]], given["at_bats_each"])
    assert found.mean == about(expected["grand_mean"])
    assert found.kept == pytest.approx(expected["shrinkage_c"], abs=1e-6)
    assert list(found.estimates) == about(expected["shrunk"])


def test_shares_of_five_units_with_twenty_events_more():
    given, expected, about = example("beta_binomial_shrink")
    found = beta_binomial(given["x"], given["n"], given["M"])
    assert list(found.mean) == about(expected["posterior_mean"])
    assert [float(end[0]) for end in found.interval(0.9)] == about(expected["posterior_90ci_first_unit"])


def test_the_funnel_is_wide_where_counts_are_small():
    given, expected, about = example("funnel_poisson")
    for tail, name in ((0.025, "95"), (0.001, "998")):
        low, high = funnel(given["expected_counts"], tail)
        assert list(low) == about(expected[f"ll{name}"])
        assert list(high) == about(expected[f"ul{name}"])


def test_goalposts_and_three_means():
    given, expected, about = example("ei_scores_goalposts")
    found = [float(goalposts(one["x"], one["l"], one["u"], one["a"])) for one in given["goalpost_cases"]]
    assert found == about(expected["goalposts"])
    assert geometric(given["vector"], [1, 1, 1]) == about(expected["geomean"])
    assert geometric(given["vector"], given["w_geo"]) == about(expected["geomean_w"])
    assert harmonic(given["vector"], given["w_harm"]) == about(expected["harmonic_w"])


def test_a_score_of_four_inputs_with_their_errors():
    given, expected, about = example("composite_with_se")
    scores, errors, weights = given["scores"], given["se"], given["weights"]
    mean, error = arithmetic(scores, weights), arithmetic_error(errors, weights)
    assert mean == about(expected["arithmetic"])
    assert error == about(expected["se_arithmetic"])
    assert geometric(scores, weights) == about(expected["geometric"])
    assert geometric_error(scores, errors, weights) == about(expected["se_geometric"])
    assert [mean - 1.6448536 * error, mean + 1.6448536 * error] == about(expected["ci90_arithmetic"])


def test_voice_in_four_groups():
    given, expected, about = example("gini_voice")
    assert [gini(counts) for counts in given["counts"]] == about(expected["gini"])
    assert [evenness(counts) for counts in given["counts"]] == about(expected["evenness"])


def test_two_of_eight_contributors_give_half():
    given, expected, _ = example("caf_chaoss")
    assert absence_factor(given["contributions"]) == expected["CAF"]


def test_a_surplus_in_one_person_does_not_fill_the_gap_of_another():
    given, expected, about = example("skill_gap")
    for one in given["skills"]:
        assert shortfall(one["need"], one["have"]) == expected["shortfall_points"][one["skill"]]
        assert coverage(one["need"], one["have"]) == about(expected["coverage"][one["skill"]])
        assert meeting(one["need"], one["have"]) == about(expected["people_meeting"][one["skill"]])
    skills = [(one["need"], one["have"], one["importance"]) for one in given["skills"]]
    assert gap_index(skills) == about(expected["weighted_gap_index"])


def test_the_level_that_six_positions_need():
    given, expected, about = example("avg_required_level")
    heads, levels = zip(*((one["n"], one["level"]) for one in given["positions"]), strict=True)
    assert required_level(heads, levels) == about(expected["avg"])


def test_units_that_differ_less_than_chance_are_all_the_mean():
    assert list(james_stein([0.5, 0.5, 0.5, 0.5], 10).estimates) == [0.5] * 4
    assert james_stein([0.50, 0.51, 0.49, 0.50], 10).kept == 0


def test_nobody_saying_anything_has_no_evenness():
    assert str(evenness([0, 0])) == str(gini([0, 0])) == "nan"
    assert absence_factor([0, 0]) == 0


def test_one_input_at_nought_cannot_be_bought_back():
    assert geometric([0, 100], [1, 1]) == harmonic([0, 100], [1, 1]) == 0
    assert goalposts([2, 10, 6], 10, 2).tolist() == [100, 0, 50]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: james_stein([0.1, 0.2, 0.3], 10), "four units"),
        (lambda: beta_binomial([3], [2], 20), "part over its whole"),
        (lambda: funnel([0, 3], 0.025), "over nought"),
        (lambda: goalposts(1, 5, 5), "nothing between"),
        (lambda: arithmetic([1, 2], [1]), "one weight"),
        (lambda: geometric([-1, 2], [1, 1]), "not under 0"),
        (lambda: geometric_error([0, 2], [1, 1], [1, 1]), "input is 0"),
        (lambda: gini([-1, 2]), "none under 0"),
        (lambda: coverage([1, 2], [1]), "one level held"),
    ],
)
def test_a_wrong_shape_is_refused_in_a_sentence(call, words):
    with pytest.raises(ValueError, match=words):
        call()
