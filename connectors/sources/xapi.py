"""Learning records from any xAPI store: who started and finished which course or exercise, never how well."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connectors.http import Basic
from connectors.source import source
from connectors.vendors.statements import Records, statements
from connectors.web import polite, reaching_back

VERSION = {"X-Experience-API-Version": "1.0.3"}


@source(
    "xapi",
    title="Learning record stores (xAPI 1.0.3)",
    group="learning",
    proof="server",
    by="Ralph LRS 5.1, started by the tests",
    scopes=("statements/read",),
    needs={
        "url": "the store's xAPI endpoint, like https://lrs.example.org/xAPI",
        "user": "the key of a client that may read statements",
        "password": "its secret",
    },
    may={
        "skill": "the IRI of an extension of an activity or a context that names the skill",
        "skills": 'which skill an activity is about, like {"https://lms.example.org/course/7" = "negotiation"}',
        "human": "further types of activity that are led by a person: a list of IRIs",
    },
)
def xapi(name: str, settings: Mapping[str, Any]) -> Records:
    """Reads statements and makes of all that concern one person, activity and attempt one record of learning.

    Started, done and how long are read, and what was voided goes; grades, answers and what was seen are not. The
    smallest right is to read all statements (`statements/read`); to read only one's own is not enough.
    """
    skill = str(settings.get("skill", ""))
    api = polite(settings, settings["url"], Basic(settings["user"], settings["password"]), headers=VERSION)
    return Records(
        name,
        api,
        [statements(skill)],
        overlap=reaching_back(settings, 1),
        skill=skill,
        skills=dict(settings.get("skills", {})),
        human=tuple(settings.get("human", [])),
    )
