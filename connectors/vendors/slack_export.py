"""A Slack export read day by day: its folders and files, and how their rows become ours."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

import polars as pl

from connectors.errors import Busy, Refused, SourceError
from connectors.rows import shaped
from connectors.shape import Shape, frame
from connectors.source import Health, Page, Span, Stream
from connectors.vendors.slack_columns import ACCOUNTS, MESSAGE, USER, open_to, talk

CHANNEL: dict[str, Shape] = {"id": str, "name": str, "is_private": bool, "is_im": bool, "is_mpim": bool}
LISTS = {"channels.json": False, "groups.json": True}
"""Where channels are listed, and whether they are private; conversations of a few stand in other lists."""
USERS = "users.json"
DAY = re.compile(r"(.+)/(\d{4}-\d\d-\d\d)\.json")
ENOUGH = 8_000_000
FIRST = datetime(1970, 1, 1, tzinfo=UTC)
Files = Mapping[str, Callable[[], bytes]]


@contextmanager
def opened(path: Path) -> Iterator[Files]:
    """What reads each file of an export, by its name below the folder where users.json is."""
    if path.is_dir():
        yield below({one.relative_to(path).as_posix(): one.read_bytes for one in path.rglob("*.json")}, path)
        return
    before = stamp(path)
    try:
        with ZipFile(path) as archive:
            yield below({name: partial(archive.read, name) for name in archive.namelist()}, path)
    except BadZipFile:
        raise Refused(f"{path.name} is not a whole zip file; give the export as Slack made it") from None
    if stamp(path) != before:
        raise Busy(f"{path.name} was being written while it was read; the next run reads it again")


def below(files: Files, path: Path) -> Files:
    tops = sorted((name for name in files if Path(name).name == USERS), key=len)
    if not tops:
        raise Refused(f"{path.name} has no {USERS}; give the export as Slack made it")
    top = tops[0].removesuffix(USERS)
    return {name.removeprefix(top): read for name, read in files.items() if name.startswith(top)}


def stamp(path: Path) -> tuple[int, int]:
    return path.stat().st_mtime_ns, path.stat().st_size


def arrived(path: Path) -> datetime:
    """When the last of it came to this machine."""
    files = [one for one in path.rglob("*.json") if one.is_file()] if path.is_dir() else [path]
    return datetime.fromtimestamp(max((max(one.stat().st_mtime, one.stat().st_ctime) for one in files), default=0), UTC)


@dataclass
class Export:
    """One archive or several, such as one a month; an archive that arrived since is read from end to end."""

    name: str
    settings: Mapping[str, Any]
    folder: Path

    def streams(self) -> list[Stream]:
        also = ("ties_seen", "article_uses")
        return [Stream("accounts", self.users), Stream("messages", self.messages, also=also, covers="said")]

    def archives(self) -> list[Path]:
        said = str(self.settings["path"])
        found = sorted(self.folder.glob(said)) if not Path(said).is_absolute() else [Path(said)]
        if not found or not all(one.exists() for one in found):
            raise Refused(f"[sources.{self.name}] path = {said!r} is not there; put the export where it says")
        return sorted(found, key=arrived)

    def new(self, since: datetime | None) -> list[Path]:
        return [one for one in self.archives() if since is None or arrived(one) >= since]

    def users(self, since: datetime | None) -> Iterator[pl.DataFrame]:
        for path in self.new(since):
            with opened(path) as files:
                yield shaped(self.name, ACCOUNTS, frame([files[USERS]()], USER, USERS))

    def messages(self, since: datetime | None) -> Iterator[Page]:
        for path in self.new(since):
            with opened(path) as files:
                yield from self.told(files, whole=len(self.archives()) == 1)

    def told(self, files: Files, *, whole: bool) -> Iterator[Page]:
        """Every channel's messages; then that these were all, between the first and the last day of the archive."""
        given, days, channels = talk(self.settings), by_channel(files), self.channels(files)
        for channel, name, private in channels.iter_rows():
            beside = [pl.lit(channel).alias("parent.id"), pl.lit(private).alias("parent.is_private")]
            for lists in gathered([files[file] for file in days.get(name) or days.get(channel, [])]):
                found = frame(lists, MESSAGE, f"{self.name} {channel}").with_columns(beside)
                yield from (Page(rows.table, shaped(self.name, rows, found)) for rows in given)
        seen = Span("channel", [f"{self.name}:{one}" for one in channels["id"]], *ends(days, whole=whole))
        nothing = frame([], MESSAGE, "").with_columns(
            pl.lit("").alias("parent.id"), pl.lit(value=True).alias("parent.is_private")
        )
        yield Page("messages", shaped(self.name, given[0], nothing), (seen,))

    def channels(self, files: Files) -> pl.DataFrame:
        """[id, name, is_private] of those that may be read."""
        lists = [
            frame([files[name]()], CHANNEL, name).with_columns(pl.col("is_private").fill_null(private) | private)
            for name, private in LISTS.items()
            if name in files
        ]
        if not lists:
            raise Refused(f"{self.name}: the export has no channels.json; give it as Slack made it")
        return pl.concat(lists).filter(open_to(self.settings, self.name)).select("id", "name", "is_private")

    def check(self) -> Health:
        """Whether the newest archive can be opened, and which days it has."""
        try:
            with opened(self.archives()[-1]) as files:
                days = sorted(day for names in by_channel(files).values() for day in map(day_of, names))
                words = f"{self.channels(files).height} channels can be read"
        except SourceError as error:
            return Health(False, str(error))
        return Health(True, words, days[-1] if days else None, days[0] if days else None)


def by_channel(files: Files) -> dict[str, list[str]]:
    """The day files of each channel, by the channel's name, in their order."""
    found: dict[str, list[str]] = {}
    for name in sorted(files):
        if match := DAY.fullmatch(name):
            found.setdefault(match[1], []).append(name)
    return found


def day_of(name: str) -> datetime:
    return datetime.fromisoformat(Path(name).stem).replace(tzinfo=UTC)


def ends(days: Mapping[str, list[str]], *, whole: bool) -> tuple[datetime, datetime]:
    """Between which moments an archive holds all, in any time zone. What is older or newer, it does not know.

    Where it is one of several, its outer days may be shared with another.
    """
    every = [day_of(name) for names in days.values() for name in names]
    if not every:
        return FIRST, FIRST
    a_day = timedelta(days=1)
    return (min(every) - a_day, max(every) + 2 * a_day) if whole else (min(every) + a_day, max(every))


def gathered(reads: list[Callable[[], bytes]]) -> Iterator[list[bytes]]:
    """The days of a channel, as many at a time as make a frame worth its while."""
    lists: list[bytes] = []
    for read in reads:
        lists.append(read())
        if sum(map(len, lists)) >= ENOUGH:
            yield lists
            lists = []
    if lists:
        yield lists
