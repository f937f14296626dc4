"""A database of one's own: what is asked of it, what is asked again, and what is said when it does not answer."""

import logging
from datetime import UTC, datetime

import polars as pl
import pytest
import sqlalchemy as sa

from connectors.errors import Busy, Changed, Refused
from connectors.sources.sql import escaped, sql

TICKETS = {
    "query": "select * from incident where note <> ' :kept 12:30 100%'",
    "by": "updated",
    "columns": {"ticket": "id", "unit": "team", "opened": "opened", "knowledge": "kb"},
    "constant": {"kind": "incident"},
}
DAYS = [datetime(2026, 3, day, 12, tzinfo=UTC) for day in (1, 10, 20)]


@pytest.fixture
def filled(memory_url):
    engine = sa.create_engine(memory_url)
    moment = "text" if engine.dialect.name == "sqlite" else "timestamptz"
    written = (lambda day: f"{day:%Y-%m-%d %H:%M:%S}") if engine.dialect.name == "sqlite" else (lambda day: day)
    with engine.begin() as connection:
        connection.execute(
            sa.text(f"create table incident (id int, team text, opened {moment}, updated {moment}, kb bool, note text)")
        )
        for number, day in enumerate(DAYS, 1):
            row = {"id": number, "team": "Blue", "day": written(day), "kb": number > 1}
            statement = "insert into incident values (:id, :team, :day, :day, :kb, 'canary')"
            connection.execute(sa.text(statement), row)
    engine.dispose()
    return memory_url


def source(url, **section):
    return sql("desk", {"url": url, "tickets": {**TICKETS, **section}})


def read(url, since=None, **section):
    pages = list(source(url, **section).streams()[0].read(since))
    return pl.concat(pages) if pages else None


def test_a_query_becomes_tickets(filled):
    page = read(filled).sort("ticket")
    assert page.select("ticket", "unit", "kind", "opened", "knowledge", "changed", "refused").rows() == [
        (f"desk:{number}", "Blue", "incident", day, number > 1, day, None) for number, day in enumerate(DAYS, 1)
    ]


def test_a_first_run_is_full_and_a_later_one_asks_for_what_is_newer(filled):
    assert read(filled).height == 3
    assert sorted(read(filled, datetime(2026, 3, 10, 18, tzinfo=UTC))["ticket"]) == ["desk:2", "desk:3"]
    assert read(filled, datetime(2026, 3, 25, tzinfo=UTC)) is None


def test_a_row_without_a_moment_is_always_asked_for(filled):
    with sa.create_engine(filled).begin() as connection:
        connection.execute(sa.text("update incident set updated = null where id = 1"))
    assert sorted(read(filled, datetime(2026, 3, 18, tzinfo=UTC))["ticket"]) == ["desk:1", "desk:3"]


def test_where_all_events_count_all_are_read_on_every_run(filled):
    columns = {name: theirs for name, theirs in TICKETS["columns"].items() if name != "knowledge"}
    section = {"columns": {**columns, "ticket": "team"}, "any": {"knowledge": "kb"}, "order": "updated"}
    page = read(filled, datetime(2026, 3, 25, tzinfo=UTC), **section)
    assert page.select("ticket", "knowledge", "changed").rows() == [("desk:Blue", True, DAYS[2])]


def test_a_large_answer_comes_in_pages(filled, monkeypatch):
    monkeypatch.setattr("connectors.sources.sql.Query.batches.__defaults__", (2,))
    assert [page.height for page in source(filled).streams()[0].read(None)] == [2, 1]


def test_a_check_says_how_new_the_data_are(filled):
    health = source(filled).check()
    assert (health.reachable, health.words, health.newest) == (True, "tickets: can be read", DAYS[2])


@pytest.mark.parametrize(
    ("section", "error", "words"),
    [
        ({"query": "select * from nothing"}, Changed, "the query does not fit the database"),
        ({"query": "selec 1"}, Changed, "the query does not fit the database"),
        ({"query": "select id, opened, updated, note from incident"}, Changed, 'the query has no column "team"'),
        ({"by": "note"}, Refused, '"note" holds no moments'),
        ({"by": "id"}, Refused, '"id" holds no moments'),
        ({"by": "upd"}, Refused, 'the query has no column "upd"'),
    ],
)
def test_what_does_not_fit_says_so_and_quotes_no_row(filled, section, error, words):
    with pytest.raises(error, match=words) as raised:
        read(filled, **section)
    assert "canary" not in str(raised.value)
    assert not source(filled, **section).check().reachable


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({}, "has no url"),
        ({"url": "s3cret"}, "url is no address of a database"),
        ({"url": "nonsense://ann:s3cret@db/x"}, "url is no address of a database, or of a kind not known here"),
        ({"url": "mysql+pymysql://ann:s3cret@db/x"}, "needs the Python package pymysql"),
        ({"url": "sqlite://", "tickets": {"columns": {}}}, "has no query"),
        ({"url": "sqlite://", "tickets": {**TICKETS, "qery": "x"}}, 'qery is not known; did you mean "query"'),
    ],
)
def test_settings_that_cannot_be_meant_are_refused_without_the_secret(settings, words):
    with pytest.raises(Refused, match=words) as raised:
        sql("desk", settings)
    assert "s3cret" not in str(raised.value)


def test_a_database_that_is_away_is_busy_and_one_that_was_never_there_is_refused(tmp_path):
    with pytest.raises(Busy, match="does not answer"):
        read("postgresql+psycopg://ann:s3cret@127.0.0.1:1/desk")
    with pytest.raises(Refused, match="there is no such database"):
        read(f"sqlite:///{tmp_path / 'nowhere' / 'desk.db'}")


def test_a_file_that_is_no_database_has_changed(tmp_path):
    (tmp_path / "desk.db").write_text("not a database, " * 100)
    with pytest.raises(Changed, match="does not fit the database"):
        read(f"sqlite:///{tmp_path / 'desk.db'}")


def test_a_stranger_is_refused_and_the_password_never_told(postgresql):
    wrong = sa.make_url(f"{postgresql}/postgres").set(username="nobody_known", password="s3cret")
    with pytest.raises(Refused, match="refused who asks") as raised:
        read(wrong.render_as_string(hide_password=False))
    assert "s3cret" not in str(raised.value)


def test_no_secret_is_in_a_log_or_a_repr(filled, caplog):
    caplog.set_level(logging.DEBUG)
    with_secret = sa.make_url(filled)
    if with_secret.drivername != "sqlite":
        with_secret = with_secret.set(password="s3cret")
    made = source(with_secret.render_as_string(hide_password=False))
    made.check()
    assert "s3cret" not in f"{made!r}{made.queries!r}{caplog.text}"


@pytest.mark.parametrize(
    ("query", "kept"),
    [("select ' :a'", r"select ' \:a'"), ("select x::date", "select x::date"), ("select '12:30';", "select '12:30'")],
)
def test_colons_of_a_query_stay_its_own(query, kept):
    assert escaped(query) == kept
