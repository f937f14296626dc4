"""Goalposts and weights that an organisation sets for its scores, in place of the house's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict

from metrics.goalposts import GoalpostError, Goalposts


class Posts(BaseModel):
    """What may be set of one part of a score; what is not stays as the house has it."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)
    low: float | None = None
    high: float | None = None
    weight: float | None = None
    why: str | None = None


def goalposts(given: Mapping[str, Mapping[str, Posts]]) -> Goalposts:
    """The goalposts by which scores are made; raises GoalpostError for what cannot be."""
    return Goalposts.own(
        {score: {name: one.model_dump() for name, one in parts.items()} for score, parts in given.items()}
    )


def checked(given: dict[str, dict[str, Posts]]) -> dict[str, dict[str, Posts]]:
    try:
        goalposts(given)
    except GoalpostError as error:
        raise ValueError(f"{'.'.join(error.where)} {error}") from None
    return given


Own = Annotated[dict[str, dict[str, Posts]], AfterValidator(checked)]
