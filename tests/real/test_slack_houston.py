"""A public meetup's whole Slack export of 2015 and 2016, from before there were threads."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors.people import Pseudonyms
from connectors.source import kinds
from connectors.store.lake import Lake
from connectors.store.memory import Memory
from connectors.sync import sync

EXPORT = Path(__file__).parents[2].parent / "shared" / "data" / "slack_houstondatavis" / "slack_export.zip"
pytestmark = pytest.mark.skipif(
    not EXPORT.exists(),
    reason=f"{EXPORT} is missing; it is the zip of the public repository houstondatavis/slack-export",
)


@pytest.fixture(scope="module")
def lake(tmp_path_factory):
    folder = tmp_path_factory.mktemp("houston")
    lake, memory = Lake(folder / "lake"), Memory.open(f"sqlite:///{folder / 'memory.db'}")
    source = kinds()["slack_export"]("meetup", {"path": str(EXPORT)})
    runs = sync(source, lake, memory, Pseudonyms(bytes(32)), datetime.now(UTC))
    assert {(run.state, run.refused) for run in runs} == {("done", 0)}
    return lake


def test_every_account_and_channel_is_there(lake):
    accounts, messages = lake.scan("accounts").collect(), lake.scan("messages").collect()
    assert accounts.height == 71
    assert accounts["kind"].value_counts().rows() == [("person", 71)]
    assert accounts["active"].sum() == 70
    assert messages["channel"].n_unique() == 15  # in one of the 16 nobody wrote anything
    assert messages.filter(messages["author"].is_in(accounts["account"].implode())).height == messages.height


def test_messages_are_what_people_wrote(lake):
    """1,382 in all: 320 joined, 3 left, 17 changed a purpose, topic or name, 9 archived, 1 pinned, 1 added a bot."""
    assert lake.scan("messages").collect().height == 1382 - 320 - 3 - 17 - 9 - 1 - 1 == 1031


def test_reactions_and_mentions_are_between_two_people(lake):
    """Of 199 reactions 9 are to oneself and 1 to a joining. Of 575 mentions 350 stand in what Slack wrote, 67 name the
    writer (who uploaded a file), and 3 name someone a second time."""
    ties = lake.scan("ties_seen").collect()
    assert ties["kind"].value_counts().sort("kind").rows() == [("mention", 155), ("reaction", 189)]
    assert (199 - 9 - 1, 575 - 350 - 67 - 3) == (189, 155)
    assert ties.filter(ties["person"] == ties["other"]).is_empty()


def test_questions_are_those_outside_addresses(lake):
    """Of 119 messages with a question mark 15 have it only in an address."""
    assert lake.scan("messages").collect()["question"].sum() == 119 - 15
