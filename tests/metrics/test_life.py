"""What may happen to an alert, and what state that leaves it in."""

from datetime import date

import pytest
from lives import Diary, at, row, week

from metrics.life import Alert, Change, Unfit, after, lived


@pytest.fixture
def diary():
    kept = Diary()
    kept.tick(0, row("web", "alarm"))
    return kept


def test_an_alarm_raises_an_open_alert(diary):
    one = diary.alerts[0]
    assert (one.state, one.ringing, one.side, one.since) == ("open", True, "worse", week(0))
    assert one.sentence == "web is alarm in week 0"


def test_an_alert_is_acknowledged_by_somebody_with_a_note(diary):
    one = diary.act(1, "acknowledged", note="we look into it")
    assert (one.state, one.who, one.note, one.acknowledged) == ("acknowledged", "Ana", "we look into it", at(0))


def test_a_second_acknowledgement_says_who_has_it_now(diary):
    diary.act(1, "acknowledged")
    assert diary.act(1, "acknowledged", who="Ben").who == "Ben"


def test_an_alert_is_assigned_to_an_owner_until_a_day(diary):
    one = diary.act(1, "assigned", owner="Ben", due=date(2026, 4, 1))
    assert (one.state, one.owner, one.due) == ("assigned", "Ben", date(2026, 4, 1))
    assert not one.overdue(date(2026, 4, 1))
    assert one.overdue(date(2026, 4, 2))


def test_an_alert_is_put_off_until_a_day_and_wakes_on_it(diary):
    assert diary.act(1, "snoozed", until=week(3)).state == "snoozed"
    assert diary.tick(1, row("web", "alarm", 1)) == []
    assert diary.tick(2, row("web", "alarm", 2)) == [("web", "woken")]
    assert diary.alerts[0].state == "open"


def test_an_alert_that_had_an_owner_wakes_with_that_owner(diary):
    diary.act(1, "assigned", owner="Ben")
    diary.act(1, "snoozed", until=week(2))
    diary.tick(2, row("web", "alarm", 2))
    assert (diary.alerts[0].state, diary.alerts[0].owner) == ("assigned", "Ben")


def test_what_is_done_about_it_is_linked_with_the_week_it_begins(diary):
    one = diary.act(1, "linked", note="Pairing on every ticket", week=week(2))
    assert (one.intervention, one.begins, one.state) == ("Pairing on every ticket", week(2), "open")


def test_an_alert_is_resolved_with_a_why_while_its_numbers_still_ring(diary):
    one = diary.act(1, "resolved", note="the product was retired")
    assert (one.state, one.why, one.ringing) == ("resolved", "the product was retired", True)


def test_a_resolved_alert_stays_resolved_however_long_it_rings(diary):
    diary.act(1, "resolved", note="known")
    assert [diary.tick(n, row("web", "alarm", n)) for n in range(1, 20)] == [[]] * 19
    assert diary.alerts[0].state == "resolved"


def test_a_resolved_alert_is_reopened_with_its_owner_but_not_its_acknowledgement(diary):
    diary.act(1, "acknowledged")
    diary.act(1, "assigned", owner="Ben")
    diary.act(1, "resolved", note="known")
    one = diary.act(1, "reopened", note="it is not over")
    assert (one.state, one.owner, one.acknowledged, one.why) == ("assigned", "Ben", None, "")


def test_its_outcome_can_be_said_at_any_time_and_again(diary):
    assert diary.act(1, "outcome", outcome="useful").outcome == "useful"
    diary.act(1, "resolved", note="done")
    assert diary.act(1, "outcome", outcome="known").outcome == "known"


def test_every_change_is_counted(diary):
    diary.act(1, "acknowledged")
    diary.act(1, "outcome", outcome="wrong")
    assert diary.alerts[0].changes == 3


def test_nobody_does_nothing(diary):
    with pytest.raises(Unfit, match="a name is needed"):
        diary.act(1, "acknowledged", who=" ")


@pytest.mark.parametrize(
    ("act", "said", "why"),
    [
        ("resolved", {}, "a why is needed"),
        ("linked", {"note": " "}, "what is done is needed"),
        ("assigned", {}, "an owner is needed"),
        ("snoozed", {}, "put it off until a day after 2026-03-09"),
        ("snoozed", {"until": date(2026, 3, 9)}, "put it off until a day after 2026-03-09"),
        ("outcome", {"outcome": "nice"}, "an outcome is one of useful, known, wrong, gamed"),
        ("reopened", {"note": "again"}, "it is open already"),
        ("deleted", {}, "deleted is nothing that happens to an alert"),
    ],
)
def test_what_lacks_something_is_refused_with_what_it_lacks(diary, act, said, why):
    with pytest.raises(Unfit, match=why):
        diary.act(1, act, **said)


@pytest.mark.parametrize("act", ["acknowledged", "assigned", "snoozed", "resolved"])
def test_what_is_resolved_must_be_reopened_first(diary, act):
    diary.act(1, "resolved", note="the product was retired")
    with pytest.raises(Unfit, match="it is resolved \\(the product was retired\\); reopen it first"):
        diary.act(1, act, owner="Ben", note="x", until=week(9))


def test_an_alert_replayed_from_its_history_is_the_same(diary):
    said = [Change("raised", at(0), note="fell", week=week(0)), Change("assigned", at(0), "Ana", owner="Ben")]
    born = Alert(1, "reuse", "web", "worse", week(0))
    assert lived(born, said) == after(after(born, said[0]), said[1])
