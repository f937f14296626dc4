"""What a new board does to alerts, week by week."""

from lives import Diary, at, board, cells, row, week

from metrics.turns import Patience, calm, turns


def test_a_duplicate_tick_changes_nothing():
    diary = Diary()
    assert diary.tick(0, row("web", "alarm")) == [("web", "raised")]
    assert diary.tick(0, row("web", "alarm")) == []
    diary.tick(2, row("web", "ok", 2), past="aoo")
    assert diary.alerts[0].state == "resolved"
    assert diary.tick(2, row("web", "ok", 2), past="aoo") == []


def test_an_alarm_under_another_has_a_life_of_its_own():
    assert Diary().tick(0, row("eng", "alarm"), row("web", "alarm", folded="eng")) == [
        ("eng", "raised"),
        ("web", "raised"),
    ]


def test_a_watch_raises_nothing_and_ends_nothing():
    diary = Diary()
    assert diary.tick(0, row("web", "watch")) == []
    diary.tick(1, row("web", "alarm", 1))
    assert diary.tick(2, row("web", "watch", 2), past="waw") == []


def test_recovery_needs_two_settled_weeks():
    diary = Diary()
    diary.tick(0, row("web", "alarm"))
    assert diary.tick(1, row("web", "ok", 1), past="ao") == []
    assert diary.tick(2, row("web", "ok", 2), past="aoo") == [("web", "recovered")]
    assert (diary.alerts[0].state, diary.alerts[0].why) == ("resolved", "as usual for 2 weeks")


def test_one_stir_begins_the_wait_for_recovery_anew():
    diary = Diary()
    diary.tick(0, row("web", "alarm"))
    assert diary.tick(3, row("web", "ok", 3), past="aowo") == []
    assert diary.tick(4, row("web", "ok", 4), past="aowoo") == [("web", "recovered")]


def test_recovery_needs_as_many_weeks_as_the_settings_say():
    diary = Diary(patience=Patience(weeks=4))
    diary.tick(0, row("web", "alarm"))
    assert diary.tick(3, row("web", "ok", 3), past="aooo") == []
    assert diary.tick(4, row("web", "ok", 4), past="aoooo") == [("web", "recovered")]


def test_one_survey_as_usual_is_enough():
    diary = Diary()
    diary.tick(0, row("web", "alarm"))
    assert diary.tick(13, row("web", "ok", 1), past="ao", waves=["reuse"]) == [("web", "recovered")]
    assert diary.alerts[0].why == "as usual for 1 survey"


def test_silence_is_never_recovery():
    diary = Diary()
    diary.tick(0, row("web", "alarm"))
    assert [diary.tick(n, row("web", "unknown", n), past="a" + "-" * n) for n in range(1, 60)] == [[]] * 59
    assert diary.alerts[0].ringing


def test_a_vanished_series_stays_open():
    diary = Diary()
    diary.tick(0, row("web", "alarm"))
    assert [diary.tick(n) for n in range(1, 60)] == [[]] * 59
    assert diary.alerts[0].state == "open"


def test_weeks_without_a_verdict_neither_count_nor_break_the_row():
    diary = Diary()
    diary.tick(0, row("web", "alarm"))
    assert diary.tick(3, row("web", "ok", 3), past="a-o-") == []
    assert diary.tick(4, row("web", "ok", 4), past="a-o-o") == [("web", "recovered")]


def test_a_source_that_goes_stale_and_comes_back_still_ringing_is_the_same_alert():
    diary = Diary()
    diary.tick(0, row("web", "alarm"))
    for number in range(1, 9):
        assert diary.tick(number, row("web", "unknown", number)) == []
    assert diary.tick(9, row("web", "alarm", 9)) == []
    assert len(diary.alerts) == 1


def test_a_source_that_goes_stale_and_comes_back_quiet_recovers_only_after_two_weeks():
    diary = Diary()
    diary.tick(0, row("web", "alarm"))
    diary.tick(3, row("web", "unknown", 3), past="a---")
    assert diary.tick(4, row("web", "ok", 4), past="a---o") == []
    assert diary.tick(5, row("web", "ok", 5), past="a---oo") == [("web", "recovered")]


