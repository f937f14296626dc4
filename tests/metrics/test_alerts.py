"""What is told, once, and what is not."""

from datetime import UTC, date, datetime, timedelta

import polars as pl

from metrics.alerts import flips, life

MARCH = date(2026, 3, 2)
BOARD = {
    "indicator": pl.String, "unit": pl.String, "verdict": pl.String, "side": pl.String, "since": pl.Date,
    "folded": pl.String, "sentence": pl.String,
}  # fmt: skip
TOLD = {"indicator": pl.String, "unit": pl.String, "verdict": pl.String, "side": pl.String, "since": pl.Date}
TOLD |= {"at": pl.Datetime("us", "UTC")}
KNOWN = {"indicator": pl.String, "unit": pl.String, "since": pl.Date, "who": pl.String, "note": pl.String}
KNOWN |= {"at": pl.Datetime("us", "UTC")}


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


def known(since=MARCH, at=1, who="Ana"):
    row = ("reuse", "web", since, who, "new product", datetime(2026, 4, at, tzinfo=UTC))
    return pl.DataFrame([row], schema=KNOWN, orient="row")


def test_an_open_alert_bears_its_newest_acknowledgement_and_how_many_are_folded_under_it():
    now = board(("web", "alarm", "worse", None), ("api", "alarm", "worse", "web"), ("ui", "alarm", "worse", "web"))
    alive = life(now, pl.concat([known(), known(at=2, who="Ben")]))
    assert alive.select("unit", "also", "who", "note").rows() == [("web", 2, "Ben", "new product")]


def test_an_acknowledgement_survives_a_beginning_that_late_data_shifted():
    alive = life(board(("web", "alarm", "worse", None)), known(since=MARCH - timedelta(weeks=4)))
    assert alive["who"].to_list() == ["Ana"]


def test_an_alert_that_comes_back_is_not_acknowledged():
    alive = life(board(("web", "alarm", "worse", None)), known(since=MARCH - timedelta(weeks=5)))
    assert alive["who"].to_list() == [None]


def test_what_is_ok_or_unknown_is_not_open():
    assert life(board(("web", "ok", "", None), ("app", "unknown", "", None)), known()).is_empty()
