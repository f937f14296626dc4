"""Ralph, a learning record store: xAPI statements, kept in a file.

Only a real one shows that its file backend answers a `verb` filter with nothing, that `since` looks at `timestamp`
where xAPI says `stored`, that statements come oldest first and `ascending` turns each page round by itself, that `more`
is a path without a host which is there even when nothing follows, and that mailboxes below `.test` are refused.
"""

import json
import uuid

from servers.running import VENV, Server

PYTHON, RALPH = VENV / "bin" / "python", VENV / "bin" / "ralph"
HASH = "$2b$04$Akq5CN8VmUsYTR3YLo/KSOpcgbhw444JAV/xKNrci/k5UQi1/AYGC"
# The file backend writes its file once and refuses the next batch; started like this it appends.
LAUNCH = """
import sys, uvicorn
from ralph.backends.data.base import BaseOperationType
from ralph.backends.data.fs import FSDataBackend
FSDataBackend.default_operation_type = BaseOperationType.APPEND
uvicorn.run("ralph.api:app", host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
"""
VERBS = {
    "completed": "http://adlnet.gov/expapi/verbs/completed",
    "initialized": "http://adlnet.gov/expapi/verbs/initialized",
    "passed": "http://adlnet.gov/expapi/verbs/passed",
    "failed": "http://adlnet.gov/expapi/verbs/failed",
    "voided": "http://adlnet.gov/expapi/verbs/voided",
}
VERSION = {"X-Experience-API-Version": "1.0.3"}
COURSES = "https://learn.example.org/courses"


class Ralph(Server):
    needs = (str(RALPH),)
    answers = "/__heartbeat__"
    user, password = "reader", "made-up-for-the-tests"

    def settle(self):
        agent = {"mbox": "mailto:reader@example.org", "objectType": "Agent", "name": "Reader"}
        account = {"username": self.user, "hash": HASH, "scopes": ["all"], "agent": agent, "target": None}
        (self.folder / "auth.json").write_text(json.dumps([account]))

    def environment(self):
        return {
            "RALPH_APP_DIR": str(self.folder),
            "RALPH_AUTH_FILE": str(self.folder / "auth.json"),
            "RALPH_RUNSERVER_BACKEND": "fs",
            "RALPH_RUNSERVER_AUTH_BACKENDS": "basic",
            "RALPH_BACKENDS__LRS__FS__DEFAULT_DIRECTORY_PATH": str(self.folder / "statements"),
        }

    def command(self):
        return [PYTHON, "-c", LAUNCH, self.port]

    def credentials(self):
        return {"auth": (self.user, self.password), "headers": VERSION}

    def post(self, statements):
        """Their ids, as the store gives them."""
        return self.ask("POST", "/xAPI/statements/", json=statements)

    def void(self, statement, by="admin@example.org"):
        """Take a statement back; xAPI knows no deletion."""
        said = spoken(by, "voided", "", None) | {"object": {"objectType": "StatementRef", "id": statement}}
        return self.post([said])


def spoken(mail, verb, course, moment, **more):
    """One statement: who did what with which course, when."""
    return {
        "id": str(uuid.uuid4()),
        "actor": {"objectType": "Agent", "mbox": f"mailto:{mail}"},
        "verb": {"id": VERBS[verb], "display": {"en": verb}},
        "object": {"objectType": "Activity", "id": f"{COURSES}/{course}"},
        **({"timestamp": moment} if moment else {}),
        **more,
    }


def fill(server, n):
    """n statements by ten people over five courses, an hour apart from 2026-01-01: begun, then completed, by turns."""
    said = []
    for number in range(n):
        verb = "initialized" if number % 2 == 0 else "completed"
        moment = f"2026-01-{1 + number // 24 % 28:02}T{number % 24:02}:00:00Z"
        more = {"result": {"completion": True, "success": number % 3 > 0}} if verb == "completed" else {}
        said.append(spoken(f"person{number // 2 % 10}@example.org", verb, f"course-{number % 5}", moment, **more))
    server.post(said)
    return said
