"""What is told, once, and what is not."""

from datetime import UTC, date, datetime, timedelta

import polars as pl

from metrics.alerts import flips, standing
from metrics.life import Alert, Change, lived

MARCH = date(2026, 3, 2)
BOARD = {
    "indicator": pl.String, "unit": pl.String, "verdict": pl.String, "side": pl.String, "since": pl.Date,
    "folded": pl.String, "sentence": pl.String,
}  # fmt: skip
TOLD = {"indicator": pl.String, "unit": pl.String, "verdict": pl.String, "side": pl.String, "since": pl.Date}
TOLD |= {"at": pl.Datetime("us", "UTC")}


def board(*rows):
    """`(unit, verdict, side, folded)` of one indicator."""
    full = [("reuse", unit, verdict, side, MARCH, folded, "words") for unit, verdict, side, folded in rows]
    return pl.DataFrame(full, schema=BOARD, orient="row")


def told(*rows):
    """`(unit, verdict, side)`, in the order told."""
    at = datetime(2026, 4, 1, tzinfo=UTC)
    full = [("reuse", *row, MARCH, at + timedelta(days=day)) for day, row in enumerate(rows)]
    return pl.DataFrame(full, schema=TOLD, orient="row")


def found(now, before=()):
    return flips(board(*now), told(*before)).select("unit", "kind").rows()


def test_a_new_alarm_is_told():
    assert found([("web", "alarm", "worse", None)]) == [("web", "new")]


def test_good_news_is_told_too():
    assert found([("web", "alarm", "better", None)]) == [("web", "new")]


def test_what_was_told_is_not_told_again():
    assert found([("web", "alarm", "worse", None)], [("web", "alarm", "worse")]) == []


def test_the_end_of_a_told_alarm_is_told():
    assert found([("web", "ok", "", None)], [("web", "alarm", "worse")]) == [("web", "over")]


def test_the_end_is_told_once():
    assert found([("web", "ok", "", None)], [("web", "alarm", "worse"), ("web", "ok", "")]) == []


def test_an_alarm_that_comes_back_is_new():
    assert found([("web", "alarm", "worse", None)], [("web", "alarm", "worse"), ("web", "ok", "")]) == [("web", "new")]


def test_the_end_of_an_alarm_never_told_is_silent():
    assert found([("web", "ok", "", None)]) == []


def test_unknown_is_no_recovery():
    assert found([("web", "unknown", "", None)], [("web", "alarm", "worse")]) == []


def test_an_alarm_back_after_data_were_missing_is_not_told_again():
    assert found([("web", "alarm", "worse", None)], [("web", "alarm", "worse")]) == []


def test_a_unit_that_is_no_longer_shown_is_no_recovery():
    assert found([], [("web", "alarm", "worse")]) == []


def test_a_watch_is_not_told_and_ends_nothing():
    assert found([("web", "watch", "worse", None)]) == []
    assert found([("web", "watch", "worse", None)], [("web", "alarm", "worse")]) == []


def test_what_is_folded_is_not_told_nor_its_end():
    assert found([("web", "alarm", "worse", "eng"), ("eng", "alarm", "worse", None)]) == [("eng", "new")]
    assert found([("web", "ok", "", None), ("eng", "ok", "", None)], [("eng", "alarm", "worse")]) == [("eng", "over")]


def test_what_was_told_before_it_was_folded_ends_with_a_word():
    assert found([("web", "alarm", "worse", "eng")], [("web", "alarm", "worse")]) == []
    assert found([("web", "ok", "", None)], [("web", "alarm", "worse")]) == [("web", "over")]


def test_what_outlasts_the_alarm_above_it_is_told():
    now = [("web", "alarm", "worse", None), ("eng", "ok", "", None)]
    assert sorted(found(now, [("eng", "alarm", "worse")])) == [("eng", "over"), ("web", "new")]


def test_good_news_that_turns_bad_is_worse_and_bad_news_that_turns_good_is_new():
    assert found([("web", "alarm", "worse", None)], [("web", "alarm", "better")]) == [("web", "worse")]
    assert found([("web", "alarm", "better", None)], [("web", "alarm", "worse")]) == [("web", "new")]


def test_a_first_run_tells_all_current_alarms_once():
    now = [("web", "alarm", "worse", None), ("app", "alarm", "better", None), ("ops", "ok", "", None)]
    first = flips(board(*now), told())
    assert first.columns == ["indicator", "unit", "verdict", "side", "since", "sentence", "kind"]
    assert first["unit"].to_list() == ["web", "app"]
    remembered = first.select(
        "indicator", "unit", "verdict", "side", "since", at=pl.lit(datetime(2026, 4, 1, tzinfo=UTC))
    )
    assert flips(board(*now), remembered).is_empty()


