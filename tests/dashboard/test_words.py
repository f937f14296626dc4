"""Numbers, dates and verdicts in words."""

from datetime import date
from types import SimpleNamespace

import pytest

from dashboard import words

WEEKS = SimpleNamespace(title="", unit="%", kind="share", window=4)
SURVEY = SimpleNamespace(title="", unit="0 to 100", kind="scale", window=1)
TIES = SimpleNamespace(title="", unit="", kind="ties", window=1)


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (43.4, "%", "43 %"),
        (4.24, "%", "4.2 %"),
        (0.041, "%", "0.04 %"),
        (0, "%", "0 %"),
        (1204.0, "", "1,204"),
        (70, "0 to 100", "70 of 100"),
        (None, "%", "–"),
    ],
)
def test_a_number_has_two_digits_where_they_matter(value, unit, said):
    assert words.number(value, unit) == said


def test_a_value_is_set_against_its_usual_range():
    cell = {"value": 31.0, "usual_low": 40.0, "usual_high": 48.0, "verdict": "alarm"}
    assert words.usual(cell, "%") == "↓ below its usual 40 to 48 %"
    assert words.usual(cell | {"value": 50.0}, "%") == "↑ above its usual 40 to 48 %"
    assert words.usual(cell | {"value": 48.0}, "per 1,000") == "→ within its usual 40 to 48"
    assert words.usual(cell | {"verdict": "ok"}, "%") == "↓ below its usual 40 to 48 %, which may be chance"
    assert words.usual(cell | {"usual_low": None}, "%") == "its usual range is not known yet"


def test_a_period_ends_on_its_sunday():
    assert words.period(date(2026, 11, 9), WEEKS, date(2026, 11, 22)) == "4 weeks to 15 Nov"
    assert words.period(date(2025, 11, 10), WEEKS, date(2026, 11, 22)) == "4 weeks to 16 Nov 2025"
    assert words.period(date(2026, 10, 12), SURVEY, date(2026, 11, 22)) == "survey of the week of 12 Oct"
    assert words.period(date(2026, 11, 9), TIES, date(2026, 11, 22)) == "4 weeks to 15 Nov"


def test_the_answer_puts_trouble_first():
    assert words.answer([("alarm", "worse"), ("ok", ""), ("alarm", "better")], 3) == (
        "1 of 3 indicators needs attention; 1 is improving and 1 is as usual."
    )
    assert words.answer([("ok", ""), ("ok", "")], 2) == "All 2 indicators are as usual."
    assert words.answer([("ok", "")], 1, 3) == "As usual as a whole, but 3 alerts below need attention."
    assert words.answer([("ok", "")], 1) == "The one indicator is as usual."


def test_what_is_not_known_is_never_called_usual():
    assert words.answer([("unknown", ""), ("ok", "")], 2) == "1 of 2 indicators is as usual; 1 cannot be judged yet."
    assert words.answer([("ok", "")], 2) == "1 of 2 indicators is as usual; 1 cannot be judged yet."
    assert words.answer([], 7) == "Too early to say: none of 7 indicators can be judged yet."


def test_silence_below_is_said_too():
    assert words.below(0, 0) == "Nothing rings in the units below."
    assert words.below(1, 2) == "In the units below: 1 alert needs attention and 2 pieces of good news."


def test_how_long_ago_is_said_as_people_say_it():
    today = date(2026, 11, 22)
    days = [
        date(2026, 11, 22),
        date(2026, 11, 21),
        date(2026, 11, 15),
        date(2026, 11, 1),
        date(2026, 1, 1),
        date(2016, 5, 1),
    ]
    assert [words.ago(day, today) for day in days] == [
        "today",
        "yesterday",
        "7 days ago",
        "3 weeks ago",
        "11 months ago",
        "11 years ago",
    ]


def test_a_name_is_shown_as_written():
    assert words.plain("R&D *Labs*  [x](y)") == r"R\&D \*Labs\* \[x\]\(y\)"
    assert words.html("<b> 4 %") == "&lt;b&gt; 4\u00a0%"


def test_many_names_are_counted():
    assert words.listed(["A"]) == "A"
    assert words.listed(["A", "B", "C"]) == "A, B and C"
    assert words.listed(["A", "B", "C", "D", "E"]) == "A, B, C and 2 more"
