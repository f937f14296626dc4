"""Consistency, agreement, differences of teams, response and change: by hand and by scipy."""

import numpy as np
import pytest
from scipy import stats

from metrics import factor, scales
from metrics.survey.change import answered_both, drifted
from metrics.survey.consistency import consistency, item_rest
from metrics.survey.response import gaps, post_stratified, r_indicator, response, worst
from metrics.survey.teams import agreement, two_camps
from tests.metrics.survey.made import FIRST, ROOT, SECOND, answers, closure, drawn, scored, team, waves


def some(size, level=5.0, seed=1, **more):
    return drawn(np.random.default_rng(seed), size, level, **more)


def at(wave, columns, unit=ROOT):
    return {name: column[wave.units.index(unit)] for name, column in columns.items()}


def test_consistency_is_that_of_all_answers_below_a_unit():
    east, west = some(18), some(17, 4.0, 2)
    (wave,) = waves([*team("e", east), *team("w", west)], ["e", "w"])
    found, cov = at(wave, consistency(wave)), scales.covariance([*east, *west])
    assert found["alpha"] == pytest.approx(float(scales.alpha(cov)))
    assert found["omega"] == pytest.approx(float(factor.omega_total(factor.loadings(cov))))
    assert found["rest_low"] == pytest.approx(scales.item_rest(cov).min())
    low, high = scales.feldt(found["alpha"], 35, 7)
    assert (found["alpha_low"], found["alpha_high"]) == (pytest.approx(low), pytest.approx(high))


def test_alpha_within_teams_is_that_of_answers_less_their_teams_mean():
    east, west = np.array(some(18, 6)), np.array(some(17, 3.0, 2))
    (wave,) = waves([*team("e", east.tolist()), *team("w", west.tolist())], ["e", "w"])
    centred = np.vstack([east - east.mean(axis=0), west - west.mean(axis=0)])
    found = at(wave, consistency(wave))
    assert found["alpha_within"] == pytest.approx(float(scales.alpha(scales.covariance(centred))))
    assert found["alpha_within"] < found["alpha"]


def test_under_thirty_complete_answers_nothing_is_said_of_consistency():
    (wave,) = waves(team("e", [*some(29), [4, 4, 4, 4, 4, 4, None]]), ["e"])
    assert all(np.isnan(value) for value in at(wave, consistency(wave)).values())
    assert np.isnan(item_rest(wave)).all()


def test_one_item_and_items_without_spread_are_unknown_not_an_error():
    (one,) = waves(team("e", [[n % 7 + 1] for n in range(35)]), ["e"])
    (flat,) = waves(team("e", [[4] * 7] * 35), ["e"])
    for wave in (one, flat):
        assert np.isnan(at(wave, consistency(wave))["alpha"])


def test_two_items_have_an_omega_and_no_factor_to_test():
    (wave,) = waves(team("e", some(40, items=2)), ["e"])
    found = at(wave, consistency(wave))
    assert found["omega"] == pytest.approx(float(scales.standardised_alpha(scales.covariance(some(40, items=2)))))
    assert np.isnan(found["left_over"])


def test_items_worded_the_other_way_and_misread_hang_together_less():
    rows = np.array(some(60))
    given = np.where(np.isin(np.arange(7), (0, 2)), 8 - rows, rows)
    given[:20, [0, 2]] = rows[:20, [0, 2]]
    (wave,) = waves(team("e", given.tolist(), turned=(1, 3)), ["e"])
    found = at(wave, consistency(wave))
    assert found["rest_straight"] - found["rest_reversed"] > 0.15


