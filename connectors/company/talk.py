"""The chat of the made-up company: who wrote when and to whom, in channels of teams, departments and projects."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from connectors.company.people import Roster
from connectors.company.planted import CHAT_SILENT, OFFICE_SPLIT, SPLIT, TEAM_OF_FOUR, weeks_before
from connectors.company.rhythm import DAY, Bools, Floats, Ints, Rhythm, logit, numbered, shares, wander
from connectors.company.tree import Tree
from connectors.company.work import spread

SLOTS, AT_HOME = 20, 16
PROJECTS_A_SEAT = 0.075
A_PROJECT_AND_WEEK = 8.8
MENTIONED, NEXT_DAY, BACK = 0.9, 0.85, 0.3
LOST_WITHIN, LOST_OUTWARD = 0.5, 0.25
QUESTIONS, CHATTER = 0.165, 0.05
EVER_ANSWERED, MEDIAN_HOURS, SPREAD_HOURS = 0.945, 4.0, 1.3


@dataclass(frozen=True)
class Said:
    """Messages as arrays; `parent` and `root` are places among them, -1 where there is none."""

    channel: Ints
    person: Ints
    sent: Ints
    parent: Ints
    root: Ints
    question: Bools

    def __add__(self, other: Said) -> Said:
        shift = len(self.channel)
        parent, root = (np.where(place < 0, -1, place + shift) for place in (other.parent, other.root))
        return Said(*(np.concatenate(pair) for pair in (
            (self.channel, other.channel), (self.person, other.person), (self.sent, other.sent),
            (self.parent, parent), (self.root, root), (self.question, other.question),
        )))  # fmt: skip


@dataclass(frozen=True)
class Talk:
    """Everything said: messages, and who mentioned or reacted to whom."""

    said: Said
    person: Ints
    other: Ints
    seen: Ints
    channel: Ints
    reaction: Bools


def talk(rng: np.random.Generator, tree: Tree, roster: Roster, rhythm: Rhythm) -> Talk:
    """A company's chat: conversations in projects, questions and chatter in teams and departments."""
    projects = _Projects(_slots(rng, tree, roster), len(tree.ids))
    conversations = projects.conversations(rng, tree, roster, rhythm)
    said = conversations.said + _questions(rng, tree, roster, rhythm) + _chatter(rng, tree, roster, rhythm)
    return Talk(said, conversations.person, conversations.other, conversations.seen, conversations.channel,
                conversations.reaction)  # fmt: skip


def _slots(rng: np.random.Generator, tree: Tree, roster: Roster) -> Ints:
    """The seats of each project: most of one division, every seat in about as many projects."""
    seats = np.flatnonzero(roster.unit != tree.index(TEAM_OF_FOUR))
    division = tree.above(roster.unit[seats], 1)
    found = []
    for home in np.flatnonzero(tree.depth == 1):
        own = seats[division == home]
        many = max(2, round(len(own) * PROJECTS_A_SEAT))
        found.append(np.hstack([_deck(rng, own, many, AT_HOME), _deck(rng, seats, many, SLOTS - AT_HOME)]))
    return np.vstack(found)


