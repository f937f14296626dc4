"""Learning from Moodle: who is in which course and finished it when, never with what grade."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connectors.source import source
from connectors.vendors.moodle import COURSES, LEARNERS, STATUS, USERS, Form, learning, wrong
from connectors.web import Web, polite


@source(
    "moodle",
    title="Moodle",
    group="learning",
    proof="documented",
    by="Moodle developer documentation: Web services; its API documentation page",
    scopes=(COURSES.scope, LEARNERS.scope, STATUS, USERS.scope),
    needs={"url": "its address, like https://moodle.example.org", "token": "a token of a service with these functions"},
    may={"human": "numbers of courses led by a person", "skills": 'what a course is about, like {7 = "negotiation"}'},
)
def moodle(name: str, settings: Mapping[str, Any]) -> Web:
    """Reads courses with completion switched on, who is enrolled in them, and when they were completed; and users.

    Needs a token of a service with four functions and nothing else: core_course_get_courses,
    core_enrol_get_enrolled_users, core_completion_get_course_completion_status, core_user_get_users.
    """
    api = polite(settings, str(settings["url"]), wrong=wrong, kind=Form, token=str(settings["token"]))
    return Web(name, api, [USERS, learning(settings)])
