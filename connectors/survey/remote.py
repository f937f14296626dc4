"""LimeSurvey's RemoteControl 2: a session, exports of responses in Base64, and participants a thousand at a time."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import polars as pl

from connectors.errors import Busy, Changed, Refused, SourceError
from connectors.http import Api
from connectors.mapping.readings import Habits, moments
from connectors.source import Health, Page, Span, Stream
from connectors.survey.items import Item
from connectors.survey.wide import Sheet, answers, calls, everyone_answers

PATH = "index.php/admin/remotecontrol"
AT_A_TIME = 1_000


@dataclass
class Lime:
    """Surveys of one LimeSurvey, each a wave."""

    name: str
    api: Api
    settings: Mapping[str, Any] = field(repr=False)
    items: list[Item] = field(repr=False)

    def streams(self) -> list[Stream]:
        asked = [Stream("invitations", self.asked, whole=True)] if self.settings.get("unit_attribute") else []
        return [Stream("answers", self.answered, whole=True, covers="said"), *asked]

    @property
    def survey(self) -> str:
        return str(self.settings.get("survey", self.name))

    def call(self, method: str, *params: Any) -> Any:
        """One call; what is not there yet is None."""
        said = {"method": method, "params": list(params), "id": 1}
        result = self.api.ask(PATH, method="POST", json=said).at("result")
        return None if isinstance(result, Mapping) and "status" in result else result

    def session(self) -> str:
        key = self.call("get_session_key", self.settings["user"], self.settings["password"])
        if not isinstance(key, str):
            raise Refused(
                f"{self.api.home.host} gives no session; check user and password, and that RPC is switched on"
            )
        return key

    def answered(self, since: datetime | None) -> Iterator[Page]:
        """Each survey whole: the interface cannot be asked for what changed."""
        key = self.session()
        for survey in self.settings["ids"]:
            sheet, ended = self.responses(key, survey)
            day = self.day(key, survey, ended)
            unit = pl.lit(str(self.settings.get("everyone", "")))
            if named := self.settings.get("unit"):
                unit = pl.col(self.called(sheet, str(named)))
            page = answers(sheet, self.items, self.survey, day, "id", unit, pl.col("ended"))
            start = datetime.combine(day, time(), UTC)
            yield Page(
                "answers", everyone_answers(page), (Span("survey", [self.survey], start, start + timedelta(days=1)),)
            )
        self.call("release_session_key", key)

    def called(self, sheet: Sheet, name: str) -> str:
        if (column := sheet.column(name)) is None:
            raise Changed(f"{sheet.place} has no question {name!r}; correct unit in [sources.{self.name}]")
        return column

    def responses(self, key: str, survey: int) -> tuple[Sheet, pl.Series]:
        """The responses of a survey as text; its columns are called by their codes."""
        place, said = (
            f"survey {survey}",
            self.call("export_responses", key, survey, "json", None, "all", "code", "long"),
        )
        records = records_of(said, place)
        wanted = sorted({"id", "submitdate", *(name for record in records for name in record)})
        rows = pl.DataFrame([pl.Series(name, [text(r.get(name)) for r in records], pl.String) for name in wanted])
        dates = self.settings.get("dates", "%Y-%m-%d %H:%M:%S")
        ended = moments(rows["submitdate"], Habits((str(dates),), self.settings.get("time_zone", "UTC"))).alias("ended")
        return Sheet(place, rows.with_columns(ended), calls(wanted, wanted)), ended

    def day(self, key: str, survey: int, ended: pl.Series) -> date:
        """The day a wave opened, else the day of its first answer."""
        found = self.call("get_survey_properties", key, survey, ["startdate"]) or {}
        opened = str(found.get("startdate") or "")[:10] if isinstance(found, Mapping) else ""
        first = ended.min()
        if not opened and not isinstance(first, datetime):
            raise Busy(f"survey {survey} has neither a start nor an answer yet; the next run looks again")
        try:
            return date.fromisoformat(opened) if opened else first.date()  # type: ignore[union-attr]
        except ValueError:
            raise Changed(f"survey {survey} has a startdate that is no date; look at LimeSurvey's changes") from None

    def asked(self, since: datetime | None) -> Iterator[pl.DataFrame]:
        """Who was invited, by unit; their names and addresses are neither asked for nor read."""
        key, attribute = self.session(), str(self.settings["unit_attribute"])
        for survey in self.settings["ids"]:
            day, start = self.day(key, survey, self.responses(key, survey)[1]), 0
            while found := self.call("list_participants", key, survey, start, AT_A_TIME, False, [attribute]):
                if not isinstance(found, list):
                    raise Changed(f"survey {survey} gives no list of participants; look at LimeSurvey's changes")
                yield self.invited(found, attribute, day)
                start += AT_A_TIME
        self.call("release_session_key", key)

    def invited(self, found: list[Mapping[str, Any]], attribute: str, day: date) -> pl.DataFrame:
        ids = pl.Series("respondent", [text(one.get("tid")) for one in found], pl.String)
        units = pl.Series("unit", [text(one.get(attribute)) for one in found], pl.String)
        return pl.DataFrame([ids, units]).with_columns(survey=pl.lit(self.survey), wave=pl.lit(day))

    def check(self) -> Health:
        """Whether each survey can be read, and its questions found."""
        try:
            page = pl.concat([page.rows for page in self.answered(None)])
        except SourceError as error:
            return Health(False, str(error))
        people, newest = page["respondent"].n_unique(), page["changed"].max()
        words = f"{len(self.settings['ids'])} surveys, {people} respondents, {len(self.items)} questions read"
        return Health(True, words, newest if isinstance(newest, datetime) else None, skew=self.api.skew)


def records_of(said: Any, place: str) -> list[dict[str, Any]]:
    """The responses of an export: Base64 of JSON, a list of records or, before version 4, of {id: record}."""
    if said is None:
        return []
    try:
        found = json.loads(base64.b64decode(said, validate=False))["responses"]
        flat = [next(iter(one.values())) if len(one) == 1 and isinstance(one, dict) else one for one in found]
        return [{str(name): value for name, value in one.items()} for one in flat]
    except (binascii.Error, ValueError, TypeError, KeyError, AttributeError, StopIteration):
        raise Changed(f"{place} cannot be read as an export of responses; look at LimeSurvey's changes") from None


def text(value: Any) -> str | None:
    return None if value is None or isinstance(value, dict | list) else str(value).strip() or None
