"""The board, its sentences, and re-organisations."""

from datetime import date, timedelta

import polars as pl
import pytest

from metrics.board import SCHEMA, Board
from metrics.indicator import indicators
from metrics.reorganisation import breaks, events
from metrics.sentence import several

WEEK = date(2026, 3, 2)
TODAY = date(2026, 3, 10)
UNITS = pl.DataFrame(
    [("acme", None, "Acme", 0), ("eng", "acme", "Engineering", 1), ("web", "eng", "Web", 2), ("ops", "acme", "Ops", 1)],
    schema=["unit", "parent", "name", "depth"],
    orient="row",
)
CELL = {
    "indicator": pl.String, "unit": pl.String, "week": pl.Date, "state": pl.String, "mark": pl.String,
    "value": pl.Float64, "low": pl.Float64, "high": pl.Float64, "n": pl.Int64, "people": pl.Int64,
    "verdict": pl.String, "side": pl.String, "usual_low": pl.Float64, "usual_high": pl.Float64,
}  # fmt: skip
JUDGED = {
    "indicator": pl.String, "unit": pl.String, "week": pl.Date, "before": pl.Float64, "strength": pl.Float64,
    "p": pl.Float64, "maturity": pl.Int64, "since": pl.Date, "nature": pl.String,
}  # fmt: skip


def cell(unit="web", verdict="ok", side="", **facts):
    plain = {"indicator": "knowledge_reuse", "unit": unit, "week": WEEK, "state": "shown", "mark": "", "value": 31.2}
    plain |= {"low": 28.0, "high": 34.0, "n": 812, "people": 40, "verdict": verdict, "side": side}
    return plain | {"usual_low": 40.1, "usual_high": 47.8} | facts


def said(unit="web", **facts):
    plain = {"indicator": "knowledge_reuse", "unit": unit, "week": WEEK, "before": 0.44, "strength": -3.0, "p": 1e-6}
    return plain | {"maturity": 100, "since": date(2026, 1, 5), "nature": "shift"} | facts


def board(cells, judged=None):
    judged = (
        judged if judged is not None else [said(c["unit"], indicator=c["indicator"], week=c["week"]) for c in cells]
    )
    frames = pl.DataFrame(cells, schema=CELL), pl.DataFrame(judged, schema=JUDGED)
    return Board.of(*frames, UNITS, indicators(), TODAY).rows


def sentence(*cells, **judged):
    return board(cells, [said(**judged)])["sentence"][-1]


def test_an_alarm_in_a_sentence():
    assert sentence(cell(verdict="alarm", side="worse")) == (
        "Knowledge reuse in Web has fallen: 31 % over the last four weeks, usually 40 to 48 %, "
        "since the week of 5 January 2026. n = 812 tickets."
    )


def test_an_alarm_says_when_it_probably_began_and_how_sure_that_is():
    weeks = {"began": date(2026, 1, 12), "began_early": date(2025, 12, 29), "began_late": date(2026, 1, 19)}
    turned = pl.DataFrame([{"indicator": "knowledge_reuse", "unit": "web"} | weeks])
    for state in ("shown", "hidden"):
        cells = pl.DataFrame([cell(verdict="alarm", side="worse", state=state)], schema=CELL)
        judged = pl.DataFrame([said()], schema=JUDGED)
        row = Board.of(cells, judged, UNITS, indicators(), TODAY, turned).rows.row(0, named=True)
        if state == "shown":
            assert "since the week of 12 January 2026 (between 29 December 2025 and 19 January)" in row["sentence"]
            assert {name: row[name] for name in weeks} == weeks
            assert row["since"] == date(2026, 1, 5)
        else:
            assert {row[name] for name in weeks} == {None}


def test_good_news_in_a_sentence():
    assert sentence(cell(verdict="alarm", side="better", value=55.0)).startswith(
        "Knowledge reuse in Web has risen: 55 % over the last four weeks, usually 40 to 48 %"
    )


def test_what_should_be_low_has_risen_when_it_is_worse():
    found = sentence(
        cell(indicator="reopened_work", verdict="alarm", side="worse", value=11.4), indicator="reopened_work"
    )
    assert found.startswith("Reopened work in Web has risen: 11 %")


def test_a_watch_only_may_be():
    assert sentence(cell(verdict="watch", side="worse")).startswith("Knowledge reuse in Web may be falling: 31 %")


def test_an_alarm_inside_the_usual_range_says_so():
    said = sentence(cell(verdict="alarm", side="worse", value=41.0))
    assert "41 % over the last four weeks, within the usual 40 to 48 %, but steadily below the 44 % before" in said


def test_where_before_and_now_read_the_same_it_is_on_one_side_of_the_usual():
    said = sentence(cell(verdict="alarm", side="worse", value=44.0))
    assert "within the usual 40 to 48 %, but steadily on its low side" in said


