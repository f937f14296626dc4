"""Tables from a database of your own: a query each, and only the columns that settings name."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, InterfaceError, NoSuchModuleError, OperationalError, SQLAlchemyError

from connectors.errors import Busy, Changed, Refused, SourceError
from connectors.mapping import Translation, sections
from connectors.mapping.readings import moments
from connectors.source import Health, Stream, source

KEYS = ("query", "by")
ROWS = 50_000
DENIED = ("28", "42501")  # SQLSTATE: who asks is unknown, or may not
UNKNOWN = ("42", "3F")  # SQLSTATE: what is asked for is not there
ISO_DAY = r"^\d{4}-\d{2}-\d{2}"


@source("sql", title="A database of your own", group="anything", proof="server", by="PostgreSQL 15 and SQLite")
def sql(name: str, settings: Mapping[str, Any]) -> Database:
    """`url` is a SQLAlchemy address; its password stands in the environment as `${NAME}` in the settings."""
    try:
        url = placed(sa.make_url(str(settings["url"])), Path(settings.get("folder", ".")))
        engine = sa.create_engine(url, poolclass=sa.NullPool, hide_parameters=True)
    except KeyError:
        raise Refused(
            f"[sources.{name}] has no url; set it like postgresql+psycopg://reader:${{NAME}}@host/db"
        ) from None
    except (SQLAlchemyError, ValueError):
        raise Refused(f"[sources.{name}] url is no address of a database, or of a kind not known here") from None
    except ModuleNotFoundError as error:
        raise Refused(
            f"[sources.{name}] url needs the Python package {error.name}; install it beside this one"
        ) from None
    found = Database(name, engine)
    for table, place, options in sections(name, settings, table_keys=KEYS, source_keys=("url",)):
        if not isinstance(options.get("query"), str):
            raise Refused(f'{place} has no query; set it like query = "select ... from ..."')
        found.queries.append(Query(engine, options, Translation.of(name, table, place, options)))
    return found


@dataclass
class Database:
    name: str
    engine: sa.Engine = field(repr=False)
    queries: list[Query] = field(default_factory=list)

    def streams(self) -> list[Stream]:
        named: dict[str, Stream] = {}
        for query in self.queries:
            key = query.options.get("name") or query.translation.table.name
            if key in named:
                raise Refused(f'{query.translation.place} is there more than once; give each a name = "..."')
            named[key] = Stream(query.translation.table.name, query.read, key=key)
        return list(named.values())

    def check(self) -> Health:
        """Whether the database answers, and each query has the columns that are named."""
        newest = []
        for query in self.queries:
            try:
                newest.append(query.newest())
            except SourceError as error:
                return Health(False, str(error))
        words = ", ".join(query.translation.table.name for query in self.queries)
        return Health(True, f"{words}: can be read", max((one for one in newest if one), default=None))


@dataclass
class Query:
    """One section: what is asked of the database, and how the answer is read."""

    engine: sa.Engine = field(repr=False)
    options: Mapping[str, Any] = field(repr=False)
    translation: Translation = field(repr=False)

    @property
    def by(self) -> str | None:
        """The column a later run asks by; none where rows can only be understood together."""
        return None if self.translation.whole else self.options.get("by")

    def read(self, since: datetime | None) -> Iterator[pl.DataFrame]:
        now = datetime.now(UTC)
        with closing(self.batches(self.asked(since), self.after(since))) as batches:
            if not (self.translation.whole or self.translation.order):
                yield from (self.page(raw, now) for raw in batches)
            elif found := list(batches):
                yield self.page(pl.concat(found, how="vertical_relaxed"), now)

    def page(self, raw: pl.DataFrame, now: datetime) -> pl.DataFrame:
        fitted = self.translation.against(raw.columns, "the query")
        if self.by:
            self.comparable(raw)
            if "changed" not in fitted.columns:
                fitted = replace(fitted, columns={**fitted.columns, "changed": self.by})
        return fitted.page(raw.select(fitted.picked(raw.columns)), now, fitted.habits())

    def comparable(self, raw: pl.DataFrame) -> None:
        """A later run can only ask for what is newer by moments, or by text that sorts like them."""
        place = f"{self.translation.place} by"
        if self.by not in raw.columns:
            raise Refused(f'{place}: the query has no column "{self.by}"; select it there')
        column = raw[str(self.by)]
        text = column.dtype == pl.String and bool(column.drop_nulls().str.contains(ISO_DAY).all())
        if not text and not isinstance(column.dtype, pl.Datetime | pl.Date | pl.Null):
            raise Refused(f'{place}: "{self.by}" holds no moments; leave by out, or name a column that does')

    def asked(self, since: datetime | None) -> sa.TextClause:
        """The query; on a later run only what is newer, or without a moment."""
        query = escaped(self.options["query"])
        if since is None or not self.by:
            return sa.text(query)
        by = self.quoted(self.by)
        return sa.text(f"select * from ({query}) bellwether where {by} > :since or {by} is null")

    def after(self, since: datetime | None) -> dict[str, Any]:
        """From midnight a day before: whatever zone and form the column is in, nothing newer is left out."""
        if since is None or not self.by:
            return {}
        zone = ZoneInfo(self.translation.options.get("time_zone", "UTC"))
        day = since.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None) - timedelta(days=1)
        return {"since": f"{day:%Y-%m-%d}" if self.engine.dialect.name == "sqlite" else day}

    def batches(
        self, query: sa.TextClause, values: dict[str, Any], size: int = ROWS
    ) -> Generator[pl.DataFrame, None, None]:
        with self.answering(), self.engine.connect().execution_options(stream_results=True) as connection:
            result = connection.execute(query, values)
            names = list(result.keys())
            for rows in result.partitions(size):
                yield framed(rows, names)

    def newest(self) -> datetime | None:
        """The newest moment the database has, where the section names what to ask by; fails as a run would."""
        query = escaped(self.options["query"])
        with closing(self.batches(sa.text(query), {}, size=100)) as batches:
            for raw in islice(batches, 1):
                self.page(raw, datetime.now(UTC))
        if not self.by:
            return None
        by = self.quoted(self.by)
        top = pl.concat(self.batches(sa.text(f"select max({by}) as {by} from ({query}) bellwether"), {}))
        latest = moments(top.to_series(), self.translation.habits())[0]
        return latest if isinstance(latest, datetime) else None

    def quoted(self, name: str) -> str:
        return escaped(self.engine.dialect.identifier_preparer.quote(name))

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Says what to do when the database does not answer; never what it said, which may quote rows."""
        url = self.engine.url
        place = f"{self.translation.place} {url.host or url.get_backend_name()}/{url.database}"
        if url.get_backend_name() == "sqlite" and url.database and not Path(url.database).exists():
            raise Refused(f"{place}: there is no such database; correct the url")
        try:
            yield
        except NoSuchModuleError:
            raise Refused(f"{place}: no driver for this kind of database is installed") from None
        except DBAPIError as error:
            raise told(error, place) from None
        except SQLAlchemyError as error:
            raise Changed(f"{place}: the query cannot be run ({type(error).__name__}); correct it there") from None


