"""A source on the web, said as data: where its records are, which fields are read, what they are in our words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from math import inf
from typing import Any, Literal

import polars as pl

from connectors.beside import alone, beside
from connectors.errors import Changed, Refused, SourceError
from connectors.holes import Record, filled
from connectors.http import Api, Credentials, Cursor, Next, Once, Paging, Reply
from connectors.rows import Rows as Rows
from connectors.rows import shaped
from connectors.shape import Shape, frame, length, rows
from connectors.source import Health, Page, Part, Stream
from connectors.tables import MOMENT, TABLES

NOTHING = (b"[]", b"null", b"")
ENOUGH = 8_000_000
Asked = Callable[[Api], list[Record]]


@dataclass(frozen=True)
class Endpoint:
    """One place of a vendor's API, and what is read there.

    `{name}` in path, params and json is a field of the record it is read for: of each record of `of`, which is an
    endpoint, a list of records or what asks for one, told apart by their field `part` (or by "m{id}"); a column of
    `parent.name`. `together`: all of a part's records are one frame, with a row even where there are none.
    `since` makes the query that asks for what changed since a moment; without it all is read every time, unless records
    come newest first by `falling`: then reading stops where they are older. `keep` leaves out records not to be read.
    `total` is where a reply says how many there are, `scope` the right that is needed. The rest is as in `Stream`.
    """

    name: str
    path: str
    fields: Mapping[str, Shape]
    gives: tuple[Rows, ...] = ()
    rows: str = ""
    paging: Paging = field(default_factory=Once)
    params: Mapping[str, Any] = field(default_factory=dict)
    method: str = "GET"
    json: Mapping[str, Any] | None = None
    since: Callable[[datetime], Mapping[str, Any]] | None = None
    falling: pl.Expr | None = None
    keep: pl.Expr | None = None
    of: Endpoint | Sequence[Record] | Asked | None = None
    part: str = "id"
    total: str = ""
    scope: str = ""
    overlap: timedelta = timedelta(days=1)
    covers: Literal["", "all", "since"] = ""
    lasting: bool = True
    together: bool = False

    @property
    def enough(self) -> float:
        """How many bytes of records make a frame."""
        return inf if self.together else 0 if self.falling is not None else ENOUGH

    def fresh(self, since: datetime | None) -> pl.Expr:
        """Which records of a page are given: those to keep that are not older than what is asked for."""
        kept = pl.lit(value=True) if self.keep is None else self.keep
        if since is None or self.falling is None:
            return kept
        return kept & (self.falling >= since).fill_null(value=True)

    def count(self, lists: list[bytes]) -> int:
        """How many records; where paging goes by a mark, one stands for some, since counting takes time."""
        if isinstance(self.paging, Cursor | Next):
            return int(any(one not in NOTHING for one in lists))
        return sum(map(length, lists))


@dataclass
class Web:
    """A source that is read endpoint by endpoint."""

    name: str
    api: Api
    endpoints: Sequence[Endpoint]
    workers: int = 4
    parents: dict[object, list[Record]] = field(default_factory=dict, repr=False)
    unread: dict[tuple[str, datetime | None], dict[str, SourceError]] = field(default_factory=dict, repr=False)
    trial: bool = False

    def streams(self) -> list[Stream]:
        self.parents.clear()
        self.unread.clear()
        return [self.stream(endpoint) for endpoint in self.endpoints if endpoint.gives]

    def stream(self, endpoint: Endpoint) -> Stream:
        first, *others = dict.fromkeys(one.table for one in endpoint.gives)
        return Stream(
            first,
            lambda since: self.everything(endpoint, since),
            overlap=endpoint.overlap,
            count=(lambda: self.counted(endpoint)) if endpoint.total else None,
            key=endpoint.name,
            whole=endpoint.since is None and endpoint.falling is None and endpoint.lasting,
            also=tuple(others),
            covers=endpoint.covers,
            parts=(lambda since: self.parts(endpoint, since)) if endpoint.of is not None else None,
            lasting=endpoint.lasting,
            workers=self.workers if endpoint.of is not None else 1,
        )

    def everything(self, endpoint: Endpoint, since: datetime | None) -> Iterator[pl.DataFrame | Page]:
        if endpoint.of is None:
            yield from self.pages(endpoint, {}, since)
            return
        for part in self.parts(endpoint, since):
            yield from part.read(since)

    def parts(self, endpoint: Endpoint, since: datetime | None) -> Iterator[Part]:
        for above in self.above(endpoint, None if endpoint.lasting else since):
            name = filled(endpoint.part, above) if "{" in endpoint.part else str(above[endpoint.part])
            within = {one.table: (one.within, f"{self.name}:{name}") for one in endpoint.gives if one.within}
            yield Part(name, lambda since, above=above: self.pages(endpoint, above, since), within)  # type: ignore[misc]
        for name, error in self.missed(endpoint).items():
            yield Part(name, partial(failing, error))

    def missed(self, endpoint: Endpoint) -> dict[str, SourceError]:
        """Of which records above it is not known what they hold, and why."""
        if not isinstance(endpoint.of, Endpoint):
            return {}
        mine = [errors for (name, _), errors in self.unread.items() if name == endpoint.of.name]
        return {**self.missed(endpoint.of), **{one: error for errors in mine for one, error in errors.items()}}

    def above(self, endpoint: Endpoint, since: datetime | None) -> list[Record]:
        """The records an endpoint is read for, each with those it was itself read for."""
        if endpoint.of is None:
            return [{}]
        if isinstance(endpoint.of, Sequence):
            return [dict(one) for one in endpoint.of]
        if not isinstance(endpoint.of, Endpoint):
            self.parents[endpoint.of] = self.parents.get(endpoint.of) or endpoint.of(self.api)
            return self.parents[endpoint.of]
        mark = endpoint.of.name, since
        if mark not in self.parents:
            self.parents[mark] = list(islice(self.below(endpoint.of, since), 1 if self.trial else None))
        return self.parents[mark]

    def below(self, endpoint: Endpoint, since: datetime | None) -> Iterator[Record]:
        """The records of an endpoint, each with those above it; where those of one cannot be read, the others are."""
        every, errors = self.above(endpoint, since), self.unread.setdefault((endpoint.name, since), {})
        for above in every:
            beside = {f"parent.{name}": value for name, value in above.items()}
            try:
                for page in self.frames(endpoint, above, since):
                    records = page.select(pl.exclude("^parent\\..*$")).iter_rows(named=True)
                    yield from ({**record, **beside} for record in records)
            except (Refused, Changed) as error:
                errors[f"{endpoint.name} of {above.get(endpoint.part)}"] = error
                if len(errors) == len(every):
                    raise

    def pages(self, endpoint: Endpoint, above: Record, since: datetime | None) -> Iterator[pl.DataFrame | Page]:
        for found in self.frames(endpoint, above, since):
            for given in endpoint.gives:
                shaped = self.shaped(given, found)
                yield shaped if given.table == endpoint.gives[0].table else Page(given.table, shaped)

    def frames(self, endpoint: Endpoint, above: Record, since: datetime | None) -> Iterator[pl.DataFrame]:
        """The fields that are read of every record, page by page, each beside the record it was read for."""
        asked = endpoint.since(since) if since and endpoint.since else {}
        query, body = dict(endpoint.params), dict(endpoint.json) if endpoint.json is not None else None
        (query if body is None else body).update(asked)
        replies = self.api.replies(
            filled(endpoint.path, above, quoted=True),
            endpoint.paging,
            count=lambda reply: endpoint.count(rows(reply, endpoint.rows)),
            params=filled(query, above),
            method=endpoint.method,
            json=None if body is None else filled(body, above),
        )
        fields = endpoint.of.fields if isinstance(endpoint.of, Endpoint) else {}
        for place, lists in gathered(replies, endpoint.rows, endpoint.enough):
            found = frame(lists, endpoint.fields, place)
            found = beside(alone(found) if endpoint.together else found, above, fields)
            yield found.filter(endpoint.fresh(since))
            if since and endpoint.falling is not None and older(found, endpoint.falling, since):
                return

    def shaped(self, given: Rows, found: pl.DataFrame) -> pl.DataFrame:
        return shaped(self.name, given, found)

    def counted(self, endpoint: Endpoint) -> int | None:
        reply = self.api.ask(endpoint.path, {**endpoint.params, **endpoint.paging.first()})
        found = reply.at(endpoint.total)
        return int(found) if isinstance(found, int | str) and str(found).isdigit() else None

    def check(self) -> Health:
        """The first page of each endpoint: what may be read, how new it is, and the next step for what may not."""
        trial = replace(self, api=self.api.once(), parents={}, unread={}, trial=True)
        said, lacking, days = [], [], list[datetime]()
        for endpoint in self.endpoints:
            try:
                above = next(iter(trial.above(endpoint, None)), None)
                found = None if above is None else next(trial.frames(endpoint, above, None), None)
                days += [] if found is None else trial.moments(endpoint, found)
                if missed := next(iter(trial.missed(endpoint).values()), None):
                    raise missed
            except SourceError as error:
                said.append(f"{endpoint.name}: {error}")
                lacking += [endpoint.scope] if endpoint.scope else []
        fine = [
            endpoint.name for endpoint in self.endpoints if not any(s.startswith(f"{endpoint.name}:") for s in said)
        ]
        words = "; ".join([*said, *([f"{', '.join(fine)}: can be read"] if fine else [])])
        newest, oldest = (max(days), min(days)) if days else (None, None)
        return Health(not said, words, newest, oldest, trial.api.skew, tuple(lacking))

    def moments(self, endpoint: Endpoint, found: pl.DataFrame) -> list[datetime]:
        """The newest and the oldest moment that date the rows of a page."""
        edges = []
        for given in endpoint.gives[:1]:
            dated = self.shaped(given, found).select(pl.col(f"^{TABLES[given.table].dated}$").cast(MOMENT))
            edges = [edge for column in dated for edge in (column.max(), column.min()) if isinstance(edge, datetime)]
        return edges


def polite(
    settings: Mapping[str, Any],
    address: str,
    credentials: Credentials | None = None,
    *,
    kind: type[Api] = Api,
    **more: Any,
) -> Api:
    """The API at an address, asked as its source's settings say: how often, whom to trust, what waits are known."""
    given: dict[str, Any] = {"budget": int(settings.get("requests", 10_000)), "ca": str(settings.get("ca", ""))}
    if "waits" in settings:
        given["resume"] = settings["waits"]
    if "transport" in settings:
        given["transport"] = settings["transport"]
    return kind(address, credentials, **{**given, **more})


