"""Pages as Slack and Jira give them, of realistic size, served from a process of their own."""

# ruff: noqa: E501 pages are data

from __future__ import annotations

import asyncio
import json
import math
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

PEOPLE, A_PAGE, MESSAGES = 400, 200, 50_000
ISSUES, A_SEARCH = 5_000, 100
START = 1_750_000_000
SAID = "Has anyone seen why the nightly import stops at the second file? I looked at the log and found nothing. " * 2


def user(n: int) -> dict[str, Any]:
    return {
        "id": f"U{n:06}", "team_id": "T1", "name": f"user{n}", "deleted": False, "is_bot": n % 50 == 0,
        "profile": {"email": f"user{n}@example.org", "real_name": f"User {n}", "image_72": "https://example.org/i.png"},
    }  # fmt: skip


def message(n: int, chance: random.Random) -> dict[str, Any]:
    """One message as conversations.history gives it: text, blocks, now and then a thread or reactions."""
    said = {
        "type": "message", "user": f"U{chance.randrange(PEOPLE):06}", "ts": f"{START - n * 60}.{n % 1_000_000:06}",
        "client_msg_id": f"{n:032x}", "text": f"{SAID} <@U{n % PEOPLE:06}>", "team": "T1",
        "blocks": [{"type": "rich_text", "block_id": f"b{n}", "elements": [{"type": "rich_text_section", "elements": [
            {"type": "text", "text": SAID}, {"type": "user", "user_id": f"U{n % PEOPLE:06}"},
            {"type": "link", "url": f"https://wiki.example.org/pages/{n % 500}"}]}]}],
    }  # fmt: skip
    if n % 3 == 0:
        users = [f"U{chance.randrange(PEOPLE):06}" for _ in range(3)]
        said["reactions"] = [{"name": "eyes", "users": users, "count": 3}]
    if n % 10 == 1:
        said |= {"thread_ts": f"{START - (n + 1) * 60}.{(n + 1) % 1_000_000:06}", "subtype": "thread_broadcast"}
    return said


def talk(pages: int, skip: int) -> list[bytes]:
    """The messages of the one channel, newest first."""
    chance = random.Random(1)
    return [json.dumps(message(n, chance)).encode() for n in range(skip * A_PAGE, (skip + pages) * A_PAGE)]


def history(said: list[bytes], query: dict[str, str]) -> bytes:
    """A page of conversations.history: newest first, between `oldest` and `latest`, from `cursor` on."""
    first = max(0, math.ceil((START - float(query.get("latest") or START)) / 60))
    last = max(-1, min(len(said) - 1, math.floor((START - float(query.get("oldest") or 0)) / 60)))
    start, size = first + int(query.get("cursor") or 0), int(query.get("limit") or A_PAGE)
    end = min(start + size, last + 1)
    more = end <= last
    tail = {"ok": True, "has_more": more, "response_metadata": {"next_cursor": str(end - first) if more else ""}}
    return b'{"messages": [' + b", ".join(said[start:end]) + b"], " + json.dumps(tail).encode()[1:]


def slack(pages: int, skip: int) -> dict[str, bytes]:
    """Replies of the Web API by method; one channel."""
    told: dict[str, Any] = {
        "auth.test": {"ok": True, "team_id": "T1", "user_id": "U000000", "url": "https://example.slack.com/"},
        "users.list": {"ok": True, "members": [user(n) for n in range(PEOPLE)], "response_metadata": {"next_cursor": ""}},
        "conversations.list": {
            "ok": True, "response_metadata": {"next_cursor": ""},
            "channels": [{"id": "C1", "name": "general", "is_channel": True, "is_private": False, "is_archived": False,
                          "is_member": True, "is_im": False, "is_mpim": False, "created": START - 10**8}],
        },
    }  # fmt: skip
    return {name: json.dumps(body).encode() for name, body in told.items()}


