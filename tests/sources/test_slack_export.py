"""A Slack export as it is: a zip or a folder, old and new in format, with what nobody may read beside what all may."""

import json
import os
import shutil
from datetime import UTC, datetime, timedelta
from zipfile import ZipFile

import pytest
from contract import PAGES

from connectors.errors import Refused
from connectors.people import Pseudonyms
from connectors.source import kinds
from connectors.store.lake import Lake
from connectors.store.memory import Memory
from connectors.sync import sync

NOW = datetime.now(UTC)
EXPORT = PAGES / "slack_export" / "export"


def made(folder, **settings):
    return kinds()["slack_export"]("slack_export", {"folder": str(folder), "path": "export", **settings})


@pytest.fixture
def here(tmp_path):
    """An export in a folder, and what a sync so many days later has of its messages."""
    shutil.copytree(EXPORT, tmp_path / "export")
    lake, memory = Lake(tmp_path / "lake"), Memory.open(f"sqlite:///{tmp_path / 'm.db'}")

    def synced(days=0, **settings):
        runs = sync(made(tmp_path, **settings), lake, memory, Pseudonyms(bytes(32)), NOW + timedelta(days=days))
        assert {run.state for run in runs} == {"done"}, runs
        ids = lake.scan("messages").collect()["message"].to_list()
        return sorted(one.removeprefix("slack_export:").partition(".")[0] for one in ids)

    synced.folder, synced.lake = tmp_path, lake
    return synced


PUBLIC = ["C1:1760000100", "C1:1760000200", "C1:1760000300", "C1:1760090100"]


def test_a_folder_and_a_zip_with_a_folder_inside_are_alike(here):
    assert here() == PUBLIC
    with ZipFile(here.folder / "export.zip", "w") as archive:
        for path in EXPORT.rglob("*.json"):
            archive.write(path, f"made/up/{path.relative_to(EXPORT)}")
    source = made(here.folder, path="export.zip")
    assert [page.height for page in source.streams()[0].read(None)] == [3]
    assert sum(page.rows.height for page in source.streams()[1].read(None) if page.table == "messages") == 5


def test_private_channels_only_where_settings_say_so_and_direct_messages_never(here):
    assert here(private=["board"]) == sorted([*PUBLIC, "G1:1760000400"])
    assert here(private=True) == sorted([*PUBLIC, "G1:1760000400"])
    public = here.lake.scan("messages").filter(channel="slack_export:G1").collect()["public"]
    assert public.to_list() == [False]


def test_a_file_is_its_owners_and_a_comment_on_it_its_writers(here):
    here()
    said = here.lake.scan("messages").collect().sort("message")["author"].to_list()
    assert said[0] == said[2] != said[1] == said[3]


def test_an_archive_without_news_is_not_read_and_a_new_one_is_read_whole(here):
    here()
    source = made(here.folder)
    later = NOW + timedelta(days=30)
    assert list(source.streams()[1].read(later)) == []
    day = here.folder / "export" / "general" / "2025-10-09.json"
    day.write_text(json.dumps(json.loads(day.read_text())[:2]))
    os.utime(day, (later.timestamp() + 60, later.timestamp() + 60))
    assert here(days=31) == ["C1:1760000100", "C1:1760090100"]


def test_the_archive_of_another_month_takes_nothing_away(here):
    old, new = here.folder / "may", here.folder / "june"
    shutil.copytree(EXPORT, old)
    assert here(days=30, path="may") == PUBLIC
    shutil.copytree(EXPORT, new)
    for day in new.glob("*/2025-10-09.json"):
        day.unlink()
    said = [{"type": "message", "user": "U1", "ts": "1760090200.000100"}]
    (new / "general" / "2025-10-10.json").write_text(json.dumps(said))
    later = NOW.timestamp() + 31 * 86_400
    os.utime(new / "general" / "2025-10-10.json", (later, later))
    assert here(days=32, path="[mj][au][yn]*") == sorted([*PUBLIC, "C1:1760090200"])


@pytest.mark.parametrize(
    ("path", "words"), [("nowhere.zip", "is not there"), ("text.zip", "whole zip"), ("empty", "users.json")]
)
def test_what_is_no_export_says_so(path, words, tmp_path):
    (tmp_path / "text.zip").write_text("canary")
    (tmp_path / "empty").mkdir()
    source = made(tmp_path, path=path)
    with pytest.raises(Refused, match=words):
        list(source.streams()[1].read(None))
    assert words in source.check().words


def test_an_archive_of_the_last_month_in_the_place_of_the_whole_takes_no_older_month_away(here):
    assert here() == PUBLIC
    old, new = (here.folder / "export" / "general" / f"2025-{day}.json" for day in ("10-09", "11-20"))
    for gone in (old, old.with_name("2025-10-10.json"), old.with_name("2025-10-11.json")):
        gone.unlink(missing_ok=True)
    for path in here.folder.glob("export/*/2025-10-09.json"):
        path.unlink()
    new.write_text(json.dumps([{"type": "message", "user": "U1", "ts": "1763640000.000100"}]))
    later = NOW.timestamp() + 31 * 86_400
    os.utime(new, (later, later))
    assert here(days=32) == [*PUBLIC, "C1:1763640000"]


def test_conversations_of_a_few_among_channels_or_groups_are_not_read(here):
    """Older exports and those of other tools list them there."""
    export = here.folder / "export"
    groups = [{"id": "G9", "name": "mpdm-ann--bo-1"}, {"id": "G8", "name": "few", "is_mpim": True}]
    (export / "groups.json").write_text(json.dumps(groups))
    channels = json.loads((export / "channels.json").read_text())
    odd = [{"id": "D8", "name": "D8", "is_im": True}, {"id": "C8", "name": "closed", "is_private": True}]
    (export / "channels.json").write_text(json.dumps([*channels, *odd]))
    for name in ("mpdm-ann--bo-1", "few", "D8", "closed"):
        (export / name).mkdir(exist_ok=True)
        said = [{"type": "message", "user": "U1", "ts": "1760000900.000100", "text": "CANARY"}]
        (export / name / "2025-10-09.json").write_text(json.dumps(said))
    assert here() == PUBLIC
    (export / "channels.json").touch()
    assert here(private=True) == sorted([*PUBLIC, "C8:1760000900"])


def test_an_export_without_its_list_of_channels_is_not_taken_for_an_empty_one(here):
    for name in ("channels.json", "groups.json"):
        (here.folder / "export" / name).unlink(missing_ok=True)
    with pytest.raises(Refused, match=r"channels\.json"):
        list(made(here.folder).streams()[1].read(None))


@pytest.mark.parametrize(
    "raw",
    [
        b'\xef\xbb\xbf[{"type":"message","user":"U1","ts":"1760000100.000100"}]',
        b'[{"type":"message","user":"U1","ts":"1760000100.000100","text":"cut \\ud83d"}]',
        b'[{"type":"message","user":"U1","ts":"1760000100.000100","text":"caf\xe9"}]',
        b'[{"type":"message","user":"U1","ts":"1760000100.000100","edited":false,"reply_count":"0"}]',
    ],
    ids=["a mark of the encoding", "half an emoji", "another encoding", "false for an object, text for a number"],
)
def test_a_day_that_is_oddly_written_is_read_all_the_same(here, raw):
    (here.folder / "export" / "general" / "2025-10-09.json").write_bytes(raw)
    assert here() == ["C1:1760000100", "C1:1760090100"]