def _deck(rng: np.random.Generator, seats: Ints, rows: int, columns: int) -> Ints:
    rounds = -(-rows * columns // len(seats))
    return np.concatenate([rng.permutation(seats) for _ in range(rounds)])[: rows * columns].reshape(rows, columns)


@dataclass(frozen=True)
class _Projects:
    slots: Ints
    after_units: int

    def conversations(self, rng: np.random.Generator, tree: Tree, roster: Roster, rhythm: Rhythm) -> Talk:
        """One turns to another by name, who answers, mostly the next day; sometimes the first answers back."""
        load = np.exp(wander(rng, len(self.slots), rhythm.weeks, 0.15))
        drawn = rng.poisson(A_PROJECT_AND_WEEK * load * rhythm.weekly)
        project, week = (np.repeat(index, drawn[drawn > 0]) for index in np.nonzero(drawn))
        sent = rhythm.moments(rng, week)
        slot = rng.integers(0, SLOTS, len(project))
        one = self.slots[project, slot]
        two = self.slots[project, (slot + rng.integers(1, SLOTS, len(project))) % SLOTS]
        kept = ~self._lost(rng, tree, roster.unit[one], roster.unit[two], sent, rhythm)
        here, there = roster.sitting(one, sent // DAY), roster.sitting(two, sent // DAY)
        kept &= (here >= 0) & (there >= 0) & (here != there)
        channel, here, there, sent, two = (part[kept] for part in (project, here, there, sent, two))
        return _threads(rng, channel + self.after_units, here, there, sent, rhythm)

    def _lost(self, rng: np.random.Generator, tree: Tree, one: Ints, two: Ints, sent: Ints, rhythm: Rhythm) -> Bools:
        """What is no longer said since the office split: between teams of that division, and less so outward."""
        onset = rhythm.day(weeks_before(rhythm.today, OFFICE_SPLIT)) * DAY
        split = tree.under(SPLIT)
        ends = np.isin(one, split).astype(np.int64) + np.isin(two, split)
        chance = np.array([0, LOST_OUTWARD, LOST_WITHIN])[ends] * (one != two) * (sent >= onset)
        return np.asarray(rng.random(len(one)) < chance)


def _threads(rng: np.random.Generator, channel: Ints, one: Ints, two: Ints, sent: Ints, rhythm: Rhythm) -> Talk:
    count = len(channel)
    first, none = np.arange(count), np.full(count, -1)
    hours = np.where(rng.random(count) < NEXT_DAY, rng.uniform(6, 12, count), rng.exponential(1.0, count))
    answered = rhythm.after(sent, hours)
    back = np.flatnonzero(rng.random(count) < BACK)
    again = rhythm.after(answered[back], rng.uniform(0.2, 10, len(back)))
    said = Said(
        np.concatenate([channel, channel, channel[back]]), np.concatenate([one, two, one[back]]),
        np.concatenate([sent, answered, again]), np.concatenate([none, first, back + count]),
        np.concatenate([none, first, back]), np.zeros(2 * count + len(back), dtype=bool),
    )  # fmt: skip
    named, liked = np.flatnonzero(rng.random(count) < MENTIONED), np.flatnonzero(rng.random(count) < 0.25)
    return Talk(
        said, np.concatenate([one[named], two[liked]]), np.concatenate([two[named], one[liked]]),
        np.concatenate([sent[named], rhythm.after(sent[liked], rng.exponential(1.0, len(liked)))]),
        np.concatenate([channel[named], channel[liked]]), np.arange(len(named) + len(liked)) >= len(named),
    )  # fmt: skip


def _helpful(rng: np.random.Generator, tree: Tree, rhythm: Rhythm) -> Floats:
    """The share of questions that are ever answered: unit by week."""
    rows = len(tree.ids)
    base = logit(EVER_ANSWERED) + rng.normal(0, 0.2, (rows, 1)) + wander(rng, rows, rhythm.weeks, 0.12)
    base[tree.index(TEAM_OF_FOUR)] = logit(0.05)
    return shares(base)


def _questions(rng: np.random.Generator, tree: Tree, roster: Roster, rhythm: Rhythm) -> Said:
    """Questions to the own team or its department, and their answers by somebody else."""
    unit, week, seats = spread(rng, tree, roster, rhythm, QUESTIONS)
    asked = rhythm.moments(rng, week)
    asking = roster.draw(rng, unit, seats)
    own = rng.random(len(unit)) < 0.6
    colleague = roster.from_seat[unit] + (asking - roster.from_seat[unit] + 1 + (
        rng.random(len(unit)) * np.maximum(seats - 1, 1)).astype(np.int64)) % seats  # fmt: skip
    helping = np.where(own, colleague, _neighbour(rng, tree, roster, rhythm, unit, week))
    asker = roster.sitting(asking, asked // DAY)
    helped = rng.random(len(unit)) < _helpful(rng, tree, rhythm)[unit, week]
    hours = rng.lognormal(np.log(MEDIAN_HOURS), SPREAD_HOURS, len(unit)) * (1 + 0.4 * rhythm.december[week])
    answered = rhythm.after(asked, hours)
    helper = roster.sitting(helping, answered // DAY)
    there = asker >= 0
    channel = np.where(own, unit, tree.above(unit, 2))[there]
    asker, asked, helper, answered = (part[there] for part in (asker, asked, helper, answered))
    found = np.flatnonzero(helped[there] & (helper >= 0) & (helper != asker))
    return _answered(rng, channel, asker, asked, helper[found], answered[found], found, rhythm)


def _answered(
    rng: np.random.Generator, channel: Ints, asker: Ints, asked: Ints, helper: Ints, answered: Ints, found: Ints,
    rhythm: Rhythm,
) -> Said:  # fmt: skip
    count, thanks = len(channel), np.flatnonzero(rng.random(len(found)) < 0.3)
    root = found[thanks]
    thanked = rhythm.after(answered[thanks], rng.exponential(1.0, len(thanks)))
    none = np.full(count, -1)
    return Said(
        np.concatenate([channel, channel[found], channel[root]]), np.concatenate([asker, helper, asker[root]]),
        np.concatenate([asked, answered, thanked]), np.concatenate([none, found, thanks + count]),
        np.concatenate([none, found, root]), np.arange(count + len(found) + len(root)) < count,
    )  # fmt: skip


def _neighbour(rng: np.random.Generator, tree: Tree, roster: Roster, rhythm: Rhythm, unit: Ints, week: Ints) -> Ints:
    """A seat in some team of the same department."""
    department = tree.above(tree.teams, 2)
    order = np.argsort(department, kind="stable")
    first = np.searchsorted(department[order], tree.above(unit, 2))
    many = np.bincount(department, minlength=len(tree.ids))[tree.above(unit, 2)]
    team = tree.teams[order[first + (rng.random(len(unit)) * many).astype(np.int64)]]
    return roster.draw(rng, team, roster.open(np.arange(rhythm.weeks) * 7)[team, week])


def _chatter(rng: np.random.Generator, tree: Tree, roster: Roster, rhythm: Rhythm) -> Said:
    """What is told to the team without asking."""
    unit, week, seats = spread(rng, tree, roster, rhythm, CHATTER)
    sent = rhythm.moments(rng, week)
    person = roster.sitting(roster.draw(rng, unit, seats), sent // DAY)
    unit, sent, person = unit[person >= 0], sent[person >= 0], person[person >= 0]
    none = np.full(len(unit), -1)
    return Said(unit, person, sent, none, none, np.zeros(len(unit), dtype=bool))


@dataclass(frozen=True)
class Chat:
    """The chat system: its accounts and channels, and the three weeks in which it delivered nothing."""

    talk: Talk
    tree: Tree
    roster: Roster
    rhythm: Rhythm
    shuffled: Ints

    @cached_property
    def _account(self) -> pl.Series:
        return numbered("U", self.shuffled + 1)

    def _channel(self, index: Ints) -> pl.Series:
        projects = int(index.max(initial=0)) + 1 - len(self.tree.ids)
        return pl.concat([self.tree.id, numbered("project-", np.arange(1, max(projects, 0) + 1))]).gather(index)

    def _public(self, index: Ints) -> Bools:
        """One project in eleven talks behind closed doors."""
        return np.asarray((index < len(self.tree.ids)) | (index % 11 != 7))

    def _delivered(self, moment: str) -> pl.Expr:
        first, last = (weeks_before(self.rhythm.today, weeks) for weeks in CHAT_SILENT)
        return pl.col(moment).is_not_null() & ~pl.col(moment).dt.date().is_between(first, last, closed="left")

    def messages(self) -> pl.DataFrame:
        """The canonical table of messages."""
        said = self.talk.said
        order = np.argsort(said.sent, kind="stable")
        order = order[(said.person[order] >= 0) & (said.sent[order] < self.rhythm.end)]
        number = np.full(len(said.sent) + 1, -1)
        number[order] = np.arange(1, len(order) + 1)
        frame = pl.DataFrame({
            "message": numbered("chat:", number[order]), "channel": self._channel(said.channel[order]),
            "author": self._account.gather(said.person[order]),
            "reply_to": numbered("chat:", number[said.parent[order]]),
            "thread": numbered("chat:", number[said.root[order]]), "sent": self.rhythm.moment(said.sent[order]),
            "question": pl.Series(said.question[order]), "public": pl.Series(self._public(said.channel[order])),
        })  # fmt: skip
        return frame.filter(self._delivered("sent")).with_columns(changed="sent")

    def ties_seen(self) -> pl.DataFrame:
        """The canonical table of ties seen: mentions and reactions."""
        talk = self.talk
        order = np.argsort(talk.seen, kind="stable")
        frame = pl.DataFrame({
            "tie": numbered("chat:t", np.arange(1, len(order) + 1)), "person": self._account.gather(talk.person[order]),
            "other": self._account.gather(talk.other[order]),
            "kind": pl.Series(("mention", "reaction")).gather(talk.reaction[order].astype(np.int64)),
            "seen": self.rhythm.moment(talk.seen[order]), "channel": self._channel(talk.channel[order]),
        })  # fmt: skip
        return frame.filter(self._delivered("seen")).with_columns(changed="seen")

    def accounts(self) -> pl.DataFrame:
        """The canonical table of accounts: chat accounts and the addresses behind them."""
        known = self.roster.joined < self.rhythm.days
        since = np.maximum(self.roster.joined, 0)[known]
        return pl.DataFrame({"account": self._account.filter(pl.Series(known)),
                             "person": self.roster.mail.filter(pl.Series(known)),
                             "changed": self.rhythm.moment(since * DAY)})  # fmt: skip
