"""The one place that reads settings.toml and the environment."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import holidays
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PrivateAttr, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from pydantic_settings import SettingsError as Unreadable

from connectors.http import Waits
from connectors.source import Source, kinds
from dashboard.audience import Access, Alerting, Subscription
from dashboard.own_scores import Own, Posts
from dashboard.planned import Operator, Planned
from dashboard.section import Section
from dashboard.spelling import address, country, dask, zone
from dashboard.spelling import near as near

PREFIX = "BELLWETHER_"
KEY = f"{PREFIX}KEY"
FILE = f"{PREFIX}SETTINGS"
SMALLEST_KEY = 16
RESERVED = (
    *("init", "demo", "sync", "refresh", "tell", "serve", "status"),
    *("doctor", "sources", "new", "people", "begun", "indicators", "alerts"),
    *("report", "deliveries", "schedule"),
)
VARIABLE = re.compile(r"\$\{(\w+)\}")
SCHEME = re.compile(r"^[a-z][a-z0-9+.]*://", re.I)


class SettingsError(Exception):
    """A setting is missing or wrong: says which, where, and what is allowed."""


class Organisation(Section):
    """Who it is about, and how its calendar runs."""

    name: Annotated[str, Field(min_length=1)] = "Our organisation"
    time_zone: Annotated[str, AfterValidator(zone)] = "UTC"
    holidays: Annotated[str, AfterValidator(country)] | None = None
    today: date | None = None
    link: Annotated[str, AfterValidator(address)] = ""
    coverage: Annotated[int, Field(ge=0, le=100)] = 60

    def days_off(self, first: date, last: date) -> frozenset[date]:
        """Public holidays between two days, both included; none where no country is set."""
        if self.holidays is None:
            return frozenset()
        land, _, region = self.holidays.partition("-")
        days = holidays.country_holidays(land, subdiv=region or None, years=range(first.year, last.year + 1))
        return frozenset(day for day in days if first <= day <= last)


class Store(Section):
    """Where facts and memories are kept, and where the key is."""

    lake: str = "data/lake"
    memory: str = Field(default="data/bellwether.db", repr=False)
    key_file: str = "bellwether.key"
    lake_options: dict[str, str] = Field(default_factory=dict, repr=False)

    def beside(self, folder: Path) -> Store:
        """The same with every relative path read from the settings file's folder."""
        memory = self.memory.removeprefix("sqlite:///") if self.memory.startswith("sqlite:///") else self.memory
        return Store(
            lake=self.lake if SCHEME.match(self.lake) else str(folder / self.lake),
            memory=memory if SCHEME.match(memory) else f"sqlite:///{folder / memory}",
            key_file=str(folder / self.key_file),
            lake_options=self.lake_options,
        )


class Privacy(Section):
    """How many people must stand behind a number; under five nothing is ever shown."""

    minimum: Annotated[int, Field(ge=5)] = 8


class Cluster(Section):
    """Who counts besides this machine: a dask scheduler, where there is one."""

    scheduler: Annotated[str, AfterValidator(dask)] = ""


class Configured(BaseModel):
    """A source or an export: its kind, and whatever that kind asks for."""

    model_config = ConfigDict(extra="allow", frozen=True, hide_input_in_errors=True)
    kind: Annotated[str, Field(min_length=1)]

    @property
    def options(self) -> dict[str, Any]:
        return dict(self.model_extra or {})

    def __repr__(self) -> str:
        return f"Configured(kind={self.kind!r}, options={sorted(self.options)})"

    __str__ = __repr__


def label(name: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_-]*", name):
        raise ValueError("may hold small letters, digits, - and _ only")
    if name in RESERVED:
        raise ValueError("is the name of a command; choose another")
    return name


Label = Annotated[str, AfterValidator(label)]


