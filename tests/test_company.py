"""The made-up company, the whole way: from its systems to a board, an alert and a file."""

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from refreshed import FEW, only_few
from typer.testing import CliRunner

from connectors.company.planted import (
    PLAYBOOKS_FROM,
    PLAYBOOKS_RAMP,
    REUSE_FALLS,
    ROOT,
    SAFETY_FALLS,
    SHORT,
    SHORT_IN,
    TEAM_OF_FOUR,
    planted,
)
from connectors.company.reflection import SPENT, USED
from connectors.company.truths import TRUTHS
from connectors.store.lake import Lake
from connectors.store.memory import Memory
from connectors.tables import TABLES
from dashboard import jobs
from dashboard.cli import app
from dashboard.settings import load_settings
from metrics.cells import SHAPE
from metrics.indicator import indicators
from metrics.scores import scores

TODAY = date(2026, 11, 22)
PLACE = ["indicator", "unit", "week"]
pytestmark = pytest.mark.timeout(1200)


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    """Settings of a company that has been made up, read in and counted from the command line."""
    folder = tmp_path_factory.mktemp("company")
    ran = CliRunner().invoke(app, ["demo", "--folder", str(folder), "--today", str(TODAY)])
    assert ran.exit_code == 0, ran.output
    return load_settings(folder / "settings.toml")


@pytest.fixture(scope="module")
def edition(company):
    return Memory.open(company.store.memory).published()


def alarms(edition, unit, indicator, side):
    return edition.cells.filter(unit=unit, indicator=indicator, verdict="alarm", side=side)


def test_every_system_is_read_whole_and_no_row_is_refused(company):
    memory = Memory.open(company.store.memory)
    assert set(memory.runs()["state"]) == {"done"}
    assert memory.refused().is_empty()
    assert set(Lake(company.store.lake).tables()) == set(TABLES)


@pytest.mark.parametrize(
    "one", [one for one in planted(TODAY) if one.to_be_found], ids=lambda one: f"{one.name} {one.unit}"
)
def test_what_was_planted_is_found_after_it_began(edition, one):
    found = [
        alarms(edition, one.unit, name, one.direction).filter(pl.col("week") >= one.onset) for name in one.indicators
    ]
    assert any(not rows.is_empty() for rows in found)


def test_the_evidence_of_the_survey_recovers_what_was_planted(edition):
    """Reliable by .85 before answers are rounded, ICC(1) .12, 65 % who answer, a fall of .73 of 6 points."""
    said = edition.surveys.filter(indicator="psychological_safety")
    whole = said.filter(unit="larkfield").sort("week")
    assert whole["alpha"].to_list() == pytest.approx([0.85] * whole.height, abs=0.04)
    assert whole["icc1"].drop_nulls().mean() == pytest.approx(0.12, abs=0.04)
    assert whole["response"].to_list() == pytest.approx([65.0] * whole.height, abs=4)
    assert set(whole["rely"]) == {"yes"}
    for unit in SAFETY_FALLS:
        fell = said.filter(unit=unit, changed="yes").sort("change").row(0, named=True)
        assert fell["change"] == pytest.approx(-0.73 / 6 * 100, abs=5)
        assert fell["change_high"] < -5


def test_every_indicator_has_a_value_somewhere(edition):
    """Most for the whole company; the few without may need more of what they wait for than there is."""
    known = edition.cells.drop_nulls("value")
    assert set(known["indicator"]) == set(indicators())
    assert len(set(indicators()) - set(known.filter(unit=ROOT)["indicator"])) <= 2


@pytest.mark.parametrize("one", TRUTHS, ids=lambda one: f"{one.indicator} {one.unit}")
def test_what_the_company_is_drawn_from_is_within_the_interval_that_is_published(edition, one):
    """Of what is steady the middle of a year's windows, none of which share a week; of what changed the last one."""
    cells = edition.cells.filter(unit=one.unit, indicator=one.indicator, state="shown").drop_nulls("value")
    window = indicators()[one.indicator].window
    year = cells.sort("week", descending=True).head(52 if one.steady else 1).gather_every(window)
    assert year.height > 0
    assert year["low"].median() <= one.value <= year["high"].median()


def test_money_and_hours_for_learning_are_spent_as_drawn(edition):
    """Sums of what teams spent have no interval: a tenth of a share either way."""
    for name, share in (("learning_time", USED), ("learning_budget", SPENT)):
        last = edition.cells.filter(unit=ROOT, indicator=name, state="shown").drop_nulls("value").sort("week")[-1]
        assert last["value"].item() == pytest.approx(100 * share, abs=3)


def test_good_news_is_on_the_board_as_good_news(edition):
    assert not edition.verdicts.filter(unit="eng-platform", verdict="alarm", side="better").is_empty()


def test_the_playbook_programme_is_found_to_have_changed_what_was_planted_within_its_interval(edition):
    ramp = sum(min(week / PLAYBOOKS_RAMP, 1) for week in range(PLAYBOOKS_FROM)) / PLAYBOOKS_FROM
    planted_here = next(one for one in planted(TODAY) if one.name == "playbooks spread").size * ramp * 100
    found = edition.effects.filter(name="Playbook programme", indicator="link_rate", method="difference in differences")
    assert found["clear"].item()
    assert found["low"].item() <= planted_here <= found["high"].item()


