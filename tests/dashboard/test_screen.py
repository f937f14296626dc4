"""Every page and state of the screen, without a browser."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from edition import COURSES, LAST, ODD, SMALL, TODAY, UNITS, cells, edition, publish, telling, verdicts
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from connectors.store.memory import Edition, Memory
from dashboard import access, lifetime
from dashboard.app import VIEWS
from dashboard.settings import FILE
from metrics.goalposts import SCORES
from metrics.indicator import indicators

SCORED = [f"score-{one.name}" for one in SCORES]
FIXED = [*(name for name in VIEWS if name != "overview"), "", *SCORED]
APP = Path(__file__).parents[2] / "dashboard" / "app.py"


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    url = f"sqlite:///{tmp_path_factory.mktemp('screen')}/memory.db"
    publish(url)
    return url


@pytest.fixture
def settings(tmp_path, monkeypatch):
    def write(url):
        monkeypatch.setenv(FILE, str(tmp_path / "settings.toml"))
        (tmp_path / "settings.toml").write_text(f'[organisation]\nname = "Acme"\n[store]\nmemory = "{url}"\n')

    return write


def opened(page="", **address):
    app = AppTest.from_file(APP, default_timeout=60)
    app._page_hash = calc_hash(page) if page else ""
    for name, value in address.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def text(app):
    """All that a page says, whatever it says it with."""
    kinds = ("html", "markdown", "subheader", "caption", "info", "error")
    said = [str(part.proto.body) for kind in kinds for part in app.get(kind)]
    links = [str(part.proto.label) for part in app.get("page_link")]
    return " ".join([*said, *links]).replace("\u00a0", " ")


@pytest.mark.parametrize("page", [*FIXED, *indicators()])
def test_every_page_opens(settings, url, page):
    settings(url)
    assert "bw-answer" in text(opened(page))


NUMBERED = [*FIXED, *COURSES]
PLACES = [(page, unit) for page in NUMBERED for unit in ("acme", "payments", "ledger")]
PLACES += [(page, "payments") for page in telling() if page not in NUMBERED]


@pytest.mark.parametrize(("page", "unit"), PLACES)
def test_every_page_opens_for_a_part_and_what_is_hidden_is_on_none(settings, url, page, unit):
    settings(url)
    app = opened(page, unit=unit)
    assert app.selectbox[0].value == unit
    everything = text(app) + str(
        [part.proto for kind in ("arrow_data_frame", "vega_lite_chart") for part in app.get(kind)]
    )
    everything += str([box.options for box in app.selectbox])
    for secret in (SMALL, "77.71", "77,71", "777123", "777,123"):
        assert secret not in everything


def test_the_overview_answers_first_and_counts_what_rings_below(settings, url):
    settings(url)
    said = text(opened())
    assert "Is Acme learning?" in said
    assert "1 of 7 indicators may be improving" in said
    assert "In the units below: 4 alerts need attention and 1 piece of good news." in said


def test_the_alerts_page_says_what_the_limits_give_against_what_was_asked(settings, url):
    settings(url)
    said = text(opened("alerts"))
    assert "at most 4 alarms a month. On your own history, shuffled, the usual limits give 2.6." in said


def test_when_an_alarm_began_is_drawn_and_said(settings, url):
    settings(url)
    said = text(opened("knowledge_reuse", unit="engineering"))
    assert "it probably began here" in said
    assert "it probably began here" not in text(opened("knowledge_reuse", unit="desk"))
    number = next(
        one.id for one in lifetime.alerts(Memory.open(url)) if one.place == ("knowledge_reuse", "engineering")
    )
    told = text(opened("alert", unit="engineering", id=str(number)))
    assert "probably in the week of 8 Jun, between 25 May and 22 Jun" in told


def test_the_page_of_an_indicator_names_what_should_move_with_it(settings, url):
    settings(url)
    assert "Cross-team ties (up when this goes up)" in text(opened("knowledge_reuse"))


def test_a_unit_that_is_not_shown_leads_to_the_whole_with_a_word(settings, url):
    settings(url)
    for name in ("nope", SMALL):
        app = opened("", unit=name)
        assert "is not shown here" in app.info[0].value
        assert "Is Acme learning?" in text(app)


def test_the_picker_lists_the_tree_and_writes_the_address(settings, url):
    settings(url)
    app = opened()
    picker = app.selectbox[0]
    assert len(picker.options) == len(UNITS)
    picker.select("engineering").run()
    assert app.query_params["unit"] == "engineering"
    assert "Is Engineering learning?" in text(app)


def test_how_far_back_is_kept_in_the_address(settings, url):
    settings(url)
    app = opened("knowledge_reuse", unit="payments", weeks="26")
    links = [part.proto.query_string for part in app.get("page_link")]
    assert all("unit=" in one and "weeks=26" in one for one in links)


def test_held_hidden_partial_and_few_are_said_in_words(settings, url):
    settings(url)
    assert "Waiting for data from chat" in text(opened("question_answered"))
    assert "fewer than 8, or it would give a smaller group away" in text(opened("psychological_safety", unit="ledger"))
    assert "2 units not shown to protect people" in text(opened("psychological_safety", unit="payments"))
    assert "Newer weeks are still filling up" in text(opened("action_completion"))
    assert "Too few actions" in text(opened("action_completion", unit="ledger"))
    assert "No data for this unit yet" in text(opened("cross_team_density", unit="ledger"))


def test_an_indicator_without_its_tables_says_which_it_lacks(settings, tmp_path):
    url = f"sqlite:///{tmp_path}/few.db"
    whole = edition()
    some = whole.cells.filter(pl.col("indicator") == "link_rate")
    publish(url, cells=some, verdicts=whole.verdicts.clear(), feeds=whole.feeds.filter(pl.col("source") == "desk"))
    settings(url)
    assert "it needs answers" in text(opened("psychological_safety"))
    assert "the one indicator that has data cannot be judged yet" in text(opened())


def test_before_the_first_refresh_it_says_what_to_run(settings, tmp_path):
    url = f"sqlite:///{tmp_path}/none.db"
    Memory.open(url)
    settings(url)
    assert "bellwether sync refresh" in text(opened())


def test_without_settings_it_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv(FILE, str(tmp_path / "missing.toml"))
    assert "does not exist" in text(opened())


def test_one_unit_alone_and_an_archive_are_shown(settings, tmp_path):
    url = f"sqlite:///{tmp_path}/one.db"
    whole = edition()
    publish(url, archive=True, units=whole.units.head(1), notes="The newest data are of May 2016.")
    settings(url)
    said = text(opened())
    assert "Looking back" in said and "The newest data are of May 2016." in said
    assert "In the units below" not in said
    assert "Where in the tree" not in text(opened("knowledge_reuse"))


@pytest.fixture
def unsigned(monkeypatch):
    """A dashboard that asks nobody to sign in; the test library signs a visitor in by itself."""
    monkeypatch.setattr(access, "viewer", lambda: "")


def test_whoever_signed_in_acts_under_that_name(settings, url):
    settings(url)
    app = opened("alerts", unit="success")
    assert "Your name" not in [one.label for one in app.text_input]
    app.button[0].click().run()
    assert "Taken up by test@example.com" in text(app)


def test_an_alert_tells_who_took_it_up_and_can_be_taken_up(settings, url, unsigned):
    settings(url)
    app = opened("alerts")
    said = text(app)
    assert "Taken up by Mara Lind on 22 Nov: Training for *new* joiners until January" in said
    assert "Also seen in 2 units below: Payments and Platform." in said
    app.text_input[0].input("Kim")
    app.button[0].click().run()
    assert "Taken up by Kim" in text(app)


def test_an_alert_is_not_taken_up_by_nobody(settings, tmp_path, unsigned):
    url = f"sqlite:///{tmp_path}/nobody.db"
    publish(url)
    settings(url)
    app = opened("alerts", unit="labs")
    app.text_input[0].input("  ")
    app.button[0].click().run()
    assert "A name is needed" in app.error[0].value


def may_see(tmp_path, *lines):
    path = tmp_path / "settings.toml"
    path.write_text(path.read_text() + "\n".join(["[access]", *lines]))


@pytest.mark.parametrize("page", ["", "alerts", "knowledge_reuse", "reopened_work"])
def test_whoever_signed_in_sees_only_the_units_they_may_see(settings, url, tmp_path, page):
    settings(url)
    may_see(tmp_path, '"Test@Example.com" = ["care"]')
    app = opened(page)
    assert [name.strip() for name in app.selectbox[0].options] == ["Customer Care", "Customer Success", "Service Desk"]
    for other in ("Payments", "Engineering", "Region North"):
        assert other not in text(app)


def test_an_alert_of_a_unit_one_may_not_see_is_not_shown_by_its_number(settings, url, tmp_path):
    settings(url)
    number = number_of(url, "knowledge_reuse", "engineering")
    may_see(tmp_path, '"*" = ["care"]')
    assert "This alert is not shown here." in text(opened("alert", id=str(number), unit="engineering"))


def test_whoever_may_see_nothing_is_told_whom_to_ask(settings, url, tmp_path):
    settings(url)
    may_see(tmp_path, '"ada@example.org" = ["care"]')
    said = text(opened())
    assert "There is no unit here that you may see." in said and "signed in as test@example.com" in said
    assert "Service Desk" not in said


def number_of(url, indicator, unit):
    return next(one.id for one in lifetime.alerts(Memory.open(url)) if one.place == (indicator, unit))


def test_an_alert_has_a_page_of_its_own_with_its_why_and_its_history(settings, url):
    settings(url)
    number = number_of(url, "knowledge_reuse", "engineering")
    said = text(opened("alert", id=str(number), unit="engineering"))
    assert "Knowledge reuse in Engineering has moved out of its usual range" in said
    assert "Also seen below in" in said and "Payments and Platform" in said
    assert "22 Nov: the numbers raised it" in said
    assert "a drift, bit by bit" in said


def test_what_has_stopped_is_listed_as_silent(settings, tmp_path):
    url = f"sqlite:///{tmp_path}/silent.db"
    place = (pl.col("indicator") == "link_rate") & pl.col("unit").is_in(["south", SMALL])
    quiet = verdicts(cells()).with_columns(nature=pl.when(place).then(pl.lit("silence")).otherwise("nature"))
    publish(url, verdicts=quiet)
    settings(url)
    said = [one.label for one in opened("alerts").expander]
    assert "Gone silent: 1 number that came nearly every week and stopped" in said
    assert not [one for one in opened("alerts", unit="north").expander if "Gone silent" in one.label]


def test_an_alert_is_handed_over_put_off_resolved_and_reopened_on_its_page(settings, url, unsigned):
    settings(url)
    number = number_of(url, "psychological_safety", "desk")

    def does(label, **fields):
        app = opened("alert", id=str(number), unit="desk")
        button = next(one for one in app.button if one.label == label)
        form = button.proto.form_id
        for one in [*app.text_input, *app.text_area]:
            if one.proto.form_id == form and one.label in fields | {"Your name": ""}:
                one.input(({"Your name": "Kim"} | fields)[one.label])
        button.click().run()
        return text(app)

    assert "Mara has it, due" in does("Hand over", Owner="Mara")
    assert "Put off until" in does("Put off")
    assert "Resolved: the survey was wrong." in does("Resolve", Why="the survey was wrong")
    assert "Mara has it" in does("Reopen", Why="it was not")
    assert "Kim said what it was worth: Useful: it led to something" in does("Say so")
    assert [one.act for one in lifetime.history(Memory.open(url), number)] == [
        "raised", "assigned", "snoozed", "resolved", "reopened", "outcome",
    ]  # fmt: skip


@pytest.mark.parametrize("number", ["", "x", "999", "1 OR 1=1"])
def test_an_alert_that_is_not_there_says_so(settings, url, number):
    settings(url)
    assert "This alert is not shown here." in text(opened("alert", id=number))


def test_an_alert_of_a_unit_that_may_not_be_shown_is_not_shown_by_its_number(settings, url):
    settings(url)
    number = number_of(url, "action_completion", SMALL)
    assert "This alert is not shown here." in text(opened("alert", id=str(number)))
    assert str(number) not in [one.proto.query_string for one in opened("alerts").get("page_link")]


def test_alerts_are_filtered_by_what_the_address_asks(settings, url):
    settings(url)
    said = text(opened("alerts", theme="climate"))
    assert "Psychological safety in Service Desk" in said and "Knowledge reuse in Engineering" not in said
    assert "Reopened work in Service Desk" in text(opened("alerts", state="acknowledged"))
    assert "No alert is like that" in text(opened("alerts", state="acknowledged", theme="climate"))


def test_what_is_muted_is_shown_as_muted(settings, tmp_path):
    url = f"sqlite:///{tmp_path}/muted.db"
    memory = publish(url)
    settings(url)
    until = datetime.now(UTC).date() + timedelta(days=9)
    said = {"unit": "labs", "indicator": "", "theme": "", "below": True, "until": until, "who": "Ada"}
    memory.mute(said | {"why": "they move house", "at": datetime.now(UTC)})
    app = opened("alerts")
    assert "Put off or muted: 1" in [one.label for one in app.expander]
    assert "by Ada, not sent: they move house" in text(app)


def test_a_units_name_is_never_markup(settings, url):
    settings(url)
    for page in ("", "alerts", "reopened_work"):
        app = opened(page, unit="labs")
        assert "<script>" not in "".join(part.proto.body for part in app.get("html"))
        for part in app.get("page_link"):
            assert "[x](http" not in part.proto.label
    assert ODD in str(opened().selectbox[0].options)


def test_the_data_page_says_what_a_person_must_do(settings, url):
    settings(url)
    said = text(opened("data"))
    assert "Chat and wiki need a look" in said
    assert "Refused: a person must act" in said
    assert "renew the token for this source" in said
    assert "Questions answered: 2 Nov to 22 Nov (3 weeks)" in said


def test_a_hidden_cell_keeps_no_number_even_if_one_was_published():
    leak = cells().filter(pl.col("state") == "hidden").with_columns(value=pl.lit(77.7), n=pl.lit(6))
    assert access.masked(leak).select(access.NUMBERS).null_count().row(0) == (len(leak),) * len(access.NUMBERS)


def test_the_newest_whole_week_stands_not_the_one_still_filling_up():
    empty = Edition(TODAY, "")
    course = cells().filter(pl.col("indicator") == "action_completion", pl.col("unit") == "acme")
    found = access.standing(course, empty.verdicts)
    assert (found["week"], found["filling"], found["verdict"]) == (date(2026, 10, 19), True, "unknown")
    assert date(2026, 11, 16) == LAST


def test_the_overview_shows_five_scores_with_range_change_and_evidence(settings, url):
    settings(url)
    said = text(opened())
    assert "Five scores" in said
    for score in SCORES:
        assert score.title in said
    assert said.count("likely ") >= 4 and "of 100" in said
    assert "Not enough evidence" in said
    assert "No clear change in three months." in said or "three months ago." in said
    assert "Evidence" in said


def test_a_score_page_says_what_it_is_made_of_and_how_far_to_believe_it(settings, url):
    settings(url)
    said = text(opened("score-knowledge", unit="engineering"))
    assert "Knowledge reuse in Engineering" in said
    assert "points" in said and "0 at 10 %, 100 at 70 %" in said
    assert "in 2,000 other ways" not in said and "of 2,000 other ways of making it" in said
    assert "Sobol indices" in said
    assert "there are no ranks" in said
    assert "1; numbers of different versions are never drawn in one line" in said


def test_a_score_without_enough_evidence_says_what_lacks(settings, url):
    settings(url)
    said = text(opened("score-skills"))
    assert "Not enough evidence" in said
    assert "its weight goes to the others" in said
    assert "Skills covered" in said


def test_units_below_are_said_to_be_beyond_only_where_they_may_be_compared(settings, url):
    settings(url)
    assert "Too few units of this level" in text(opened("link_rate"))
    said = text(opened("link_rate", unit="engineering"))
    assert "No unit is beyond what chance and usual differences explain." in said
    assert "The dashed line is Engineering as a whole." in said
