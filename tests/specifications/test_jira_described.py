"""What is asked of Jira Cloud is as its own description says, and what it describes is read.

Its example of a search is left out: it shows comments as a bare list, which no Jira answers.
"""

from datetime import UTC, datetime

from described import described, everything, recording

from connectors.source import kinds

ENDS = {"nextPageToken": None, "isLast": True, "total": 1}
SETTINGS = {"url": "https://example.atlassian.net", "email": "reader@example.org", "token": "t", "projects": ["PAY"]}
ISSUE = {
    "id": "10001",
    "fields": {
        "project": {"name": "Payments"},
        "issuetype": {"name": "Task"},
        "created": "2026-03-02T09:00:00.000+0100",
        "comment": {"total": 2, "comments": []},
    },
    "changelog": {"total": 3, "histories": []},
}


def test_questions_and_replies_are_as_described():
    transport = recording(described("jira"), "full", ENDS)
    source = kinds()["jira"]("jira", {**SETTINGS, "transport": transport})
    everything(source)
    everything(source, datetime(2026, 3, 5, tzinfo=UTC))
    assert [stream.count() for stream in source.streams() if stream.count]
    assert transport.wrong == []


def test_what_the_search_cuts_off_is_asked_for_as_described():
    search = {"issues": [ISSUE], "isLast": True}
    transport = recording(described("jira"), "full", {"total": 1}, {"/rest/api/3/search/jql": search})
    counts = everything(kinds()["jira"]("jira", {**SETTINGS, "transport": transport}))
    asked = {path for _, path, _ in transport.asked}
    assert transport.wrong == []
    assert {f"/rest/api/3/issue/{{issueIdOrKey}}/{one}" for one in ("changelog", "comment")} < asked
    assert counts["tickets"] == 1