def test_agreement_of_a_team_with_an_answer_left_out_uses_the_rest():
    matrix = [[6, 6, 5], [5, 6, 6], [7, 6, 6], [6, 5, 5], [4, 6, 5], [6, 6, 6], [5, 5, 6], [6, 7, None]]
    matrix = [[*row, 5, 6, 5, 6] for row in matrix]
    (wave,) = waves(team("e", matrix), ["e"])
    found = at(wave, agreement(wave, ["e"]), "e")
    given = np.array(matrix, float)
    assert found["r_star"] == pytest.approx(scales.r_star_wg_j(given, 7))
    assert found["rwg"] == pytest.approx(scales.rwg_j(given, 7))
    assert found["rwg_skew"] == pytest.approx(scales.rwg_j(given, 7, scales.slight_skew(7)))
    assert found["ad"] == pytest.approx(scales.ad_mean(given))


def test_medians_and_shares_are_over_the_teams_that_may_be_shown():
    alike, chance, hidden = [[5, 5, 6]] * 7 + [[6, 5, 5]], [[1, 7, 1], [7, 1, 7]] * 4, [[1, 1, 1], [7, 7, 7]] * 4
    rows = [*team("a", alike), *team("b", chance), *team("c", hidden)]
    (wave,) = waves(rows, ["a", "b", "c"])
    found = at(wave, agreement(wave, ["a", "b"]))
    assert (found["teams"], found["agreed"], found["split"]) == (2, 50.0, 0)
    both = [scales.r_star_wg_j(one, 7) for one in (alike, chance)]
    assert found["r_star"] == pytest.approx(np.median(both))


def test_icc_of_twelve_ragged_teams_is_the_one_way_analysis_of_variance():
    teams = {f"t{n}": some(6 + n % 4, 4 + n % 3, n) for n in range(12)}
    (wave,) = waves([row for name, matrix in teams.items() for row in team(name, matrix)], list(teams))
    found = at(wave, agreement(wave, list(teams)))
    groups = [(np.array(matrix).mean(axis=1) - 1) / 6 * 100 for matrix in teams.values()]
    test = stats.f_oneway(*groups)
    assert found["icc_p"] == pytest.approx(test.pvalue)
    assert found["icc2"] == pytest.approx(1 - 1 / test.statistic)
    size = np.mean([len(group) for group in groups])
    assert found["icc1"] == pytest.approx((test.statistic - 1) / (test.statistic - 1 + size))


def test_nine_teams_are_too_few_and_teams_alike_come_out_under_nought():
    nine = {f"t{n}": some(6, 5, n) for n in range(9)}
    (wave,) = waves([row for name, matrix in nine.items() for row in team(name, matrix)], list(nine))
    assert np.isnan(at(wave, agreement(wave, list(nine)))["icc1"])
    same = {f"t{n}": [[3] * 7] * 3 + [[5] * 7] * 3 for n in range(10)}
    (wave,) = waves([row for name, matrix in same.items() for row in team(name, matrix)], list(same))
    assert at(wave, agreement(wave, list(same)))["icc1"] == pytest.approx(-1 / 5)


@pytest.mark.parametrize(
    ("scores", "split"),
    [([10, 12, 15, 80, 85, 90], True), ([40, 45, 50, 55, 60, 65], False), ([0, 20, 40, 60, 80, 100], False),
     ([10, 85, 86, 88, 90, 91], False), ([50] * 8, False), ([], False)],
)  # fmt: skip
def test_two_camps_need_three_people_each_and_a_third_of_the_scale_between_them(scores, split):
    assert two_camps(np.array(scores, float)) is split


def test_hardly_a_team_whose_answers_are_bell_shaped_is_taken_for_two_camps():
    rng = np.random.default_rng(4)
    for size in (8, 12, 25):
        split = [two_camps(np.clip(rng.normal(60, 22, size), 0, 100)) for _ in range(1000)]
        assert sum(split) <= 20
        camps = [
            two_camps(np.clip(rng.normal(55, 6, size) + 60 * (np.arange(size) % 2 - 0.5), 0, 100)) for _ in range(100)
        ]
        assert sum(camps) >= 80


