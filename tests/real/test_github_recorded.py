"""Issues, comments, reviews and events that GitHub gave, each put into the timeline of its issue, land whole."""

import contract
from devlake import bodies

from connectors.source import kinds


def landed(folder, issues, events):
    """The lake after everything was read from a server that answers so; `events` are (number of the issue, event)."""
    issues = list({issue["number"]: issue for issue in issues}.values())
    home = "/repos/acme/web"
    told = [{"path": home, "body": {"id": 7, "name": "web"}}, {"path": f"{home}/issues", "body": issues}]
    for number in (issue["number"] for issue in issues):
        found = [event for of, event in events if of == number]
        told.append({"path": f"{home}/issues/{number}/timeline", "body": found})
    with contract.replaying(told) as url:
        settings = {"url": url, "token": "t", "repositories": ["acme/web"]}
        rehearsal = contract.Rehearsal(kinds()["github"]("github", settings), folder).sync()
    assert set(rehearsal.memory.runs()["state"]) == {"done"}
    assert rehearsal.memory.refused().is_empty()
    return {name: rehearsal.lake.scan(name).collect() for name in ("tickets", "ticket_moves", "ties_seen", "accounts")}


def number(address):
    return int(address.rsplit("/", 1)[1])


def counts(lake, table, column):
    return dict(sorted(lake[table][column].value_counts().rows()))


def test_issues_and_pull_requests_with_comments_and_reviews(tmp_path):
    said = [(number(one["issue_url"]), {**one, "event": "commented"}) for one in bodies("github", "comments")]
    seen = [
        (number(one["pull_request_url"]), {**one, "event": "reviewed"})
        for one in bodies("github", "pull_request_reviews")
    ]
    lake = landed(tmp_path, bodies("github", "issues"), said + seen)
    assert counts(lake, "tickets", "kind") == {"change": 15, "request": 26}
    assert lake["tickets"].filter(outcome="merged").height == 10
    assert lake["tickets"]["answered"].drop_nulls().len() == 21
    assert counts(lake, "ticket_moves", "action") == {"commented": 93, "opened": 41, "reviewed": 5}
    assert lake["ties_seen"].height == 5


def test_events_of_issues(tmp_path):
    events = bodies("github", "events")
    lake = landed(tmp_path, [one["issue"] for one in events], [(one["issue"]["number"], one) for one in events])
    assert counts(lake, "ticket_moves", "action") == {"assigned": 10, "moved": 1, "opened": 18, "resolved": 11}
