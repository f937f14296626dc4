"""A walk through the lives of alerts: any order of weeks, refreshes, people and messages keeps what is promised."""

import polars as pl
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from lives import at, board, cells, row, week

from metrics.alerts import flips, standing
from metrics.life import Alert, Change, Unfit, after, lived
from metrics.subscriptions import TOLD
from metrics.turns import calm, newest, turns

SAYS = {
    "a": ("alarm", "worse"), "b": ("alarm", "better"), "w": ("watch", "worse"), "o": ("ok", ""), "-": ("unknown", ""),
}  # fmt: skip
PLACE = ("reuse", "web")


class Walk(RuleBasedStateMachine):
    """One unit through the weeks; one recipient, whose inbox is kept, and what is remembered as told to them."""

    @initialize()
    def begin(self):
        self.weeks, self.changes, self.born, self.told, self.inbox = "o", {}, {}, [], []
        self.sending = None

    @property
    def now(self):
        return len(self.weeks) - 1

    def alerts(self):
        return [lived(self.born[number], self.changes[number]) for number in sorted(self.born)]

    def board(self):
        verdict, side = SAYS[self.weeks[-1]]
        return board(row("web", verdict, self.now, side=side, since=self.now))

    def keep(self, alert, change):
        number = alert.id or len(self.born) + 1
        self.born.setdefault(number, Alert(number, alert.indicator, alert.unit, alert.side, alert.since))
        self.changes.setdefault(number, []).append(change)
        lived(self.born[number], self.changes[number])

    @rule(verdict=st.sampled_from("aabwoooo--"))
    def a_week_passes(self, verdict):
        self.weeks += verdict

    @rule()
    def a_refresh(self):
        past = self.weeks.replace("b", "a")
        since = {place: one.turned for place, one in newest(self.alerts()).items()}
        found = turns(self.alerts(), self.board(), calm(cells("web", past), since), at(self.now))
        for alert, change in found:
            if change.act == "recovered" and "turned" not in change.note:
                assert past.replace("-", "").endswith("oo"), "two weeks as usual, whatever is missing between them"
            if self.weeks[-1] == "-":
                assert change.act == "woken", "silence is no news of any kind"
            self.keep(alert, change)
        again = turns(self.alerts(), self.board(), calm(cells("web", past), since), at(self.now))
        assert again == [], "a duplicate tick does nothing"

    @precondition(lambda self: self.born)
    @rule(
        data=st.data(),
        act=st.sampled_from(["acknowledged", "assigned", "snoozed", "linked", "resolved", "reopened", "outcome"]),
    )
    def a_person(self, data, act):
        number = data.draw(st.sampled_from(sorted(self.born)))
        days = data.draw(st.integers(-1, 5))
        said = {"note": data.draw(st.sampled_from(["", "because"])), "owner": "Ben", "outcome": "useful"}
        change = Change(act, at(self.now), "Ana", until=week(self.now + 1 + days), **said)
        before = lived(self.born[number], self.changes[number])
        try:
            after(before, change)
        except Unfit:
            return
        self.keep(before, change)

    def flips(self):
        told = pl.DataFrame(self.told, schema=TOLD, orient="row")
        return flips(standing(self.board(), self.alerts()), told)

    def remember(self, found):
        for indicator, unit, verdict, side, since, _, kind in found.iter_rows():
            self.told.append((indicator, unit, verdict, side, since, at(self.now)))
            self.inbox.append((kind, verdict, side))

    @rule()
    def a_message(self):
        found = self.flips()
        self.quiet_ones_say_nothing(found)
        self.remember(found)
        assert self.flips().is_empty(), "what was told is not told again"

    @precondition(lambda self: self.sending is None)
    @rule()
    def a_message_begins(self):
        self.sending = self.flips()

    @precondition(lambda self: self.sending is not None)
    @rule(arrives=st.booleans())
    def a_message_ends(self, arrives):
        """Whatever happened while it was sent; one that did not arrive is not remembered."""
        if arrives:
            last = (None, *self.inbox)[-1]
            news = [] if last is None else [last[1:]]
            if [found[2:4] for found in self.sending.rows()] != news:
                self.remember(self.sending)
        self.sending = None

    def quiet_ones_say_nothing(self, found):
        last = newest(self.alerts()).get(PLACE)
        if last is not None and last.state in ("snoozed", "resolved"):
            assert not {"new", "again", "worse"} & set(found["kind"])

    @invariant()
    def one_alert_rings_at_a_place(self):
        assert sum(one.ringing for one in self.alerts()) <= 1

    @invariant()
    def over_follows_only_what_was_told(self):
        for before, (kind, _, _) in zip((None, *self.inbox), self.inbox, strict=False):
            assert kind != "over" or (before is not None and before[1] == "alarm")

    @invariant()
    def what_is_new_was_not_known(self):
        for before, (kind, _, side) in zip((None, *self.inbox), self.inbox, strict=False):
            known = before is not None and before[1] == "alarm" and before[2] == side
            assert kind not in ("new", "worse") or not known
            assert kind != "again" or known

    @invariant()
    def what_is_owned_keeps_its_owner(self):
        for number, said in self.changes.items():
            one = lived(self.born[number], said)
            assert (one.owner == "Ben") == any(change.act == "assigned" for change in said)
            assert one.changes == len(said)


Walk.TestCase.settings = settings(
    max_examples=60, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)
TestWalk = pytest.mark.timeout(900)(Walk.TestCase)
