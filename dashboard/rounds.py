"""What goes out now: what changed, a report that is due, what waits for another try, and word to the operator."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cached_property

import polars as pl

from connectors.store.memory import Errand, Memory
from dashboard import hearing
from dashboard.delivering import Clock, Courier, Gone, Parcel, Step, Told, unwatched
from dashboard.export import Export, ExportError, Recipient, make
from dashboard.exports.report import Report
from dashboard.lifetime import tick
from dashboard.planned import Planned, on_screen
from dashboard.settings import Settings, SettingsError, near
from dashboard.telling import NIGHTLY, Asked, report
from metrics.subscriptions import Want

TELL, OPERATOR = "tell", "operator"
WAITS = "waits for another try; `bellwether deliveries` says when"
NOTHING_YET = "nothing has been counted yet; run `bellwether refresh` first"


class Round:
    """One round with the letters. Any number may be under way at once: each errand is carried by one of them."""

    def __init__(self, settings: Settings, memory: Memory, clock: Clock, step: Step = unwatched) -> None:
        self.settings, self.memory, self.clock, self.step = settings, memory, clock, step
        self.ways: dict[str, Export] = {}
        self.courier = Courier(memory, clock, self.parcel, step)

    @cached_property
    def plans(self) -> dict[str, Planned]:
        """The reports of the settings, and those planned on the screen; where both have a name, the settings'."""
        return {name: on_screen(plan) for name, plan in self.memory.plans().items()} | self.settings.reports

    def tell(self) -> list[Told]:
        """To everybody what changed since they were last told, once an edition."""
        header = self.memory.edition()
        if header is None:
            return [Told(name, NOTHING_YET) for name in self.settings.exports]
        period = f"{header.as_of} edition {header.id}"
        self.plan([Errand(TELL, period, *place) for name in self.settings.exports for place in self.places(name)])
        found = self.carried(TELL)
        return found + [self.quiet(name) for name in self.settings.exports if name not in {one.export for one in found}]

    def quiet(self, name: str) -> Told:
        """Why nothing goes by a way out: all is told, or its time has not come."""
        waits = self.memory.deliveries(TELL).filter(pl.col("way") == name, pl.col("state") == "waiting")
        return Told(name, WAITS if waits.height else "nothing new to tell")

    def report(self, name: str) -> list[Told]:
        """A report for the last time it was due; who has it already does not get it again."""
        if name not in self.plans:
            has = ", ".join(self.plans) or "none"
            raise SettingsError(f"no report {name}{near(name, list(self.plans))} (there are: {has})")
        plan, now = self.plans[name], self.clock()
        timetable = plan.timetable(self.settings.organisation.time_zone)
        due = timetable.before(now) if timetable else None
        if timetable and due is None:
            return []
        period = f"{due:%Y-%m-%dT%H:%MZ}" if due else f"{now.astimezone(UTC):%Y-%m-%d}"
        places = [(way, to) for one in plan.ways for way, to in self.places(one) if plan.goes_to(way, to) or not to]
        self.plan([Errand(name, period, *place) for place in places], due)
        found = self.carried(name)
        return found or [Told(name, f"everybody has it, or it waits for another try ({period})")]

    def settle(self) -> list[Told]:
        """Whatever waits and whose time has come."""
        return self.carried()

    def plan(self, errands: list[Errand], due: datetime | None = None) -> None:
        self.memory.plan(errands, due or self.clock())
        self.step("planned")

    def carried(self, name: str | None = None) -> list[Told]:
        """Let the alerts move on, carry what is open, then say to the operator what failed."""
        if self.memory.edition() is not None:
            tick(self.memory, self.clock(), self.settings.alerts.patience)
        found = [self.courier.carry(one) for one in self.memory.open_errands(self.clock(), name)]
        self.warn([one for one in found if one.failed and one.errand and one.errand.report != OPERATOR])
        notices = self.memory.open_errands(self.clock(), OPERATOR) if name else []
        return found + [self.courier.carry(one) for one in notices]

    def warn(self, failed: list[Told]) -> None:
        """Plan one word per report, time and way that fails, by other ways than that one."""
        after = self.settings.operator.after
        serious = [one for one in failed if one.lasting or one.tries >= after]
        for one in {cause(told.errand): told.errand for told in serious if told.errand}.values():
            others = [to.partition(":") for to in self.settings.operator.to if to.partition(":")[0] != one.way]
            places = [(way, to) for name, _, only in others for way, to in self.places(name) if not only or to == only]
            self.plan([Errand(OPERATOR, cause(one), *place) for place in places])

    def places(self, name: str) -> list[tuple[str, str]]:
        """The recipients of a way out; one nameless where it cannot even be made, so that this is known and said."""
        try:
            return [(name, one.address) for one in self.way(name).recipients]
        except ExportError:
            return [(name, "")]

    def way(self, name: str) -> Export:
        if name not in self.settings.exports:
            raise Gone("this way out is no longer in the settings")
        if name not in self.ways:
            made = self.settings.exports[name]
            self.ways[name] = make(name, made.kind, made.options, self.settings.file.parent)
        return self.ways[name]

    def parcel(self, errand: Errand) -> Parcel:
        """By which way, and how what it carries is made; Gone where nobody waits for it any more."""
        way = self.way(errand.way)
        to = next((one for one in way.recipients if one.address == errand.recipient), None)
        if to is None:
            raise Gone("is no longer a recipient of this way out")
        return Parcel(way, self.maker(errand, to))

    def maker(self, errand: Errand, to: Recipient) -> Callable[[], Report]:
        if errand.report == OPERATOR:
            return lambda: self.notice(errand)
        plan = NIGHTLY if errand.report == TELL else self.plans.get(errand.report)
        if plan is None or (errand.report != TELL and not plan.goes_to(errand.way, errand.recipient)):
            raise Gone("is no longer planned")
        today = None if self.settings.organisation.today else self.clock().date()
        name = "" if errand.report == TELL else errand.report
        address = errand.recipient or errand.way
        scope = hearing.sees(self.settings, self.memory, address, to.units)
        asked = Asked(name, plan, scope, self.settings.organisation.link, today)
        wanted = hearing.wants(self.settings, self.memory, address, plan if name else None)
        return lambda: self.made(errand, asked, scope, wanted)

    def made(
        self, errand: Errand, asked: Asked, scope: tuple[str, ...] | None, wanted: tuple[Want, ...] | None
    ) -> Report:
        """Made once it is held, so that nobody else is telling them the same at this moment."""
        changed = hearing.changes(self.settings, self.memory, errand.ear, scope, wanted, self.clock())
        found = report(self.memory, changed, asked)
        if found is None:
            raise ExportError(NOTHING_YET, lasting=True)
        return found

    def notice(self, errand: Errand) -> Report:
        """What failed and still does, for whom and why; nothing once all of it has arrived."""
        rows = self.memory.deliveries(latest=5000).filter(pl.col("state") == "waiting", pl.col("tries") > 0)
        mine = [row for row in rows.iter_rows(named=True) if cause(errand_of(row)) == errand.period]
        if not mine:
            raise Gone("has arrived in the meantime")
        whom = ", ".join(row["recipient"] for row in mine if row["recipient"]) or mine[0]["way"]
        what = "What changed" if mine[0]["report"] == TELL else f"The report {mine[0]['report']}"
        words = sorted({row["words"] for row in mine})
        nothing = pl.DataFrame(schema={"group": pl.String})
        return Report(
            organisation=self.settings.organisation.name,
            as_of=self.clock().date(),
            flips=nothing.with_columns(**dict.fromkeys(("indicator", "unit", "verdict", "side", "since"), pl.lit(""))),
            open=nothing,
            cells=nothing,
            failing=[*words, f"Has not arrived: {whom}. It is tried again until it arrives."],
            said=f"{what} did not arrive by {mine[0]['way']}",
            content=(),
        )


def cause(errand: Errand | None) -> str:
    """What a word to the operator is about: one report, for one time, by one way."""
    return " | ".join((errand.report, errand.period, errand.way)) if errand else ""


def errand_of(row: dict[str, str]) -> Errand:
    return Errand(row["report"], row["period"], row["way"], row["recipient"])
