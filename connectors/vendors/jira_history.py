"""What an issue's comments and changes in Jira tell of its life: answered, reopened, ended, linked, and when."""

from __future__ import annotations

import polars as pl

from connectors.fields import Fields, at, moment, text
from connectors.shape import Shape

WHO: dict[str, Shape] = {"accountId": str, "accountType": str, "key": str, "name": str}
HISTORY: dict[str, Shape] = {
    "id": str,
    "author": WHO,
    "created": str,
    "items": [{"field": str, "fieldtype": str, "from": str, "to": str}],
}
COMMENT: dict[str, Shape] = {
    "id": str,
    "author": WHO,
    "created": str,
    "visibility": {"type": str},
    "jsdPublic": bool,
}
WROTE = pl.col("comments").struct.field


def who(field: Fields) -> pl.Expr:
    """The account: Cloud knows it by accountId, Data Center by key, old servers by name."""
    return pl.coalesce(text(at(field).struct.field(name)) for name in ("accountId", "key", "name"))


def person(field: Fields) -> pl.Expr:
    """Whether an account is a person's as far as Jira says; apps and rules have accounts too."""
    return at(field).struct.field("accountType").ne_missing("app")


def told(found: pl.DataFrame, done: list[str]) -> pl.DataFrame:
    """The issues with `answered`, `reopened`, `reopenings`, `ended`, and since when each is linked in `linked`.

    `done` are the statuses that end an issue; `done` stands beside each issue too.
    """
    changes = found.select("id", "histories").explode("histories").drop_nulls("histories")
    changes = changes.select("id", when=moment("histories.created"), items=at("histories.items")).explode("items")
    changes = changes.drop_nulls("items").unnest("items")
    return (
        found.join(answers(found), on="id", how="left")
        .join(turns(changes, done), on="id", how="left")
        .join(linked(found, changes), on="id", how="left")
        .with_columns(pl.col("reopenings").fill_null(0), done=pl.lit(done, pl.List(pl.String)))
    )


def answers(found: pl.DataFrame) -> pl.DataFrame:
    """The first comment that all may read by a person other than the one who asked."""
    said = found.select("id", "comments", asker=who("fields.reporter")).explode("comments").drop_nulls("comments")
    public = WROTE("visibility").struct.field("type").is_null() & WROTE("jsdPublic").ne_missing(pl.lit(False))
    by_another = person("comments.author") & (who("comments.author") != pl.col("asker")).fill_null(value=True)
    return said.filter(public, by_another).group_by("id").agg(answered=moment("comments.created").min())


def turns(changes: pl.DataFrame, done: list[str]) -> pl.DataFrame:
    """When an issue was done and was not any more."""
    status = changes.filter(pl.col("field") == "status", pl.col("fieldtype").ne_missing("custom"))
    was, now = (pl.col(side).is_in(done).fill_null(value=False) for side in ("from", "to"))
    when = pl.col("when")
    return status.group_by("id").agg(
        reopened=when.filter(was & ~now).max(),
        reopenings=(was & ~now).sum().cast(pl.Int64),
        ended=when.filter(now & ~was).max(),
    )


def linked(found: pl.DataFrame, changes: pl.DataFrame) -> pl.DataFrame:
    """The links that go out of an issue; one whose making is not told is as old as the issue."""
    out = found.select("id", at("fields.issuelinks").alias("link"), opened=moment("fields.created"))
    out = (
        out.explode("link")
        .filter(at("link.outwardIssue.id").is_not_null())
        .with_columns(to=at("link.outwardIssue.key"))
    )
    made = changes.filter(pl.col("field") == "Link").group_by("id", "to").agg(when=pl.col("when").max())
    dated = out.join(made, on=["id", "to"], how="left").with_columns(made=pl.coalesce("when", "opened"))
    return dated.group_by("id").agg(linked=pl.struct("link", "made"))
