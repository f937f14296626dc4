"""Eleven years of the UK Civil Service People Survey, read by settings alone: what it can say, and what it cannot."""

import tomllib
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from connectors.source import kinds
from tests.metrics.survey.made import published

HERE = Path(__file__).parent
DATA = HERE.parents[1].parent / "shared" / "data" / "survey_csps"
FILE = DATA / "04_02-raw_tbl_org_data.parquet"
TODAY, SINCE = date(2019, 11, 25), date(2009, 9, 28)
UNIT = "civil service"

pytestmark = pytest.mark.skipif(not FILE.exists(), reason=f"{FILE.name} of survey_csps is not beside the repository")


def answers(*names):
    said = tomllib.loads((HERE / "people_survey.toml").read_text())["sources"]["people_survey"]
    del said["kind"]
    source = kinds()["files"]("people_survey", said | {"folder": str(DATA)})
    pages = [page for stream in source.streams() if stream.key in names for page in stream.read(None)]
    rows = pl.concat(pages, how="diagonal").filter(pl.col("score").is_not_null())
    return rows.with_columns(source=pl.lit("people_survey"))


@pytest.fixture(scope="module")
def lines():
    """The same numbers, picked from the file by hand."""
    text = pl.col("question_measure")
    told = pl.read_parquet(FILE).filter(~pl.col("organisation").str.contains("enchmark"), pl.col("value").is_not_null())
    old = told.filter(text.str.contains("safe to challenge") | ((pl.col("obj_year") == 2016) & (text == "B49")))
    new = told.filter(pl.col("obj_year") >= 2017, text == "B46")
    return pl.concat([old, new]).group_by("obj_year").agg(pl.col("value").mean(), n=pl.len()).sort("obj_year")


@pytest.fixture(scope="module")
def mapped():
    return published(answers("mapped"), {UNIT: "government"}, today=TODAY, since=SINCE).told.rows.filter(unit=UNIT)


def test_a_renumbered_item_begins_a_new_series_where_settings_do_not_map_it():
    rows = published(answers("as numbered"), {UNIT: "government"}, today=TODAY, since=SINCE).told.rows
    found = rows.filter(unit=UNIT).with_columns(year=pl.col("week").dt.offset_by("6d").dt.year())
    series = dict(found.select("year", "series").iter_rows())
    assert {series[year] for year in series if year <= 2015} == {1}
    assert (series[2016], series[2017], series[2019]) == (2, 3, 3)
    assert found.filter(pl.col("year").is_in([2016, 2017]))["apart"].to_list() == ["series", "series"]


def test_mapped_it_is_one_series_with_the_figures_of_the_file(mapped, lines):
    assert set(mapped["series"]) == {1}
    shown = mapped.with_columns(obj_year=pl.col("week").dt.offset_by("6d").dt.year()).join(
        lines.with_columns(pl.col("obj_year").cast(pl.Int32)), on="obj_year"
    )
    assert shown["mean"].to_list() == pytest.approx(shown["value"].to_list())
    assert (shown["n"] == shown["n_right"]).all()
    assert shown["obj_year"].max() == 2019


def test_what_organisations_cannot_tell_of_people_is_unknown(mapped):
    """One question of 95 to 110 organisations: no consistency, no agreement of teams, nobody known to be asked."""
    for name in ("alpha", "omega", "icc1", "response", "favourable"):
        assert mapped[name].null_count() == mapped.height
    assert set(mapped["rely"]) == set(mapped["aggregate"]) == {"unknown"}


def test_over_ten_years_it_became_safer_to_challenge(mapped):
    last = mapped.sort("week").tail(1).row(0, named=True)
    first = mapped.sort("week").head(1).row(0, named=True)
    assert (round(first["mean"]), round(last["mean"])) == (39, 50)


def test_an_added_question_begins_a_new_series():
    rows = published(answers("mapped", "speaking up"), {UNIT: "government"}, today=TODAY, since=SINCE).told.rows
    found = rows.filter(unit=UNIT).sort("week")
    assert found.filter(pl.col("week") >= date(2017, 9, 1))["items"].to_list() == [2] * 3
    assert found.filter(pl.col("week") < date(2017, 9, 1))["items"].unique().to_list() == [1]
    assert found.filter(pl.col("items") == 2)["alpha"].min() > 0.7
