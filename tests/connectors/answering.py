"""An API whose server is a function, and whose clock stands still."""

from datetime import UTC, datetime

import httpx2

from connectors.http import Api

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ALL = [1, 2, 3, 4, 5]


def api(answer, **options):
    slept = []
    made = Api(
        "https://example.org/api",
        transport=httpx2.MockTransport(answer),
        sleep=slept.append,
        clock=lambda: NOW,
        **options,
    )
    made.slept = slept
    return made


def answers(*replies):
    left = list(replies)
    return lambda request: left.pop(0)


def ok(body=None, **headers):
    return httpx2.Response(200, json=body if body is not None else [], headers=headers)


def ids(pages):
    return [record["id"] for page in pages for record in page]


def records(*numbers):
    return [{"id": number} for number in numbers]


def limited(**headers):
    return httpx2.Response(429, headers={name.replace("_", "-"): value for name, value in headers.items()})
