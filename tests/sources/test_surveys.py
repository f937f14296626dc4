"""Survey exports: what a label means, which column is an item, which wave a file is, and what is never read."""

import os
from datetime import UTC, date, datetime

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.errors import Changed, Refused
from connectors.source import kinds
from connectors.survey.items import item
from connectors.survey.scales import AGREE_5, AGREE_7, NO_ANSWER, SCALES, scale

SAFE = {"item": "safe", "construct": "climate", "text": "I feel safe", "scale": "agreement 5"}


def score(on, *labels):
    value, odd = on.read(pl.col("said"))
    found = pl.DataFrame({"said": labels}, schema={"said": pl.String}).select(score=value, odd=odd)
    return found.rows()


def test_a_label_is_a_point_however_it_is_written():
    on = scale("agreement 5", 1, 5, {}, ())
    assert score(on, "Strongly Agree", "  agree ", "NEUTRAL", "Disagree") == [
        (5, False),
        (4, False),
        (3, False),
        (2, False),
    ]


def test_a_number_before_words_is_the_point():
    on = scale("", 1, 5, {}, ())
    assert score(on, "5: every day", "4", "3 - now and then", "2.0") == [(5, False), (4, False), (3, False), (2, False)]


def test_no_answer_is_missing_and_never_a_point():
    on = scale("agreement 5", 1, 5, {}, ("ask me later",))
    assert score(on, "n/a", "Don\u2019t know", None, "", "Ask me later") == [(None, False)] * 5


def test_a_label_that_the_scale_does_not_know_is_odd():
    on = scale("agreement 5", 1, 5, {}, ())
    assert score(on, "I quit", "6", "somewhat agree") == [(None, True)] * 3


@given(st.sampled_from(sorted(SCALES)), st.data())
def test_every_label_of_a_scale_has_its_place_on_it(name, data):
    labels = SCALES[name]
    place = data.draw(st.integers(0, len(labels) - 1))
    spaced = data.draw(st.sampled_from(["{}", " {} ", "{}\u00a0"])).format(labels[place])
    assert score(scale(name, 1, len(labels), {}, ()), data.draw(st.sampled_from([spaced, spaced.upper()]))) == [
        (place + 1, False)
    ]


def test_scales_of_five_and_of_seven_are_not_one():
    assert len(AGREE_5) == 5 and len(AGREE_7) == 7
    assert not set(NO_ANSWER) & {label for labels in SCALES.values() for label in labels}


def survey(folder, kind="surveymonkey", **settings):
    given = {"folder": str(folder), "path": "*.csv", "everyone": "Example", "items": [SAFE], **settings}
    return kinds()[kind]("pulse", given)


def rows(source, since=None):
    return pl.concat([page.rows for page in source.streams()[0].read(since)])


def write(
    folder,
    name="pulse-2026-03.csv",
    header="Respondent ID,End Date,I feel safe,Why?",
    lines=("1,03/02/2026 9:00,Agree,no",),
):
    path = folder / name
    path.write_text("\n".join([header, *lines]) + "\n")
    return path


def test_one_row_of_headers_is_enough_where_someone_tidied_the_export(tmp_path):
    write(tmp_path)
    found = rows(survey(tmp_path)).row(0, named=True)
    assert (found["respondent"], found["score"], found["wave"], found["unit"]) == (
        "1",
        4.0,
        date(2026, 3, 1),
        "Example",
    )
    assert found["changed"] == datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_a_question_over_several_columns_stands_over_the_first_only(tmp_path):
    lines = ("2,03/02/2026 9:00,4,2,x",)
    path = write(
        tmp_path, header="Respondent ID,End Date,How often?,,\n,,Review,Pairing,Other (please specify)", lines=lines
    )
    items = [
        {"item": i, "construct": "c", "text": t, "low": 1, "high": 5}
        for i, t in (("a", "How often?: Review"), ("b", "Pairing"))
    ]
    assert rows(survey(tmp_path, items=items))["score"].to_list() == [4, 2], path


def test_a_choice_for_each_column_is_one_answer(tmp_path):
    """SurveyMonkey's expanded columns: the label stands in the column of the choice that was made."""
    header = "Respondent ID,End Date,I feel safe,,,Why?\n,,Disagree,Agree,Strongly agree,"
    lines = ("1,03/02/2026 9:00,,Agree,,x", "2,03/02/2026 9:00,,,Strongly agree,x", "3,03/02/2026 9:00,,,,x")
    write(tmp_path, header=header, lines=lines)
    assert rows(survey(tmp_path)).select("respondent", "score").rows() == [("1", 4), ("2", 5)]
    assert "1 questions read; 1 are not: 'why?'" in survey(tmp_path).check().words