def issue(n: int, chance: random.Random) -> dict[str, Any]:
    """One issue as the search gives it with its changelog."""
    who = [
        {"accountId": f"a{chance.randrange(PEOPLE):04}", "displayName": "Someone", "accountType": "atlassian"}
        for _ in range(3)
    ]
    day = f"2026-0{1 + n % 9}-{1 + n % 28:02}"
    history = [
        {"id": str(n * 10 + k), "author": who[k % 3], "created": f"{day}T1{k}:00:00.000+0000", "items": [
            {"field": "status", "fieldtype": "jira", "fieldId": "status", "from": str(k), "fromString": "To Do", "to": str(k + 1), "toString": "Done"},
            {"field": "assignee", "fieldtype": "jira", "fieldId": "assignee", "from": who[0]["accountId"], "to": who[1]["accountId"]}]}
        for k in range(5)
    ]  # fmt: skip
    return {
        "id": str(n), "key": f"PAY-{n}", "self": f"https://example.org/{n}", "expand": "changelog",
        "changelog": {"startAt": 0, "maxResults": 100, "total": 5, "histories": history},
        "fields": {
            "summary": SAID, "description": {"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": [{"type": "text", "text": SAID * 3}]}]},
            "issuetype": {"id": "1", "name": "Bug", "subtask": False}, "project": {"id": "1", "key": "PAY", "name": "Payments"},
            "status": {"id": "3", "name": "Done", "statusCategory": {"id": 3, "key": "done"}}, "labels": ["a", "b"],
            "created": f"{day}T09:00:00.000+0000", "updated": f"{day}T16:00:00.000+0000", "resolutiondate": f"{day}T15:00:00.000+0000",
            "resolution": {"id": "1", "name": "Fixed"}, "assignee": who[1], "reporter": who[0], "creator": who[0],
            "comment": {"comments": [], "total": 0, "maxResults": 0, "startAt": 0}, "issuelinks": [], "components": [{"id": "1", "name": "core"}],
        },
    }  # fmt: skip


def jira(pages: int, skip: int) -> dict[str, bytes]:
    """Replies of Jira Cloud by path and page token."""
    chance = random.Random(1)
    people = [
        {"accountId": f"a{n:04}", "accountType": "atlassian", "displayName": f"User {n}", "active": True}
        for n in range(PEOPLE)
    ]
    told: dict[str, Any] = {
        "serverInfo": {"deploymentType": "Cloud", "serverTime": "2026-11-22T12:00:00.000+0000"},
        "users": people, "users/search": people, "status": [{"id": "3", "name": "Done", "statusCategory": {"key": "done"}}, {"id": "1", "name": "To Do", "statusCategory": {"key": "new"}}],
        "users 400": [], "users/search 400": [], "myself": people[0], "approximate-count": {"count": pages * A_SEARCH},
    }  # fmt: skip
    for page in range(pages):
        more = page + 1 < pages
        told[f"jql {page or ''}".strip()] = {
            "issues": [issue((skip + page) * A_SEARCH + n + 1, chance) for n in range(A_SEARCH)], "isLast": not more,
            **({"nextPageToken": str(page + 1)} if more else {}),
        }  # fmt: skip
    return {name: json.dumps(body).encode() for name, body in told.items()}


def answer(replies: dict[str, bytes], said: list[bytes], target: str, asked: dict[str, str]) -> bytes | None:
    """The reply to a path: by its last word, or its last two, and the mark of the page."""
    parts = urlsplit(target)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()} | asked
    if parts.path.endswith("conversations.history"):
        return history(said, query)
    mark = query.get("cursor") or query.get("nextPageToken") or query.get("startAt") or ""
    mark = "" if mark == "0" else mark
    words = parts.path.rstrip("/").split("/")
    names = ["/".join(words[-2:]), words[-1]]
    return next((replies[f"{name} {mark}".strip()] for name in names if f"{name} {mark}".strip() in replies), None)


async def serve(kind: str, pages: int, skip: int) -> None:
    """HTTP on loopback, connections kept alive; prints its port."""
    replies = {"slack": slack, "jira": jira}[kind](pages, skip)
    said = talk(pages, skip) if kind == "slack" else []

    async def hear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await reader.readuntil(b"\r\n\r\n"):
            first, *rest = head.decode().split("\r\n")
            headers = dict(line.lower().split(": ", 1) for line in rest if ": " in line)
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            sent = parse_qs(body.decode()) if "form" in headers.get("content-type", "") else json.loads(body or b"{}")
            flat = {k: str(v[0] if isinstance(v, list) and v else v) for k, v in sent.items()}
            found = answer(replies, said, first.split(" ")[1], flat)
            code = "200 OK" if found is not None else "404 Not Found"
            body = found if found is not None else b"{}"
            writer.write(
                f"HTTP/1.1 {code}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode()
                + body
            )
            await writer.drain()

    async def heard(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await hear(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(heard, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


@contextmanager
def served(kind: str, pages: int, *, skip: int = 0) -> Iterator[str]:
    """A server of so many pages, behind those to `skip`, in another process, so that it shares no time with who reads."""
    command = [sys.executable, "-m", "benchmarks.vendor_pages", kind, str(pages), str(skip)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    try:
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
    finally:
        process.kill()
        process.wait()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], *map(int, sys.argv[2:])))
