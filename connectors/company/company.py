"""The made-up company as a whole: six systems and the canonical tables each of them delivers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache

import numpy as np
import polars as pl

from connectors.company import (
    climate,
    collaboration,
    growth,
    knowledge,
    market,
    reflection,
    shifting,
    skilling,
    survey,
    talk,
    tree,
    wiki,
    work,
)  # fmt: skip
from connectors.company.people import Roster, hire, members
from connectors.company.planted import Planted, planted
from connectors.company.rhythm import Rhythm, seeded
from connectors.tables import TABLES

SYSTEMS: dict[str, tuple[str, ...]] = {
    "hr": ("units", "people", "needs", "feedback", "plans", "resources", "interventions"),
    "chat": ("accounts", "messages", "ties_seen"),
    "desk": ("tickets", "ticket_moves", "links"),
    "wiki": ("articles", "article_uses"),
    "survey": ("answers", "invitations"),
    "learning": ("learning", "skills", "suggestions", "demand"),
}
PARTS = (knowledge, collaboration, reflection, skilling, market, climate, shifting)
SMALLEST = 300


@dataclass(frozen=True)
class Company:
    """One company; each table is made when first asked for and kept."""

    seed: int
    people: int
    today: date
    years: float
    _made: dict[str, pl.DataFrame] = field(default_factory=dict, repr=False, compare=False)

    def table(self, name: str) -> pl.DataFrame:
        """One canonical table with raw ids, without its `source`."""
        if name not in self._made:
            frame = self.made(name)
            for add in (part.ADDS[name] for part in PARTS if name in part.ADDS):
                frame = add(self, frame)
            types = TABLES[name].dtypes
            self._made[name] = frame.cast({column: types[column] for column in frame.columns})
        return self._made[name]

    def made(self, name: str) -> pl.DataFrame:
        """One canonical table before any part adds to it; kept too."""
        kept = f"{name}, before"
        if kept not in self._made:
            make = getattr(self, f"_{name}", None)
            types = TABLES[name].dtypes
            self._made[kept] = make() if make else pl.DataFrame(schema=types).drop("source")
        return self._made[kept]

    @property
    def planted(self) -> tuple[Planted, ...]:
        return planted(self.today, self.years)

    def chance(self, section: str) -> np.random.Generator:
        return seeded(self.seed, self.people, self.today, section)

    @cached_property
    def rhythm(self) -> Rhythm:
        return Rhythm(self.today, self.years)

    @cached_property
    def tree(self) -> tree.Tree:
        return tree.grow(self.chance("tree"), self.people, self.rhythm)

    @cached_property
    def roster(self) -> Roster:
        return hire(self.chance("people"), self.people, self.tree, self.rhythm)

    @cached_property
    def _desk(self) -> work.Desk:
        return work.handle(self.chance("desk"), self.tree, self.roster, self.rhythm)

    @cached_property
    def _wiki(self) -> wiki.Wiki:
        return wiki.write(self.chance("wiki"), self._desk, self.tree, self.roster, self.rhythm)

    @cached_property
    def _chat(self) -> talk.Chat:
        rng = self.chance("chat")
        said = talk.talk(rng, self.tree, self.roster, self.rhythm)
        return talk.Chat(said, self.tree, self.roster, self.rhythm, rng.permutation(len(self.roster.joined)))

    @cached_property
    def waves(self) -> list[survey.Wave]:
        return survey.ask(self.chance("survey"), self.roster, self.rhythm)

    def _units(self) -> pl.DataFrame:
        return tree.units(self.tree, self.rhythm)

    def _people(self) -> pl.DataFrame:
        return members(self.roster, self.tree, self.rhythm)

    def _accounts(self) -> pl.DataFrame:
        return self._chat.accounts()

    def _messages(self) -> pl.DataFrame:
        return self._chat.messages()

    def _ties_seen(self) -> pl.DataFrame:
        return self._chat.ties_seen()

    def _tickets(self) -> pl.DataFrame:
        return work.tickets(self.chance("tickets"), self._desk, self.tree, self.roster, self.rhythm)

    def _ticket_moves(self) -> pl.DataFrame:
        return work.moves(self.chance("moves"), self._desk, self.tree, self.roster, self.rhythm)

    def _articles(self) -> pl.DataFrame:
        return wiki.articles(self.chance("articles"), self._wiki, self.tree, self.roster, self.rhythm)

    def _article_uses(self) -> pl.DataFrame:
        return wiki.uses(self.chance("uses"), self._wiki, self._desk, self.tree, self.roster, self.rhythm)

    def _links(self) -> pl.DataFrame:
        return wiki.links(self.chance("links"), self._wiki, self._desk, self.table("article_uses"), self.rhythm)

    def _answers(self) -> pl.DataFrame:
        rng, tokens = self.chance("answers"), self.chance("respondents")
        return survey.answers(rng, tokens, self.waves, self.tree, self.roster, self.rhythm)

    def _invitations(self) -> pl.DataFrame:
        return survey.invitations(self.chance("respondents"), self.waves, self.tree, self.roster, self.rhythm)

    def _learning(self) -> pl.DataFrame:
        return growth.learning(self.chance("learning"), self.tree, self.roster, self.rhythm)

    def _skills(self) -> pl.DataFrame:
        return growth.skills(self.chance("skills"), self.tree, self.roster, self.rhythm)

    def _needs(self) -> pl.DataFrame:
        return growth.needs(self.chance("needs"), self.tree, self.rhythm)

    def _feedback(self) -> pl.DataFrame:
        return growth.feedback(self.chance("feedback"), self.tree, self.roster, self.rhythm)

    def _plans(self) -> pl.DataFrame:
        return growth.plans(self.chance("plans"), self.tree, self.roster, self.rhythm)


@lru_cache(maxsize=1)
def company(seed: int, people: int, today: date, years: float = 2.5) -> Company:
    """The company of this seed, size and day; the last one asked for is kept in this process."""
    if people < SMALLEST:
        raise ValueError(f"people = {people} is too few for a tree of six divisions; give {SMALLEST} or more")
    return Company(seed, people, today, years)