@pytest.mark.parametrize(
    "header",
    [
        "respondent_id,date_modified,I feel safe",
        "RespondentID,EndDate,<strong>I feel&nbsp;safe</strong>",
        'Respondent ID,End Date,"I feel\n safe"',
    ],
)
def test_headers_are_known_however_an_export_writes_them(header, tmp_path):
    write(tmp_path, header=header, lines=("1,03/02/2026 9:00,Agree",))
    found = rows(survey(tmp_path)).row(0, named=True)
    assert (found["score"], found["changed"]) == (4, datetime(2026, 3, 2, 9, tzinfo=UTC))


def test_the_import_ids_of_qualtrics_are_no_respondent_though_the_first_has_none(tmp_path):
    header = 'EndDate,ResponseId,Q1\nEnd Date,Response ID,I feel safe\n,"{""ImportId"":""_recordId""}",QID1'
    write(tmp_path, header=header, lines=("2026-03-02 09:00:00,R_1,Agree",))
    assert rows(survey(tmp_path, kind="qualtrics"))["respondent"].to_list() == ["R_1"]


def test_a_question_that_is_not_there_is_named_with_one_like_it(tmp_path):
    write(tmp_path, header="Respondent ID,End Date,I feel save")
    with pytest.raises(Changed, match=r"no column for item safe .'I feel safe'.; did you mean .i feel save."):
        rows(survey(tmp_path))


def test_an_item_may_be_absent_where_settings_say_so(tmp_path):
    write(tmp_path, lines=("1,03/02/2026 9:00,Agree,no",))
    other = {**SAFE, "item": "new", "text": "I try new things", "optional": True}
    assert rows(survey(tmp_path, items=[SAFE, other]))["item"].to_list() == ["safe"]


def test_a_wave_is_in_the_name_or_in_settings_or_the_day_of_the_first_answer(tmp_path):
    write(tmp_path, name="export.csv", lines=("1,03/04/2026 9:00,Agree,no", "2,03/02/2026 9:00,Agree,no"))
    assert set(rows(survey(tmp_path))["wave"]) == {date(2026, 3, 2)}
    assert set(rows(survey(tmp_path, wave=date(2026, 3, 9)))["wave"]) == {date(2026, 3, 9)}


def test_who_answered_nothing_is_nobody(tmp_path):
    write(tmp_path, lines=("1,03/02/2026 9:00,Agree,", "2,03/02/2026 9:00,,said a lot"))
    assert rows(survey(tmp_path))["respondent"].to_list() == ["1"]


def test_a_file_that_did_not_change_is_not_read_again(tmp_path):
    path = write(tmp_path)
    assert list(survey(tmp_path).streams()[0].read(datetime(2100, 1, 1, tzinfo=UTC))) == []
    os.utime(path)
    assert list(survey(tmp_path).streams()[0].read(datetime(2020, 1, 1, tzinfo=UTC)))


def test_a_check_lists_the_questions_that_are_not_read(tmp_path):
    write(tmp_path, lines=("1,03/02/2026 9:00,Agree,my secret",))
    said = survey(tmp_path).check()
    assert said.reachable
    assert "1 questions read; 1 are not: 'why?'" in said.words
    assert "secret" not in said.words


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"scale": "agreement 6"}, "scale 'agreement 6' is not known"),
        ({"scale": "", "low": 5, "high": 1}, "needs a scale, or low and high"),
        ({"labels": {"often": 9}}, "often lies outside 1 to 5"),
        ({"text": ""}, "needs item, construct, and text"),
        ({"sclae": "agreement 5"}, "sclae is not known"),
    ],
)
def test_an_item_that_cannot_be_meant_is_refused(wrong, words):
    said = {**SAFE, **wrong}
    with pytest.raises(Refused, match=words):
        item("[[sources.pulse.items]]", {key: value for key, value in said.items() if value != ""})


def test_a_survey_without_units_says_what_to_set(tmp_path):
    with pytest.raises(Refused, match="needs unit"):
        survey(tmp_path, everyone="")
