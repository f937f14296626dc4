"""A network and a division of its people into groups: how far ties keep to groups, worked out from a list of ties.

For a network of any size as evidence see `metrics.blocks`; here are the plain statistics, for one network at a time.
Ties are pairs of people, each once, in either order; `groups` says for everybody, also for those without a tie, which
group they are in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Mapping
from itertools import combinations
from math import comb, log

import numpy as np

Ties = Collection[tuple[Hashable, Hashable]]
Groups = Mapping[Hashable, Hashable]


def groups_of(sets: Iterable[Collection[Hashable]]) -> dict[Hashable, Hashable]:
    """Who is in which group, from the groups as sets: the groups are numbered in the order given."""
    return {one: number for number, members in enumerate(sets) for one in members}


def within(ties: Ties, groups: Groups) -> int:
    """Ties between two of the same group."""
    return sum(groups[one] == groups[two] for one, two in ties)


def possible(groups: Groups) -> tuple[int, int]:
    """Pairs of people there could be: within groups, and across them."""
    inside = sum(comb(size, 2) for size in Counter(groups.values()).values())
    return inside, comb(len(groups), 2) - inside


def modularity(ties: Ties, groups: Groups, resolution: float = 1.0) -> float:
    """Q of the groups: sum of L_c / m - resolution (d_c / 2m)^2 over groups (Newman & Girvan 2004)."""
    m = _some(ties)
    degree: Counter[Hashable] = Counter(groups[end] for tie in ties for end in tie)
    return within(ties, groups) / m - resolution * sum((d / (2 * m)) ** 2 for d in degree.values())


def coverage(ties: Ties, groups: Groups) -> float:
    """Share of the ties that are within groups."""
    return within(ties, groups) / _some(ties)


def performance(ties: Ties, groups: Groups) -> float:
    """Share of all pairs that are as the groups say: tied within one, not tied across (Fortunato 2010)."""
    inside = within(ties, groups)
    across = len(ties) - inside
    return (inside + possible(groups)[1] - across) / comb(len(groups), 2)


def cross_density(ties: Ties, groups: Groups) -> float:
    """Share of the possible pairs across groups that are tied (Wasserman & Faust 1994)."""
    return (len(ties) - within(ties, groups)) / possible(groups)[1]


def block_density(ties: Ties, groups: Groups) -> dict[tuple[Hashable, Hashable], float]:
    """Of every two groups, and of each with itself, the share of possible pairs that are tied; NaN of one person."""
    size = Counter(groups.values())
    tied = Counter(_pair(groups[one], groups[two]) for one, two in ties)
    order = sorted(size, key=str)
    pairs = {**{_pair(a, b): size[a] * size[b] for a, b in combinations(order, 2)},
             **{(a, a): comb(size[a], 2) for a in order}}  # fmt: skip
    return {pair: tied[pair] / many if many else float("nan") for pair, many in pairs.items()}


def connected(ties: Ties, groups: Groups, least: int = 1) -> float:
    """Share of the pairs of groups with at least so many ties between them."""
    tied = Counter(_pair(groups[one], groups[two]) for one, two in ties if groups[one] != groups[two])
    return sum(many >= least for many in tied.values()) / comb(len(set(groups.values())), 2)


def ei(ties: Ties, groups: Groups) -> float:
    """The E-I index: ties across less ties within, over all (Krackhardt & Stern 1988)."""
    return 1 - 2 * within(ties, groups) / _some(ties)


def expected_ei(groups: Groups) -> float:
    """The E-I index if everybody were tied to everybody alike: (pairs across - pairs within) / all pairs."""
    inside, across = possible(groups)
    return (across - inside) / (across + inside)


def permutation_p(ties: Ties, groups: Groups, draws: int = 2_000, seed: int = 1) -> float:
    """How often groups dealt out anew leave as many ties within as these, or more: one-sided p, (1 + hits)/(1 + draws).

    Sizes of groups and all ties stay as they are; small means that people keep to their groups more than chance has it.
    """
    place = {one: at for at, one in enumerate(groups)}
    label = np.unique([str(group) for group in groups.values()], return_inverse=True)[1]
    one, two = (np.array([place[tie[end]] for tie in ties]) for end in (0, 1))
    seen, rng = int((label[one] == label[two]).sum()), np.random.default_rng(seed)
    dealt = (rng.permutation(label) for _ in range(draws))
    return (1 + sum(int((new[one] == new[two]).sum()) >= seen for new in dealt)) / (1 + draws)


def shared_information(one: Groups, two: Groups) -> float:
    """Normalised mutual information of two divisions of the same people: 2 I / (H + H), 1 if they are the same."""
    n = len(one)
    first, second = Counter(one.values()), Counter(two.values())
    both = Counter((group, two[person]) for person, group in one.items())
    mutual = sum(m / n * log(m * n / (first[a] * second[b])) for (a, b), m in both.items())
    entropy = sum(-m / n * log(m / n) for counts in (first, second) for m in counts.values())
    return 2 * mutual / entropy if entropy else 1.0


def _pair(one: Hashable, two: Hashable) -> tuple[Hashable, Hashable]:
    return (one, two) if str(one) <= str(two) else (two, one)


def _some(ties: Ties) -> int:
    if not ties:
        raise ValueError("there are no ties; of a network without any nothing is known")
    return len(ties)