def placed(url: sa.URL, folder: Path) -> sa.URL:
    """A file is looked for from the folder of the settings."""
    if url.get_backend_name() != "sqlite" or url.database in (None, "", ":memory:"):
        return url
    return url.set(database=str(folder / str(url.database)))


def told(error: DBAPIError, place: str) -> SourceError:
    """What a driver's error asks of whom."""
    state = str(getattr(error.orig, "sqlstate", None) or "")
    said = str(error.orig).lower()
    if state.startswith(DENIED) or any(word in said for word in ("password", "authentication", "role ")):
        return Refused(f"{place}: the database refused who asks; renew the password or grant the right to read")
    if "unable to open" in said or (state == "3D000") or ("does not exist" in said and not state):
        return Refused(f"{place}: there is no such database; correct the url")
    if state.startswith(UNKNOWN) or "no such" in said or "syntax error" in said or "not a database" in said:
        return Changed(f"{place}: the query does not fit the database ({type(error.orig).__name__}); correct it there")
    if isinstance(error, OperationalError | InterfaceError):
        return Busy(f"{place}: the database does not answer ({type(error.orig).__name__}); the next run tries again")
    return Changed(f"{place}: the query cannot be run ({type(error.orig).__name__}); correct it there")


def escaped(query: str) -> str:
    """The query with its own colons kept: `:since` alone is ours."""
    return re.sub(r"(?<![:\w\\]):(\w+)(?!:)", r"\\:\1", query.strip().rstrip(";"))


def framed(rows: Sequence[Sequence[Any]], names: list[str]) -> pl.DataFrame:
    """Rows as a frame; what polars has no type for becomes text."""
    columns = zip(*rows, strict=True)
    return pl.DataFrame([column(name, list(values)) for name, values in zip(names, columns, strict=True)])


def column(name: str, values: list[Any]) -> pl.Series:
    made = pl.Series(name, values, strict=False)
    if made.dtype == pl.Object:
        return pl.Series(name, [None if value is None else str(value) for value in values], pl.String)
    return made
