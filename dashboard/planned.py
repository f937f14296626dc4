"""A report that is planned: when, to whom, and what stands in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from dashboard.section import Section
from dashboard.spelling import zone
from dashboard.timetable import Timetable

Part = Literal["alerts", "scores", "indicators"]
PARTS: dict[Part, str] = {"alerts": "What changed", "scores": "Scores", "indicators": "Where things stand"}


class Planned(Section):
    """One report. `to`: exports by name, all their recipients, or one of them: `mail:anna@example.org`.

    Without `when` it is due whenever it is asked for, once a day. `units` and `themes` narrow what stands in it.
    """

    title: str = ""
    when: str = ""
    time_zone: Annotated[str, AfterValidator(zone)] | None = None
    to: Annotated[list[str], Field(min_length=1)]
    content: Annotated[list[Part], Field(min_length=1)] = ["alerts", "scores", "indicators"]
    units: list[str] = []
    themes: list[str] = []

    @model_validator(mode="after")
    def comes(self) -> Self:
        """A time that can be read; which zone it is in does not matter for that."""
        if self.when:
            try:
                Timetable.of(self.when, "UTC")
            except ValueError as error:
                raise ValueError(f"when {error}") from None
        return self

    def timetable(self, zone_else: str) -> Timetable | None:
        return Timetable.of(self.when, self.time_zone or zone_else) if self.when else None

    def goes_to(self, way: str, recipient: str) -> bool:
        return way in self.to or f"{way}:{recipient}" in self.to

    @property
    def ways(self) -> list[str]:
        return list(dict.fromkeys(one.partition(":")[0] for one in self.to))


class Operator(Section):
    """Who is told, by another way out, when a report does not arrive; `after`: from which failed try on."""

    to: list[str] = []
    after: Annotated[int, Field(ge=1)] = 3


def on_screen(plan: Mapping[str, Any]) -> Planned:
    """A plan as it was kept from the screen, where who made it stands beside it."""
    return Planned(**{name: value for name, value in plan.items() if name in Planned.model_fields})
