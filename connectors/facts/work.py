"""What people do with one another: tickets, messages, ties, feedback."""

from __future__ import annotations

import dataframely as dy
import polars as pl

from connectors.columns import key, key_of_people, moment, text, who
from connectors.facts.fact import Fact


class Tickets(Fact):
    """Pieces of work: their kind, their group, and their life.

    `kind` is what indicators ask for: incident, action, retrospective, review, experiment, change; what is none of
    these is any other word. `severe`: an incident that calls for a review. `outcome` of an experiment is supported,
    not supported or inconclusive; of other work automatic, duplicate or declined where it was not worked on.
    """

    ticket = key()
    kind = dy.String(min_length=1, max_length=200)
    unit = text()
    assignee = who()
    opened = moment(nullable=False)
    answered = moment()
    resolved = moment()
    closed = moment()
    reopened = moment()
    reopenings = dy.Int64(nullable=True, min=0)
    cause = text()
    outcome = text()
    knowledge = dy.Bool(nullable=True)
    verified = dy.Bool(nullable=True)
    skill = text()
    severe = dy.Bool(nullable=True)
    project = text()

    @dy.rule()
    def resolved_after_opened(cls) -> pl.Expr:
        return pl.col("resolved").is_null() | (pl.col("resolved") >= pl.col("opened"))


class TicketMoves(Fact):
    """Who did what to a ticket when."""

    move = key()
    ticket = dy.String(min_length=1, max_length=200)
    person = who()
    action = dy.String(min_length=1, max_length=200)
    moved = moment(nullable=False)
    unit = text()


class Messages(Fact):
    """Who wrote when and to whom, never what."""

    message = key()
    channel = dy.String(min_length=1, max_length=200)
    author = who()
    reply_to = text()
    thread = text()
    sent = moment(nullable=False)
    question = dy.Bool(nullable=True)
    public = dy.Bool(nullable=True)


class TiesSeen(Fact):
    """One person turning to another: mention, reaction, review, mentoring."""

    tie = key_of_people()
    person = who(nullable=False)
    other = who(nullable=False)
    kind = dy.String(min_length=1, max_length=200)
    seen = moment(nullable=False)
    channel = text()
    thread = text()


class Feedback(Fact):
    """Feedback or recognition given: by whom, to whom, of what kind; `learning`: it was for something learnt."""

    feedback = key()
    giver = who(nullable=False)
    receiver = who(nullable=False)
    kind = dy.String(min_length=1, max_length=200)
    given = moment(nullable=False)
    learning = dy.Bool(nullable=True)
