"""Answers from LimeSurvey: who chose which point of which item, and how many were asked; never what anyone wrote."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connectors.errors import Changed, Refused, SourceError
from connectors.http import Reply
from connectors.source import source
from connectors.survey.items import items
from connectors.survey.remote import Lime
from connectors.web import polite

DENIED = ("invalid user", "invalid session", "no permission", "login", "password", "attempts")
NONE_THERE = ("no data", "no survey participants", "no participants", "no survey table", "no responses", "no tokens")


def wrong(reply: Reply) -> SourceError | None:
    """LimeSurvey answers 200 with a status where something is wrong; who must act is told, the words are not quoted."""
    status = reply.at("result.status")
    said = str(status or reply.at("error") or "").lower()
    if not said or said == "ok" or any(words in said for words in NONE_THERE):
        return None
    if any(words in said for words in DENIED):
        return Refused(f"{reply.path} refused the user; check user and password, and the right to export responses")
    return Changed(f"{reply.path} answered with an error; look at LimeSurvey's log and at the ids of the surveys")


@source(
    "limesurvey",
    title="LimeSurvey (RemoteControl 2)",
    group="survey",
    proof="documented",
    by="LimeSurvey Manual: RemoteControl 2 API",
    scopes=("responses: read, export", "participants: read"),
    needs={
        "url": "its address, like https://survey.example.org",
        "user": "a user who may export responses",
        "password": "that user's password",
        "ids": "the ids of the surveys, one for each wave, such as [123456]",
        "items": "the questions to read, one [[...items]] each; column is the question's code, such as Q3[SQ001]",
    },
    may={
        "survey": "what waves of the same survey are called (the source's name)",
        "unit": "the code of the question that says the unit",
        "everyone": "the unit of all, where no question says one",
        "unit_attribute": "the participants' attribute that says the unit, such as attribute_1",
        "dates": "how moments are written, such as %Y-%m-%d %H:%M:%S",
    },
)
def limesurvey(name: str, settings: Mapping[str, Any]) -> Lime:
    """Reads responses and, of surveys with participants, how many were asked in which unit.

    Needs a user with the rights "responses: read, export" and "participants: read" on these surveys, and nothing else.
    """
    if not settings.get("unit") and not settings.get("everyone"):
        raise Refused(f'[sources.{name}] needs unit = "code of the question", or everyone = "name of all"')
    return Lime(name, polite(settings, settings["url"], wrong=wrong), settings, items(name, settings))
