"""Slack as it is: threads that go on, messages that go, closed channels, and one request a minute."""

from datetime import UTC, datetime, timedelta

import httpx2
import pytest
from slack_workspace import Workspace

from connectors.people import Pseudonyms
from connectors.source import kinds
from connectors.store.lake import Lake
from connectors.store.memory import Memory
from connectors.sync import sync

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = 86_400
TODAY = NOW.timestamp()


def ago(days):
    return TODAY - days * DAY


def error(said, **more):
    return httpx2.Response(200, json={"ok": False, "error": said, **more}, headers={"Retry-After": "60"})


class Desk:
    """A workspace, a lake, and a sync a day."""

    def __init__(self, folder, workspace, **settings):
        self.workspace, self.settings = workspace, settings
        self.lake, self.memory, self.day = Lake(folder / "lake"), Memory.open(f"sqlite:///{folder / 'm.db'}"), 0

    def source(self):
        given = {"token": "xoxp-1", "transport": self.workspace.transport, **self.settings}
        return kinds()["slack"]("slack", given)

    def sync(self, source=None):
        self.workspace.asked.clear()
        now = NOW + timedelta(days=self.day)
        self.day += 1
        runs = sync(source or self.source(), self.lake, self.memory, Pseudonyms(bytes(32)), now)
        return {run.stream: run for run in runs}

    def calls(self, method):
        return [asked for name, asked in self.workspace.asked if name == f"conversations.{method}"]


@pytest.fixture
def desk(tmp_path):
    return lambda workspace, **settings: Desk(tmp_path, workspace, **settings)


def name(days, channel="C1"):
    return f"{channel}:{int(ago(days))}"


def messages(desk):
    """What the lake has, as `channel:ts` without the fraction."""
    return sorted(
        one.removeprefix("slack:").partition(".")[0] for one in desk.lake.scan("messages").collect()["message"]
    )


def test_a_late_reply_under_an_old_message_arrives(desk):
    work = Workspace("C1")
    work.say("C1", ago(10))
    d = desk(work)
    d.sync()
    work.say("C1", ago(-0.5), thread=ago(10))
    d.sync()
    assert messages(d) == sorted([name(10), name(-0.5)])
    reply = d.lake.scan("messages").filter(message=f"slack:C1:{ago(-0.5):.6f}").collect().row(0, named=True)
    assert reply["reply_to"] == reply["thread"] == f"slack:C1:{ago(10):.6f}"


def test_only_threads_that_went_on_are_read_again(desk):
    work = Workspace("C1")
    for days in (3, 4, 5):
        work.say("C1", ago(days))
        work.say("C1", ago(days - 0.1), thread=ago(days))
    d = desk(work)
    d.sync()
    assert len(d.calls("replies")) == 3
    work.say("C1", ago(-0.5), thread=ago(4))
    d.sync()
    assert [asked["ts"] for asked in d.calls("replies")] == [f"{ago(4):.6f}"]
    assert len(messages(d)) == 7


def test_what_is_deleted_there_goes_here_and_what_is_merely_old_stays(desk):
    work = Workspace("C1", "C2")
    for days in (40, 5, 4, 3):
        work.say("C1", ago(days), text="<@U2>")
        work.say("C2", ago(days))
    work.say("C1", ago(4.5), thread=ago(40), text="<@U2>")
    d = desk(work)
    d.sync()
    work.drop("C1", ago(4))
    work.messages["C2"].clear()
    d.sync()
    assert messages(d) == sorted([name(40), name(4.5), name(5), name(3), name(40, "C2")])
    assert d.lake.scan("ties_seen").collect().height == 4


def test_a_reply_that_is_deleted_goes_with_its_mentions(desk):
    work = Workspace("C1")
    work.say("C1", ago(3))
    work.say("C1", ago(2), thread=ago(3), text="<@U2>")
    work.say("C1", ago(1), thread=ago(3), text="<@U3>")
    d = desk(work)
    d.sync()
    assert d.lake.scan("ties_seen").collect().height == 2
    work.drop("C1", ago(2))
    work.say("C1", ago(-0.5), thread=ago(3))
    d.sync()
    assert messages(d) == sorted([name(3), name(1), name(-0.5)])
    assert d.lake.scan("ties_seen").collect().height == 1
    work.drop("C1", ago(1))
    work.drop("C1", ago(-0.5))
    d.sync()
    assert messages(d) == [name(3)]


def test_an_edit_and_a_reaction_taken_back_arrive(desk):
    work = Workspace("C1")
    work.say("C1", ago(3), text="done", reactions=[{"name": "eyes", "users": ["U2", "U3"]}])
    d = desk(work)
    d.sync()
    assert d.lake.scan("messages").collect()["question"].to_list() == [False]
    edited = {"text": "done?", "edited": {"ts": f"{ago(1):.6f}"}, "reactions": [{"name": "eyes", "users": ["U3"]}]}
    work.find("C1", ago(3)).update(edited)
    d.sync()
    ours = d.lake.scan("messages").collect().row(0, named=True)
    assert (ours["question"], ours["changed"].timestamp()) == (True, ago(1))
    assert d.lake.scan("ties_seen").collect().height == 1


def test_a_deleted_message_whose_thread_lives_on_is_gone_and_its_replies_are_not(desk):
    work = Workspace("C1")
    work.say("C1", ago(3))
    work.say("C1", ago(2), user="U2", thread=ago(3))
    d = desk(work)
    d.sync()
    work.find("C1", ago(3)).update(user="USLACKBOT", subtype="tombstone", hidden=True)
    d.sync()
    assert messages(d) == [name(2)]