def test_a_survey_is_told_by_its_wave_and_its_answers():
    found = sentence(
        cell(
            indicator="psychological_safety",
            verdict="alarm",
            side="worse",
            value=58.0,
            n=96,
            usual_low=66.0,
            usual_high=71.9,
        ),
        indicator="psychological_safety",
    )
    assert found == (
        "Psychological safety in Web has fallen: 58 of 100 in the survey of the week of 2 March 2026, "
        "usually 66 to 72 of 100. n = 96 answers."
    )


def test_a_plural_title_has_a_plural_verb():
    found = sentence(cell(indicator="action_completion", verdict="alarm", side="worse"), indicator="action_completion")
    assert found.startswith("Actions completed in Web have fallen")


def test_as_usual_in_a_sentence():
    assert sentence(cell(value=44.0)) == (
        "Knowledge reuse in Web: 44 % over the last four weeks, as usual (40 to 48 %). n = 812 tickets."
    )
    assert "no clear change yet from the usual (40 to 48 %)" in sentence(cell(value=39.0))


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"state": "hidden", "value": None, "n": None}, "Knowledge reuse in Web: not shown, to protect people."),
        ({"state": "held", "value": None, "n": None}, "waiting for data; those of the week of 2 March 2026 are late"),
        ({"mark": "too few", "value": None}, "too few tickets to give a number."),
        ({"week": date(2025, 6, 2)}, "nothing new since the week of 2 June 2025."),
    ],
)
def test_why_a_verdict_is_unknown(facts, words):
    assert words in sentence(cell(verdict="unknown", **facts))


def test_learning_says_how_far_it_has_come():
    assert "learning what is usual (9 of 12 weeks)" in sentence(cell(verdict="unknown"), maturity=9)


def test_what_is_told_for_context_is_not_said_to_be_learning():
    said = sentence(cell(indicator="ei_index", value=0.94, verdict="unknown"), maturity=0)
    assert "0.94 from -1 to 1 over the last four weeks; told for context, not judged." in said


@pytest.mark.parametrize(
    ("title", "many"),
    [
        ("Actions completed", True), ("Open actions older than a quarter", True), ("Severe incidents reviewed", True),
        ("People half the work rests on", True), ("Outward ties (E-I index)", True), ("Work done in ten days", False),
        ("Reuse across teams", False), ("Median days to a done action", False), ("Fresh knowledge", False),
        ("Recognition uneven between sites", False), ("Uplift of suggestions", False),
    ],
)  # fmt: skip
def test_whether_a_title_speaks_of_one_or_of_several(title, many):
    assert several(title) is many


def test_no_sentence_speaks_of_statistics_or_causes():
    words = " ".join(board([cell(verdict=verdict, side="worse") for verdict in ("alarm",)])["sentence"])
    assert not {"p", "SD", "sigma", "significant", "because", "EWMA"} & set(words.replace(",", " ").split())


def test_a_row_carries_its_numbers_in_display_units():
    row = board([cell(verdict="alarm", side="worse")]).row(0, named=True)
    assert (row["before"], row["now"], row["n"], row["since"]) == (44.0, 31.2, 812, date(2026, 1, 5))
    assert list(row) == list(SCHEMA)


def test_a_week_that_is_not_over_is_passed_by():
    later = cell(week=WEEK + timedelta(weeks=1), state="partial", verdict="unknown", value=5.0)
    row = board([cell(verdict="alarm", side="worse"), later]).row(0, named=True)
    assert (row["verdict"], row["week"]) == ("alarm", WEEK)


def test_a_held_week_makes_the_verdict_unknown_and_says_nothing():
    later = cell(week=WEEK + timedelta(weeks=1), state="held", verdict="unknown", value=None, n=None)
    row = board([cell(verdict="alarm", side="worse"), later]).row(0, named=True)
    assert (row["verdict"], row["now"], row["before"], row["n"], row["p"]) == ("unknown", None, None, None, None)


def test_a_hidden_cell_gives_nothing_away():
    row = board([cell(state="hidden", value=None, n=None, verdict="alarm", side="worse")]).row(0, named=True)
    assert (row["verdict"], row["side"], row["now"], row["before"], row["strength"]) == (
        "unknown",
        "",
        None,
        None,
        None,
    )


def test_a_unit_that_is_not_published_is_not_on_the_board():
    assert board([cell(unit="four")]).is_empty()


def test_an_alarm_is_folded_under_the_highest_alarm_of_its_side_above_it():
    bad = {"verdict": "alarm", "side": "worse"}
    rows = board([cell("web", **bad), cell("eng", **bad), cell("acme", **bad), cell("ops", "alarm", "better")])
    assert dict(rows.select("unit", "folded").iter_rows()) == {"web": "acme", "eng": "acme", "acme": None, "ops": None}


def test_an_alarm_folds_past_a_unit_that_is_ok_and_not_under_another_indicator():
    bad = {"verdict": "alarm", "side": "worse"}
    rows = board([cell("web", **bad), cell("eng"), cell("acme", **bad), cell("eng", indicator="link_rate", **bad)])
    folded = {(row["indicator"], row["unit"]): row["folded"] for row in rows.iter_rows(named=True)}
    assert folded["knowledge_reuse", "web"] == "acme"
    assert folded["link_rate", "eng"] is None