class Settings(BaseSettings):
    """Everything that can be set; the environment goes before the file."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", extra="forbid", hide_input_in_errors=True, frozen=True
    )
    organisation: Organisation = Organisation()
    store: Store = Store()
    privacy: Privacy = Privacy()
    cluster: Cluster = Cluster()
    sources: dict[Label, Configured] = Field(default_factory=dict)
    exports: dict[Label, Configured] = Field(default_factory=dict)
    alerts: Alerting = Alerting()
    scores: Own = Field(default_factory=dict)
    access: Access = Field(default_factory=dict)
    subscriptions: tuple[Subscription, ...] = ()
    reports: dict[Label, Planned] = Field(default_factory=dict)
    operator: Operator = Operator()
    _file: Path = PrivateAttr(default=Path("settings.toml"))

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return env_settings, init_settings

    @property
    def file(self) -> Path:
        return self._file

    def source(self, name: str, waits: Waits | None = None) -> Source:
        """The configured source of this name; relative paths in it start beside the settings file.

        `waits` remembers from run to run until when a host asked us to stay away.
        """
        if name not in self.sources:
            has = ", ".join(self.sources) or "none"
            raise SettingsError(
                f"{self.file.name}: no source {name}{near(name, [*self.sources, *RESERVED])} (it has {has})"
            )
        made, known = self.sources[name], kinds()
        if made.kind not in known:
            hint = f"{near(made.kind, list(known))} (known: {', '.join(sorted(known))})"
            raise SettingsError(f"{self.file.name}: [sources.{name}] kind {made.kind} is not known{hint}")
        given: dict[str, Any] = {"folder": str(self.file.parent), "time_zone": self.organisation.time_zone}
        given |= {"waits": waits} if waits is not None else {}
        return known[made.kind](name, given | made.options)

    def key(self) -> bytes:
        """The key that turns people into pseudonyms: from the environment, else from its file."""
        path = Path(self.store.key_file)
        if (text := os.environ.get(KEY)) is not None:
            return usable(text, f"the environment variable {KEY}")
        if not path.is_file():
            raise SettingsError(
                f"the key {path} is missing; run `bellwether init` for a new one, or put the old one back "
                f"(a new key makes every person a new person), or set {KEY}"
            )
        return usable(path.read_text(), str(path))


def usable(text: str, where: str) -> bytes:
    """A key written as pairs of hexadecimal digits, long enough to be one."""
    try:
        raw = bytes.fromhex(text.strip())
    except ValueError:
        raise SettingsError(f"the key in {where} is not hexadecimal; `bellwether init` shows how one looks") from None
    if len(raw) < SMALLEST_KEY:
        raise SettingsError(f"the key in {where} has {len(raw)} bytes; at least {SMALLEST_KEY} are needed")
    return raw


def load_settings(path: str | Path | None = None) -> Settings:
    """Settings from a file (the argument, else BELLWETHER_SETTINGS, else ./settings.toml) and the environment."""
    file = Path(path or os.environ.get(FILE) or "settings.toml").expanduser().absolute()
    raw = parsed(file)
    unknown_variables(VARIABLE.findall(str(raw)))
    try:
        settings = Settings(**filled(raw, file.name))
    except ValidationError as error:
        raise SettingsError("\n".join(sentence(one, file.name) for one in error.errors())) from None
    except Unreadable as error:
        raise SettingsError(f"{error}; set single keys, like {PREFIX}STORE__MEMORY") from None
    settings = settings.model_copy(update={"store": settings.store.beside(file.parent)})
    settings._file = file
    addressed(settings)
    return settings


def addressed(settings: Settings) -> None:
    """Whether each report, and the word to the operator, goes to exports that there are."""
    wanted = {f"[reports.{name}]": one.to for name, one in settings.reports.items()}
    for where, names in (wanted | {"[operator]": settings.operator.to}).items():
        for one in names:
            if (way := one.partition(":")[0]) not in settings.exports:
                known = ", ".join(settings.exports) or "none"
                hint = near(way, list(settings.exports))
                raise SettingsError(
                    f"{settings.file.name}: {where} to: no export is called {way}{hint} (it has {known})"
                )


def parsed(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise SettingsError(f"{file} does not exist; run `bellwether init` there, or pass --settings PATH") from None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file} cannot be read ({type(error).__name__}); it must be a UTF-8 text file") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{file.name} is not valid TOML: {error}; correct it there") from None


def filled(value: Any, where: str, at: tuple[str, ...] = ()) -> Any:
    """The value with every `${NAME}` in it replaced from the environment."""

    def from_environment(found: re.Match[str]) -> str:
        if found[1] not in os.environ:
            raise SettingsError(f"{where}: {place(at)} needs the environment variable {found[1]}, which is not set")
        return os.environ[found[1]]

    if isinstance(value, Mapping):
        return {name: filled(one, where, (*at, name)) for name, one in value.items()}
    if isinstance(value, list):
        return [filled(one, where, at) for one in value]
    return VARIABLE.sub(from_environment, value) if isinstance(value, str) else value


def unknown_variables(used: list[str]) -> None:
    """An override that names no section would be silently without effect; say so instead."""
    for name in os.environ:
        section = name.removeprefix(PREFIX).split("__")[0].lower()
        if name.startswith(PREFIX) and "__" in name and section not in Settings.model_fields and name not in used:
            hint = near(section, list(Settings.model_fields))
            raise SettingsError(f"the environment variable {name} names no section of the settings{hint}")


def place(at: tuple[Any, ...]) -> str:
    """`[sources.chat] token`: where in the file a key stands."""
    names = [str(one) for one in at if one != "[key]"]
    depth = 2 if names[0] in ("sources", "exports", "reports") else 1
    return " ".join([f"[{'.'.join(names[:depth])}]", ".".join(names[depth:])]).strip()


def sentence(error: ErrorDetails, where: str) -> str:
    """What is wrong with one setting, where, and what is allowed."""
    at = error["loc"]
    variable = PREFIX + "__".join(str(one) for one in at).upper()
    subject = f"the environment variable {variable}" if variable in os.environ else f"{where}: {place(at)}"
    if error["type"] == "extra_forbidden":
        known = allowed(at[:-1])
        return f"{subject} is not known{near(str(at[-1]), known)} (known here: {', '.join(known)})"
    if error["type"] == "missing":
        return f"{subject} is missing"
    if error["type"] == "value_error":
        return f"{subject} {error['ctx']['error']}"
    return f"{subject} {error['msg'].removeprefix('Input ').removeprefix('Value ')}"


def allowed(section: tuple[Any, ...]) -> list[str]:
    """The keys a section may hold."""
    if section and section[0] == "scores":
        return list(Posts.model_fields)
    model = Settings.model_fields[str(section[0])].annotation if section else Settings
    return list(model.model_fields) if isinstance(model, type) and issubclass(model, BaseModel) else []
