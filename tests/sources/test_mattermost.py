"""Mattermost: what is special about it."""

import json
from datetime import UTC, datetime

import contract
import pytest

from connectors.source import kinds

POSTS = "/api/v4/channels/c1/posts"
SENT = 1772442000000


@pytest.fixture
def replies():
    return json.loads((contract.PAGES / "mattermost" / "replies.json").read_text())


def reading(url, folder, **settings):
    return contract.Rehearsal(kinds()["mattermost"]("mattermost", {"url": url, "token": "t", **settings}), folder)


def lake(rehearsal, table, *columns):
    return rehearsal.lake.scan(table).select(columns).sort(columns).collect().rows()


def changed(replies, posts):
    """What is given to whom asks for what changed since the overlap before the rehearsal's day."""
    since = int((contract.NOW.timestamp() - 3 * 24 * 3600) * 1000)
    reply = {"order": [one["id"] for one in posts], "posts": {one["id"]: one for one in posts}, "prev_post_id": ""}
    replies.insert(0, {"path": POSTS, "query": {"since": str(since)}, "body": reply})


def post(id, **more):
    return {"id": id, "channel_id": "c1", "user_id": "u1", "create_at": SENT, "update_at": SENT, **more}


def test_late_edits_and_deletions_of_old_posts_arrive(replies, tmp_path):
    with contract.replaying(replies) as url:
        rehearsal = reading(url, tmp_path).sync()
        assert lake(rehearsal, "messages", "message", "question") == [
            ("mattermost:p1", False),
            ("mattermost:p2", True),
            ("mattermost:p5", False),
        ]
        changed(replies, [post("p2", message="no", update_at=SENT + 9**9), post("p1", delete_at=SENT + 1)])
        rehearsal.sync()
    found = lake(rehearsal, "messages", "message", "question")
    assert found == [("mattermost:p2", False), ("mattermost:p5", False)]


@pytest.mark.parametrize(("number", "asked"), [(999, ["since"]), (1000, ["since", "newest", "before"])])
def test_where_changes_may_have_been_cut_off_the_whole_channel_is_read_again(number, asked, replies, tmp_path):
    changed(replies, [post(f"n{i}", message="x") for i in range(number)])
    with contract.replaying(replies) as url:
        rehearsal = reading(url, tmp_path)
        api, ways = rehearsal.source.api, []
        asking = api.ask

        def noted(path, query=None, **more):
            if str(path).endswith(POSTS):
                ways.append(next((way for way in ("since", "before") if (query or {}).get(way)), "newest"))
            return asking(path, query, **more)

        api.ask = noted
        since = datetime.fromtimestamp(int(replies[0]["query"]["since"]) / 1000, UTC)
        list(next(part for part in rehearsal.source.streams()[1].parts(None) if part.name == "c1").read(since))
    assert ways == asked


@pytest.mark.parametrize(
    ("private", "channels"),
    [(False, []), (True, ["c3", "c4"]), (["board"], ["c3"]), (["u1__u2", "x"], [])],
)
def test_private_channels_only_where_settings_say_so_and_direct_messages_never(private, channels, replies, tmp_path):
    with contract.replaying(replies) as url:
        streams = reading(url, tmp_path, private=private).source.streams()
        parts = {stream.key: [part.name for part in stream.parts(None)] for stream in streams[1:]}
    assert parts.pop("messages") == ["c1", "c2"]
    assert parts.get("private", []) == channels


def test_whom_a_post_names_is_known_by_id(replies, tmp_path):
    with contract.replaying(replies) as url:
        named = [
            row
            for table, page in contract.given(reading(url, tmp_path).source.streams()[1])
            if table == "ties_seen"
            for row in page.select("kind", "person", "other").rows()
        ]
    assert sorted(named) == [("mention", "u2", "u1"), ("mention", "u2", "u3"), ("reaction", "u1", "u2")]