def test_alarms_that_stand_for_themselves_come_strongest_first():
    cells = [cell("web", "alarm", "worse"), cell("ops", "alarm", "worse")]
    judged = [said("web", strength=-1.0), said("ops", strength=-4.0)]
    made = Board.of(pl.DataFrame(cells, schema=CELL), pl.DataFrame(judged, schema=JUDGED), UNITS, indicators(), TODAY)
    assert made.alarms("worse")["unit"].to_list() == ["ops", "web"]
    assert made.alarms("better").is_empty()


def test_nothing_judged_is_an_empty_board():
    assert board([], []).schema == pl.Schema(SCHEMA)


def days(weeks):
    return [WEEK + timedelta(weeks=week) for week in range(weeks)]


def members(*weeks):
    """Who is where: one dict of unit to names per week."""
    rows = [
        (person, week, unit)
        for week, units in zip(days(len(weeks)), weeks, strict=True)
        for unit, people in units.items()
        for person in people
    ]
    return pl.DataFrame(rows, schema={"person": pl.String, "week": pl.Date, "unit": pl.String}, orient="row")


def tree(*weeks):
    rows = [
        (w, unit, parent) for w, units in zip(days(len(weeks)), weeks, strict=True) for unit, parent in units.items()
    ]
    return pl.DataFrame(rows, schema={"week": pl.Date, "unit": pl.String, "parent": pl.String}, orient="row")


FLAT = {"acme": None, "eng": "acme", "ops": "acme", "web": "eng"}
MANY = [f"p{n}" for n in range(100)]


def test_a_week_in_which_many_people_change_unit_is_an_event():
    team = members({"web": MANY[:60], "ops": MANY[60:]}, {"web": MANY[:50], "ops": MANY[50:]})
    assert events(team, tree(FLAT, FLAT), UNITS).rows() == [
        (WEEK + timedelta(weeks=1), None, "Re-organisation: about 10 % of people changed unit.")
    ]


def test_a_few_people_who_change_unit_are_no_event():
    team = members({"web": MANY[:60], "ops": MANY[60:]}, {"web": MANY[:56], "ops": MANY[56:]})
    assert events(team, tree(FLAT, FLAT), UNITS).is_empty()
    few = members({"web": MANY[:7], "ops": MANY[7:20]}, {"ops": MANY[:20]})
    assert events(few, tree(FLAT, FLAT), UNITS).is_empty()


def test_a_unit_under_another_parent_is_an_event_of_that_unit():
    team = members({"web": MANY}, {"web": MANY})
    assert events(team, tree(FLAT, FLAT | {"web": "ops"}), UNITS).rows() == [
        (WEEK + timedelta(weeks=1), "web", "Web moved to Ops.")
    ]


def test_units_that_are_not_published_are_named_in_no_event():
    before, after = (
        FLAT | {"four": "eng", "x": "web"},
        FLAT | {"four": "ops", "x": "ops", "web": "tiny", "tiny": "acme"},
    )
    told = events(members({"web": MANY}, {"web": MANY}), tree(before, after), UNITS)
    assert told["text"].to_list() == ["Web moved to another part."]


def test_a_unit_mostly_of_other_people_than_four_weeks_before_is_a_break():
    team = members(*[{"web": MANY[:20], "ops": MANY[20:40]}] * 5, *[{"web": MANY[11:31], "ops": MANY[:11]}] * 5)
    assert breaks(team, tree(*[FLAT] * 10)).filter(pl.col("unit") == "web").rows() == [
        ("web", WEEK + timedelta(weeks=5))
    ]


def test_a_unit_that_keeps_half_of_its_people_is_no_break():
    team = members(*[{"web": MANY[:20]}] * 5, *[{"web": MANY[10:30]}] * 5)
    assert breaks(team, tree(*[FLAT] * 10)).is_empty()


def test_people_who_move_within_a_unit_stay_in_it():
    team = members(*[{"web": MANY[:20], "eng": MANY[20:40]}] * 5, *[{"eng": MANY[:20], "web": MANY[20:40]}] * 5)
    found = breaks(team, tree(*[FLAT] * 10))
    assert "acme" not in found["unit"]
    assert found.filter(pl.col("unit") == "web").height == 1


def test_a_unit_that_doubles_and_more_is_a_break():
    team = members(*[{"web": MANY[:9]}] * 5, *[{"web": MANY[:20]}] * 5)
    assert breaks(team, tree(*[FLAT] * 10))["week"].to_list() == [WEEK + timedelta(weeks=5)] * 3


def test_a_new_unit_is_no_break():
    team = members(*[{"ops": MANY[:20]}] * 5, *[{"ops": MANY[:20], "web": MANY[20:30]}] * 5)
    assert "web" not in breaks(team, tree(*[FLAT] * 10))["unit"]
