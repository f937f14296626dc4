"""When a report is due: in words or as a cron line, on the clock of its zone, in summer and in winter."""

from datetime import UTC, datetime

import pytest

from dashboard.timetable import Timetable


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


def moments(words, start, count, zone="Europe/Berlin"):
    table, found = Timetable.of(words, zone), []
    for _ in range(count):
        start = table.after(start)
        found.append(f"{start:%a %m-%d %H:%M}")
    return found


SUNDAY = utc(2026, 11, 22, 12)


@pytest.mark.parametrize(
    ("words", "next_three"),
    [
        ("Mondays 07:00", ["Mon 11-23 06:00", "Mon 11-30 06:00", "Mon 12-07 06:00"]),
        ("monday, thursday 7:00", ["Mon 11-23 06:00", "Thu 11-26 06:00", "Mon 11-30 06:00"]),
        ("Mondays and Thursdays at 07:00", ["Mon 11-23 06:00", "Thu 11-26 06:00", "Mon 11-30 06:00"]),
        ("weekdays 06:30", ["Mon 11-23 05:30", "Tue 11-24 05:30", "Wed 11-25 05:30"]),
        ("daily 23:00", ["Sun 11-22 22:00", "Mon 11-23 22:00", "Tue 11-24 22:00"]),
        ("monthly 07:00", ["Tue 12-01 06:00", "Fri 01-01 06:00", "Mon 02-01 06:00"]),
        ("first Monday 08:00", ["Mon 12-07 07:00", "Mon 01-04 07:00", "Mon 02-01 07:00"]),
        ("0 7 * * 1", ["Mon 11-23 06:00", "Mon 11-30 06:00", "Mon 12-07 06:00"]),
        ("0 7 * * 0", ["Sun 11-29 06:00", "Sun 12-06 06:00", "Sun 12-13 06:00"]),
        ("0 7 * * sun", ["Sun 11-29 06:00", "Sun 12-06 06:00", "Sun 12-13 06:00"]),
        ("0 7 * * 5-7", ["Fri 11-27 06:00", "Sat 11-28 06:00", "Sun 11-29 06:00"]),
        ("*/30 9 1 * *", ["Tue 12-01 08:00", "Tue 12-01 08:30", "Fri 01-01 08:00"]),
        ("0 7 1 * 1", ["Mon 11-23 06:00", "Mon 11-30 06:00", "Tue 12-01 06:00"]),
        ("0 7 29 2 *", ["Tue 02-29 06:00", "Sun 02-29 06:00", "Fri 02-29 06:00"]),
    ],
)
def test_it_is_due_at(words, next_three):
    assert moments(words, SUNDAY, 3) == next_three


def test_seven_is_seven_in_winter_and_in_summer():
    assert moments("Mondays 07:00", utc(2026, 3, 20), 2) == ["Mon 03-23 06:00", "Mon 03-30 05:00"]
    assert moments("Mondays 07:00", utc(2026, 10, 18), 2) == ["Mon 10-19 05:00", "Mon 10-26 06:00"]


def test_an_hour_that_is_left_out_is_made_up_for_once():
    """On 29 March 2026 the clock in Berlin goes from 02:00 to 03:00: 02:30 is not there; 03:30 is 01:30 UTC."""
    assert moments("daily 02:30", utc(2026, 3, 28, 12), 2) == ["Sun 03-29 01:30", "Mon 03-30 00:30"]


def test_an_hour_that_comes_twice_counts_once():
    """On 25 October 2026 02:30 comes at 00:30 and at 01:30 UTC."""
    assert moments("daily 02:30", utc(2026, 10, 24, 12), 2) == ["Sun 10-25 00:30", "Mon 10-26 01:30"]


def test_what_is_due_every_hour_is_so_in_a_night_of_25_hours():
    found = moments("0 * * * *", utc(2026, 10, 24, 22, 30), 4)
    assert found == ["Sat 10-24 23:00", "Sun 10-25 00:00", "Sun 10-25 01:00", "Sun 10-25 02:00"]


def test_the_last_time_it_was_due_includes_now():
    table = Timetable.of("Mondays 07:00", "Europe/Berlin")
    assert table.before(utc(2026, 11, 23, 6)) == utc(2026, 11, 23, 6)
    assert table.before(utc(2026, 11, 23, 5, 59)) == utc(2026, 11, 16, 6)


def test_a_moment_is_said_on_the_clock_of_the_zone():
    assert Timetable.of("Mondays 07:00", "Asia/Tokyo").local(utc(2026, 11, 22, 22)) == "Monday 23 November 2026, 07:00"


@pytest.mark.parametrize(
    "words", ["", "Mondays", "7:00", "Moonday 07:00", "Mondays 25:00", "0 7 * *", "0 7 * * x", "*/0 7 * * *", "@noon"]
)
def test_what_means_no_time_is_refused_with_examples(words):
    with pytest.raises(ValueError, match=r"write it like `Mondays 07:00`"):
        Timetable.of(words, "UTC")


def test_a_number_out_of_its_field_is_named():
    with pytest.raises(ValueError, match="has '61' for the minute, which goes from 0 to 59"):
        Timetable.of("61 7 * * *", "UTC")


def test_a_day_that_never_comes_is_refused():
    with pytest.raises(ValueError, match="never comes"):
        Timetable.of("0 7 30 2 *", "UTC")