def test_what_slack_itself_says_is_nobodys_word(desk):
    work = Workspace("C1")
    work.say("C1", ago(1), user="USLACKBOT")
    work.say("C1", ago(2), subtype="huddle_thread")
    work.say("C1", ago(3), subtype="me_message")
    d = desk(work)
    d.sync()
    assert messages(d) == [name(3)]


def test_a_person_whose_name_has_bot_in_it_is_no_bot(desk):
    work = Workspace("C1")
    names = [{"id": "U1", "name": "botond"}, {"id": "U2", "name": "ann", "is_bot": True}, {"id": "USLACKBOT"}]
    work.users_list = lambda asked: {"members": [{**one, "profile": {}} for one in names]}
    (page,) = desk(work).source().streams()[0].read(None)
    assert page["kind"].to_list() == ["person", "bot", "bot"]


@pytest.mark.parametrize(
    ("said", "state", "words"),
    [
        ("invalid_auth", "refused", "renew the token"),
        ("token_expired", "refused", "renew the token"),
        ("missing_scope", "refused", "channels:history"),
        ("not_in_channel", "refused", "invite the app"),
        ("canary<script>", "changed", "says no;"),
    ],
)
def test_an_error_in_an_answer_that_looks_well_says_who_must_act(said, state, words, desk):
    def fault(method, asked):
        return error(said, needed="channels:history") if asked.get("channel") == "C1" else None

    work = Workspace("C1", "C2", fault=fault)
    work.say("C2", ago(1))
    d = desk(work)
    run = d.sync()["messages"]
    assert (run.state, words in run.words) == (state, True), run.words
    assert "canary" not in run.words
    assert messages(d) == [name(1, "C2")]


def test_a_limit_in_an_answer_that_looks_well_is_waited_for(desk):
    waits = []

    def fault(method, asked):
        return error("ratelimited") if method == "conversations.history" and not waits else None

    work = Workspace("C1", fault=fault)
    work.say("C1", ago(1))
    d = desk(work)
    source = d.source()
    source.api.pace.sleep = waits.append
    assert d.sync(source)["messages"].state == "done"
    assert 59 < waits[0] <= 60


def test_a_thread_deleted_while_it_is_read_is_no_error(desk):
    work = Workspace("C1", fault=lambda method, asked: error("thread_not_found") if "ts" in asked else None)
    work.say("C1", ago(1))
    work.say("C1", ago(0.5), thread=ago(1))
    d = desk(work)
    assert d.sync()["messages"].state == "done"


def test_private_channels_only_where_settings_say_so_and_direct_messages_never(desk):
    work = Workspace("C1", "G1", "G2", "D1", "M1")
    for one in work.channels[1:]:
        one["is_private"] = True
    work.channels[3].update(is_im=True, is_private=False)
    work.channels[4].update(is_mpim=True)
    for channel in work.messages:
        work.say(channel, ago(1))

    def read(**settings):
        d = desk(work, **settings)
        return [asked["channel"] for asked in (d.sync() and d.calls("history"))]

    assert read() == ["C1"]
    assert read(private=["g2"]) == ["G2", "C1"]
    assert sorted(read(private=True)) == ["C1", "G1", "G2"]


def test_a_bot_reads_where_it_was_invited_and_says_what_it_leaves_out(desk):
    work = Workspace("C1", "C2", "C3")
    work.channels[0]["is_member"] = True
    d = desk(work, token="xoxb-1")
    d.sync()
    assert [asked["channel"] for asked in d.calls("history")] == ["C1"]
    assert "not read: 2" in d.source().check().words


def test_a_long_history_is_read_once_and_in_few_requests(desk):
    work = Workspace("C1")
    for i in range(3000):
        work.say("C1", ago(400) + i * 10_000)
    d = desk(work)
    assert d.sync()["messages"].state == "done"
    assert len(messages(d)) == 3000
    assert len(d.calls("history")) < 25  # 15 pages hold it all; the rest is finding where they lie
    assert {asked["inclusive"] for asked in d.calls("history")} == {"true"}  # else what lies on an edge is lost


class Throttle:
    """One request for messages a minute; a second one is told to wait."""

    def __init__(self):
        self.now, self.free = NOW, {}

    def __call__(self, method, asked):
        if method in ("users.list", "conversations.list"):
            return None
        if self.now < self.free.get(method, self.now):
            return httpx2.Response(429, headers={"Retry-After": "60"})
        self.free[method] = self.now + timedelta(seconds=60)
        return None

    def sleep(self, seconds):
        self.now += timedelta(seconds=seconds)


def test_one_request_a_minute_and_fifteen_messages_a_page_come_to_an_end_over_many_runs(desk):
    """90 days at 4 messages a day in one channel, bursts and threads in the other; ten minutes of patience a run."""
    throttle = Throttle()
    work = Workspace("C1", "C2", page=15, fault=throttle)
    for i in range(360):
        work.say("C1", ago(90) + i * DAY / 4)
    for i in range(100):
        work.say("C2", ago(60) + i)
    for i in range(12):
        work.say("C2", ago(5) + i * 100)
        work.say("C2", ago(4) + i, thread=ago(5) + i * 100)
    d = desk(work)
    ends = []
    for _ in range(60):
        source = d.source()
        source.api.sleep = source.api.pace.sleep = throttle.sleep
        source.api.clock = source.api.pace.clock = lambda: throttle.now
        ends.append(d.sync(source)["messages"].state)
        d.day -= 1
        throttle.now += timedelta(minutes=1)
        if ends[-1] == "done":
            break
    assert ends[-1] == "done"
    assert "busy" in ends
    assert len(messages(d)) == 360 + 100 + 24
