"""A stretch of time is walked whole, oldest first, whatever lies in it."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.errors import Changed
from connectors.vendors.windows import windows

BORN, NOW = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)
SPAN = int((NOW - BORN).total_seconds())


def walk(ages, size, most, first=None):
    """Every window over things that happened so many seconds after BORN; a vendor gives at most `most` at a time."""
    days = sorted((BORN + timedelta(seconds=one) for one in ages), reverse=True)
    asked = []

    def look(first, last, pages):
        asked.append((first, last))
        here = [day for day in days if (not first or day >= first) and (not last or day <= last)]
        return pl.DataFrame({"day": here[: pages * most]}, schema={"day": pl.Datetime("us", "UTC")}), len(
            here
        ) <= pages * most

    return list(windows(look, pl.col("day"), size, first, BORN, NOW)), asked


def test_what_fits_a_page_is_asked_for_once():
    found, asked = walk([5, 9], size=200, most=200)
    assert [(one.first, one.last, one.found.height) for one in found] == [(None, None, 2)]
    assert asked == [(None, None)]


def test_it_goes_on_from_where_it_was():
    first = BORN + timedelta(seconds=7)
    found, _ = walk([5, 9], size=200, most=200, first=first)
    assert [(one.first, one.found.height) for one in found] == [(first, 1)]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, SPAN - 1), max_size=120), st.sampled_from([2, 7, 10]), st.sampled_from([7, 10]))
def test_windows_join_and_hold_all(ages, most, size):
    found, _ = walk(ages, size=size, most=most)
    assert found[0].first is None
    assert found[-1].last is None
    assert [one.last for one in found[:-1]] == [one.first for one in found[1:]]
    held = pl.concat([one.found for one in found])["day"].unique()
    assert len(held) == len(set(ages))
    for one in found:
        assert one.found.filter((pl.col("day") < (one.first or BORN)) | (pl.col("day") > (one.last or NOW))).is_empty()


def test_a_vendor_that_does_not_keep_to_the_end_that_is_asked_for_is_found_out():
    def look(first, last, pages):
        return pl.DataFrame({"day": [NOW, BORN]}), False

    with pytest.raises(Changed, match="later things"):
        list(windows(look, pl.col("day"), 100, None, BORN, NOW))
