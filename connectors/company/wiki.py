"""The wiki of the made-up company: what was written down, what it was used for, what came of insights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from connectors.company.people import Roster
from connectors.company.planted import (
    PLAYBOOKS,
    PLAYBOOKS_FROM,
    PLAYBOOKS_RAMP,
    REORGANISED,
    REUSE_FALLS,
    TEAM_OF_FOUR,
    weeks_before,
)
from connectors.company.rhythm import DAY, WEEK, Floats, Ints, Rhythm, at, logit, numbered, shares, wander
from connectors.company.tree import Tree
from connectors.company.work import ACTION, EXPERIMENT, Desk, spread

A_SEAT_AND_WEEK = 0.022
LIFE = 60 * WEEK
KINDS = ("wiki", "playbook", "post-mortem")
MIX = (0.74, 0.1, 0.16)
PLAYBOOK, POST_MORTEM = 1, 2
LINKED, LINKED_AT_LAST = 0.60, 0.80
REUSED, REUSED_AFTER_PLANTED = 0.75, 0.55
CODIFIED, CODIFIED_AT_LAST = 0.15, 0.65


@dataclass(frozen=True)
class Wiki:
    """Articles as arrays, oldest first; `experiment` is the ticket a playbook codifies, else -1."""

    unit: Ints
    kind: Ints
    person: Ints
    created: Ints
    experiment: Ints


def _ramp(rhythm: Rhythm) -> Floats:
    """From 0 at the onset of the playbooks to 1 seven months later, week by week."""
    onset = rhythm.week(weeks_before(rhythm.today, PLAYBOOKS_FROM))
    return np.clip((np.arange(rhythm.weeks) - onset) / PLAYBOOKS_RAMP, 0, 1)


def _week(moments: Ints, rhythm: Rhythm) -> Ints:
    return np.clip(moments // WEEK, 0, rhythm.weeks - 1)


def write(rng: np.random.Generator, desk: Desk, tree: Tree, roster: Roster, rhythm: Rhythm) -> Wiki:
    """Every article: those of before the start, those of the weeks, and the playbooks that codify experiments."""
    unit, week, seats = spread(rng, tree, roster, rhythm, A_SEAT_AND_WEEK)
    created = rhythm.moments(rng, week)
    person = roster.sitting(roster.draw(rng, unit, seats), created // DAY)
    there = roster.open(np.zeros(1, np.int64))[tree.teams].ravel()
    old = np.repeat(tree.teams, np.round(A_SEAT_AND_WEEK * there * LIFE / WEEK).astype(np.int64))
    chance = np.full((len(tree.ids), rhythm.weeks), logit(CODIFIED))
    chance[tree.under(PLAYBOOKS)] += _ramp(rhythm) * (logit(CODIFIED_AT_LAST) - logit(CODIFIED))
    tried = np.flatnonzero((desk.kind == EXPERIMENT) & (desk.resolved < rhythm.end))
    tried = tried[rng.random(len(tried)) < shares(chance)[desk.unit[tried], _week(desk.resolved[tried], rhythm)]]
    written = rhythm.after(desk.resolved[tried], rng.uniform(4, 80, len(tried)))
    parts = (
        (old, rng.integers(-LIFE, 0, len(old)), np.full(len(old), -1), np.full(len(old), -1)),
        (unit, created, person, np.full(len(unit), -1)),
        (desk.unit[tried], written, desk.person[tried], tried),
    )
    unit, created, person, experiment = (np.concatenate(part) for part in zip(*parts, strict=True))
    kind = np.where(experiment >= 0, PLAYBOOK, rng.choice(len(KINDS), len(unit), p=MIX))
    order = np.argsort(created, kind="stable")
    order = order[created[order] < rhythm.end]
    return Wiki(unit[order], kind[order], person[order], created[order], experiment[order])


def articles(rng: np.random.Generator, wiki: Wiki, tree: Tree, roster: Roster, rhythm: Rhythm) -> pl.DataFrame:
    """The canonical table of articles."""
    count = len(wiki.unit)
    later = wiki.created + (rng.exponential(200, count) * DAY).astype(np.int64) + DAY
    reviewed = np.where(rng.random(count) < 0.6, later, rhythm.end)
    outlived = wiki.created + LIFE + (rng.exponential(60, count) * DAY).astype(np.int64)
    retired = np.where(rng.random(count) < 0.95, outlived, rhythm.end)
    moments = np.stack([wiki.created, reviewed, retired])
    latest = np.where(moments < rhythm.end, moments, wiki.created).max(axis=0)
    return pl.DataFrame({
        "article": numbered("wiki:", np.arange(1, count + 1)), "kind": pl.Series(KINDS).gather(wiki.kind),
        "author": at(roster.mail, wiki.person), "unit": tree.id.gather(wiki.unit),
        "created": rhythm.moment(wiki.created), "reviewed": rhythm.moment(reviewed),
        "retired": rhythm.moment(retired), "changed": rhythm.moment(latest),
    })  # fmt: skip


def _chances(rng: np.random.Generator, tree: Tree, rhythm: Rhythm) -> tuple[Floats, Floats]:
    """The share of closed work with a link, and of these the share whose article was there before: unit by week."""
    rows, weeks = len(tree.ids), rhythm.weeks
    link = logit(LINKED) + rng.normal(0, 0.2, (rows, 1)) + wander(rng, rows, weeks, 0.1)
    reuse = logit(REUSED) + rng.normal(0, 0.2, (rows, 1)) + wander(rng, rows, weeks, 0.1) - 0.2 * rhythm.december
    link[tree.under(PLAYBOOKS)] += _ramp(rhythm) * (logit(LINKED_AT_LAST) - logit(LINKED))
    onset = rhythm.week(weeks_before(rhythm.today, REORGANISED))
    fall = np.clip((np.arange(weeks) - onset + 1) / 4, 0, 1) * (logit(REUSED_AFTER_PLANTED) - logit(REUSED))
    reuse[tree.under(REUSE_FALLS)] += fall
    link[tree.index(TEAM_OF_FOUR)], reuse[tree.index(TEAM_OF_FOUR)] = logit(0.05), logit(0.05)
    return shares(link), shares(reuse)


def _known(rng: np.random.Generator, group: Ints, of: Ints, upto: Ints, created: Ints) -> Ints:
    """An article of the group that lives at the moment, newer ones rather than older; -1 where there is none."""
    order = np.lexsort((created, group))
    far = 2**33
    key = (group * far + created + far // 4)[order]
    first = np.searchsorted(key, of * far + upto - LIFE + far // 4)
    many = np.searchsorted(key, of * far + upto + far // 4) - first
    place = first + many - 1 - (many * rng.random(len(of)) ** 2).astype(np.int64)
    return np.where(many > 0, order[np.clip(place, 0, len(order) - 1)], -1)


def uses(rng: np.random.Generator, wiki: Wiki, desk: Desk, tree: Tree, roster: Roster, rhythm: Rhythm) -> pl.DataFrame:
    """The canonical table of uses: links of closed tickets, and pages looked up without one."""
    link, reuse = _chances(rng, tree, rhythm)
    week = _week(desk.closed, rhythm)
    ticket = np.flatnonzero((desk.closed < rhythm.end) & (rng.random(len(week)) < link[desk.unit, week]))
    before = rng.random(len(ticket)) < reuse[desk.unit[ticket], week[ticket]]
    life = desk.closed[ticket] - desk.opened[ticket]
    used = np.where(before, desk.opened[ticket] + (rng.random(len(ticket)) * life).astype(np.int64),
                    desk.closed[ticket] + rng.integers(0, 6 * DAY, len(ticket)))  # fmt: skip
    article = np.where(before, _earlier(rng, wiki, desk, tree, ticket), _later(wiki, desk, tree, ticket, used))
    kept = (article >= 0) & (used < rhythm.end)
    unit, weeks, seats = spread(rng, tree, roster, rhythm, 0.06)
    looked = rhythm.moments(rng, weeks)
    page = _known(rng, np.zeros_like(wiki.unit), np.zeros_like(unit), looked, wiki.created)
    reader = roster.sitting(roster.draw(rng, unit, seats), looked // DAY)
    frame = pl.DataFrame({
        "article": numbered("wiki:", np.concatenate([article[kept], page]) + 1),
        "person": at(roster.mail, np.concatenate([desk.person[ticket[kept]], reader])),
        "used": rhythm.moment(np.concatenate([used[kept], looked])),
        "ticket": pl.concat([desk.id.gather(ticket[kept]), pl.repeat(None, len(page), dtype=pl.String, eager=True)]),
    })  # fmt: skip
    return frame.sort("used").with_columns(
        use=pl.format("wiki:u{}", pl.int_range(1, pl.len() + 1)), changed="used")  # fmt: skip


def _earlier(rng: np.random.Generator, wiki: Wiki, desk: Desk, tree: Tree, ticket: Ints) -> Ints:
    """An article that was there when the ticket was opened: most of the own department, else of anywhere."""
    opened, every = desk.opened[ticket], np.zeros_like(wiki.unit)
    own = _known(rng, tree.above(wiki.unit, 2), tree.above(desk.unit[ticket], 2), opened, wiki.created)
    anywhere = _known(rng, every, np.zeros_like(ticket), opened, wiki.created)
    return np.where((own >= 0) & (rng.random(len(ticket)) < 0.75), own, anywhere)


def _later(wiki: Wiki, desk: Desk, tree: Tree, ticket: Ints, used: Ints) -> Ints:
    """The newest article at that moment, if it was written after the ticket was opened; else -1."""
    far, group = 2**33, tree.above(wiki.unit, 1)
    order = np.lexsort((wiki.created, group))
    key = (group * far + wiki.created + far // 4)[order]
    own = np.searchsorted(key, tree.above(desk.unit[ticket], 1) * far + used + far // 4) - 1
    near = order[np.clip(own, 0, len(order) - 1)]
    newest = np.searchsorted(wiki.created, used) - 1
    fresh = wiki.created[near] > desk.opened[ticket]
    chosen = np.where(fresh & (wiki.created[near] <= used), near, newest)
    return np.where(wiki.created[chosen] > desk.opened[ticket], chosen, -1)


def links(rng: np.random.Generator, wiki: Wiki, desk: Desk, use: pl.DataFrame, rhythm: Rhythm) -> pl.DataFrame:
    """The canonical table of links: post-mortem to action, experiment to playbook, written lesson to its reuse."""
    lessons = np.flatnonzero(wiki.kind == POST_MORTEM)
    actions = np.flatnonzero((desk.kind == ACTION) & (rng.random(len(desk.kind)) < 0.7))
    last = np.searchsorted(wiki.created[lessons], desk.opened[actions]) - 1
    origin = lessons[np.maximum(last - rng.integers(0, 12, len(last)), 0)]
    playbooks = np.flatnonzero(wiki.experiment >= 0)
    codes = pl.DataFrame({
        "kind": pl.Series(("action", "playbook")).gather(np.repeat([0, 1], [len(actions), len(playbooks)])),
        "origin": pl.concat([numbered("wiki:", origin + 1), desk.id.gather(wiki.experiment[playbooks])]),
        "target": pl.concat([desk.id.gather(actions), numbered("wiki:", playbooks + 1)]),
        "made": rhythm.moment(np.concatenate([desk.opened[actions], wiki.created[playbooks]])),
    })  # fmt: skip
    written = numbered("wiki:", np.flatnonzero(wiki.kind > 0) + 1)
    reuse = use.filter(pl.col("ticket").is_not_null(), pl.col("article").is_in(written.implode()))
    reuse = reuse.select(pl.lit("reuse").alias("kind"), pl.col("article").alias("origin"),
                         pl.col("ticket").alias("target"), pl.col("used").alias("made"))  # fmt: skip
    frame = pl.concat([codes, reuse]).sort("made", "origin", "target")
    return frame.with_columns(link=pl.format("desk:l{}", pl.int_range(1, pl.len() + 1)), changed="made")