def lives(number, *said, unit="web", **more):
    """An alert of that number to which these things happened, a day apart from 9 March."""
    born = Alert(number, "reuse", unit, "worse", MARCH)
    moment = datetime(2026, 3, 9, tzinfo=UTC)
    words = {"who": "Ana", "note": "x", "week": MARCH, "until": date(2026, 5, 1)} | more
    return lived(born, [Change(act, moment + timedelta(days=day), **words) for day, act in enumerate(said)])


def live(now, alerts, before=(), quiet=None, needed=2, tier="alarm"):
    rows = standing(board(*now), alerts, quiet, needed)
    return flips(rows, told(*before), tier).select("unit", "kind").rows()


ALARM, OK = ("web", "alarm", "worse", None), ("web", "ok", "", None)
TOLD_ALARM, TOLD_OK, TOLD_WATCH = ("web", "alarm", "worse"), ("web", "ok", ""), ("web", "watch", "worse")


def test_an_alert_that_rings_is_told_and_over_only_when_it_recovered():
    ringing, over = lives(1, "raised"), lives(1, "raised", "recovered")
    assert live([ALARM], [ringing]) == [("web", "new")]
    assert live([OK], [ringing], [TOLD_ALARM]) == []
    assert live([OK], [over], [TOLD_ALARM]) == [("web", "over")]


def test_a_flip_that_clears_before_it_was_told_is_not_told():
    ringing, over = lives(1, "raised"), lives(1, "raised", "recovered")
    assert live([OK], [ringing]) == []
    assert live([OK], [over]) == []


def test_recovery_is_never_told_for_an_alert_never_told():
    assert live([OK], [lives(1, "raised", "recovered")], [TOLD_OK]) == []


def test_what_clears_while_it_is_sent_is_told_over_once():
    ringing, over = lives(1, "raised"), lives(1, "raised", "recovered")
    assert live([ALARM], [ringing]) == [("web", "new")]  # sending begins; meanwhile it recovers; sending ends
    assert live([OK], [over], [TOLD_ALARM]) == [("web", "over")]
    assert live([OK], [over], [TOLD_ALARM, TOLD_OK]) == []


def test_an_alarm_whose_alert_is_not_there_yet_waits_for_it():
    assert live([ALARM], []) == []
    assert live([ALARM], [lives(1, "raised", "recovered")]) == []


def test_what_is_put_off_or_resolved_begins_nothing():
    assert live([ALARM], [lives(1, "raised", "snoozed")]) == []
    assert live([ALARM], [lives(1, "raised", "resolved")]) == []
    assert live([OK], [lives(1, "raised", "resolved", "recovered")], [TOLD_ALARM]) == [("web", "over")]


def test_what_was_put_off_is_told_again_when_it_wakes_once():
    woken = lives(1, "raised", "snoozed", "woken")
    assert live([ALARM], [woken], [TOLD_ALARM]) == []  # told on 1 April, after it woke on 11 March
    early = told(TOLD_ALARM).with_columns(at=pl.lit(datetime(2026, 3, 10, tzinfo=UTC)))
    rows = standing(board(ALARM), [woken])
    assert flips(rows, early).select("unit", "kind").rows() == [("web", "again")]
    assert flips(rows, told()).select("unit", "kind").rows() == [("web", "new")]


def test_a_watch_is_told_to_those_who_asked_for_it_and_its_end_after_as_many_calm_weeks():
    watch = ("web", "watch", "worse", None)
    assert live([watch], [], tier="watch") == [("web", "watch")]
    assert live([watch], [], [TOLD_WATCH], tier="watch") == []
    assert live([OK], [], [TOLD_WATCH], quiet={("reuse", "web"): 1}, tier="watch") == []
    assert live([OK], [], [TOLD_WATCH], quiet={("reuse", "web"): 2}, tier="watch") == [("web", "over")]
    assert live([OK], [], [TOLD_WATCH], tier="alarm") == []


def test_a_watch_that_becomes_an_alarm_is_new_and_an_alarm_that_becomes_a_watch_is_nothing():
    watch = ("web", "watch", "worse", None)
    assert live([ALARM], [lives(1, "raised")], [TOLD_WATCH], tier="watch") == [("web", "new")]
    assert live([watch], [lives(1, "raised")], [TOLD_ALARM], tier="watch") == []