def test_what_rings_again_within_eight_weeks_is_the_same_alert():
    diary = Diary()
    diary.tick(0, row("web", "alarm"))
    diary.act(1, "assigned", owner="Ben")
    diary.tick(2, row("web", "ok", 2), past="aoo")
    assert diary.tick(10, row("web", "alarm", 10)) == [("web", "returned")]
    assert (diary.alerts[0].state, diary.alerts[0].owner) == ("assigned", "Ben")


def test_what_rings_again_later_is_another():
    diary = Diary()
    diary.tick(0, row("web", "alarm"))
    diary.tick(2, row("web", "ok", 2), past="aoo")
    assert diary.tick(11, row("web", "alarm", 11, since=9)) == [("web", "raised")]
    assert [one.since for one in diary.alerts] == [week(0), week(9)]


def test_a_board_that_others_have_left_behind_changes_nothing():
    diary = Diary()
    diary.tick(5, row("web", "alarm", 5))
    assert diary.tick(5, row("web", "ok", 3), past="oooo") == []
    diary.tick(7, row("web", "ok", 7), past="oooooaoo")
    assert diary.tick(7, row("web", "alarm", 5)) == []
    assert diary.tick(7, row("web", "alarm", 6, side="better")) == []


def test_trouble_that_turns_good_ends_and_begins():
    diary = Diary()
    diary.tick(0, row("web", "alarm"))
    assert diary.tick(4, row("web", "alarm", 4, side="better")) == [("web", "recovered"), ("web", "raised")]
    assert [(one.side, one.ringing) for one in diary.alerts] == [("worse", False), ("better", True)]


def test_what_a_person_resolved_recovers_silently_and_keeps_their_why():
    diary = Diary()
    diary.tick(0, row("web", "alarm"))
    diary.act(1, "resolved", note="the product was retired")
    assert diary.tick(2, row("web", "ok", 2), past="aoo") == [("web", "recovered")]
    assert (diary.alerts[0].why, diary.alerts[0].ringing) == ("the product was retired", False)


def test_what_a_person_reopened_after_recovery_stays_open_until_they_resolve_it():
    diary = Diary()
    diary.tick(0, row("web", "alarm"))
    diary.tick(2, row("web", "ok", 2), past="aoo")
    diary.act(1, "reopened", note="only the holidays hide it")
    assert diary.tick(9, row("web", "ok", 9), past="aoooooooo") == []
    assert diary.alerts[0].state == "open"
    assert diary.tick(30, row("web", "alarm", 30)) == [("web", "returned")]


def test_a_snoozed_alert_recovers_in_its_sleep():
    diary = Diary()
    diary.tick(0, row("web", "alarm"))
    diary.act(1, "snoozed", until=week(3))
    assert diary.tick(2, row("web", "ok", 2), past="aoo") == [("web", "recovered")]
    assert diary.tick(3, row("web", "ok", 3), past="aooo") == []


def test_a_renamed_unit_is_the_same_alert():
    diary = Diary()
    diary.tick(0, row("web", "alarm"))
    renamed = board(row("web", "alarm", 1)).with_columns(sentence=diary_words("Web and Apps"))
    assert turns(diary.alerts, renamed, {}, at(1)) == []


def diary_words(name):
    import polars as pl

    return pl.lit(f"Knowledge reuse in {name} fell.")


def test_a_unit_moved_under_another_that_rings_keeps_its_alert():
    diary = Diary()
    diary.tick(0, row("web", "alarm"), row("ops", "alarm"))
    diary.act(1, "assigned", owner="Ben")
    assert diary.tick(1, row("web", "alarm", 1, folded="ops"), row("ops", "alarm", 1)) == []
    assert diary.alerts[0].owner == "Ben"


def test_a_unit_under_a_new_number_begins_a_new_life_and_the_old_one_is_not_called_over():
    diary = Diary()
    diary.tick(0, row("web", "alarm"))
    assert diary.tick(1, row("web2", "alarm", 1)) == [("web2", "raised")]
    assert diary.alerts[0].ringing


def test_calm_counts_shown_weeks_as_usual_after_the_turn():
    place = ("reuse", "web")
    assert calm(cells("web", "ooaoo"), {place: week(2)}) == {place: 2}
    assert calm(cells("web", "ooooo"), {place: week(2)}) == {place: 2}
    assert calm(cells("web", "aoow"), {place: week(0)}) == {}
    assert calm(cells("web", "aooo", state="held"), {place: week(0)}) == {}
    assert calm(cells("web", "ooo"), {place: None}) == {place: 3}
