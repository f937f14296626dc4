"""A made-up Slack workspace that answers as the Web API does: newest first, by windows and cursors, at its own pace."""

import json
from urllib.parse import parse_qsl

import httpx2

LIMIT = 200


class Workspace:
    """Channels of messages; `fault` may answer a request in its place, `page` is the most messages of a page."""

    def __init__(self, *channels, page=LIMIT, fault=lambda method, asked: None):
        self.channels = [
            {"id": one, "name": one.lower(), "created": 1_700_000_000, "is_private": False} for one in channels
        ]
        self.messages = {one: [] for one in channels}
        self.page, self.fault, self.asked = page, fault, []
        self.transport = httpx2.MockTransport(self.answer)

    def say(self, channel, ts, user="U1", text="", thread=None, **more):
        at = f"{ts:.6f}"
        said = {"type": "message", "user": user, "ts": at, "text": text, **more}
        if thread is not None:
            said["thread_ts"] = f"{thread:.6f}"
        self.messages[channel].append(said)
        return at

    def drop(self, channel, ts):
        self.messages[channel] = [one for one in self.messages[channel] if one["ts"] != f"{ts:.6f}"]

    def find(self, channel, ts):
        return next(one for one in self.messages[channel] if one["ts"] == f"{ts:.6f}")

    def answer(self, request):
        method, asked = request.url.path.rpartition("/")[2], dict(parse_qsl(request.url.query.decode()))
        self.asked.append((method, asked))
        return self.fault(method, asked) or httpx2.Response(
            200, json={"ok": True, **getattr(self, method.replace(".", "_"))(asked)}
        )

    def users_list(self, asked):
        return {"members": [{"id": "U1", "name": "ann", "profile": {}}]}

    def conversations_list(self, asked):
        return {"channels": self.channels}

    def conversations_history(self, asked):
        below = {}
        for one in self.messages[asked["channel"]]:
            if one.get("thread_ts", one["ts"]) != one["ts"]:
                below.setdefault(one["thread_ts"], []).append(one["ts"])
        told = [
            {**one, **threaded(one["ts"], below.get(one["ts"], []))}
            for one in sorted(self.messages[asked["channel"]], key=lambda one: one["ts"], reverse=True)
            if asked.get("oldest", "0") <= one["ts"] <= asked.get("latest", "9")
            and (one.get("thread_ts", one["ts"]) == one["ts"] or one.get("subtype") == "thread_broadcast")
        ]
        return self.paged(told, asked)

    def conversations_replies(self, asked):
        said = [one for one in self.messages[asked["channel"]] if asked["ts"] in (one["ts"], one.get("thread_ts"))]
        return self.paged(sorted(said, key=lambda one: one["ts"]), asked)

    def paged(self, told, asked):
        start, size = int(asked.get("cursor", 0)), min(int(asked["limit"]), self.page)
        more = start + size < len(told)
        return {
            "messages": json.loads(json.dumps(told[start : start + size])),
            "has_more": more,
            "response_metadata": {"next_cursor": str(start + size) if more else ""},
        }


def threaded(ts, below):
    return {"thread_ts": ts, "reply_count": len(below), "latest_reply": max(below)} if below else {}
