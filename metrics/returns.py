"""What a programme brought for what it cost (Phillips & Phillips 2007); as good as the isolation of its effect."""

from __future__ import annotations


def benefit_cost_ratio(benefits: float, costs: float) -> float:
    """Benefits over costs, in the same money; a `ValueError` where nothing was spent."""
    if costs <= 0:
        raise ValueError(f"costs of {costs} have no return; costs must be over 0")
    return benefits / costs


def return_on_investment(benefits: float, costs: float) -> float:
    """Net benefits over costs, in per cent."""
    return (benefit_cost_ratio(benefits, costs) - 1) * 100


def normalised_gain(before: float, after: float, best: float) -> float:
    """How much of what could still be gained was gained (Hake 1998); a `ValueError` where nothing could be."""
    if before >= best:
        raise ValueError(f"who begins at {before} of {best} has nothing to gain; leave them out")
    return (after - before) / (best - before)
