"""A survey, the whole way: from files through the lake to what is published, and a team of four in no byte of it."""

from datetime import UTC, date, datetime

import numpy as np
import polars as pl
import pytest

from connectors.store.memory import Memory
from dashboard import jobs
from dashboard.settings import load_settings
from tests.metrics.survey.made import SAFETY, drawn

WAVES = (date(2026, 3, 2), date(2026, 6, 1))
TODAY = date(2026, 9, 7)
FOUR = "kunkworks"
SETTINGS = """
[organisation]
name = "Acme"
[store]
lake = "data/lake"
memory = "data/bellwether.db"
[sources.pulse]
kind = "files"
[sources.pulse.answers]
path = "answers.csv"
constant = { survey = "pulse", construct = "psychological_safety", low = 1, high = 7 }
columns = { wave = "wave", respondent = "who", item = "item", unit = "team", score = "score", reversed = "turned" }
[sources.pulse.invitations]
path = "invitations.csv"
constant = { survey = "pulse" }
columns = { wave = "wave", respondent = "who", unit = "team" }
[sources.pulse.units]
path = "units.csv"
columns = { unit = "unit", name = "unit", parent = "parent", valid_from = "since" }
"""


def said(wave, levels):
    """Sixteen invited to each team and ten who answer, others each time; four in the smallest, all of them telling."""
    rng, rows = np.random.default_rng(wave.month), []
    for team, level in levels.items():
        for n, given in enumerate(drawn(rng, 10, level)):
            rows += [(wave, f"{team}-{n}-{wave.month}", f"q{i}", team, 8 - x if i == 1 else x, i == 1)
                     for i, x in enumerate(given, 1)]  # fmt: skip
    rows += [(wave, f"s{n}", f"q{i}", FOUR, 7 if i == 1 else 1, i == 1) for n in range(4) for i in range(1, 8)]
    return rows


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    folder = tmp_path_factory.mktemp("surveys")
    teams = {f"team{n}": 3.8 + n * 0.17 for n in range(12)}
    answers = said(WAVES[0], teams) + said(WAVES[1], {team: level - 1 for team, level in teams.items()})
    asked = [(wave, f"{team}-{n}-{wave.month}", team) for wave in WAVES for team in teams for n in range(16)]
    asked += [(wave, f"s{n}", FOUR) for wave in WAVES for n in range(4)]
    units = [("acme", None), *((team, "acme") for team in (*teams, FOUR))]
    pl.DataFrame(answers, schema=["wave", "who", "item", "team", "score", "turned"], orient="row").write_csv(
        folder / "answers.csv"
    )
    pl.DataFrame(asked, schema=["wave", "who", "team"], orient="row").write_csv(folder / "invitations.csv")
    frame = pl.DataFrame(units, schema=["unit", "parent"], orient="row").with_columns(since=pl.lit("2025-01-01"))
    frame.write_csv(folder / "units.csv")
    (folder / "settings.toml").write_text(SETTINGS)
    (folder / "bellwether.key").write_text("5a" * 32)
    found = load_settings(folder / "settings.toml")
    jobs.sync(found)
    jobs.refresh(found, TODAY)
    return found


@pytest.fixture(scope="module")
def edition(company):
    return Memory.open(company.store.memory).published()


def test_the_evidence_of_the_whole_is_published_wave_by_wave(edition):
    rows = edition.surveys.filter(unit="acme", indicator=SAFETY).sort("week")
    assert rows["week"].to_list() == list(WAVES)
    assert rows["n"].to_list() == [124, 124]
    assert rows["response"].to_list() == pytest.approx([124 / 196 * 100] * 2)
    assert rows["alpha"].min() > 0.7
    assert rows["teams"].max() <= 12
    assert edition.survey_items.filter(unit="acme", week=WAVES[0], reversed=True)["item"].to_list() == ["q1"]


def test_the_fall_between_the_waves_is_called_a_change(edition):
    last = edition.surveys.filter(unit="acme", week=WAVES[1]).row(0, named=True)
    assert (last["changed"], last["then"]) == ("yes", WAVES[0])
    assert last["change_low"] < -100 / 6 * 120 / 124 < last["change_high"]


def test_the_team_of_four_is_in_no_byte_of_what_is_published(company, edition):
    assert edition.surveys.height > 2
    stored = b"".join(path.read_bytes() for path in sorted((company.file.parent / "data").glob("bellwether.db*")))
    assert FOUR.encode() not in stored


def test_refreshing_again_publishes_the_same_evidence(company, edition):
    again = jobs.refresh(company, TODAY)
    place = ["indicator", "unit", "week"]
    assert again.surveys.select(edition.surveys.columns).sort(place).equals(edition.surveys.sort(place))


def test_runs_are_whole(company):
    assert set(Memory.open(company.store.memory).runs()["state"]) == {"done"}
    assert datetime.now(UTC)
