"""Where Moodle has its records, which fields are read, and what they are in our words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from connectors.errors import Changed, Refused, SourceError
from connectors.fields import Columns, at, joined, known, seconds, text
from connectors.http import Api, Place, Reply
from connectors.tables import MOMENT
from connectors.web import Endpoint, Rows, reaching_back

STATUS = "core_completion_get_course_completion_status"
PLACE = "webservice/rest/server.php"
REFUSED = ("invalidtoken", "accessexception", "nopermissions", "requireloginerror", "servicenotavailable")
NOT_TRACKED = ("nocriteriaset", "completionnotenabled", "err_nocriteria", "notenroled")
COMPLETION = {"completionstatus": {"completed": bool, "completions": [{"timecompleted": int}]}}
COURSES = Endpoint(
    "courses",
    PLACE,
    {"id": int, "enablecompletion": int},
    params={"wsfunction": "core_course_get_courses"},
    keep=at("enablecompletion").fill_null(1) != 0,
    scope="core_course_get_courses",
)
LEARNERS = Endpoint(
    "learners",
    PLACE,
    {"id": int, "lastcourseaccess": int},
    params={"wsfunction": "core_enrol_get_enrolled_users", "courseid": "{id}"},
    falling=pl.coalesce(seconds("lastcourseaccess"), pl.lit(0).cast(MOMENT)),
    of=COURSES,
    scope="core_enrol_get_enrolled_users",
)
USER: Columns = {"account": text("id"), "email": "email", "login": "username", "name": "fullname"}
USER |= {"kind": known("auth", {"webservice": "service"}, "person"), "active": ~at("suspended").fill_null(value=False)}
USERS = Endpoint(
    "accounts",
    PLACE,
    {"id": int, **dict.fromkeys(("email", "username", "fullname", "auth"), str), "suspended": bool},
    (Rows("accounts", USER),),
    "users",
    params={"wsfunction": "core_user_get_users", "criteria[0][key]": "email", "criteria[0][value]": "%"},
    scope="core_user_get_users",
)


def learning(settings: Mapping[str, Any]) -> Endpoint:
    """A course is done when the last of what completes it is; one without such has no end."""
    course, human = text("parent.parent.id"), [str(one) for one in settings.get("human", [])]
    of = at("completionstatus").struct.field
    ended = of("completions").list.eval(pl.element().struct.field("timecompleted")).list.max()
    rows: Columns = {
        "record": joined("parent.parent.id", "parent.id"),
        "person": text("parent.id"),
        "course": course,
        "skill": course.replace_strict(settings.get("skills", {}), default=None, return_dtype=pl.String),
        "mode": pl.when(course.is_in(human)).then(pl.lit("human")).otherwise(pl.lit("digital")),
        "done": pl.when(of("completed")).then(seconds(ended)),
    }
    return Endpoint(
        "learning",
        PLACE,
        COMPLETION,
        (Rows("learning", rows),),
        params={"wsfunction": STATUS, "courseid": "{parent.id}", "userid": "{id}"},
        of=LEARNERS,
        part="{parent.id}/{id}",
        lasting=False,
        overlap=reaching_back(settings, 7),
        scope=STATUS,
    )


def wrong(reply: Reply) -> SourceError | None:
    """Moodle answers 200 whatever happens."""
    code = reply.at("errorcode") if reply.content.lstrip()[:1] == b"{" else None
    if code is None or code in NOT_TRACKED:
        return None
    if code in REFUSED:
        return Refused(f"{reply.path} refuses ({code}); look at this source's token and its service's functions")
    known = code if isinstance(code, str) and code.isalnum() else "an error"
    return Changed(f"{reply.path} answered {known}; look at Moodle's version and what this source may read")


@dataclass
class Form(Api):
    """An API that wants everything in the body of a POST, its token too, so that none of it is in an address."""

    token: str = field(default="", repr=False)

    def ask(self, path: Place, params: Mapping[str, Any] | None = None, **more: Any) -> Reply:
        said = {"wstoken": self.token, "moodlewsrestformat": "json", **(params or {})}
        return super().ask(path, method="POST", data=said)