def test_response_by_hand():
    """East: 8 of 10 answered with 6s; west 2 of 10 with 2s. In all 10 of 20; weighted (83.3 + 16.7) / 2 = 50."""
    rows = [*team("e", [[6] * 7] * 8), *team("w", [[2] * 7] * 2)]
    (wave,) = waves(rows, ["e", "w"])
    invited = {"e": 10, "w": 10, ROOT: 20}
    found = at(wave, response(wave, invited, invited, invited, {ROOT: ["e", "w"]}))
    assert (found["invited"], found["response"], found["favourable"], found["answered"]) == (20, 50.0, 80.0, 100.0)
    assert found["gap"] == pytest.approx(30.0)
    assert found["gap_d"] == pytest.approx(0.3 / 0.5)
    assert found["weighted"] == pytest.approx(50.0)
    assert (found["worst_low"], found["worst_high"]) == (pytest.approx(35.0), pytest.approx(85.0))
    assert np.isnan(found["representative"])


def test_hidden_units_are_taken_together_with_the_rest():
    rows = [*team("e", [[6] * 7] * 8), *team("w", [[2] * 7] * 2), *team("x", [[4] * 7] * 2)]
    (wave,) = waves(rows, ["e", "w", "x"])
    invited = {"e": 10, "w": 10, "x": 4, ROOT: 24}
    found = at(wave, response(wave, invited, ["e", ROOT], [], {ROOT: ["e", "w", "x"]}))
    assert found["weighted"] == pytest.approx((10 * 500 / 6 + 14 * 200 / 6) / 24)
    assert np.isnan(found["favourable"])


def test_more_answers_than_invitations_is_an_unknown_response():
    (wave,) = waves(team("e", [[6] * 7] * 8), ["e"])
    assert np.isnan(at(wave, response(wave, {"e": 5, ROOT: 5}, ["e", ROOT], [], {}))["response"])


def test_representativeness_is_one_less_two_sds_of_the_propensities():
    each = [0.8] * 10 + [0.2] * 10
    assert r_indicator([0.8, 0.2], [10, 10]) == pytest.approx(1 - 2 * np.std(each, ddof=1))
    assert r_indicator([0.5, 0.5], [7, 30]) == 1
    assert post_stratified([80, 20], [1, 3]) == 35
    assert gaps([8, 2], [10, 10]) == (pytest.approx(0.3), pytest.approx(0.6))
    low, high = worst(0.6, 0.5)
    assert (low, high) == (pytest.approx(0.3), pytest.approx(0.8))


def test_who_answered_both_times_is_counted_where_they_were_both_times():
    """Of three one stays in east, one moves from east to west, one is new."""
    rows = [*answers("s", [4] * 7, unit="e"), *answers("m", [4] * 7, unit="e"), *answers("s", [7] * 7, SECOND, "e"),
            *answers("m", [4] * 7, SECOND, "w"), *answers("n", [1] * 7, SECOND, "w")]  # fmt: skip
    both = answered_both(scored(rows), closure(["e", "w"]))
    assert both[("e", FIRST, SECOND)] == (1.0, 50.0, 2500.0)
    assert both[(ROOT, FIRST, SECOND)] == (2.0, 50.0, 2500.0)
    assert ("w", FIRST, SECOND) not in both


def test_an_item_that_is_read_differently_is_told_and_a_move_of_all_is_not():
    before, later = np.array(some(120)), np.array(some(120, 4.3, 2))
    alone = later.copy()
    alone[:, 3] = np.clip(alone[:, 3] + 2, 1, 7)
    for after, names in ((later, []), (alone, ["q4"])):
        then, now = waves([*team("e", before.tolist()), *team("e", after.tolist(), SECOND)], ["e"])
        found = drifted(now, then)
        assert found.get("e", ([], 0))[0] == names
    assert found["e"][1] == pytest.approx((np.delete(alone - before, 3, axis=1)).mean() / 6 * 100)
