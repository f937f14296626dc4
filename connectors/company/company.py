"""The made-up company as a whole: six systems and the canonical tables each of them delivers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache

import numpy as np
import polars as pl

from connectors.company import growth, survey, talk, tree, wiki, work
from connectors.company.people import Roster, hire, members
from connectors.company.planted import Planted, planted
from connectors.company.rhythm import Rhythm, seeded
from connectors.tables import TABLES

SYSTEMS: dict[str, tuple[str, ...]] = {
    "hr": ("units", "people", "needs", "feedback", "plans"),
    "chat": ("accounts", "messages", "ties_seen"),
    "desk": ("tickets", "ticket_moves", "links"),
    "wiki": ("articles", "article_uses"),
    "survey": ("answers", "invitations"),
    "learning": ("learning", "skills"),
}
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
            frame: pl.DataFrame = getattr(self, f"_{name}")()
            types = TABLES[name].dtypes
            self._made[name] = frame.cast({column: types[column] for column in frame.columns})
        return self._made[name]

    @property
    def planted(self) -> tuple[Planted, ...]:
        return planted(self.today, self.years)

    def _chance(self, section: str) -> np.random.Generator:
        return seeded(self.seed, self.people, self.today, section)

    @cached_property
    def rhythm(self) -> Rhythm:
        return Rhythm(self.today, self.years)

    @cached_property
    def tree(self) -> tree.Tree:
        return tree.grow(self._chance("tree"), self.people, self.rhythm)

    @cached_property
    def roster(self) -> Roster:
        return hire(self._chance("people"), self.people, self.tree, self.rhythm)

    @cached_property
    def _desk(self) -> work.Desk:
        return work.handle(self._chance("desk"), self.tree, self.roster, self.rhythm)

    @cached_property
    def _wiki(self) -> wiki.Wiki:
        return wiki.write(self._chance("wiki"), self._desk, self.tree, self.roster, self.rhythm)

    @cached_property
    def _chat(self) -> talk.Chat:
        rng = self._chance("chat")
        said = talk.talk(rng, self.tree, self.roster, self.rhythm)
        return talk.Chat(said, self.tree, self.roster, self.rhythm, rng.permutation(len(self.roster.joined)))

    @cached_property
    def _waves(self) -> list[survey.Wave]:
        return survey.ask(self._chance("survey"), self.roster, self.rhythm)

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
        return work.tickets(self._chance("tickets"), self._desk, self.tree, self.roster, self.rhythm)

    def _ticket_moves(self) -> pl.DataFrame:
        return work.moves(self._chance("moves"), self._desk, self.tree, self.roster, self.rhythm)

    def _articles(self) -> pl.DataFrame:
        return wiki.articles(self._chance("articles"), self._wiki, self.tree, self.roster, self.rhythm)

    def _article_uses(self) -> pl.DataFrame:
        return wiki.uses(self._chance("uses"), self._wiki, self._desk, self.tree, self.roster, self.rhythm)

    def _links(self) -> pl.DataFrame:
        return wiki.links(self._chance("links"), self._wiki, self._desk, self.table("article_uses"), self.rhythm)

    def _answers(self) -> pl.DataFrame:
        rng, tokens = self._chance("answers"), self._chance("respondents")
        return survey.answers(rng, tokens, self._waves, self.tree, self.roster, self.rhythm)

    def _invitations(self) -> pl.DataFrame:
        return survey.invitations(self._chance("respondents"), self._waves, self.tree, self.roster, self.rhythm)

    def _learning(self) -> pl.DataFrame:
        return growth.learning(self._chance("learning"), self.tree, self.roster, self.rhythm)

    def _skills(self) -> pl.DataFrame:
        return growth.skills(self._chance("skills"), self.tree, self.roster, self.rhythm)

    def _needs(self) -> pl.DataFrame:
        return growth.needs(self._chance("needs"), self.tree, self.rhythm)

    def _feedback(self) -> pl.DataFrame:
        return growth.feedback(self._chance("feedback"), self.tree, self.roster, self.rhythm)

    def _plans(self) -> pl.DataFrame:
        return growth.plans(self._chance("plans"), self.tree, self.roster, self.rhythm)


@lru_cache(maxsize=1)
def company(seed: int, people: int, today: date, years: float = 2.5) -> Company:
    """The company of this seed, size and day; the last one asked for is kept in this process."""
    if people < SMALLEST:
        raise ValueError(f"people = {people} is too few for a tree of six divisions; give {SMALLEST} or more")
    return Company(seed, people, today, years)