def test_the_second_office_is_found_to_have_thinned_out_ties_against_divisions_alike(edition):
    found = edition.effects.filter(
        name="Second office for Product", indicator="cross_team_density", method="difference in differences"
    )
    assert found["clear"].item()
    assert found["high"].item() < 0


def test_the_outlook_is_a_forecast_and_foresees_the_shortage_that_was_planted(edition):
    assert set(edition.backtests["state"]) == {"forecast"}
    one = edition.outlook.filter(unit=SHORT_IN, skill=SHORT, ahead=13)
    assert one["state"].item() == "shown"
    assert one["chance"].item() > 0.7
    assert edition.outlook.filter(state="shown")["stock"].min() >= 8


def test_weeks_in_which_the_chat_was_silent_are_held_and_raise_no_alarm(edition):
    trap = next(one for one in planted(TODAY) if one.name == "chat is silent")
    during = edition.cells.filter(
        pl.col("indicator").is_in(trap.indicators), pl.col("week") >= trap.onset, pl.col("week") < trap.until
    )
    assert set(during["state"]) <= {"held", "hidden"}
    assert set(during["verdict"]) == {"unknown"}
    assert during["value"].null_count() == during.height


def test_a_source_that_has_gone_silent_is_said(edition):
    stale = edition.feeds.filter(source="learning", table="learning").row(0, named=True)
    assert stale["state"] == "stale"
    assert "26 October 2026" in stale["words"]


def test_no_alarm_begins_in_the_weeks_around_christmas(edition):
    began = edition.cells.sort("week").with_columns(before=pl.col("verdict").shift().over("indicator", "unit"))
    began = began.filter(pl.col("verdict") == "alarm", pl.col("before") != "alarm")
    for one in (one for one in planted(TODAY) if one.direction == "quiet"):
        within = pl.col("week") >= one.onset, pl.col("week") < one.until
        planted_here = pl.col("unit").str.starts_with(REUSE_FALLS)
        assert began.filter(*within, ~planted_here).is_empty()


def test_a_team_of_four_is_nowhere_in_what_is_published_not_even_by_name(company):
    stored = b"".join(path.read_bytes() for path in sorted((company.file.parent / "data").glob("bellwether.db*")))
    assert TEAM_OF_FOUR.encode() not in stored
    assert b"kunkworks" not in stored


def test_no_address_of_a_person_is_in_any_byte_of_the_store(company):
    for path in (path for path in (company.file.parent / "data").rglob("*") if path.is_file()):
        assert b"@example.org" not in path.read_bytes(), path
    for name in TABLES:
        rows = Lake(company.store.lake).scan(name).select(pl.col(pl.String)).collect()
        assert not any(rows[column].str.contains("@").any() for column in rows.columns), name


def test_refreshing_again_publishes_the_same(company, edition, tmp_path):
    """Of a handful of indicators, most of whose weeks are kept; into a store of its own."""
    store = company.store.model_copy(update={"memory": f"sqlite:///{tmp_path}/again.db"})
    with only_few():
        again = jobs.refresh(company.model_copy(update={"store": store}))
    mine = edition.cells.filter(pl.col("indicator").is_in(FEW)).select(list(SHAPE)).sort(PLACE)
    assert mine.height > 10_000
    assert again.cells.select(list(SHAPE)).sort(PLACE).equals(mine)


def test_people_who_moved_count_in_the_team_of_that_week(company):
    from metrics.weeks import Calendar, team_of_record

    people = Lake(company.store.lake).scan("people")
    teams = team_of_record(people, Calendar(today=TODAY)).collect()
    mover = people.collect().group_by("person").agg(pl.len(), pl.col("unit").n_unique()).filter(pl.col("unit") > 1)
    stays = people.filter(pl.col("person") == mover["person"].sort()[0]).collect().sort("valid_from")
    for stay in stays.iter_rows(named=True):
        until = stay["valid_to"] or TODAY
        weeks = pl.date_range(stay["valid_from"], until, "1d", eager=True).dt.truncate("1w").unique()[1:-1]
        mine = teams.filter(pl.col("person") == stay["person"], pl.col("week").is_in(weeks.implode()))
        assert set(mine["unit"]) <= {stay["unit"]}


def test_what_changed_is_told_once(company):
    first = jobs.tell(company, datetime(2026, 11, 22, 7, tzinfo=UTC))
    assert [one.failed for one in first] == [False]
    told = sorted((company.file.parent / "alerts").iterdir())
    assert {path.suffix for path in told} == {".md", ".csv", ".json", ".xlsx", ".pdf"}
    assert jobs.tell(company, datetime(2026, 11, 23, 7, tzinfo=UTC))[0].words == "nothing new to tell"
    assert sorted((company.file.parent / "alerts").iterdir()) == told


@pytest.mark.parametrize(
    ("name", "score"), [("safety falls", "climate"), ("ties fall", "connection")], ids=["climate", "connection"]
)
def test_what_was_planted_moves_the_right_score_down_within_a_quarter(edition, name, score):
    for one in (one for one in planted(TODAY) if one.name == name):
        found = scores(edition.cells, edition.units, indicators(), one.onset + timedelta(weeks=13))["scores"]
        assert found.filter(unit=one.unit, score=score)["changed"].to_list() == ["down"]


def test_the_team_of_four_has_no_score_and_no_place_beside_others(edition):
    for name in ("scores", "score_parts", "score_courses", "score_drivers", "comparisons"):
        frame = getattr(edition, name)
        assert frame.height > 0
        assert TEAM_OF_FOUR not in frame["unit"].to_list()
