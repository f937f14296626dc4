"""From facts to evidence: which weeks new facts touched, counted anew; the rest is kept."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import polars as pl

from connectors.identity.activity import ACTORS
from connectors.identity.linking import bots, link, sure
from connectors.people import resolve
from connectors.store.lake import Lake
from connectors.store.memory import Memory
from connectors.tables import TABLES
from dashboard.formula import fingerprint
from dashboard.looking_ahead import Looked, look
from dashboard.settings import Settings
from metrics.coverage import coverage
from metrics.divisions import Network, network
from metrics.indicator import Indicator, indicators, named, turned
from metrics.survey.published import GIVEN, Surveys, surveys
from metrics.tie_sensitivity import Counted as Otherwise
from metrics.tie_sensitivity import otherwise
from metrics.tree import parents
from metrics.weeks import Calendar, monday, monday_of, spine, team_of_record

EPOCH = date(1970, 1, 5)
ARCHIVE_AFTER = timedelta(weeks=26)
WELL_FILLED = 0.25
UNRIPE = 14
ABOUT_PEOPLE = ("units", "people", "accounts")
WHERE = ("units", "people")  # an account says nothing of itself: what it changes is touched when it is linked
Tick = Callable[..., None]
Facts = dict[str, pl.LazyFrame]


@dataclass(frozen=True)
class Counted:
    """All evidence there is as of one day, and what is needed to publish it.

    `evidence`: leaf evidence per indicator; `crowds`: the people behind each window of it; `tree`: parents week by
    week; `teams`: person, week, unit; `rows`: rows landed per source, table and week; `touched`: what is counted once
    this is published; `known`: the coverage, how much is by people whom HR knows; `ahead`: what lies
    ahead; `surveys`: who answered what; `ties`: evidence of ties under other rules; `network`: the ties of last week.
    """

    calendar: Calendar
    organisation: str
    archive: bool
    evidence: dict[str, pl.DataFrame]
    crowds: dict[str, pl.DataFrame]
    tree: pl.DataFrame
    teams: pl.DataFrame
    rows: pl.DataFrame
    touched: list[int]
    known: pl.DataFrame
    ahead: Looked
    surveys: Surveys
    ties: Otherwise
    network: Network = field(default_factory=Network)


def count(lake: Lake, memory: Memory, settings: Settings, today: date | None, tick: Tick, pool: Executor) -> Counted:
    """Count anew what new facts touched, as many indicators at a time as the pool has workers."""
    tick("who is who")
    links = link(lake, memory, datetime.now(UTC))
    touched = memory.touched()
    tick("rows per week")
    rows = rows_per_week(lake, settings.organisation.time_zone)
    day, archive = as_of(rows, today)
    calendar = calendar_of(settings, rows, day)
    facts = resolved(lake, links)
    weeks = spine(first_week(rows, calendar), calendar.this)
    teams = team_of_record(facts["people"], calendar).collect()
    tick("who turns to whom")
    pairs = turned(facts | {"teams": teams.lazy()}, calendar)
    given = facts | {"teams": teams.lazy(), "pairs": pairs.lazy()}
    every = list(indicators().values())
    work = Work(lake, links, touched, calendar, teams, pairs, given)
    found = pool.map(work, [one.name for one in every])
    evidence, crowds = {}, {}
    for number, (one, (seen, crowd)) in enumerate(zip(every, found, strict=True)):
        tick(one.title.lower(), number, len(every))
        evidence[one.name], crowds[one.name] = seen, crowd
    places = {unit for frame in evidence.values() for unit in frame["unit"].unique()} | set(teams["unit"].unique())
    tree = parents(facts["units"], weeks, named=places, organisation=settings.organisation.name)
    ids = touched["id"].to_list()
    known = coverage(facts, ACTORS, calendar)
    tick("the time ahead")
    ahead = look(given, calendar)
    scales = {one.name: respondents(one, given, calendar) for one in indicators().values() if one.kind == "scale"}
    said = surveys(scales, facts["invitations"].collect(), teams)
    tick("ties under other rules")
    ties = otherwise({name: frame for name, frame in given.items() if name != "pairs"}, indicators(), calendar)
    name, last = settings.organisation.name, network(pairs, teams, calendar)
    return Counted(calendar, name, archive, evidence, crowds, tree, teams, rows, ids, known, ahead, said, ties, last)


@dataclass(frozen=True)
class Work:
    """Counts one indicator by name, here or on another machine, which reads the same lake by itself."""

    lake: Lake
    links: pl.DataFrame
    touched: pl.DataFrame
    calendar: Calendar
    teams: pl.DataFrame
    pairs: pl.DataFrame
    given: Facts

    def __call__(self, name: str) -> tuple[pl.DataFrame, pl.DataFrame]:
        return counted(named(name), self.lake, self.touched, self.given, self.calendar)

    def __reduce__(self) -> tuple[Callable[..., Work], tuple[object, ...]]:
        return elsewhere, (self.lake, self.links, self.touched, self.calendar, self.teams, self.pairs)


def elsewhere(
    lake: Lake, links: pl.DataFrame, touched: pl.DataFrame, calendar: Calendar, teams: pl.DataFrame, pairs: pl.DataFrame
) -> Work:
    """The same work on another machine: facts are not sent but read there, from the lake."""
    given = resolved(lake, links) | {"teams": teams.lazy(), "pairs": pairs.lazy()}
    return Work(lake, links, touched, calendar, teams, pairs, given)


def respondents(one: Indicator, facts: Facts, calendar: Calendar) -> pl.DataFrame:
    """Who answered a survey scale, wave by wave."""
    nothing = pl.DataFrame(schema=GIVEN)
    return nothing if one.missing(facts) else one.rows(facts, calendar).select(GIVEN.names()).collect()


def rows_per_week(lake: Lake, zone: str) -> pl.DataFrame:
    """How many rows each source delivered of each dated table, week by week."""
    frames = []
    for name in (name for name in lake.tables() if name in TABLES and name not in ABOUT_PEOPLE):
        dated = pl.col(TABLES[name].dated)
        moment = TABLES[name].dtypes[TABLES[name].dated] != pl.Date
        week = monday(dated.dt.convert_time_zone(zone).dt.date() if moment else dated)
        frames.append(
            lake.scan(name)
            .group_by("source", week=week)
            .agg(rows=pl.len().cast(pl.Int64))
            .with_columns(table=pl.lit(name))
        )
    shape = {"source": pl.String, "table": pl.String, "week": pl.Date, "rows": pl.Int64}
    if not frames:
        return pl.DataFrame(schema=shape)
    return pl.concat([one.collect().select(list(shape)) for one in frames]).drop_nulls("week").sort(list(shape)[:3])


def as_of(rows: pl.DataFrame, today: date | None) -> tuple[date, bool]:
    """The day to judge by: the one asked for, else today.

    Of an archive, whose facts end long ago, it is the Monday after the last week that was still well filled: extracts
    end in a thin tail of late rows, which says nothing of those weeks.
    """
    newest = rows["week"].max()
    asked = today or date.today()
    if today is not None or not isinstance(newest, date) or newest + ARCHIVE_AFTER >= asked:
        return asked, False
    weekly = rows.group_by("week").agg(pl.col("rows").sum())
    busy = weekly.filter(pl.col("rows") >= WELL_FILLED * pl.col("rows").quantile(0.9))["week"].max()
    return (busy if isinstance(busy, date) else newest) + timedelta(weeks=1), True


def first_week(rows: pl.DataFrame, calendar: Calendar) -> date:
    first = rows.filter(pl.col("week") <= calendar.this)["week"].min()
    return first if isinstance(first, date) else calendar.this


def calendar_of(settings: Settings, rows: pl.DataFrame, day: date) -> Calendar:
    first = rows["week"].min()
    year = first.year if isinstance(first, date) else day.year
    off = settings.organisation.days_off(date(year, 1, 1), date(day.year, 12, 31))
    return Calendar(today=day, zone=settings.organisation.time_zone, holidays=off, k=settings.privacy.minimum)


def resolved(lake: Lake, links: pl.DataFrame) -> Facts:
    """Every table, its accounts turned into people where they are known, and without what machines did."""
    accounts, machines = sure(links).with_columns(changed=pl.lit(0)), bots(links)
    facts = {}
    for name, table in TABLES.items():
        columns = [column for column, purpose in table.pseudonyms.items() if purpose == "person"]
        rows = by_people(lake.scan(name), name, machines) if name in ACTORS and machines.height else lake.scan(name)
        known = columns and name != "accounts" and accounts.height
        facts[name] = resolve(rows, columns, accounts.lazy()) if known else rows
    return facts


def by_people(rows: pl.LazyFrame, name: str, machines: pl.DataFrame) -> pl.LazyFrame:
    """The rows without those of machines; a ticket is work whoever has it, and only loses its assignee."""
    actor = ACTORS[name]
    machine = pl.col(actor).is_in(machines["account"].implode()).fill_null(value=False)
    if name == "tickets":
        return rows.with_columns(pl.when(~machine).then(actor).alias(actor))
    return rows.filter(~machine)


def counted(
    one: Indicator, lake: Lake, touched: pl.DataFrame, facts: Facts, calendar: Calendar
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The evidence of one indicator and the people behind it.

    Kept weeks stay as they are; touched ones and those not yet ripe are counted anew.
    """
    places = f"evidence_{one.name}", f"crowd_{one.name}"
    version = fingerprint(one, calendar)
    kept = [lake.scan(place).collect() for place in places]
    if any(frame.is_empty() or frame["version"][0] != version for frame in kept):
        fresh = one.counted(facts, calendar)
        for place, old, frame in zip(places, kept, fresh, strict=True):
            if not (frame.is_empty() and old.is_empty()):  # that there is nothing is soon found again
                lake.replace(place, frame.with_columns(version=pl.lit(version)))
        return fresh
    first = stale_from(one, touched, calendar)
    fresh = one.counted(facts, calendar, weeks=(first, calendar.this))
    for place, frame in zip(places, fresh, strict=True):
        lake.replace(place, frame.with_columns(version=pl.lit(version)), f"week >= '{first}'")
    evidence, crowd = (
        pl.concat([old.filter(pl.col("week") < first).drop("version"), new], how="diagonal_relaxed")
        for old, new in zip(kept, fresh, strict=True)
    )
    return evidence, crowd


def stale_from(one: Indicator, touched: pl.DataFrame, calendar: Calendar) -> date:
    """The first week that new facts, or the passing of time, may have changed."""
    before = timedelta(weeks=one.settles // 7 + 1)
    ripening = calendar.this - max(timedelta(weeks=UNRIPE), before)
    first = touched.filter(pl.col("table").is_in([*one.tables, *WHERE]))["first"].min()
    if not isinstance(first, date) or first <= EPOCH:
        return ripening if first is None else EPOCH
    return min(ripening, monday_of(first) - before)
