"""What a new source begins with, for each thing a source is for: a table, fields, columns, two made-up records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

ANN, BO = "u1", "u2"
USERS = [
    {"id": ANN, "email": "ann@example.org", "name": "CANARY Ann", "is_bot": False, "active": True},
    {"id": BO, "email": "bo@example.org", "is_bot": True, "active": True, "unknown": "CANARY"},
]


@dataclass(frozen=True)
class Draft:
    """What a source of one group begins with: a table, the fields of a record, its columns, two records."""

    promise: str
    docstring: str
    table: str
    path: str
    words: str
    fields: dict[str, str]
    columns: dict[str, str]
    records: tuple[dict[str, Any], dict[str, Any]]


CHAT = Draft(
    "Messages from TITLE: who wrote when and where, never what.",
    "Reads messages of public channels and users; texts become a question mark or none.",
    "messages",
    "messages",
    "asks, moment",
    {"id": "str", "channel": "str", "user": "str", "text": "str", "created_at": "str", "updated_at": "str"},
    {
        "message": '"id"',
        "channel": '"channel"',
        "author": '"user"',
        "sent": 'moment("created_at")',
        "question": 'asks("text")',
        "public": "pl.lit(True)",
        "changed": 'moment("updated_at")',
    },
    (
        {
            "id": "m1",
            "channel": "c1",
            "user": ANN,
            "text": "Does anyone know CANARY?",
            "created_at": "2026-03-02T09:00:00Z",
        },
        {"id": "m2", "channel": "c1", "user": BO, "created_at": "2026-03-02T09:05:00Z", "unknown": "CANARY"},
    ),
)
TICKETING = Draft(
    "Tickets from TITLE: who worked on what and when, never what it said.",
    "Reads tickets and users.",
    "tickets",
    "tickets",
    "known, moment",
    {
        "id": "str",
        "type": "str",
        "group": '{"name": str}',
        "assignee": "str",
        "created_at": "str",
        "solved_at": "str",
        "updated_at": "str",
    },
    {
        "ticket": '"id"',
        "kind": 'known("type", {"Problem": "incident", "Change": "change"}, default="request")',
        "unit": '"group.name"',
        "assignee": '"assignee"',
        "opened": 'moment("created_at")',
        "resolved": 'moment("solved_at")',
        "changed": 'moment("updated_at")',
    },
    (
        {
            "id": "t1",
            "type": "Problem",
            "group": {"name": "Blue"},
            "assignee": ANN,
            "subject": "CANARY",
            "created_at": "2026-03-02T09:00:00Z",
            "solved_at": "2026-03-03T09:00:00Z",
            "updated_at": "2026-03-03T09:00:00Z",
        },
        {"id": "t2", "created_at": "2026-03-04T09:00:00Z", "updated_at": "2026-03-04T09:00:00Z"},
    ),
)
HR = Draft(
    "People from TITLE: who is in which unit since when, never pay nor rating.",
    "Reads memberships and users.",
    "people",
    "employees",
    "day",
    {
        "id": "str",
        "department": "str",
        "manager_id": "str",
        "title": "str",
        "since": "str",
        "until": "str",
        "hired": "str",
    },
    {
        "person": '"id"',
        "unit": '"department"',
        "manager": '"manager_id"',
        "role": '"title"',
        "valid_from": 'day("since")',
        "valid_to": 'day("until")',
        "joined": 'day("hired")',
    },
    (
        {"id": ANN, "department": "Blue", "since": "2025-01-01", "hired": "2025-01-01", "salary": "CANARY"},
        {"id": BO, "department": "Blue", "manager_id": ANN, "since": "2025-06-01"},
    ),
)
LEARNING = Draft(
    "Learning records from TITLE: who began and finished which course when, never a mark.",
    "Reads enrolments and users.",
    "learning",
    "enrolments",
    "moment",
    {
        "id": "str",
        "user": "str",
        "course": "str",
        "skill": "str",
        "minutes": "float",
        "started_at": "str",
        "done_at": "str",
    },
    {
        "record": '"id"',
        "person": '"user"',
        "course": '"course"',
        "skill": '"skill"',
        "mode": 'pl.lit("digital")',
        "minutes": '"minutes"',
        "started": 'moment("started_at")',
        "done": 'moment("done_at")',
    },
    (
        {
            "id": "e1",
            "user": ANN,
            "course": "sql-1",
            "minutes": 30,
            "started_at": "2026-03-02T09:00:00Z",
            "mark": "CANARY",
        },
        {"id": "e2", "user": BO, "course": "sql-1", "started_at": "2026-03-03T09:00:00Z"},
    ),
)
KNOWLEDGE = Draft(
    "Articles from TITLE: who wrote when, never what.",
    "Reads pages and users.",
    "articles",
    "pages",
    "moment",
    {"id": "str", "author": "str", "space": "str", "created_at": "str", "updated_at": "str", "archived_at": "str"},
    {
        "article": '"id"',
        "kind": 'pl.lit("wiki")',
        "author": '"author"',
        "unit": '"space"',
        "created": 'moment("created_at")',
        "retired": 'moment("archived_at")',
        "changed": 'moment("updated_at")',
    },
    (
        {"id": "p1", "author": ANN, "space": "Blue", "title": "CANARY", "created_at": "2026-03-02T09:00:00Z"},
        {"id": "p2", "author": BO, "created_at": "2026-03-03T09:00:00Z", "updated_at": "2026-03-04T09:00:00Z"},
    ),
)
DRAFTS = {"chat": CHAT, "ticketing": TICKETING, "HR": HR, "learning": LEARNING, "knowledge": KNOWLEDGE}
