"""Whether a score hangs on how it is made: counted by hand, and against closed forms."""

import numpy as np
import pytest
from scipy.stats import sobol_indices, uniform

from metrics import robust
from metrics.coherence import coherence

EVEN = [0.25] * 4


def test_the_colours_change_at_forty_and_sixty():
    assert [robust.colour(one) for one in (None, float("nan"), 0, 39.9, 40, 59.9, 60, 100)] == [
        *("grey", "grey", "red", "red", "amber", "amber", "green", "green")
    ]


def test_a_score_far_from_every_bound_never_changes_its_colour():
    assert robust.flips(np.full((1, 4), 0.8), EVEN).tolist() == [0.0]
    assert robust.flips(np.array([[0.1, 0.1, 0.1, 0.1]]), EVEN).tolist() == [0.0]


def test_a_score_on_a_bound_is_a_toss_up():
    (found,) = robust.flips(np.array([[0.6, 0.6, 0.6, 0.6]]), EVEN)
    assert 0.4 < found < 0.6


def test_one_part_at_nought_makes_half_of_the_runs_another_colour():
    (found,) = robust.flips(np.array([[0.0, 0.9, 0.9, 0.9]]), EVEN)
    assert found > robust.HATCHED


@pytest.mark.parametrize(
    "parts",
    [(0.355, 0.524, 0.878, 0.824), (0.748, 0.494, 0.067, 0.485), (0.609, 0.619, 0.496), (1.4, 0.55, 0.83, 0.14)],
)
def test_the_runs_are_those_of_the_definition(parts):
    """Made once more, a run at a time: Dirichlet weights of concentration 40, either mean, goalposts moved by up to a
    tenth, and any one part or none left out, all as likely as one another (OECD/JRC Handbook 2008, step 7)."""
    rng, count = np.random.default_rng(99), len(parts)

    def run():
        low, high = rng.uniform(-0.1, 0.1, (2, count))
        points = np.clip((np.array(parts) - low) / (1 + high - low), 0, 1) * 100
        kept = np.arange(count) != rng.integers(count + 1)
        weights = rng.dirichlet(np.full(count, 40 / count))[kept]
        weights, points = weights / weights.sum(), points[kept]
        return weights @ points if rng.random() < 0.5 else float(np.prod(points**weights))

    made = robust.colour(100 * np.clip(parts, 0, 1).mean())
    other = np.mean([robust.colour(run()) != made for _ in range(4000)])
    (found,) = robust.flips(np.array([parts]), np.full(count, 1 / count))
    assert found == pytest.approx(other, abs=0.04)


def test_a_part_that_lacks_has_no_say():
    some = robust.Making.drawn(EVEN, 400).scores(np.array([[0.3, 0.7, np.nan, 0.5]]))
    assert np.isfinite(some).all()
    assert 30 < some.mean() < 70
    assert np.isnan(robust.Making.drawn(EVEN, 40).scores(np.full((1, 4), np.nan))).all()


def test_without_anything_moved_the_runs_are_the_plain_mean():
    still = robust.Making(np.array([[0.5, 0.25, 0.25]]), np.array([False]), np.zeros((2, 1, 3)), np.array([3]))
    assert still.scores(np.array([[0.2, 0.4, 1.4]])).tolist() == [[pytest.approx(0.5 * 20 + 0.25 * 40 + 0.25 * 100)]]
    left_out = robust.Making(still.weights, still.mean, still.goalposts, np.array([0]))
    assert left_out.scores(np.array([[0.2, 0.4, 1.4]])).tolist() == [[pytest.approx(70)]]
    geometric = robust.Making(still.weights, np.array([True]), still.goalposts, np.array([3]))
    assert geometric.scores(np.array([[0.25, 1.0, 1.0]])).tolist() == [[pytest.approx(50)]]
    assert geometric.scores(np.array([[0.0, 1.0, 1.0]])).tolist() == [[0]]


def test_moved_goalposts_move_points():
    moved = robust.Making(np.array([[1.0]]), np.array([False]), np.array([[[-0.1]], [[0.1]]]), np.array([1]))
    assert moved.scores(np.array([[0.5]])).tolist() == [[pytest.approx(50)]]
    assert moved.scores(np.array([[1.0]])).tolist() == [[pytest.approx(110 / 1.2)]]


def test_weights_scatter_around_the_nominal_ones():
    weights = robust.Making.drawn([0.5, 0.3, 0.2], 20_000).weights
    assert weights.mean(axis=0) == pytest.approx([0.5, 0.3, 0.2], abs=0.005)
    assert weights[:, 0].var() == pytest.approx(0.5 * 0.5 / 41, rel=0.05)


