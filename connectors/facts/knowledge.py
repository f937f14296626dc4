"""What is written down, used, and linked to what came of it."""

from __future__ import annotations

import dataframely as dy

from connectors.columns import key, key_of_people, moment, text, who
from connectors.facts.fact import Fact


class Articles(Fact):
    """What was written down: wiki pages, playbooks, post-mortems; `space` is the part of the base it stands in."""

    article = key()
    kind = dy.String(min_length=1, max_length=200)
    author = who()
    unit = text()
    space = text()
    created = moment(nullable=False)
    reviewed = moment()
    retired = moment()


class ArticleUses(Fact):
    """An article used: by whom, when, and on which ticket; `fits`: what an audit of the use found, where it had one."""

    use = key_of_people()
    article = dy.String(min_length=1, max_length=200)
    person = who()
    used = moment(nullable=False)
    ticket = text()
    fits = dy.Bool(nullable=True)


class Links(Fact):
    """An insight linked to the action or the reuse that came of it."""

    link = key()
    kind = dy.String(min_length=1, max_length=200)
    origin = dy.String(min_length=1, max_length=200)
    target = dy.String(min_length=1, max_length=200)
    made = moment(nullable=False)
