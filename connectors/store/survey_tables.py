"""The SQL tables of the evidence of surveys: what is told of each scale and wave, its items, and behaviour beside."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Column

from connectors.store.schema import Count, Date, Flag, Real, Text, metadata, of_edition, word

surveys = sa.Table(
    "surveys",
    metadata,
    of_edition(),
    word("indicator", key=True),
    word("unit", key=True),
    Column("week", Date, primary_key=True),
    *(Column(name, Count) for name in ("series", "points", "items", "n", "invited", "teams", "split")),
    *(Column(name, Real) for name in ("low", "high", "mean", "favourable", "response", "answered")),
    *(Column(name, Real) for name in ("gap", "gap_d", "representative", "weighted", "worst_low", "worst_high")),
    *(Column(name, Real) for name in ("alpha", "alpha_low", "alpha_high", "alpha_within", "omega", "left_over")),
    *(Column(name, Real) for name in ("rest_low", "rest_straight", "rest_reversed", "ad", "agreed")),
    *(Column(name, Real) for name in ("r_star", "r_star_skew", "rwg", "rwg_skew")),
    *(Column(name, Real) for name in ("icc1", "icc2", "icc_p", "team_size", "reliability")),
    *(Column(name, Real) for name in ("change", "change_low", "change_high", "detectable", "held_change")),
    Column("team", Flag),
    Column("then", Date),
    *(Column(name, Text) for name in ("of", "apart", "moved_items")),
    *(word(name) for name in ("rely", "aggregate", "compare", "changed")),
    *(word(name) for name in ("rely_words", "aggregate_words", "compare_words", "change_words")),
)
survey_items = sa.Table(
    "survey_items",
    metadata,
    of_edition(),
    word("indicator", key=True),
    word("unit", key=True),
    Column("week", Date, primary_key=True),
    word("item", key=True),
    Column("reversed", Flag),
    Column("rest", Real),
    Column("moved", Flag),
)
agreements = sa.Table(
    "agreements",
    metadata,
    of_edition(),
    word("unit", key=True),
    word("indicator", key=True),
    Column("week", Date),
    *(word(name) for name in ("says", "does", "flag", "words")),
)

PUBLISHED = {table.name: table for table in (surveys, survey_items, agreements)}
