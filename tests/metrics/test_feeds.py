"""Freshness in words: what has fallen silent, since when."""

from datetime import date, timedelta

import polars as pl

from metrics.feeds import feeds

LAST = date(2026, 11, 9)
ROWS = pl.DataFrame(
    {
        "source": ["chat", "chat"],
        "table": ["messages"] * 2,
        "week": [date(2026, 10, 5), date(2026, 10, 12)],
        "rows": [90, 10],
    }
)


def held(*ago):
    weeks = [LAST - timedelta(weeks=one) for one in ago]
    shape = {"source": pl.String, "table": pl.String, "week": pl.Date}
    return pl.DataFrame([("chat", "messages", week) for week in weeks], schema=shape, orient="row")


def test_a_stream_held_up_to_the_last_whole_week_is_stale_since_the_first_of_them():
    row = feeds(ROWS, held(0, 1, 2, 9), LAST).row(0, named=True)
    assert row["state"] == "stale"
    assert row["words"] == "Hardly any messages from chat since 26 October 2026; numbers that need them are held."


def test_a_stream_that_came_back_is_fresh():
    row = feeds(ROWS, held(1, 2), LAST).row(0, named=True)
    assert (row["state"], row["words"], row["newest"], row["rows"]) == ("fresh", "", date(2026, 10, 12), 100)
