"""Who is who, by `bellwether people`: what is doubtful, what a person decides about it; everything can be undone."""

from __future__ import annotations

import getpass
from datetime import UTC, datetime
from typing import Annotated

import polars as pl
import typer

from connectors.identity.linking import differences, link
from dashboard.settings import load_settings
from dashboard.steps import FINE
from dashboard.terminal import say, table
from dashboard.whois import SHORT, Whois

FOUND = ("email", "login", "name")  # what the machine finds by itself, and may be wrong about
MOST = 200
ONE = {"account": pl.String}
ALONE = {"state": "doubtful", "why": None, "source": None}
app = typer.Typer(help="Who is who: list, link, separate, lock, undo and forget. Needs the key.")
Account = Annotated[str, typer.Argument(help="An account: its id, address or name, or how its mark begins.")]
Accounts = Annotated[list[str], typer.Argument(help="Accounts: id, address or name, or how the mark begins.")]
Note = Annotated[str, typer.Option(help="Why; it stands in the log.")]
Since = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only what began on this day or later.")]


@app.callback(invoke_without_command=True)
def people(ctx: typer.Context) -> int:
    """How many accounts are linked and by what, and which wait for you."""
    return listed(whois(ctx), "doubtful", None, None) if ctx.invoked_subcommand is None else FINE


@app.command("list")
def show(
    ctx: typer.Context,
    state: Annotated[str | None, typer.Option(help="linked, doubtful, locked or separated.")] = "doubtful",
    why: Annotated[str | None, typer.Option(help="stated, email, login, name, decided, bot or service.")] = None,
    source: Annotated[str | None, typer.Option(help="Only accounts of this source.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Whatever their state.")] = False,
) -> int:
    """List accounts and whose they are; without options those that wait for you.

    - `bellwether people list`
    - `bellwether people list --state linked --why name`
    """
    return listed(whois(ctx), None if every else state, why, source)


@app.command("link")
def join(
    ctx: typer.Context,
    account: Account,
    person: Annotated[str, typer.Argument(help="A person of HR: id, address or name, or how the mark begins.")],
    note: Note = "",
) -> int:
    """Say that an account is this person's; from now on nothing but you changes that.

    - `bellwether people link chat:U7 ada@example.org`
    """
    who = whois(ctx)
    return decide(who, "link", [(who.account(account), who.person(person), "link")], note)


@app.command()
def separate(
    ctx: typer.Context,
    account: Account,
    person: Annotated[str | None, typer.Argument(help="Whose it is not; nobody's where this is left out.")] = None,
    bot: Annotated[bool, typer.Option("--bot", help="It is a machine's: leave out what it does.")] = False,
    note: Note = "",
) -> int:
    """Say that an account is not this person's, or nobody's.

    - `bellwether people separate chat:U7 ada@example.org`
    - `bellwether people separate chat:B12 --bot`
    """
    who = whois(ctx)
    whose = None if person is None else who.person(person)
    return decide(who, "separate", [(who.account(account), whose, "bot" if bot else "separate")], note)


@app.command()
def lock(ctx: typer.Context, accounts: Accounts, note: Note = "") -> int:
    """Confirm the links of these accounts as they are: nothing but you changes them any more."""
    who = whois(ctx)
    tokens = [who.account(one) for one in accounts]
    linked = who.memory.links().filter(pl.col("account").is_in(tokens), pl.col("state") == "linked")
    missing = [who.call(token) for token in tokens if token not in set(linked["account"])]
    if missing:
        raise typer.BadParameter(f"{', '.join(missing)}: not linked to one person; use `bellwether people link`")
    return decide(who, "lock", [(*pair, "link") for pair in linked.select("account", "person").rows()], note)


@app.command()
def undo(
    ctx: typer.Context,
    numbers: Annotated[list[int] | None, typer.Argument(help="Numbers in the log; the last decision if none.")] = None,
    since: Since = None,
    why: Annotated[str | None, typer.Option(help="Links found by this only: email, login or name.")] = None,
    note: Note = "",
) -> int:
    """Undo decisions, or links that were found wrongly; they come back by undoing this.

    - `bellwether people undo` the last decision
    - `bellwether people undo 12` number 12 of the log, be it an undo itself
    - `bellwether people undo --why name` every link found by name only
    - `bellwether people undo --since 2026-11-01` all decisions and all links found since
    """
    who = whois(ctx)
    if why is not None and why not in FOUND:
        raise typer.BadParameter(f"--why is {', '.join(FOUND[:-1])} or {FOUND[-1]}")
    standing = who.memory.batches().filter(pl.col("undone").is_null())
    mine = standing.filter(pl.col("act") != "undo")
    if since or why:
        batches = [] if why else mine.filter(pl.col("at") >= utc(since))["id"].to_list()
        pairs = wrong(who, since, why, batches)
    else:
        pairs, batches = [], numbers or mine["id"].tail(1).to_list()
        for number in sorted({*batches} - {*standing["id"]}):
            raise typer.BadParameter(f"number {number} is not in the log, or is undone; see `bellwether people log`")
    if not pairs and not batches:
        say("Nothing to undo.")
        return FINE
    return decide(who, "undo", pairs, note or noted(batches, since, why), batches)


