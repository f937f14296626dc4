"""What an intervention changed and what moves before what: against hand-worked series, an oracle, and by simulation."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from metrics.effects import compared, interrupted
from metrics.indicator import indicators
from metrics.interventions import effects
from metrics.lead_lag import Expected, lead_lag
from metrics.regression import clustered, newey_west, whitened

MONDAY = date(2025, 1, 20)  # begins a block of four weeks
WEEKS = [MONDAY + timedelta(weeks=n) for n in range(60)]
UNITS = pl.DataFrame(
    {"unit": ["top", "a", "b", "c", "d"], "parent": [None, *["top"] * 4], "name": ["All", "A", "B", "C", "D"],
     "depth": [0, 1, 1, 1, 1]}
)  # fmt: skip


def wandering(rng, weeks, follows=0.3):
    drawn, line = rng.normal(size=weeks + 50), [0.0]
    for one in drawn:
        line.append(follows * line[-1] + np.sqrt(1 - follows**2) * one)
    return np.array(line[51:])


def test_a_line_that_jumps_by_five_and_turns_up_by_a_half_a_week_is_read_exactly():
    weeks = np.arange(30)
    values = 10 + 0.2 * weeks + np.where(weeks >= 20, 5 + 0.5 * (weeks - 20), 0)
    found = interrupted(values, 20)
    assert found is not None
    assert found.value == pytest.approx(5 + 0.5 * 4.5)
    assert (found.before, found.after, found.clear) == (20, 10, True)


def test_a_trend_that_goes_on_is_no_effect():
    found = interrupted(np.arange(40) + np.tile([0.1, -0.1], 20), 25)
    assert found is not None
    assert found.value == pytest.approx(0, abs=0.1)
    assert not found.clear


def test_what_all_units_share_is_not_put_down_to_the_intervention():
    rng = np.random.default_rng(3)
    shared = np.where(np.arange(60) >= 40, 4.0, 0.0)
    others = shared + rng.normal(size=(5, 60)) * 0.3
    found = compared(shared + rng.normal(size=60) * 0.3, others, 40)
    assert found is not None
    assert found.value == pytest.approx(0, abs=0.2)  # of the 4.0 that all share
    assert found.alike


def test_units_that_were_already_drifting_apart_are_told():
    rng = np.random.default_rng(4)
    found = compared(0.2 * np.arange(60) + rng.normal(size=60), rng.normal(size=(4, 60)), 40)
    assert found is not None
    assert found.alike is False


@pytest.mark.parametrize(("before", "after"), [(11, 30), (30, 7)])
def test_too_few_weeks_are_no_evidence(before, after):
    assert interrupted(np.arange(before + after, dtype=float), before) is None
    assert compared(np.zeros(before + after), np.zeros((3, before + after)), before) is None


def test_one_other_unit_is_nobody_to_compare_with():
    assert compared(np.zeros(60), np.zeros((1, 60)), 40) is None


def test_weeks_without_a_value_are_left_out_not_taken_as_nought():
    values = np.where(np.arange(60) >= 40, 3.0, 1.0) + np.tile([0.05, -0.05], 30)
    holes = values.copy()
    holes[[3, 17, 45]] = np.nan
    found = interrupted(holes, 40)
    assert found is not None
    assert found.value == pytest.approx(2, abs=0.1)
    assert (found.before, found.after) == (38, 19)


def test_newey_west_and_clustered_errors_are_those_of_statsmodels():
    sm = pytest.importorskip("statsmodels.api", reason="statsmodels is a development dependency: make .venv/ready-dev")
    rng = np.random.default_rng(5)
    x = np.column_stack([np.ones(90), np.arange(90), np.arange(90) >= 50]).astype(float)
    y = x @ [1.0, 0.02, 0.7] + wandering(rng, 90)
    ours = newey_west(x, y, lags=4)
    theirs = sm.OLS(y, x).fit(cov_type="HAC", cov_kwds={"maxlags": 4, "use_correction": True})
    np.testing.assert_allclose(ours.beta, theirs.params, rtol=1e-6)
    np.testing.assert_allclose(ours.covariance, theirs.cov_params(), rtol=1e-6)
    groups = np.repeat(np.arange(18), 5)
    beta, covariance, free = clustered(x, y, groups)
    theirs = sm.OLS(y, x).fit(cov_type="cluster", cov_kwds={"groups": groups, "use_correction": True})
    np.testing.assert_allclose(beta, theirs.params, rtol=1e-6)
    np.testing.assert_allclose(covariance, theirs.cov_params(), rtol=1e-6)
    assert free == 17


def test_errors_by_cluster_worked_by_hand():
    """Means of two clusters, 1 and 3 (two each): beta 2, sums of residuals -2 and 2: 1/16 * 8 * 2/1 * 3/3 = 1."""
    beta, covariance, free = clustered(np.ones((4, 1)), [1, 1, 3, 3], [0, 0, 1, 1])
    assert (beta[0], covariance[0, 0], free) == (2, pytest.approx(1), 1)


@pytest.mark.parametrize("follows", [0.0, 0.4])
def test_ninety_per_cent_intervals_of_effects_hold_the_truth(follows):
    rng, held = np.random.default_rng(6), np.zeros(2)
    for _ in range(200):
        step = np.where(np.arange(104) >= 62, 1.0, 0.0)
        own = interrupted(step + wandering(rng, 104, follows), 62)
        others = np.array([wandering(rng, 104, follows) for _ in range(5)])
        against = compared(step + wandering(rng, 104, follows), others, 62)
        held += [own.low <= 1 <= own.high, against.low <= 1 <= against.high]
    assert (held / 200 >= 0.83).all()
    assert (held / 200 <= 0.96).all()


def line(unit, values, *, ok=True):
    rows = {"unit": [unit] * len(values), "week": WEEKS[: len(values)], "value": values, "n": [100] * len(values)}
    return pl.DataFrame(rows | {"kind": ["share"] * len(values), "ok": [ok] * len(values)})


def programme(unit, name="Playbooks"):
    return pl.DataFrame({"intervention": ["i"], "name": [name], "unit": [unit], "began": [WEEKS[40]]},
                        schema_overrides={"unit": pl.String})  # fmt: skip


def reuse(rise=0.1, *, ok=True):
    rng = np.random.default_rng(7)
    still = [0.4 + 0.01 * rng.normal(size=60) for _ in range(4)]
    still[0] = still[0] + np.where(np.arange(60) >= 40, rise, 0)
    return {"knowledge_reuse": pl.concat([line(unit, y, ok=ok) for unit, y in zip("abcd", still, strict=True)])}


def test_an_intervention_is_told_in_display_units_and_in_a_sentence():
    found = effects(reuse(), programme("a"), UNITS, indicators())
    assert found["method"].to_list() == ["interrupted time series", "difference in differences"]
    for row in found.rows(named=True):
        assert row["value"] == pytest.approx(10, abs=0.8)
        assert row["clear"]
    assert found["sentence"][1].startswith("Since Playbooks began (27 October 2025), Knowledge reuse in A: ")
    assert "points higher than in units alike" in found["sentence"][1]


def test_what_is_hidden_has_no_effect_to_show():
    assert effects(reuse(ok=False), programme("a"), UNITS, indicators()).is_empty()


def test_an_intervention_in_a_unit_that_is_not_published_is_not_told():
    assert effects(reuse(), programme("gone"), UNITS, indicators()).is_empty()


def test_an_intervention_without_a_unit_concerns_the_whole_and_is_compared_with_nobody():
    series = {"knowledge_reuse": line("top", reuse()["knowledge_reuse"].filter(unit="a")["value"].to_numpy())}
    found = effects(series, programme(None), UNITS, indicators())
    assert found.select("unit", "method").rows() == [("top", "interrupted time series")]


def test_units_below_another_intervention_are_not_compared_with():
    two = pl.concat([programme("a"), programme("b", "Other").with_columns(intervention=pl.lit("j"))])
    found = effects(reuse(), two, UNITS, indicators()).filter(method="difference in differences")
    assert found["unit"].to_list() == ["a", "b"]


def following(strength, seed):
    rng = np.random.default_rng(seed)
    first, second = [], []
    for number in range(12):
        lead = wandering(rng, 30, 0.2)
        lag = strength * np.concatenate([[0], lead[:-1]]) + rng.normal(size=30) + number
        weeks = [MONDAY + timedelta(weeks=4 * block) for block in range(30)]
        for values, rows in ((lead, first), (lag, second)):
            rows += [(f"u{number}", week + timedelta(weeks=w), value, 50, True)
                     for week, value in zip(weeks, values, strict=True) for w in range(4)]  # fmt: skip
    names = ["unit", "week", "value", "n", "ok"]
    return {
        "one": pl.DataFrame(first, schema=names, orient="row"),
        "two": pl.DataFrame(second, schema=names, orient="row"),
    }


PAIR = [Expected("one", "two", True, "planted")]


def test_what_moves_a_block_before_is_found_at_that_lag_and_not_the_other_way_round():
    found = lead_lag(following(0.8, 8), PAIR)
    assert found.sort("q")["lag"][0] == 1
    assert found.filter(lag=1)["said"].item() == "as expected"
    assert found.filter(lag=1).select("low", "high").row(0) > (0.3, 0.3)
    back = lead_lag(following(0.8, 8), [Expected("two", "one", True, "not so")])
    assert set(back["said"]) == {"not seen here"}


def test_what_does_not_go_together_is_not_seen():
    said = [one for seed in range(20) for one in lead_lag(following(0.0, seed), PAIR)["said"]]
    assert said.count("not seen here") >= 55


def test_seven_units_are_too_few_to_ask():
    few = {
        name: frame.filter(pl.col("unit").is_in([f"u{n}" for n in range(7)]))
        for name, frame in following(0.8, 8).items()
    }
    assert lead_lag(few, PAIR).is_empty()


def test_whitening_leaves_the_line_of_a_series_without_noise():
    x = np.column_stack([np.ones(20), np.arange(20)])
    np.testing.assert_allclose(whitened(x, x @ [2.0, 0.5]).beta, [2.0, 0.5], atol=1e-9)


def test_two_that_share_the_chance_of_a_month_are_not_said_to_lead():
    """Both counted from the same events: what is chance in one is chance in the other, which the lag puts right."""
    rng, rows = np.random.default_rng(11), {"one": [], "two": []}
    for number in range(40):
        latent, shared = wandering(rng, 30, 0.7), rng.normal(size=30)
        for name in rows:
            values = latent + 0.9 * shared + 0.3 * rng.normal(size=30)
            rows[name] += [(f"u{number}", MONDAY + timedelta(weeks=4 * block + w), values[block], 50, True)
                           for block in range(30) for w in range(4)]  # fmt: skip
    names = ["unit", "week", "value", "n", "ok"]
    found = lead_lag({name: pl.DataFrame(listed, schema=names, orient="row") for name, listed in rows.items()}, PAIR)
    assert set(found["said"]) <= {"together in the same month", "not seen here"}
