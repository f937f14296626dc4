"""What Request Tracker calls the parts of a ticket, its history and a user, and what they are in our tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from connectors.fields import LONG_AGO, Columns, at, joined, known, moment, text
from connectors.shape import Shape
from connectors.web import Rows

BY = {"id": str}
USER: dict[str, Shape] = {"Name": str, "EmailAddress": str, "RealName": str, "LastUpdated": str}
TICKET: dict[str, Shape] = {"id": str, "Status": str, "Queue": {"Name": str}, "Owner": BY, "Creator": BY}
TICKET |= {"Created": str, "Resolved": str, "LastUpdated": str, "CustomFields": [{"name": str, "values": [str]}]}
DEED: dict[str, Shape] = {"id": str, "Type": str, "Field": str, "OldValue": str, "NewValue": str, "Created": str}
DEED |= {"Creator": BY, "ObjectId": str}
NOBODY, ITSELF = "Nobody", "RT_System"
OWNED = ["Take", "Give", "Steal", "Untake", "Force"]
SAID = {"Create": "opened", "Correspond": "commented", "Comment": "commented"}
OUTCOMES = {"rejected": "declined"}
LINKED = ["RefersTo", "DependsOn", "MemberOf"]
PERSON: Columns = {"account": "Name", "login": "Name", "email": text("EmailAddress"), "name": text("RealName")}
PERSON |= {"kind": pl.when(at("Name") == ITSELF).then(pl.lit("service")), "changed": moment("LastUpdated")}


def ticket(settings: Mapping[str, Any], done: list[str], of: str = "") -> Columns:
    """What the list of tickets says of one; `of` is "parent." where it stands above."""
    cause = pl.element().filter(pl.element().struct.field("name") == settings.get("cause", ""))
    status, owner, resolved = at(f"{of}Status"), at(f"{of}Owner.id"), moment(f"{of}Resolved")
    ended = status.is_in(done)
    return {
        "ticket": f"{of}id",
        "kind": known(f"{of}Queue.Name", settings.get("types", {}), "request"),
        "unit": f"{of}Queue.Name",
        "assignee": pl.when(owner != NOBODY).then(owner),
        "opened": moment(f"{of}Created"),
        "resolved": pl.when(ended & (resolved > LONG_AGO)).then(resolved),
        "cause": at(f"{of}CustomFields").list.eval(cause.struct.field("values").list.first()).list.first(),
        "outcome": pl.when(ended).then(known(status, {**OUTCOMES, **settings.get("outcomes", {})})),
        "changed": moment(f"{of}LastUpdated"),
    }


def life(said: Columns, back: pl.Expr) -> Rows:
    """A ticket, and what only its history tells: the first answer of another, and when it was opened again."""
    other = ~at("Creator.id").is_in([ITSELF]) & (at("Creator.id") != at("parent.Creator.id"))
    told: Columns = {
        "answered": moment("Created").filter((at("Type") == "Correspond") & other).min(),
        "reopened": moment("Created").filter(back).max(),
        "reopenings": back.sum(),
    }
    return Rows("tickets", {**{name: at(column).first() for name, column in said.items()}, **told}, within="ticket")


def moves(done: list[str], back: pl.Expr) -> Rows:
    """Deeds on a ticket; those on one that was merged into it are its own, but for that one's beginning."""
    end = (at("Type") == "Status") & at("NewValue").is_in(done) & ~at("OldValue").is_in(done)
    state = pl.when(end).then(pl.lit("resolved")).when(back).then(pl.lit("reopened")).otherwise(pl.lit("moved"))
    given = at("Type").is_in(OWNED) | ((at("Type") == "Set") & (at("Field") == "Owner"))
    own = (at("Type") != "Create") | (at("ObjectId") == at("parent.id"))
    action = pl.when(at("Type") == "Status").then(state).when(given).then(pl.lit("assigned"))
    columns: Columns = {"move": "id", "ticket": "parent.id", "person": "Creator.id", "moved": moment("Created")}
    every = action.otherwise(at("Type").replace_strict(SAID, default=None, return_dtype=pl.String))
    return Rows("ticket_moves", {**columns, "action": every}, where=own & every.is_not_null(), within="ticket")


def links() -> Rows:
    """Those that were made and not taken away again."""
    made, gone = joined("Field", "NewValue"), joined("Field", "OldValue").filter(at("Type") == "DeleteLink")
    stands = (at("Type") == "AddLink") & at("Field").is_in(LINKED) & ~made.is_in(gone.implode())
    target = at("NewValue").str.extract(r"/ticket/(\d+)$")
    columns: Columns = {
        "link": "id",
        "kind": "Field",
        "origin": "ObjectId",
        "target": target,
        "made": moment("Created"),
    }
    return Rows("links", columns, where=stands & target.is_not_null(), within="origin")
