"""Every page and state of the screen, without a browser."""

from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest
from edition import LAST, ODD, SMALL, TODAY, UNITS, cells, edition, publish
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from connectors.store.memory import Edition, Memory
from dashboard import access
from dashboard.app import VIEWS
from dashboard.settings import FILE
from metrics.indicator import indicators

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


@pytest.mark.parametrize("page", [*(name for name in VIEWS if name != "overview"), "", *indicators()])
def test_every_page_opens_for_the_whole_and_for_a_part(settings, url, page):
    settings(url)
    assert "bw-answer" in text(opened(page))
    assert opened(page, unit="desk").selectbox[0].value == "desk"


@pytest.mark.parametrize("page", [*(name for name in VIEWS if name != "overview"), "", *indicators()])
@pytest.mark.parametrize("unit", [*(unit for unit, *_ in UNITS if unit in ("acme", "payments", "ledger"))])
def test_what_is_hidden_is_on_no_page(settings, url, page, unit):
    settings(url)
    app = opened(page, unit=unit)
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
    assert "Too few tickets" in text(opened("action_completion", unit="ledger"))
    assert "No data for this unit yet" in text(opened("cross_team_density", unit="ledger"))


def test_an_indicator_without_its_tables_says_which_it_lacks(settings, tmp_path):
    url = f"sqlite:///{tmp_path}/few.db"
    whole = edition()
    some = whole.cells.filter(pl.col("indicator") == "link_rate")
    publish(url, cells=some, verdicts=whole.verdicts.clear(), feeds=whole.feeds.filter(pl.col("source") == "desk"))
    settings(url)
    assert "it needs answers" in text(opened("psychological_safety"))
    assert "none of 7 indicators can be judged yet" in text(opened())


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


def test_an_alert_tells_who_took_it_up_and_can_be_taken_up(settings, url):
    settings(url)
    app = opened("alerts")
    said = text(app)
    assert "Taken up by Mara Lind on 22 Nov: Training for *new* joiners until January" in said
    assert "Also seen in 2 units below: Payments and Platform." in said
    app.text_input[0].input("Kim")
    app.button[0].click().run()
    assert "Taken up by Kim" in text(app)


def test_an_alert_is_not_taken_up_by_nobody(settings, url):
    settings(url)
    app = opened("alerts", unit="labs")
    app.text_input[0].input("  ")
    app.button[0].click().run()
    assert "A name is needed" in app.error[0].value


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


def test_an_acknowledgement_is_of_one_alert_not_of_the_next(url):
    memory = Memory.open(url)
    memory.acknowledge("link_rate", "north", date(2025, 1, 6), "Kim", "", datetime(2025, 1, 7, tzinfo=UTC))
    assert date(2025, 1, 6) in memory.acknowledgements()["since"].to_list()