@app.command()
def log(ctx: typer.Context, account: Annotated[str | None, typer.Argument(help="Only this account.")] = None) -> int:
    """What was decided, by whom and when; of one account, every link it ever had."""
    who = whois(ctx)
    if account is None:
        said = who.memory.batches().select("id", pl.col("at").dt.strftime("%Y-%m-%d %H:%M"), "by", "act", "accounts",
                                           "note", "undone")  # fmt: skip
        table(["number", "at", "by", "what", "accounts", "note", "undone by"], said.rows())
        return FINE
    mine = who.memory.links(history=True).filter(account=who.account(account))
    rows = mine.select("person", "state", "why", "evidence", "since", "until").iter_rows()
    table(["person", "state", "why", "evidence", "since", "until"], [
        (who.call(person), *said, day(since), day(until)) for person, *said, since, until in rows
    ])  # fmt: skip
    return FINE


@app.command()
def forget(ctx: typer.Context, account: Account, note: Note = "") -> int:
    """Delete the name kept under seal for this account, for good; its link stays."""
    who = whois(ctx)
    token = who.account(account)
    code = decide(who, "forget", [(token, None, "forget")], note)
    gone = who.memory.unseal(pl.Series([token]))
    say("Its name is deleted." if gone else "No name was kept for it.")
    return code


def whois(ctx: typer.Context) -> Whois:
    return Whois.of(load_settings(ctx.obj))


def listed(who: Whois, state: str | None, why: str | None, source: str | None) -> int:
    links = who.memory.links().join(who.accounts, left_on="account", right_on="token", how="left")
    counts = links.group_by("state", "why").len().sort("state", "why")
    say("Accounts: " + (", ".join(f"{n:,} {how} by {why}" for how, why, n in counts.iter_rows()) or "none matched yet"))
    wanted = {"state": state, "why": why, "source": source}
    for column, word in wanted.items():
        links = links.filter(pl.col(column) == word) if word else links
    if links.is_empty():
        say("None of them waits for you." if wanted == ALONE else "None is like that.")
        return FINE
    rows = links.sort("account", "person").head(MOST).iter_rows(named=True)
    table(["mark", "source", "account", "person", "who", "state", "why", "evidence", "since"], [
        (row["account"][:SHORT], row["source"] or "hr", who.call(row["account"]), (row["person"] or "")[:SHORT],
         who.call(row["person"]), row["state"], row["why"], row["evidence"], day(row["since"])) for row in rows
    ])  # fmt: skip
    if links.height > MOST:
        say(f"and {links.height - MOST:,} more; narrow it with --source, --state or --why.")
    return FINE


def decide(
    who: Whois, act: str, pairs: list[tuple[str, str | None, str]], note: str, batches: list[int] | None = None
) -> int:
    """Write it down, match anew, and say what that changed."""
    now, before = datetime.now(UTC), who.memory.links()
    rows = pl.DataFrame(pairs, schema={"account": pl.String, "person": pl.String, "act": pl.String}, orient="row")
    number = who.memory.decide(act, rows, by=getpass.getuser(), note=note, at=now, undo=batches or [])
    changed = differences(before, link(who.lake, who.memory, now)).height
    say(f"Done, as number {number} of the log; {changed:,} accounts count otherwise from the next refresh on.")
    say(f"`bellwether people undo {number}` takes it back.")
    return FINE


def wrong(who: Whois, since: datetime | None, why: str | None, batches: list[int]) -> list[tuple[str, str | None, str]]:
    """The links found by the machine, by one sign or since a day, to be separated.

    Also those that the undone decisions had ended, which would come back.
    """
    ended = pl.concat([who.memory.batch(number).select("account") for number in batches] or [pl.DataFrame(schema=ONE)])
    links = who.memory.links(history=True).filter(
        pl.col("until").is_null() | pl.col("account").is_in(ended["account"].implode())
    )
    links = links.filter(pl.col("state") == "linked", pl.col("why").is_in([why] if why else FOUND))
    links = links.filter(pl.col("since") >= utc(since)) if since else links
    return [(account, person, "separate") for account, person in links.select("account", "person").unique().rows()]


def noted(batches: list[int], since: datetime | None, why: str | None) -> str:
    said = [f"number {', '.join(map(str, batches))}"] if batches else []
    said += [f"links by {why}"] if why else []
    return "; ".join([*said, f"since {since:%Y-%m-%d}"] if since else said)


def utc(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment else None


def day(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d}" if moment else ""
