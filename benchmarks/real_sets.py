"""Public data that others recorded: how each set becomes an organisation, and what its figures mean in a sentence."""

from __future__ import annotations

import gzip
import json
import shutil
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx2
import polars as pl

from connectors.people import Pseudonyms
from connectors.source import Source, kinds
from connectors.sources.xapi import xapi
from connectors.store.lake import Lake
from connectors.store.memory import Memory
from connectors.sync import sync
from dashboard.settings import Settings, load_settings

SETTINGS = Path(__file__).parent.parent / "tests" / "real"
NOW = datetime(2026, 11, 22, tzinfo=UTC)
PAGE = 500


@dataclass(frozen=True)
class DataSet:
    """A public data set: what it is, how to make a folder of it, and what each figure means (`{value}` in it).

    `because`: why an indicator whose tables are there says nothing all the same.
    """

    name: str
    words: str
    fill: Callable[[Path, Path], Settings]
    means: Mapping[str, str]
    because: Mapping[str, str] = field(default_factory=dict)


def carried(settings: Settings, *sources: Source) -> Settings:
    """The settings, once everything of these sources is in their lake."""
    lake, memory = Lake(settings.store.lake), Memory.open(settings.store.memory)
    for source in sources:
        sync(source, lake, memory, Pseudonyms(bytes(32)), NOW)
    return settings


def organisation(folder: Path, name: str, more: str = "") -> Settings:
    told = f'[organisation]\nname = "{name}"\n{more}[store]\nlake = "lake"\nmemory = "memory.db"\n'
    (folder / "settings.toml").write_text(told)
    return load_settings(folder / "settings.toml")


def by_settings(name: str, *files: str) -> Callable[[Path, Path], Settings]:
    """A data set that settings alone can read: those of the tests with real data."""

    def fill(data: Path, folder: Path) -> Settings:
        for file in files:
            shutil.copy(data / file, folder)
        shutil.copy(SETTINGS / f"{name}.toml", folder / "settings.toml")
        settings = load_settings(folder / "settings.toml")
        return carried(settings, *(settings.source(source) for source in settings.sources))

    return fill


def people_survey(*streams: str) -> Callable[[Path, Path], Settings]:
    """Eleven waves of the civil service's survey, of some of its items."""

    def fill(data: Path, folder: Path) -> Settings:
        said = tomllib.loads((SETTINGS / "people_survey.toml").read_text())["sources"]["people_survey"]
        said["answers"] = [one for one in said["answers"] if one["name"] in streams]
        options = {"answers": said["answers"], "folder": str(data / "survey_csps")}
        return carried(
            organisation(folder, "A civil service", "today = 2019-11-25\n"), kinds()["files"]("people_survey", options)
        )

    return fill


def learners(found: list[dict[str, Any]], folder: Path) -> Source:
    """Everybody who learns, as members of one unit: the statements name no teams."""
    accounts = [one["actor"]["account"] for one in found]
    names = sorted({f"{one['homePage']}/{one['name']}" for one in accounts})
    pl.DataFrame({"person": names}).write_csv(folder / "people.csv")
    since = {"unit": "learners", "valid_from": date(2021, 11, 1)}
    people = {"path": "people.csv", "columns": {"person": "person"}, "constant": since}
    return kinds()["files"]("directory", {"people": people, "folder": str(folder)})


def statements(data: Path, folder: Path) -> Settings:
    """The learning records, as a store gives them page by page."""
    with gzip.open(data / "learning_xapi" / "fun_mooc_statements.ndjson.gz") as lines:
        found = [json.loads(line) for line in lines]

    def answer(request: httpx2.Request) -> httpx2.Response:
        start = int(request.url.params.get("from", "0"))
        more = f"/xAPI/statements?from={start + PAGE}" if start + PAGE < len(found) else ""
        return httpx2.Response(200, json={"statements": found[start : start + PAGE], "more": more})

    said = {"url": "https://lrs.example.org/xAPI", "user": "u", "password": "p"}
    transport: dict[str, Any] = {"transport": httpx2.MockTransport(answer)}
    settings = organisation(folder, "A platform for courses")
    return carried(settings, learners(found, folder), xapi("fun", said | transport))


