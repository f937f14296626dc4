"""The settings of who may see what, who is told what, and when an alert has recovered."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from dashboard.section import Section
from metrics.indicator import indicators
from metrics.record import OUTCOMES
from metrics.turns import Patience


def lowered(address: str) -> str:
    if not address.strip():
        raise ValueError("is empty; write an address, or * for everyone else")
    return address.strip().lower()


Address = Annotated[str, AfterValidator(lowered)]
Access = dict[Address, tuple[str, ...]]


class Subscription(Section):
    """What one address asks to be told of: a unit with all below it, a theme, or both; from which verdict on."""

    address: Address
    unit: str = ""
    theme: str = ""
    tier: Literal["alarm", "watch"] = "alarm"


def counted(name: str) -> str:
    if name not in indicators():
        raise ValueError("is no indicator; `bellwether indicators` lists them")
    return name


class Alerting(Section):
    """After how many settled weeks as usual an alert has recovered, and within how many more it is the same one.

    `outcomes`: the indicators whose alarms the others are to foretell, agreed on beforehand. `at_most`: alarms a month
    in the whole organisation; not set, none are counted.
    """

    recovery: Annotated[int, Field(ge=1, le=26)] = Patience.weeks
    again: Annotated[int, Field(ge=0, le=52)] = Patience.again
    outcomes: tuple[Annotated[str, AfterValidator(counted)], ...] = OUTCOMES
    at_most: Annotated[float, Field(gt=0)] | None = None

    @property
    def patience(self) -> Patience:
        return Patience(weeks=self.recovery, again=self.again)
