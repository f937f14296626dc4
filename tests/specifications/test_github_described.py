"""What is asked of GitHub is as its own description says, and what it describes is read."""

from datetime import UTC, datetime

import pytest
from described import WAYS, described, everything, recording
from replied import made

from connectors.source import kinds

SETTINGS = {"token": "t", "links": [{"pattern": r"wiki\.example\.org/(\d+)", "article": "wiki:{}"}]}
ISSUES = "/repos/{owner}/{repo}/issues"
TIMELINE = f"{ISSUES}/{{issue_number}}/timeline"


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("named", [{"organization": "acme", "profiles": True}, {"repositories": ["acme/web"]}])
def test_questions_and_replies_are_as_described(named, way):
    spec = described("github")
    issue = {**made(spec, "GET", ISSUES, way)[0], "labels": [{"name": "bug"}]}  # where a name alone may stand too
    transport = recording(spec, way, instead={ISSUES: [issue]})
    source = kinds()["github"]("github", {**SETTINGS, **named, "transport": transport})
    counts = everything(source)
    everything(source, datetime(2026, 3, 5, tzinfo=UTC))
    assert transport.wrong == []
    assert TIMELINE in {path for _, path, _ in transport.asked}
    assert counts["tickets"] == 1