DESK = DataSet(
    "Service desk",
    "24,918 incidents of a company's ServiceNow desk, nearly all of 29 February to 3 June 2016 (UCI Machine Learning "
    "Repository, data set 498, doi 10.24432/C57S4H, CC BY 4.0). The extract ends in a thin tail of late incidents, so "
    "it is judged as of 6 June. Incidents of no known group are left out.",
    by_settings("servicenow", "servicenow_uci/incident_event_log.csv.zip"),
    {
        "lead_time": "Of 100 incidents {value} were resolved within ten days; those still open count as long as they "
        "waited.",
        "lead_time_median": "Half of the incidents were resolved within {value} days of being opened, nights and "
        "weekends included.",
        "lead_time_p85": "It took {value} days until 85 of 100 incidents were resolved: most is quick, a tail is slow.",
        "link_rate": "For {value} of 100 closed incidents somebody had used a knowledge article. Over all 24,918 it is "
        "14.68 %; it falls from week to week in the extract.",
        "reopened_work": "Of 100 closed incidents {value} came back. Over all 24,918 it is 1.10 %: what came back "
        "takes longer to close and lies more often in the tail.",
    },
    {
        "contributor_absence_factor": "it looks back over 26 weeks, and there are 14",
        "repeat_incidents": "it leaves out the first 180 days of a source, and there are 98",
        "learning_balance": "nothing in it is learning",
        "human_learning": "nothing in it is learning",
    }
    | dict.fromkeys(("action_completion", "action_sincerity"), "there are no improvement actions in it")
    | dict.fromkeys(("experiment_outcomes", "experiments_not_supported"), "there are no experiments in it"),
)
HANDBOOK = DataSet(
    "Software company",
    "The public handbook of Sourcegraph: who reported to whom on each day from 2021 to 2024, and 22,168 edits of its "
    "pages (Apache-2.0). The names in it are public, and keyed pseudonyms here as anywhere.",
    by_settings(
        "handbook",
        *(f"sourcegraph_company/{name}.parquet" for name in ("hr_team_history", "kb_page_edits")),
    ),
    {
        "contributor_absence_factor": "{value} people wrote half of the pages that were new in a half year: the "
        "handbook rests on a few. A page that is moved counts as new, so whoever tidies up weighs much.",
        "leader_learning": "In four weeks {value} of 100 people with others below them wrote a new page; what else "
        "leaders learn by is not in the data.",
    },
    dict.fromkeys(("learning_balance", "human_learning"), "nothing in it is learning"),
)
PLATFORM = DataSet(
    "Course platform",
    "22,000 xAPI statements of 1,452 learners about ten videos of two courses, in eight days of 2021 (openfun/ralph, "
    "MIT). They name no teams: all learners are one unit.",
    statements,
    {
        "learning_balance": "{value} on a scale from 0 to 1: all of it is videos watched alone, as a platform for "
        "videos must show.",
        "micro_modules": "Of 100 videos finished {value} took no more than 15 minutes, of the few whose time is known.",
    },
    {
        "human_learning": "it is unknown where a system tells of one way to learn only",
        "learning_gain": "no test before and after is in the statements",
        "leader_learning": "nobody is said to lead",
    },
)
SURVEY = (
    "The UK Civil Service People Survey, {} (Open Government Licence v3; compiled by Matt Kerlogue, csps-data). An \
organisation stands for one who answers, with the percentage of its staff who agreed."
)
CHALLENGE = "In the average organisation {value} of 100 people thought it safe to challenge the way things are done."
BOTH = "In the average organisation {value} of 100 people agreed, on average of the items asked in that wave."
SURVEYS = tuple(
    DataSet(f"People survey, {name}", SURVEY.format(words), people_survey(*streams), {"psychological_safety": means})
    for name, words, streams, means in (
        ("as numbered", "its item on challenge as it was numbered each year", ("as numbered",), CHALLENGE),
        ("mapped", "the same item, its three numbers mapped to one", ("mapped",), CHALLENGE),
        ("with speaking up", "with an item on speaking up from 2017", ("mapped", "speaking up"), BOTH),
    )
)
SETS = (DESK, HANDBOOK, PLATFORM, *SURVEYS)
