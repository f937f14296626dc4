"""One table's translation: a frame in the source's words becomes a page in ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from zoneinfo import available_timezones

import polars as pl

from connectors.errors import Changed, Refused
from connectors.mapping.readings import ISO, Habits, Reading, moments, read
from connectors.mapping.section import checked, complete, near
from connectors.tables import MOMENT, Table

IDS = (
    *("ticket", "move", "message", "reply_to", "thread", "channel", "tie", "article", "use", "record"),
    *("feedback", "plan", "need", "link", "origin", "target"),
)
PREFIXED = r"^[A-Za-z][A-Za-z0-9_.-]*:"
ADDRESSES_AND_CODE = r"(https?://\S+)|(```[\s\S]*?```)|(`[^`]*`)"
ASKS = r"[?？؟]"


@dataclass(frozen=True)
class Translation:
    """What a section of the settings says about one table; names are ours -> theirs."""

    source: str
    table: Table
    place: str
    options: Mapping[str, Any]
    columns: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, source: str, table: Table, place: str, options: Mapping[str, Any]) -> Translation:
        """The translation a section describes; refuses what cannot be meant."""
        checked(table, place, options)
        if (zone := options.get("time_zone", "UTC")) not in available_timezones():
            raise Refused(f"{place} time_zone is no time zone{near(str(zone), available_timezones())}")
        if options.get("decimal", ".") not in (".", ","):
            raise Refused(f'{place} decimal must be "." or ","')
        try:
            pl.select(constants(options.get("constant", {}), table))
        except pl.exceptions.PolarsError:
            raise Refused(f"{place} constant: a value does not fit its column of {table.name}") from None
        columns = {**options.get("columns", {}), **options.get("any", {}), **options.get("question", {})}
        return cls(source, table, place, options, columns)

    @property
    def whole(self) -> bool:
        """Whether rows can only be understood together: all events of an entity must be seen."""
        return bool(self.options.get("any"))

    @property
    def order(self) -> str | None:
        return self.options.get("order")

    def against(self, theirs: list[str], where: str) -> Translation:
        """The same once the source's columns are known; without `columns`, those that bear our names are taken."""
        fitted = self
        if "columns" not in self.options:
            same = {name: name for name in theirs if name in self.table.dtypes and name != "source"}
            constant = self.options.get("constant", {})
            fitted = replace(self, columns={k: v for k, v in {**same, **self.columns}.items() if k not in constant})
            complete(self.table, f"{self.place} {where}:", {**fitted.columns, **constant})
        for name in fitted.fields:
            if name.split(".")[0] not in theirs and name not in theirs:
                raise Changed(f'{where} has no column "{name}"{near(name, theirs)}; correct {self.place} or the file')
            if f"{name}_duplicated_0" in theirs:
                raise Changed(f'{where} has two columns "{name}"; name them apart, or choose with sql')
        return fitted

    @property
    def fields(self) -> list[str]:
        """The columns of theirs that are read; nothing else of theirs is ever looked at."""
        return list(dict.fromkeys([*self.columns.values(), *([self.order] if self.order else [])]))

    def picked(self, theirs: list[str]) -> list[pl.Expr]:
        """The fields as expressions; `a.b` reaches into a nested field where no column has that name."""
        return [reached(name, theirs).alias(name) for name in self.fields]

    def page(self, raw: pl.DataFrame, written: datetime | None, habits: Habits) -> pl.DataFrame:
        """The page of a frame of picked fields; a row that cannot be read says why in `refused`."""
        asked = self.options.get("question", {})
        readings = [
            self.question(raw, name) if name in asked else self.reading(raw, name, habits) for name in self.columns
        ]
        for reading in readings:
            self.usable(reading)
        page = pl.DataFrame([reading.values for reading in readings])
        page = page.with_columns(constants(self.options.get("constant", {}), self.table))
        page = page.with_columns(refused=first_rule(readings, raw.height))
        if self.order:
            page = self.ordered(page, raw[self.order], habits)
        if "changed" not in page.columns:
            page = page.with_columns(changed=pl.lit(written, MOMENT))
        page = page.with_columns(self.ids(page.columns))
        return self.collapsed(page)

    def reading(self, raw: pl.DataFrame, name: str, habits: Habits) -> Reading:
        column = self.cleaned(raw, name).alias(name)
        return read(column, self.table.dtypes[name], self.dated(name, habits))

    def question(self, raw: pl.DataFrame, name: str) -> Reading:
        """Whether a text asks something; the text goes no further than this."""
        said = self.present(raw[self.columns[name]]).cast(pl.String, strict=False)
        values = said.str.replace_all(ADDRESSES_AND_CODE, " ").str.contains(ASKS).alias(name)
        return Reading(values, pl.Series([False]).new_from_index(0, len(said)), "")

    def dated(self, name: str, habits: Habits) -> Habits:
        """The habits for one column, which may have date formats of its own."""
        own = self.options.get("dates")
        return replace(habits, dates=listed(own[name])) if isinstance(own, Mapping) and name in own else habits

    def cleaned(self, raw: pl.DataFrame, name: str) -> pl.Series:
        """A column of theirs without marks of missing values, its values in our words."""
        column = self.present(raw[self.columns[name]])
        words = {str(theirs): str(ours) for theirs, ours in self.options.get("values", {}).get(name, {}).items()}
        if not words:
            return column
        text = column.cast(pl.String)
        default = words.pop("default", None)
        said = text.replace_strict(words, default=default or text, return_dtype=pl.String)
        return said.set(text.is_null(), None)

    def present(self, column: pl.Series) -> pl.Series:
        """A column whose marks of missing values are null."""
        if column.dtype in (pl.Categorical, pl.Enum):
            column = column.cast(pl.String)
        if column.dtype != pl.String:
            return column
        column = column.str.strip_chars("\ufeff \t\r\n\u00a0")
        return column.set(column.is_in(["", *listed(self.options.get("missing", []))]).fill_null(False), None)

    def usable(self, reading: Reading) -> None:
        """A column that can nowhere be read has changed shape."""
        unread = int(reading.refused.sum())
        if unread and reading.values.null_count() == reading.values.len():
            theirs = self.columns[reading.values.name]
            raise Changed(
                f'{self.place} column "{theirs}": no row can be read ({reading.rule}); correct its format there'
            )

    def ordered(self, page: pl.DataFrame, raw: pl.Series, habits: Habits) -> pl.DataFrame:
        """The page with what its rows are ordered by; a moment is also when a row changed."""
        column, habits = self.present(raw), self.dated("order", habits)
        moment = moments(column, habits)
        by = moment if moment.is_not_null().any() else column.cast(pl.Float64, strict=False)
        unread = column.is_not_null() & by.is_null()
        rule = f"order: not a date like {habits.dates[0]}, nor a number"
        if unread.any() and by.null_count() == by.len():
            raise Changed(f'{self.place} order "{self.order}": no row can be read ({rule}); correct dates there')
        refused = pl.coalesce("refused", pl.when("unordered").then(pl.lit(rule)))
        page = page.with_columns(order=by, unordered=unread).with_columns(refused=refused)
        return page.with_columns(changed=by) if by is moment and "changed" not in page.columns else page

    def collapsed(self, page: pl.DataFrame) -> pl.DataFrame:
        """One row per entity: its last state, with what was true in any of its events."""
        order = [name for name in ("order", "unordered") if name in page.columns]
        if not order and not self.whole:
            return page
        key = [name for name in self.table.key if name != "source"]
        apart = pl.any_horizontal(pl.col(key).is_null(), *(["unordered"] if order else []))
        known, rest = page.filter(~apart), page.filter(apart)
        if order:
            known = known.sort("order", maintain_order=True, nulls_last=False)
        anywhere = [pl.col(name).any().over(key) for name in self.options.get("any", {})]
        seen = [pl.col(name).count().over(key) > 0 for name in self.options.get("any", {})]
        known = known.with_columns(pl.when(some).then(value) for some, value in zip(seen, anywhere, strict=True))
        return pl.concat([known.unique(key, keep="last", maintain_order=True), rest]).drop(order)

    def ids(self, names: list[str]) -> list[pl.Expr]:
        """Ids that carry the name of where they come from, so that two sources never share one."""
        prefix = self.options.get("prefix", self.source)
        own = prefix if isinstance(prefix, Mapping) else dict.fromkeys(IDS, prefix)
        return [
            pl.when(pl.col(name).str.contains(PREFIXED))
            .then(pl.col(name))
            .otherwise(pl.lit(f"{own.get(name, self.source)}:") + pl.col(name))
            .alias(name)
            for name in names
            if name in IDS and own.get(name, self.source)
        ]

    def habits(self, *, decimal: str | None = ".", dates: tuple[str, ...] = ()) -> Habits:
        """How this section says values are written; what it leaves open, the kind of file decides."""
        said = self.options.get("dates", ISO)
        formats = listed(said.get("default", ISO)) if isinstance(said, Mapping) else listed(said)
        return Habits(
            dates=tuple(dict.fromkeys((*formats, *dates))),
            zone=self.options.get("time_zone", "UTC"),
            decimal=self.options.get("decimal", decimal),
        )


def listed(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def reached(name: str, theirs: list[str]) -> pl.Expr:
    first, *rest = [name] if name in theirs else name.split(".")
    found = pl.col(first)
    for part in rest:
        found = found.struct.field(part)
    return found


def first_rule(readings: list[Reading], height: int) -> pl.Series:
    """The first rule each row breaks, null where it breaks none."""
    broken = [
        pl.when(reading.refused).then(pl.lit(reading.rule)) for reading in readings if bool(reading.refused.any())
    ]
    if not broken:
        return pl.Series("refused", [], pl.String).extend_constant(None, height)
    return pl.select(pl.coalesce(broken).alias("refused"))["refused"]


def constants(given: Mapping[str, Any], table: Table) -> list[pl.Expr]:
    return [pl.lit(value).cast(table.dtypes[name]).alias(name) for name, value in given.items()]
