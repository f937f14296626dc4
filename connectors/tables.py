"""The canonical tables: the only words connectors and metrics share.

Every row names the source it came from and when it last changed there. A column marked as a person holds a keyed
pseudonym by the time it is written; a column that is not named here is never written at all. Moments are UTC.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import polars as pl

from connectors.columns import MOMENT as MOMENT
from connectors.facts.fact import Fact
from connectors.facts.growth import Demand, Learning, Needs, Plans, Resources, Skills, Suggestions
from connectors.facts.knowledge import Articles, ArticleUses, Links
from connectors.facts.organisation import Accounts, Interventions, People, Units
from connectors.facts.survey import Answers, Invitations
from connectors.facts.work import Feedback, Messages, TicketMoves, Tickets, TiesSeen


@dataclass(frozen=True)
class Table:
    """A canonical table, partitioned by the month of one column; `steady`: that column never changes for a key."""

    name: str
    schema: type[Fact]
    dated: str
    steady: bool = False
    pseudonyms: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        marked = {n: c.metadata["pseudonym"] for n, c in self.schema.columns().items() if c.metadata}
        object.__setattr__(self, "pseudonyms", marked)

    @cached_property
    def key(self) -> list[str]:
        return list(self.schema.primary_key())

    @cached_property
    def dtypes(self) -> dict[str, pl.DataType]:
        return dict(self.schema.create_empty().schema)


TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        Table("units", Units, "valid_from", steady=True),
        Table("people", People, "valid_from", steady=True),
        Table("accounts", Accounts, "changed"),
        Table("tickets", Tickets, "opened"),
        Table("ticket_moves", TicketMoves, "moved", steady=True),
        Table("messages", Messages, "sent", steady=True),
        Table("ties_seen", TiesSeen, "seen", steady=True),
        Table("articles", Articles, "created"),
        Table("article_uses", ArticleUses, "used", steady=True),
        Table("learning", Learning, "changed"),
        Table("skills", Skills, "assessed", steady=True),
        Table("needs", Needs, "starts"),
        Table("feedback", Feedback, "given", steady=True),
        Table("plans", Plans, "made"),
        Table("answers", Answers, "wave", steady=True),
        Table("invitations", Invitations, "wave", steady=True),
        Table("links", Links, "made", steady=True),
        Table("resources", Resources, "starts"),
        Table("suggestions", Suggestions, "made"),
        Table("demand", Demand, "day"),
        Table("interventions", Interventions, "began"),
    )
}
