"""A git repository asked by git itself: which commit did what to which file, and what stood in the files."""

from __future__ import annotations

import os
import re
import subprocess
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import polars as pl

from connectors.errors import Busy, Refused

COMMIT, PART = "\x01", "\x1f"
FORMAT = f"--format={COMMIT}%H{PART}%aI{PART}%aE{PART}%aN"
SAID = (
    *("core.hooksPath=/dev/null", "core.quotePath=false", "diff.renameLimit=5000", "diff.renames=true"),
    *("log.showRoot=true", "log.showSignature=false", "log.follow=false", "color.ui=false"),
)
QUIET = tuple(one for said in SAID for one in ("-c", said))
"""What is always so, whatever the settings of the account that git runs under."""
ALLOWED = ("https", "http", "ssh", "file")
PROTOCOLS = ("-c", "protocol.allow=never", *(one for p in ALLOWED for one in ("-c", f"protocol.{p}.allow=always")))
REMOTE = re.compile(r"(https?|ssh)://[^\s]+|[\w.-]+@[\w.-]+:[^\s]+")
DENIED = re.compile(rb"(?i)authentication failed|could not read|permission denied|not found|denied|403|401")
AWAY = re.compile(rb"(?i)could not resolve|timed out|connection|unable to access|early eof|hung up")
EVENTS = {"commit": pl.String, "at": pl.String, "mail": pl.String, "name": pl.String, "action": pl.String}
EVENTS |= {"old": pl.String, "path": pl.String, "before": pl.String, "blob": pl.String}
HOUR = 3600


@dataclass
class Repository:
    """A clone on this machine; one with a `url` is fetched from there first."""

    folder: Path
    url: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    user: str = "x-access-token"

    def __post_init__(self) -> None:
        if self.url and not REMOTE.fullmatch(self.url) and not Path(self.url).exists():
            raise Refused("the url of this source is neither https://, ssh://, user@host:path nor a path that is there")
        if urlsplit(self.url).password:
            raise Refused("the url of this source holds a password; set token instead, it is then kept out of files")

    @property
    def place(self) -> str:
        return urlsplit(self.url).hostname or self.folder.name

    def fetch(self) -> None:
        """All branches as they are there now; history that was written anew there is so here too."""
        if not self.url:
            return
        if not (self.folder / "HEAD").exists():
            self.folder.parent.mkdir(parents=True, exist_ok=True)
            self.git(*PROTOCOLS, "clone", "--quiet", "--bare", "--", self.url, str(self.folder), here=False)
        else:
            every = "+refs/heads/*:refs/heads/*"
            self.git(*PROTOCOLS, "fetch", "--quiet", "--prune", "--force", "--", self.url, every)

    def head(self, branch: str) -> str:
        """The newest commit; of a clone that has all that came before it."""
        if self.git("rev-parse", "--is-shallow-repository").strip() == b"true":
            raise Refused(f"{self.place} is a shallow clone, history is missing; run git fetch --unshallow there")
        asked = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{branch or 'HEAD'}^{{commit}}")
        return (
            self.git(*asked, instead=f"has no branch {branch or 'HEAD'!r}; set branch = one that is there")
            .decode()
            .strip()
        )

    def log(self, commit: str) -> pl.DataFrame:
        """What every commit did to every file, oldest first."""
        how = ("--topo-order", "--reverse", "--raw", "--no-abbrev", "-z", "-M", "--no-merges")
        said = self.git("log", *how, FORMAT, commit, "--").decode(errors="replace")
        return pl.DataFrame(list(changes(said.split("\0"))), EVENTS, orient="row").with_row_index("order")

    def texts(self, blobs: Sequence[str], size: int = 2000) -> Iterator[pl.DataFrame]:
        """[blob, text] some at a time, so that no more than these are in memory."""
        for start in range(0, len(blobs), size):
            some = blobs[start : start + size]
            said = self.git("cat-file", "--batch", given="".join(f"{one}\n" for one in some).encode())
            yield pl.DataFrame(list(contents(said)), {"blob": pl.String, "text": pl.String}, orient="row")

    def git(self, *words: str, given: bytes = b"", here: bool = True, instead: str = "") -> bytes:
        """What git answers, or who must act; never what it says in its own words, which may quote an address."""
        where = ("-C", str(self.folder)) if here else ()
        command = ["git", *where, *QUIET, *words]
        try:
            found = subprocess.run(
                command, input=given, capture_output=True, timeout=HOUR, env=self.environment(), check=False
            )
        except FileNotFoundError:
            raise Refused("git is not installed here; install it for this source") from None
        except subprocess.TimeoutExpired:
            raise Busy(f"{self.place}: git needed more than an hour; the next run tries again") from None
        if found.returncode == 0:
            return found.stdout
        if instead:
            raise Refused(f"{self.place} {instead}")
        if DENIED.search(found.stderr) or b"dubious ownership" in found.stderr:
            raise Refused(f"{self.place} cannot be read; look at this source's path or url, its token and its rights")
        if AWAY.search(found.stderr):
            raise Busy(f"{self.place} does not answer git; the next run tries again")
        raise Refused(f"{self.place} is no git repository that can be read; look at this source's path or url")

    def environment(self) -> Mapping[str, str]:
        """A token goes to git by its environment, where neither a list of processes nor a file shows it."""
        known = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
        quiet = {"GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_NO_REPLACE_OBJECTS": "1"}
        quiet["GIT_SSH_COMMAND"] = os.environ.get("GIT_SSH_COMMAND", "ssh -oBatchMode=yes")
        if not self.token:
            return {**known, **quiet}
        secret = b64encode(f"{self.user}:{self.token}".encode()).decode()
        header = {"GIT_CONFIG_KEY_0": "http.extraHeader", "GIT_CONFIG_VALUE_0": f"Authorization: Basic {secret}"}
        return {**known, **quiet, **header, "GIT_CONFIG_COUNT": "1"}


def changes(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Each file of each commit: what was done, the path and the content, each before and after."""
    who: list[str] = []
    given = iter(words)
    for word in given:
        bare = word.lstrip("\n")
        if bare.startswith(COMMIT):
            who = bare[1:].split(PART)
        elif bare.startswith(":"):
            _, mode, before, blob, action = bare.split(" ")
            path = next(given)
            after = next(given) if action[0] in "RC" else path
            if mode.startswith("100") or action == "D":
                yield (*who, action[0], path, after, before, blob)


def contents(said: bytes) -> Iterator[tuple[str, str]]:
    """What git gives in one batch: a line with name, kind and length, then so many bytes."""
    place = 0
    while place < len(said):
        end = said.index(b"\n", place)
        name, kind, *length = said[place:end].decode().split(" ")
        place = end + 1
        if not length:
            continue
        if kind == "blob":
            yield name, said[place : place + int(length[0])].decode(errors="replace")
        place += int(length[0]) + 1
