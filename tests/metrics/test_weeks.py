"""Weeks and teams of record: New Year, clocks that change, people who move, leave and come back."""

from datetime import UTC, date, datetime

import polars as pl
import pytest

from metrics.weeks import Calendar, monday_of, spine, team_of_record

BERLIN = Calendar(today=date(2026, 11, 22), zone="Europe/Berlin", holidays=frozenset({date(2026, 1, 1)}))
LONDON = Calendar(today=date(2026, 11, 22))
PEOPLE = {"person": pl.String, "unit": pl.String, "valid_from": pl.Date, "valid_to": pl.Date, "left": pl.Date}


def at(*parts):
    return datetime(*parts, tzinfo=UTC)


def one(expression, **moments):
    return pl.DataFrame({k: [v] for k, v in moments.items()}).select(expression).item()


def week(moment, calendar):
    return one(calendar.week(pl.col("m")), m=moment)


def hours(start, end, calendar=BERLIN):
    return one(calendar.working_hours(pl.col("a"), pl.col("b")), a=start, b=end)


def teams(*stays, calendar=LONDON, weeks=None):
    rows = [(*stay, *[None] * (5 - len(stay))) for stay in stays]
    found = team_of_record(pl.LazyFrame(rows, schema=PEOPLE, orient="row"), calendar, weeks)
    return sorted((str(week), unit) for _, week, unit in found.collect().rows())


def test_sunday_half_past_eleven_in_utc_is_monday_in_berlin():
    assert week(at(2026, 11, 15, 23, 30), LONDON) == date(2026, 11, 9)
    assert week(at(2026, 11, 15, 23, 30), BERLIN) == date(2026, 11, 16)


def test_the_days_around_new_year_belong_to_one_week():
    assert week(at(2025, 12, 31, 12), LONDON) == week(at(2026, 1, 4, 12), LONDON) == date(2025, 12, 29)
    assert week(at(2027, 1, 3, 12), LONDON) == date(2026, 12, 28)


@pytest.mark.parametrize(
    ("moment", "monday"),
    [
        (at(2026, 3, 29, 21, 59), date(2026, 3, 23)),
        (at(2026, 3, 29, 22, 0), date(2026, 3, 30)),
        (at(2026, 10, 25, 22, 59), date(2026, 10, 19)),
        (at(2026, 10, 25, 23, 0), date(2026, 10, 26)),
    ],
)
def test_when_the_clocks_change_the_week_still_ends_at_local_midnight(moment, monday):
    assert week(moment, BERLIN) == monday


def test_the_last_whole_week_ends_before_today():
    assert LONDON.last == date(2026, 11, 9)
    assert Calendar(today=date(2026, 11, 23)).last == date(2026, 11, 16)
    assert LONDON.this == date(2026, 11, 16)


def test_now_is_the_first_moment_of_today_where_the_organisation_is():
    assert BERLIN.now == at(2026, 11, 21, 23)


def test_the_spine_has_no_gaps_over_new_year():
    found = spine(date(2025, 12, 24), date(2026, 1, 6))["week"].to_list()
    assert found == [date(2025, 12, 22), date(2025, 12, 29), date(2026, 1, 5)]
    assert monday_of(date(2026, 1, 4)) == date(2025, 12, 29)


def test_working_hours_count_nine_to_five_local():
    assert hours(at(2026, 11, 10, 8), at(2026, 11, 10, 12)) == 4.0
    assert hours(at(2026, 11, 10, 5), at(2026, 11, 10, 22)) == 8.0


def test_a_question_on_friday_at_four_answered_monday_at_ten_waited_two_hours():
    assert hours(at(2026, 11, 13, 15), at(2026, 11, 16, 9)) == 2.0


def test_nights_weekends_and_holidays_do_not_count():
    assert hours(at(2026, 11, 13, 18), at(2026, 11, 16, 7)) == 0.0
    assert hours(at(2025, 12, 31, 15), at(2026, 1, 2, 9)) == 1.0 + 1.0


def test_office_hours_stay_office_hours_when_the_clocks_change():
    assert hours(at(2026, 3, 27, 15), at(2026, 3, 30, 8)) == 1.0 + 1.0
    assert hours(at(2026, 10, 23, 14), at(2026, 10, 26, 9)) == 1.0 + 1.0


def test_who_moves_on_thursday_counts_in_the_new_team_and_on_friday_in_the_old():
    thursday, friday = date(2026, 11, 12), date(2026, 11, 13)
    for day, unit in ((thursday, "new"), (friday, "old")):
        found = teams(("p", "old", date(2026, 10, 26), day), ("p", "new", day))
        assert found[-2:] == [("2026-11-09", unit), ("2026-11-16", "new")]


def test_who_joins_on_friday_counts_that_week():
    assert teams(("p", "east", date(2026, 11, 13))) == [("2026-11-09", "east"), ("2026-11-16", "east")]


def test_who_is_in_two_teams_after_thursday_counts_where_they_were_first():
    saturday = date(2026, 11, 14)
    assert teams(("p", "b", date(2026, 11, 13), saturday), ("p", "a", saturday))[0] == ("2026-11-09", "b")


def test_who_leaves_on_tuesday_still_counts_that_week_and_not_after():
    assert teams(("p", "east", date(2026, 11, 2), date(2026, 11, 11))) == [
        ("2026-11-02", "east"),
        ("2026-11-09", "east"),
    ]
    assert teams(("p", "east", date(2026, 11, 2), None, date(2026, 11, 11)))[-1] == ("2026-11-09", "east")
    assert teams(("p", "east", date(2026, 11, 2), date(2026, 11, 9))) == [("2026-11-02", "east")]


def test_a_gap_in_membership_is_a_gap():
    found = teams(("p", "east", date(2026, 10, 19), date(2026, 10, 26)), ("p", "east", date(2026, 11, 9)))
    assert [week for week, _ in found] == ["2026-10-19", "2026-11-09", "2026-11-16"]


def test_of_two_teams_at_once_the_one_entered_last_counts_then_the_first_by_name():
    both = ("p", "a", date(2026, 11, 2)), ("p", "b", date(2026, 11, 9))
    assert teams(*both) == [("2026-11-02", "a"), ("2026-11-09", "b"), ("2026-11-16", "b")]
    assert teams(("p", "z", date(2026, 11, 16)), ("p", "y", date(2026, 11, 16))) == [("2026-11-16", "y")]


def test_teams_may_be_asked_for_some_weeks_only():
    stay = ("p", "east", date(2020, 1, 1))
    assert teams(stay, weeks=(date(2026, 11, 2), date(2026, 11, 9))) == [("2026-11-02", "east"), ("2026-11-09", "east")]
