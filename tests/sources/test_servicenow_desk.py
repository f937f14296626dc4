"""ServiceNow: a read that was cut short or shows less than there is, who is a machine, and what was deleted."""

from contextlib import contextmanager

import contract
import pytest

from connectors.errors import Refused
from connectors.source import KINDS
from connectors.sources import servicenow as _registered  # noqa: F401 registers it

SORTED, EVERY = "^ORDERBYsys_id", "sys_class_nameINincident"


def page(table, *rows, query="sys_idISNOTEMPTY", left="0"):
    path = f"/api/now/table/{table}"
    return {
        "path": path,
        "query": {"sysparm_query": query + SORTED},
        "headers": {"X-Total-Count": left},
        "body": {"result": list(rows)},
    }


def empty(table):
    return {"path": f"/api/now/table/{table}", "headers": {"X-Total-Count": "0"}, "body": {"result": []}}


EMPTY = [empty(one) for one in ("sys_user", "incident", "kb_knowledge", "m2m_kb_task", "task")]


def task(name, **more):
    moments = {"opened_at": "2026-03-02 09:00:00", "sys_updated_on": "2026-03-02 10:00:00"}
    return {"sys_id": name, "sys_class_name": "incident", **moments, **more}


def there(*tasks):
    return page("incident", *tasks), page("task", *tasks, query=EVERY)


@contextmanager
def desk(folder, *replies, **settings):
    with contract.replaying([*replies, *EMPTY]) as url:
        said = {"url": url, "user": "reader", "password": "secret", **settings}
        source = KINDS["servicenow"]("servicenow", said)
        source.api.sleep = lambda seconds: None
        yield contract.Rehearsal(source, folder)


def rows(rehearsal, table, *columns):
    return sorted(rehearsal.lake.scan(table).select(columns).collect().rows())


def run(rehearsal, stream):
    return next(one for one in rehearsal.sync().memory.runs().iter_rows(named=True) if one["stream"] == stream)


def test_a_query_cut_short_by_its_time_limit_is_not_the_end(tmp_path):
    cut = page("incident", task("a1"))
    cut["body"]["error"] = {"message": "Transaction cancelled: maximum execution time exceeded"}
    with desk(tmp_path, cut) as rehearsal:
        found = run(rehearsal, "incident")
    assert (found["state"], "cut short" in found["words"]) == ("busy", True)


def test_rows_that_are_counted_and_not_shown_are_told(tmp_path):
    with desk(tmp_path, page("incident", left="41")) as rehearsal:
        found = run(rehearsal, "incident")
    assert (found["state"], "hides 41 records" in found["words"]) == ("refused", True)


def test_integration_users_are_services_whatever_their_name(tmp_path):
    people = [
        {"sys_id": "1", "user_name": "abbot", "internal_integration_user": "false", "active": "true"},
        {"sys_id": "2", "user_name": "ann", "web_service_access_only": "true", "active": "false"},
    ]
    with desk(tmp_path, page("sys_user", *people)) as rehearsal:
        assert rows(rehearsal.sync(), "accounts", "active", "kind") == [(False, "service"), (True, None)]


def test_a_task_that_is_no_longer_there_goes(tmp_path):
    with desk(tmp_path, *there(task("a1"), task("a2"))) as rehearsal:
        assert rows(rehearsal.sync(), "tickets", "ticket") == [("servicenow:a1",), ("servicenow:a2",)]
    with desk(tmp_path, page("task", task("a2"), query=EVERY)) as rehearsal:
        assert rows(rehearsal.sync(), "tickets", "ticket") == [("servicenow:a2",)]
        assert rows(rehearsal, "ticket_moves", "ticket") == [("servicenow:a2",)]


def test_without_an_audit_the_record_tells_who_resolved_it(tmp_path):
    done = task("a1", resolved_at="2026-03-04 09:00:00", **{"resolved_by.user_name": "bo"})
    with desk(tmp_path, *there(done)) as rehearsal:
        assert rows(rehearsal.sync(), "ticket_moves", "action") == [("opened",), ("resolved",)]
    with desk(tmp_path / "2", *there(done), empty("sys_audit"), audit=True) as rehearsal:
        assert rows(rehearsal.sync(), "ticket_moves", "action") == [("opened",)]


def test_a_dotted_field_may_hold_the_cause(tmp_path):
    with desk(tmp_path, *there(task("a1", **{"cmdb_ci.name": "mail"})), cause="cmdb_ci.name") as rehearsal:
        assert rows(rehearsal.sync(), "tickets", "cause") == [("mail",)]


def test_without_a_password_or_a_client_it_says_what_is_needed():
    with pytest.raises(Refused, match="needs user and password, or client_id and client_secret"):
        KINDS["servicenow"]("servicenow", {"url": "https://you.example.org"})
