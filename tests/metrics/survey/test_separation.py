"""Whether trust is another thing than safety: the ratio by hand, and what is told where it is not."""

import numpy as np
import polars as pl
import pytest

from metrics.survey.separation import LEAST, MARK, htmt, inseparable
from tests.metrics.survey.made import FIRST, SAFETY, SECOND, published, scored, team

TRUST = "interpersonal_trust"
UNITS = ("a", "b", "c")


def both(rng, size, same, items=4):
    """Answers to both scales: of one feeling, or of two that have nothing to do with one another."""
    felt = rng.normal(0, 1, (size, 2))
    one, two = felt[:, :1], felt[:, :1] if same else felt[:, 1:]
    said = [5 + part + rng.normal(0, 0.7, (size, items)) for part in (one, two)]
    return [np.clip(part.round(), 1, 7).astype(int).tolist() for part in said]


def rows(same, wave=FIRST, size=50, seed=1):
    rng, found = np.random.default_rng(seed), []
    for unit in UNITS:
        safety, trust = both(rng, size, same)
        found += team(unit, safety, wave, construct=SAFETY) + team(unit, trust, wave, construct=TRUST, items="t")
    return found


def test_the_ratio_by_hand():
    """Items correlate by .8 within the one scale, .5 within the other, .3 across: .3 over the root of .8 x .5."""
    r = np.array([[1, 0.8, 0.3, 0.3], [0.8, 1, 0.3, 0.3], [0.3, 0.3, 1, 0.5], [0.3, 0.3, 0.5, 1]])
    raw = np.random.default_rng(3).normal(size=(500, 4))
    raw -= raw.mean(axis=0)
    whitened = raw @ np.linalg.inv(np.linalg.cholesky(np.cov(raw, rowvar=False))).T
    x = whitened @ np.linalg.cholesky(r).T
    assert np.corrcoef(x, rowvar=False) == pytest.approx(r)
    assert htmt(x[:, :2], x[:, 2:]) == pytest.approx(0.3 / np.sqrt(0.8 * 0.5))
    assert htmt(x[:, 2:], -x[:, :2]) == pytest.approx(0.3 / np.sqrt(0.8 * 0.5))


def test_with_a_single_item_or_one_without_spread_nothing_is_known():
    x = np.random.default_rng(3).normal(size=(50, 4))
    assert np.isnan(htmt(x[:, :1], x[:, 1:]))
    x[:, 0] = 4
    assert np.isnan(htmt(x[:, :2], x[:, 2:]))


@pytest.mark.parametrize("same", [True, False])
def test_trust_that_is_the_same_as_safety_is_not_told_and_trust_of_its_own_is(same):
    found = published(rows(same), UNITS, name=TRUST)
    cells = found.cells.filter(pl.col("state") == "shown")
    assert set(cells["mark"] == MARK) == {same}
    assert cells["value"].is_null().all() == same
    assert found.series["ok"].any() != same
    assert cells["people"].min() == 50, "who answered is told all the same"


def test_safety_itself_is_told():
    found = published(rows(same=True), UNITS).cells.filter(pl.col("state") == "shown")
    assert found["value"].is_not_null().all()


def test_each_wave_is_looked_at_by_itself():
    every = rows(same=True) + rows(same=False, wave=SECOND, seed=2)
    assert inseparable(scored(every, TRUST), scored(every)) == [FIRST]


def test_of_few_who_answered_both_and_of_other_people_nothing_is_said():
    few = rows(same=True, size=(LEAST - 1) // len(UNITS))
    assert inseparable(scored(few, TRUST), scored(few)) == []
    others = [
        one | {"respondent": f"other {one['respondent']}"} for one in rows(same=True) if one["construct"] == TRUST
    ]
    apart = [one for one in rows(same=True) if one["construct"] == SAFETY] + others
    assert inseparable(scored(apart, TRUST), scored(apart)) == []


def test_who_left_an_item_out_is_left_out():
    every = rows(same=True)
    for one in every:
        if one["construct"] == TRUST and one["item"] == "t1" and one["respondent"].endswith("7"):
            one["score"] = None
    assert inseparable(scored(every, TRUST), scored(every)) == [FIRST]
