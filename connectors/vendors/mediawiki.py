"""Where MediaWiki has its records, which fields are read, and what they are in our words."""

from __future__ import annotations

import polars as pl

from connectors.fields import at, text
from connectors.vendors.revisions import asking
from connectors.web import Rows

BOT = at("groups").list.contains("bot")
ACCOUNTS = Rows(
    "accounts",
    {
        "account": text("userid"),
        "login": "name",
        "name": "name",
        "kind": pl.when(BOT).then(pl.lit("bot")).otherwise(pl.lit("person")),
    },
)
USERS = asking(
    "accounts",
    "allusers",
    {"userid": int, "name": str, "groups": [str]},
    (ACCOUNTS,),
    list="allusers",
    auprop="groups",
    aulimit="max",
)
