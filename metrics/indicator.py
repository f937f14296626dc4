"""What an indicator is, and the register of those we have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from difflib import get_close_matches
from importlib import import_module
from inspect import getdoc, signature
from pkgutil import iter_modules
from typing import Any, Literal, TypedDict, Unpack

import polars as pl

from connectors.tables import MOMENT, TABLES, Table
from metrics.curves import AGES
from metrics.evidence import crowds, gathered, placed
from metrics.kinds import KINDS
from metrics.network import RULE, Rule, pairs
from metrics.paired import check_pairs
from metrics.weeks import EPOCH, Calendar, Weeks, monday_of, team_of_record

Tables = Mapping[str, pl.LazyFrame | pl.DataFrame]
Rows = Callable[..., pl.LazyFrame]
Pair = tuple[str, Literal["same", "opposite"]]

ALWAYS = 36_500
LATELY = 4
GIVEN = ("teams", "pairs", "calendar")
NOTHING: dict[str, pl.DataFrame] = {}  # by kind, as first asked for
BEHIND = {"teams": ("people",), "pairs": ("messages", "ties_seen")}
TIMED = ("waiting", "median", "p85", "competing", "covered")
AHEAD = ("units", "people", "needs", "interventions")


class Stated(TypedDict):
    """What every indicator states about itself.

    `code`: its id in the catalogue. `better`: which way is good; `either` is for what only tells the context, and is
    never judged. `least`: events needed for plain display. `reach`: how many days before a week's
    Monday the facts behind it may be dated (`ALWAYS`: any age). `window`: weeks read together.
    """

    code: str
    title: str
    question: str
    unit: str
    better: Literal["up", "down", "either"]
    timing: Literal["leading", "lagging"]
    source: str
    kind: str
    least: int
    reach: int
    window: int


class Facts(Stated, total=False):
    """And what only some need to state.

    `settles`: days after a week's end in which its evidence may still change. `target`: the age by which a `waiting`
    is read; the share that must be known of what is `covered`. `optional`: tables it can do without. `theme`: where it
    stands on the screen. `coverage`: the least percentage of what it reads that must have a known author (else the
    organisation's own). `beside`: the indicator on whose page it stands, with that one's code; it is not judged, so
    that nothing is tested twice. `beware`: what makes it move for a bad reason, or makes it misread. `looks`: how many
    weeks one week of it tells of; what tells of more than four moves too slowly to be judged week by week. `awaits`: of
    a wait whose whole curve is drawn, the unit of its age: days, hours, working hours. `paired`: which
    indicator should move too if this one moved, and whether up when it goes up (`same`) or down (`opposite`). `counts`:
    what its `n` counts, in a word, where that is not the rows of the first table it reads.
    """

    settles: int
    target: float
    optional: tuple[str, ...]
    theme: str
    coverage: float
    beside: str
    beware: str
    looks: int
    awaits: str
    paired: Pair
    counts: str


FACTS = Stated.__annotations__ | Facts.__annotations__
CHOICES: dict[str, tuple[str, ...]] = {
    "better": ("up", "down", "either"), "timing": ("leading", "lagging"), "kind": tuple(KINDS), "awaits": tuple(AGES),
}  # fmt: skip


@dataclass(frozen=True)
class Indicator:
    """An indicator: its facts, its definition in words, and the function that turns tables into rows."""

    name: str
    definition: str
    parameters: tuple[str, ...]
    function: Rows = field(repr=False, compare=False)
    code: str
    title: str
    question: str
    unit: str
    better: str
    timing: str
    source: str
    kind: str
    least: int
    reach: int
    window: int
    settles: int = 0
    target: float = 0.0
    optional: tuple[str, ...] = ()
    theme: str = ""
    coverage: float | None = None
    beside: str = ""
    beware: str = ""
    looks: int = 1
    awaits: str = ""
    paired: Pair | None = None
    counts: str = ""

    @property
    def judged(self) -> bool:
        """Whether it gets a verdict: it knows which way is good, stands for itself, and its weeks are news."""
        return self.better != "either" and not self.beside and self.looks <= LATELY

    @property
    def tables(self) -> tuple[str, ...]:
        """The canonical tables it reads, and those behind what it is given: teams, pairs."""
        behind = (table for given, tables in BEHIND.items() if given in self.parameters for table in tables)
        return tuple(dict.fromkeys([*(name for name in self.parameters if name in TABLES), *behind]))

    def missing(self, tables: Tables) -> list[str]:
        """The tables without which it says nothing, that are absent or empty."""
        given = {table for name, behind in BEHIND.items() if name in tables for table in behind}
        needed = (name for name in self.tables if name not in self.optional and name not in given)
        return [name for name in needed if name not in tables or _empty(tables[name])]

    def rows(self, tables: Tables, calendar: Calendar, weeks: Weeks | None = None) -> pl.LazyFrame:
        """One row per event: `week, unit, person` and the columns of its kind; no later than `calendar.today`."""
        since = weeks[0] - timedelta(days=self.reach) if weeks and self.reach < ALWAYS else None
        teams = _teams(self, tables, calendar, (monday_of(since), weeks[1]) if since and weeks else None)
        given: dict[str, Any] = {"calendar": calendar, "teams": teams, "pairs": self._pairs(tables, calendar, since)}
        facts = {name: _known(tables.get(name), TABLES[name], calendar, since) for name in self.tables}
        found = self.function(**{name: given.get(name, facts.get(name)) for name in self.parameters})
        lacking = {"week", "unit", "person", *KINDS[self.kind].takes} - set(found.collect_schema().names())
        if lacking:
            raise TypeError(f"the rows of {self.name} lack {', '.join(sorted(lacking))}; kind {self.kind} needs them")
        within = pl.col("week").is_between(*weeks) if weeks else pl.col("week") <= calendar.this
        return placed(found.filter(within), teams)

    def _pairs(self, tables: Tables, calendar: Calendar, since: date | None) -> pl.LazyFrame | None:
        """Who turned to whom: as it is given, or worked out from the messages and mentions it may look back on."""
        if "pairs" not in self.parameters or "pairs" in tables:
            return tables["pairs"].lazy() if "pairs" in tables else None
        return turned(tables, calendar, since).lazy()

    def evidence(self, tables: Tables, calendar: Calendar, weeks: Weeks | None = None) -> pl.DataFrame:
        """Its evidence per unit of record and week: all weeks, or those from one Monday to another (see `evidence`).

        `tables` holds frames by table name; `teams` (person, week, unit) and `pairs` (see `metrics.network`) may be
        given too, to be worked out only once.
        """
        if self.missing(tables):
            return _nothing(self)
        return gathered(self.rows(tables, calendar, weeks).collect().lazy(), self).collect()

    def counted(
        self, tables: Tables, calendar: Calendar, weeks: Weeks | None = None
    ) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Its evidence, and the distinct people behind each of its windows (`indicator, unit, week, people`)."""
        if self.missing(tables):
            nothing = _nothing(self)
            return nothing, nothing.select("indicator", "unit", "week", "people")
        early = (weeks[0] - timedelta(weeks=self.window - 1), weeks[1]) if weeks else None
        rows = self.rows(tables, calendar, early).collect()
        crowd = crowds(rows.lazy(), self)
        if weeks:
            rows, crowd = (frame.filter(pl.col("week") >= weeks[0]) for frame in (rows, crowd))
        return gathered(rows.lazy(), self).collect(), crowd


def indicator(**facts: Unpack[Facts]) -> Callable[[Rows], Indicator]:
    """Make an indicator of a function from tables to rows; its docstring is the definition the screen shows."""

    def made(function: Rows) -> Indicator:
        name = getattr(function, "__name__", "")
        _check(name, dict(facts))
        definition = getdoc(function)
        if not definition:
            raise TypeError(f"indicator {name} has no docstring; its docstring is its definition on the screen")
        parameters = tuple(signature(function).parameters)
        for parameter in parameters:
            if parameter not in TABLES and parameter not in GIVEN:
                raise TypeError(f"indicator {name} reads {parameter!r}, which is no table{_nearest(parameter, TABLES)}")
        return Indicator(name, definition, parameters, function, **facts)

    return made


def indicators() -> dict[str, Indicator]:
    """All indicators by name: each file of `metrics.indicators` holds the one that bears its name."""
    found = {one.name: named(one.name) for one in iter_modules(import_module("metrics.indicators").__path__)}
    check_pairs(found)
    return found


def named(name: str) -> Indicator:
    """One of the indicators, without a look at all the others."""
    made = getattr(import_module(f"metrics.indicators.{name}"), name, None)
    if not isinstance(made, Indicator):
        raise TypeError(f"metrics/indicators/{name}.py must define the indicator {name}")
    return made


def turned(tables: Tables, calendar: Calendar, since: date | None = None, rule: Rule = RULE) -> pl.DataFrame:
    """Who turned to whom (see `metrics.network.pairs`), from messages and mentions known by the morning of today."""
    said, seen = (_known(tables.get(name), TABLES[name], calendar, since) for name in BEHIND["pairs"])
    return pairs(said, seen, calendar, rule).collect()


def _check(name: str, facts: Mapping[str, Any]) -> None:
    for fact in sorted(Stated.__annotations__.keys() - facts.keys()):
        raise TypeError(f"indicator {name} does not state its {fact}; add {fact}=... to @indicator")
    for fact in sorted(facts.keys() - FACTS.keys()):
        raise TypeError(f"indicator {name} states {fact!r}, which is no fact{_nearest(fact, FACTS)}")
    for fact, choices in CHOICES.items():
        if fact in facts and facts[fact] not in choices:
            raise TypeError(f"indicator {name} states {fact}={facts[fact]!r}; it must be one of {', '.join(choices)}")
    if facts["kind"] in TIMED and not facts.get("target"):
        raise TypeError(
            f"indicator {name} is of kind {facts['kind']} and states no target; add target=... to @indicator"
        )


def _nearest(word: str, words: Mapping[str, Any]) -> str:
    near = get_close_matches(word, [*words, *GIVEN], n=1, cutoff=0)
    return f"; did you mean {near[0]!r}?"


def _empty(frame: pl.LazyFrame | pl.DataFrame) -> bool:
    return frame.lazy().head(1).collect().is_empty()


def _nothing(indicator: Indicator) -> pl.DataFrame:
    """Evidence without rows, in the shape it would have, which is that of its kind."""
    if indicator.kind not in NOTHING:
        place = {"week": pl.Date(), "unit": pl.String(), "person": pl.String()}
        rows = pl.LazyFrame(schema=place | dict(KINDS[indicator.kind].takes))
        NOTHING[indicator.kind] = gathered(rows, indicator).collect()
    return NOTHING[indicator.kind]


def _complete(frame: pl.LazyFrame | pl.DataFrame | None, table: Table) -> pl.LazyFrame:
    if frame is None:
        return pl.LazyFrame(schema=table.dtypes)
    have = frame.lazy().collect_schema().names()
    absent = {name: dtype for name, dtype in table.dtypes.items() if name not in have}
    return frame.lazy().with_columns(pl.lit(None, dtype).alias(name) for name, dtype in absent.items())


def _known(
    frame: pl.LazyFrame | pl.DataFrame | None, table: Table, calendar: Calendar, since: date | None
) -> pl.LazyFrame:
    """A table as it could be known on the morning of today, its absent columns null, dated since a day."""
    if frame is None:
        return pl.LazyFrame(schema=table.dtypes)
    lazy = frame.lazy()
    have = lazy.collect_schema().names()
    lazy = lazy.with_columns(
        pl.lit(None, dtype).alias(name) for name, dtype in table.dtypes.items() if name not in have
    )
    now = pl.lit(calendar.now, MOMENT)
    moments = [name for name, dtype in table.dtypes.items() if dtype == MOMENT and name not in (table.dated, "changed")]
    lazy = lazy.with_columns(pl.when(pl.col(name) < now).then(name).alias(name) for name in moments)
    if table.dated == "changed" or table.name in AHEAD:
        return lazy
    dated = calendar.day(pl.col(table.dated)) if table.dtypes[table.dated] == MOMENT else pl.col(table.dated)
    return lazy.filter(dated < calendar.today, dated >= since if since else pl.lit(True))


def _teams(indicator: Indicator, tables: Tables, calendar: Calendar, weeks: Weeks | None) -> pl.LazyFrame | None:
    if "teams" in tables:
        return tables["teams"].lazy()
    if "people" not in tables or _empty(tables["people"]):
        return None
    people = _complete(tables["people"], TABLES["people"])
    return team_of_record(people, calendar, weeks or (_first_week(indicator, tables), calendar.this))


def _first_week(indicator: Indicator, tables: Tables) -> date:
    """The week of the oldest fact it reads, before which no team matters."""
    read = [TABLES[name] for name in indicator.tables if name in tables and name not in AHEAD]
    oldest = [tables[t.name].lazy().select(pl.col(t.dated).min().dt.date()).collect().item() for t in read]
    return monday_of(min((day for day in oldest if day), default=EPOCH)) - timedelta(weeks=1)
