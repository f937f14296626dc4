"""Pictures: what is drawn, what is left out, and that every one can be read aloud."""

from datetime import date, timedelta

import polars as pl
import vl_convert
from edition import cells

from dashboard import charts
from metrics.indicator import indicators

EVENTS = pl.DataFrame({"week": [date(2026, 3, 2)], "unit": [None], "text": ["Re-organisation"]})


def of(indicator, unit):
    return cells().filter(pl.col("indicator") == indicator, pl.col("unit") == unit).sort("week")


def svg(chart):
    return vl_convert.vegalite_to_svg(chart.to_dict())


def test_a_trend_shows_alarm_event_and_usual_range():
    drawn = svg(charts.trend(of("knowledge_reuse", "engineering"), indicators()["knowledge_reuse"], 600, 300, EVENTS))
    assert "Re-organisation" in drawn
    assert charts.ink(False).kind("alarm") in drawn


def test_a_trend_shows_when_it_began_as_a_line_in_a_band_and_neither_outside_the_picture():
    course, began = of("knowledge_reuse", "engineering"), (date(2026, 6, 8), date(2026, 5, 25), date(2026, 6, 22))

    def marks(cells):
        layers = charts.trend(cells, indicators()["knowledge_reuse"], 600, 300, began=began).to_dict()["layer"]
        return [one["mark"]["type"] for one in layers if one["encoding"]["x"]["field"] in ("early", "week")]

    assert marks(course)[:2] == ["rect", "rule"]
    assert not {"rect", "rule"} & set(marks(course.filter(pl.col("week") > date(2026, 7, 6))))


def test_a_missing_week_breaks_the_line_and_a_missing_survey_month_does_not():
    weeks = of("link_rate", "acme")
    found = charts.points(pl.concat([weeks[:10], weeks[11:20]]), indicators()["link_rate"])
    assert found["stretch"].to_list() == [0] * 10 + [1] * 9
    assert charts.points(of("psychological_safety", "acme"), indicators()["psychological_safety"])["stretch"].max() == 0


def test_hidden_and_held_weeks_are_not_drawn_as_numbers():
    found = charts.points(of("psychological_safety", "ledger"), indicators()["psychological_safety"])
    assert found.is_empty()
    held = of("question_answered", "acme")
    assert len(charts.points(held, indicators()["question_answered"])) == len(held) - 3


def test_nothing_at_all_still_makes_a_picture():
    nothing = cells().clear()
    for chart in (charts.trend, charts.spark):
        assert "<svg" in svg(chart(nothing, indicators()["link_rate"], 300, 100))


def test_one_single_week_makes_a_picture():
    assert "<svg" in svg(charts.spark(of("link_rate", "acme").tail(1), indicators()["link_rate"], 300, 100))


def test_units_stand_in_the_order_given_with_the_unit_above_as_a_line():
    rows = of("link_rate", "acme").tail(3).with_columns(name=pl.Series(["Zebra", "Alpha", "Middle"]))
    chart = charts.branches(rows, indicators()["link_rate"], 66.0).properties(width=400)
    assert [
        layer
        for layer in chart.to_dict()["layer"]
        if layer["encoding"].get("y", {}).get("sort") == ["Zebra", "Alpha", "Middle"]
    ]
    assert svg(chart).index("Zebra") < svg(chart).index("Alpha") < svg(chart).index("Middle")


def test_every_picture_can_be_read_aloud():
    chart = charts.spark(of("knowledge_reuse", "engineering"), indicators()["knowledge_reuse"])
    assert "Needs attention" in chart.to_dict()["description"]
    assert "below its usual 40 to 48 %" in chart.to_dict()["description"]


def test_both_themes_draw_with_their_own_colours():
    course = of("knowledge_reuse", "engineering")
    light, dark = (
        str(charts.trend(course, indicators()["knowledge_reuse"], dark=dark).to_dict()) for dark in (False, True)
    )
    assert charts.ink(False).line in light and charts.ink(True).line in dark
    assert charts.ink(False).line not in dark


def test_a_percentage_axis_ends_at_a_hundred():
    high = of("link_rate", "acme").with_columns(value=pl.lit(99.5), usual_high=pl.lit(99.9))
    assert (
        charts.floor_and_ceiling(charts.points(high, indicators()["link_rate"]), indicators()["link_rate"]).domain[1]
        == 100
    )


def test_weeks_follow_one_another():
    assert of("link_rate", "acme")["week"].diff().drop_nulls().unique().to_list() == [timedelta(weeks=1)]
