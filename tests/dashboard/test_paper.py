"""One page of PDF: always one, tagged so that it can be read aloud, its charts as vectors, its words never run."""

import re
import shutil
import subprocess
import tempfile

import pytest
from telltale import WEEK, flip, flips, report

from dashboard.exports.paper import page
from dashboard.exports.report import FIGURES, pl

FIGURE = {
    "theme": "knowledge", "title": "Knowledge reuse", "value": 31.5, "measure": "%", "usual_low": 40.0,
    "usual_high": 48.0, "n": 812, "week": WEEK, "verdict": "alarm", "side": "worse", "indicator": "knowledge_reuse",
}  # fmt: skip


def poppler(program, content, *words):
    if not shutil.which(program):
        pytest.fail(f"{program} is missing: apt-get install poppler-utils")
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(content)
        file.flush()
        out = ["-"] if program == "pdftotext" else []
        command = [program, *words, file.name, *out]
        return subprocess.run(command, capture_output=True, check=True).stdout.decode(errors="replace")


def figures(count, name="Team"):
    return pl.DataFrame([FIGURE | {"name": f"{name} {n}", "unit": f"u{n}"} for n in range(count)], schema=FIGURES)


def facts(content):
    return dict(re.findall(r"^(\w[\w ]+):\s+(.*)$", poppler("pdfinfo", content), re.M))


@pytest.mark.parametrize(("alerts", "rows", "name"), [(0, 0, ""), (1, 3, "Sales"), (9, 60, "Quality assurance " * 12)])
def test_it_is_one_page_however_much_there_is(alerts, rows, name):
    told = [flip("new", "link_rate", f"u{n}", f"{name} {n}", f"It fell. {name}") for n in range(alerts)]
    told = flips(*told) if told else flips(flip("new", "link_rate", "u", "U")).clear()
    found = facts(page(report(told, figures=figures(rows, name), failing=["Data from Chat are late."] * 3)))
    assert (found["Pages"], found["Tagged"]) == ("1", "yes")


def test_it_says_in_order_what_the_mail_says():
    content = page(report(failing=["Data from Chat is three weeks old."], figures=figures(3), title="Weekly summary"))
    words = poppler("pdftotext", content)
    order = [
        "Weekly summary · Acme",
        "2 new alerts",
        "Data from Chat",
        "Engineering & <b>Ops</b>",
        "Where things stand",
    ]
    places = [words.index(one) for one in order]
    assert places == sorted(places)
    assert "=cmd()|'/C calc'!A0" in words


def test_charts_are_vectors_that_are_read_by_their_words():
    content = page(report())
    assert b"/Subtype/Image" not in content.replace(b" ", b"")
    assert poppler("pdfimages", content, "-list").strip().count("\n") == 1, "a heading, and no picture of pixels below"
    told = poppler("pdfinfo", content, "-struct-text")
    assert told.count("Figure") == 4
    assert facts(content)["Title"] == report().subject


def test_what_a_unit_is_called_is_never_run():
    odd = '#read("/etc/passwd") $x$ *bold* \\ #panic()'
    assert odd.replace(" ", "") in re.sub(
        r"\s", "", poppler("pdftotext", page(report(flips(flip("new", "link_rate", "u", odd)))))
    )
