"""What the made-up company adds to its survey: further scales, half of them asked in every other wave."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from connectors.company import survey
from connectors.company.adding import Adds
from connectors.company.survey import Construct

if TYPE_CHECKING:
    from connectors.company.company import Company

TURNS = (
    (
        Construct("supportive_environment", 4, (2,), 7, 4.8),
        Construct("learning_processes", 3, (), 7, 4.5),
        Construct("interpersonal_trust", 3, (), 7, 5.2),
    ),
    (
        Construct("learning_culture", 4, (), 6, 3.9),
        Construct("climate_for_learning", 3, (), 7, 4.7),
        Construct("learning_transfer", 2, (), 5, 3.2),
    ),
)


def answers(company: Company, frame: pl.DataFrame) -> pl.DataFrame:
    """The same respondents answer three more scales in each wave, in turn."""
    found = [frame]
    for turn, constructs in enumerate(TURNS):
        asked = company.waves[turn :: len(TURNS)]
        if asked:
            chance, tokens = company.chance(f"further answers {turn}"), company.chance("respondents")
            found.append(
                survey.answers(chance, tokens, asked, company.tree, company.roster, company.rhythm, constructs)
            )
    return pl.concat(found)


ADDS: Adds = {"answers": answers}
