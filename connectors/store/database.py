"""One SQL database, SQLite or PostgreSQL: opened, migrated, read as frames, written in bulk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import polars as pl
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from connectors.errors import Refused
from connectors.store.schema import VERSION, dtype, shape

PATIENCE = 60  # seconds a writer waits for another on SQLite
LOCK = 7_246_105  # any number, the same in all who migrate


class Database:
    """The SQL side of the store; what it remembers is in the classes built on it."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine

    @classmethod
    def open(cls, url: str) -> Self:
        """Creates what is missing, brings the tables up to date, and is ready for any number of threads."""
        with reachable(url):
            database = cls(connect(url))
            with database.writing() as connection:
                migrate(connection)
        return database

    def close(self) -> None:
        self.engine.dispose()

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        with self.engine.connect().execution_options(writes=True) as connection, connection.begin():
            yield connection

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """One unchanging view of the whole database, however long it takes to read."""
        still = {} if self.engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
        with self.engine.connect().execution_options(**still) as connection, connection.begin():
            yield connection

    def read(self, query: sa.Select[Any]) -> pl.DataFrame:
        with self.reading() as connection:
            return frame(connection, query)


@contextmanager
def reachable(url: str) -> Iterator[None]:
    """What keeps a database from opening, in a sentence that gives no password away."""
    try:
        yield
    except (sa.exc.ArgumentError, ImportError):
        known = "a file, or postgresql+psycopg://user@host/name (needs the extra `postgresql`)"
        raise Refused(f"[store] memory names no database that can be used here; write {known}") from None
    except (sa.exc.OperationalError, OSError):
        shown = sa.make_url(url).render_as_string(hide_password=True)
        raise Refused(f"the database {shown} cannot be opened; start it, or correct [store] memory") from None


def connect(url: str) -> sa.Engine:
    parsed = sa.make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return sa.create_engine(parsed, pool_pre_ping=True)
    if parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(parsed, connect_args={"timeout": PATIENCE})
    sa.event.listen(engine, "connect", set_up_sqlite)
    sa.event.listen(engine, "begin", begin_on_sqlite)
    return engine


def set_up_sqlite(connection: Any, record: Any) -> None:
    """Readers never wait for a writer (WAL); the driver leaves transactions to us."""
    connection.isolation_level = None
    for pragma in (f"busy_timeout={PATIENCE * 1000}", "journal_mode=WAL", "synchronous=NORMAL", "cache_size=-65536"):
        connection.execute(f"PRAGMA {pragma}")


def begin_on_sqlite(connection: sa.Connection) -> None:
    """Who will write says so at once: a reader that becomes a writer may find that another was quicker."""
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def migrate(connection: sa.Connection) -> None:
    """Several processes may open the same database at once: one migrates, the others find it done."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    found = version(connection)
    if found == VERSION:
        return
    if found is not None and found > VERSION:
        raise RuntimeError(f"the database is at version {found}, this program knows {VERSION}; install the newer one")
    from alembic import command  # a fifth of a second that only the first opening needs
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    command.upgrade(config, "head")


def version(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()


def frame(connection: sa.Connection, query: sa.Select[Any]) -> pl.DataFrame:
    """What a query finds, with the right types even when it finds nothing."""
    types = {column.name: dtype(column) for column in query.selected_columns}
    rows = [tuple(row) for row in connection.execute(query)]
    return pl.DataFrame(rows, schema=types, orient="row")


def insert(connection: sa.Connection, table: sa.Table, rows: pl.DataFrame, **everywhere: int) -> None:
    """Many rows at once through the driver; `everywhere` names columns that are the same in all of them."""
    types = shape(table)
    given = rows.with_columns(pl.lit(value).alias(name) for name, value in everywhere.items())
    given = given.select(pl.col(name).cast(kind) for name, kind in types.items() if name in given.columns)
    given = given.with_columns(pl.col(pl.Float64).fill_nan(None))
    if connection.dialect.name == "sqlite":
        insert_on_sqlite(connection, table.name, given)
    else:
        copy_on_postgresql(connection, table.name, given)


def insert_on_sqlite(connection: sa.Connection, name: str, rows: pl.DataFrame) -> None:
    rows = rows.with_columns(
        pl.col(pl.Date).dt.strftime("%Y-%m-%d"),
        pl.col(pl.Datetime("us", "UTC")).dt.strftime("%Y-%m-%d %H:%M:%S.%6f"),
    )
    columns = ", ".join(f'"{column}"' for column in rows.columns)
    places = ", ".join("?" * rows.width)
    driver: Any = connection.connection.dbapi_connection
    for part in rows.iter_slices(100_000):
        driver.executemany(f'INSERT INTO "{name}" ({columns}) VALUES ({places})', part.iter_rows())


def copy_on_postgresql(connection: sa.Connection, name: str, rows: pl.DataFrame) -> None:
    columns = ", ".join(f'"{column}"' for column in rows.columns)
    driver: Any = connection.connection.dbapi_connection
    with driver.cursor() as cursor, cursor.copy(f'COPY "{name}" ({columns}) FROM STDIN (FORMAT csv)') as copy:
        for part in rows.iter_slices(100_000):
            copy.write(part.write_csv(include_header=False, datetime_format="%Y-%m-%d %H:%M:%S.%6f+00"))


def upsert(connection: sa.Connection, table: sa.Table, rows: list[dict[str, Any]]) -> None:
    """Few rows, each replacing what stands under its key."""
    if not rows:
        return
    new = (sqlite if connection.dialect.name == "sqlite" else postgresql).insert(table)
    keys = [column.name for column in table.primary_key]
    rest = {column.name: new.excluded[column.name] for column in table.columns if column.name not in keys}
    said = new.on_conflict_do_update(index_elements=keys, set_=rest) if rest else new.on_conflict_do_nothing()
    connection.execute(said, rows)