def test_the_worst_of_eight_units_is_in_the_bottom_quarter_and_the_best_is_not():
    share = np.linspace(0.1, 0.9, 8)[:, None] * np.ones(4)
    bottom, low, high = robust.places(share, EVEN)
    assert (bottom[0], bottom[-1]) == (1, 0)
    assert (low[0], high[0]) == (1, 1)
    assert (low[-1], high[-1]) == (8, 8)


def test_units_that_are_alike_share_every_place():
    bottom, low, high = robust.places(np.full((8, 4), 0.5), EVEN)
    assert set(bottom) == {1} and set(low) == set(high) == {1}


def test_what_does_not_spread_is_driven_by_nothing():
    first, total = robust.drivers(np.full((1, 4), 5.0), EVEN)
    assert np.isnan(first).all() and np.isnan(total).all()


def test_parts_that_agree_leave_the_goalposts_to_drive_the_score():
    _, total = robust.drivers(np.full((1, 4), 0.5), EVEN)
    of = dict(zip(robust.FACTORS, total[0], strict=True))
    assert of["goalposts"] > 0.9 and of["weights"] < 0.1


def test_sobol_indices_agree_with_an_independent_library():
    share = np.array([[0.2, 0.4, 0.9]])
    first, total = robust.drivers(share, [1 / 3] * 3, 1 << 14)

    def score(x):
        """The same score by the same choices, drawn from uniform numbers: mean, dropped part, goalposts, weights."""
        runs = x.shape[1]
        gammas = -np.log(np.clip(x[8:], 1e-12, 1)).reshape(3, 13, runs).sum(axis=1)
        making = robust.Making(
            (gammas / gammas.sum(axis=0)).T,
            x[0] < 0.5,
            (x[2:8].reshape(2, 3, runs).transpose(0, 2, 1) - 0.5) * 2 * robust.MOVED,
            np.minimum((x[1] * 4).astype(int), 3),
        )
        return making.scores(share)

    found = sobol_indices(func=score, n=1 << 10, dists=[uniform()] * 47, rng=np.random.default_rng(1))
    of = dict(zip(robust.FACTORS, zip(first[0], total[0], strict=True), strict=True))
    assert of["mean"] == pytest.approx((found.first_order[0], found.total_order[0]), abs=0.05)
    assert of["dropped"] == pytest.approx((found.first_order[1], found.total_order[1]), abs=0.05)


def test_coherent_parts_are_coherent():
    rng = np.random.default_rng(1)
    shared = rng.normal(50, 10, 300)
    points = shared[:, None] + rng.normal(0, 5, (300, 3))
    found = coherence(points, [1, 1, 1])
    assert found.alpha == pytest.approx(0.92, abs=0.03)
    assert all(one > 0.8 for one in found.loadings)
    assert found.against == found.double == []
    assert sum(found.importance) == pytest.approx(1) and not any(found.dominant)


def test_a_trade_off_and_a_double_count_are_found():
    rng = np.random.default_rng(2)
    one = rng.normal(50, 10, 200)
    points = np.stack([one, one + rng.normal(0, 1, 200), 100 - one + rng.normal(0, 5, 200)], axis=1)
    found = coherence(points, [1, 1, 1])
    assert found.double == [(0, 1)]
    assert found.against == [(0, 2), (1, 2)]
    assert min(found.loadings) < 0


def test_a_part_that_sways_more_than_twice_its_weight_is_named():
    rng = np.random.default_rng(3)
    wide, narrow = rng.normal(50, 20, (200, 1)), rng.normal(50, 1, (200, 2))
    assert coherence(np.hstack([wide, narrow]), [1, 1, 1]).dominant == (True, False, False)


@pytest.mark.parametrize("points", [np.full((20, 3), 50.0), np.ones((5, 3)), np.full((20, 3), np.nan)])
def test_of_too_little_nothing_is_known_of_coherence(points):
    assert coherence(points, [1, 1, 1]).alpha is None


def test_importance_agrees_with_the_squared_correlations():
    points = np.array([[10.0, 0], [20, 10], [30, 0], [40, 10], [50, 0], [60, 10], [70, 0], [80, 10]])
    score = points.mean(axis=1)
    r = [np.corrcoef(points[:, at], score)[0, 1] ** 2 for at in (0, 1)]
    assert coherence(points, [1, 1]).importance == pytest.approx([one / sum(r) for one in r])
