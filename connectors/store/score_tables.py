"""The SQL tables of what an edition makes of its cells: scores, what they are made of, and units beside siblings."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Column

from connectors.store.schema import Count, Date, Flag, Real, metadata, of_edition, word

scores = sa.Table(
    "scores",
    metadata,
    of_edition(),
    word("unit", key=True),
    word("score", key=True),
    word("version"),
    *(Column(name, Real) for name in ("value", "low", "high", "error", "present")),
    word("missing"),
    word("changed"),
    *(Column(name, Real) for name in ("difference", "difference_low", "difference_high")),
    word("colour"),
    *(Column(name, Real) for name in ("flips", "bottom", "place_low", "place_high")),
    Column("among", Count),
    *(Column(name, Real) for name in ("quality", "coverage", "response", "reliability")),
)
score_courses = sa.Table(
    "score_courses",
    metadata,
    of_edition(),
    word("unit", key=True),
    word("score", key=True),
    Column("week", Date, primary_key=True),
    word("version"),
    *(Column(name, Real) for name in ("value", "low", "high", "present")),
)
score_parts = sa.Table(
    "score_parts",
    metadata,
    of_edition(),
    word("unit", key=True),
    word("score", key=True),
    word("indicator", key=True),
    Column("place", Count, nullable=False),
    *(Column(name, Real) for name in ("weight", "used", "low_post", "high_post")),
    word("why"),
    Column("week", Date),
    *(Column(name, Real) for name in ("value", "points", "error")),
    Column("n", Count),
    word("mark"),
)
score_drivers = sa.Table(
    "score_drivers",
    metadata,
    of_edition(),
    word("unit", key=True),
    word("score", key=True),
    word("factor", key=True),
    *(Column(name, Real) for name in ("first", "total")),
)
score_checks = sa.Table(
    "score_checks",
    metadata,
    of_edition(),
    word("score", key=True),
    word("kind", key=True),
    word("indicator", key=True),
    word("other", key=True),
    Column("value", Real),
    Column("units", Count),
    Column("flagged", Flag),
)
comparisons = sa.Table(
    "comparisons",
    metadata,
    of_edition(),
    word("indicator", key=True),
    word("parent", key=True),
    word("unit", key=True),
    Column("week", Date),
    Column("n", Count),
    *(Column(name, Real) for name in ("value", "expected", "shrunk", "shrunk_low", "shrunk_high")),
    *(Column(name, Real) for name in ("low95", "high95", "low998", "high998")),
    *map(word, ("said", "compare")),
    *(Column(name, Real) for name in ("reliability", "scatter", "spread", "phi")),
    Column("peers", Count),
    word("scale"),
)
TABLES = (scores, score_courses, score_parts, score_drivers, score_checks, comparisons)
PUBLISHED = {table.name: table for table in TABLES}