def reaching_back(settings: Mapping[str, Any], days: float) -> timedelta:
    """How far behind its start a read sets its bookmark: what the settings say, else so many days."""
    said = settings.get("overlap_days", days)
    if isinstance(said, bool) or not isinstance(said, int | float) or said < 0:
        raise Refused(f"overlap_days = {said!r} is not a number of days; the usual is {days:g}")
    return timedelta(days=said)


def gathered(replies: Iterator[Reply], where: str, enough: float) -> Iterator[tuple[str, list[bytes]]]:
    """The records of several replies at a time: thousands in one frame cost little more than a hundred.

    What was gathered before a reply that fails is given first.
    """
    lists: list[bytes] = []
    place = ""
    try:
        for reply in replies:
            place = reply.path
            lists += rows(reply, where)
            if sum(map(len, lists)) >= enough:
                yield place, lists
                lists = []
    except SourceError:
        if lists:
            yield place, lists
        raise
    if lists:
        yield place, lists


def failing(error: SourceError, since: datetime | None) -> Iterator[pl.DataFrame]:
    """What cannot be read, told in the place of its records."""
    raise error
    yield


def older(found: pl.DataFrame, falling: pl.Expr, since: datetime) -> bool:
    oldest = found.select(falling.min()).item() if found.height else None
    return isinstance(oldest, datetime) and oldest < since


def iso(param: str) -> Callable[[datetime], Record]:
    """Asks for what changed since by an ISO 8601 moment."""
    return lambda since: {param: since.strftime("%Y-%m-%dT%H:%M:%SZ")}


def epoch(param: str) -> Callable[[datetime], Record]:
    """Asks for what changed since by seconds since 1970."""
    return lambda since: {param: int(since.timestamp())}
