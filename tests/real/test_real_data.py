"""The page of what the indicators say on real data is what they say: made anew, and compared."""

import re
from pathlib import Path

import pytest

from benchmarks import real_data
from benchmarks.real_sets import SETS
from metrics.indicator import indicators

HOUSE = Path(__file__).parents[2]
DATA = HOUSE.parent / "shared" / "data"
NEEDED = ("servicenow_uci", "sourcegraph_company", "learning_xapi", "survey_csps")
PAGE = (HOUSE / "docs" / "real-data.md").read_text()
ROW = re.compile(r"^\| .+ \((\w+)\) \| (.+?) \| (.+?) \| ([\d,]+) \| (.+?) \| (.+) \|$", re.M)

real = pytest.mark.skipif(
    not all((DATA / name).is_dir() for name in NEEDED),
    reason=f"{DATA} is missing, or one of {', '.join(NEEDED)} in it; docs/real-data.md says where they come from",
)


def numbers(text):
    return [float(one.replace(",", "")) for one in re.findall(r"-?\d[\d,]*\.?\d*", text)]


@real
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("about", SETS, ids=lambda about: about.name)
def test_the_page_says_what_is_counted(about):
    assert real_data.section(about, DATA, whole=False).strip() in PAGE


def test_every_figure_has_a_sentence_of_its_own_and_every_silence_a_reason():
    assert "nothing in it counts" not in PAGE
    assert not [one.question for one in indicators().values() if f"| {one.question} |" in PAGE]


def test_every_set_has_a_section_with_figures():
    for about in SETS:
        section = PAGE.split(f"## {about.name}\n")[1].split("\n## ")[0]
        assert about.words in section
        assert ROW.search(section)


def test_every_figure_is_within_its_interval_and_its_unit_and_says_how_many_and_what_it_means():
    rows = ROW.findall(PAGE)
    assert len(rows) > 15
    for code, figure, interval, n, _, means in rows:
        (value,) = numbers(figure.replace("of 100", "").replace("of 1", ""))
        ends = numbers(interval.replace("of 100", "").replace("of 1", ""))
        assert not ends or ends[0] <= value <= ends[-1], code
        assert 0 <= value <= 100 or not figure.endswith(("%", "of 100"))
        assert numbers(n)[0] >= 10
        assert means.endswith(".")


def test_what_is_not_fed_is_named_with_a_reason():
    """Every indicator that stands for itself has a figure or a reason in each set told in whole; your own need not."""
    for about in (one for one in SETS if one.name in ("Service desk", "Software company", "Course platform")):
        section = PAGE.split(f"## {about.name}\n")[1].split("\n## ")[0]
        for one in indicators().values():
            assert one.beside or one.theme == "yours" or f"{one.title} ({one.code})" in section, one.name


def test_no_row_of_the_data_is_on_the_page():
    assert not re.search(r"INC\d|Group \d|Resolver|fun-mooc\.fr/|@", PAGE)
