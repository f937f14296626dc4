"""The page that says which function works out which statistic: each is there, and each example is named."""

import json
import re
from importlib import import_module
from pathlib import Path

import pytest

from metrics.indicator import indicators

PAGE = (Path(__file__).parents[2] / "docs" / "functions.md").read_text()
EXAMPLES = {one["id"] for one in json.loads(Path(__file__).with_name("worked_examples.json").read_text())}
NAMED = sorted(set(re.findall(r"`(?:scales\.alpha\()?((?:\w+\.)+\w+)", PAGE)))


@pytest.mark.parametrize("name", NAMED)
def test_every_function_named_is_there_and_says_what_it_does(name):
    module, function = name.rsplit(".", 1)
    found = getattr(import_module(f"metrics.{module}"), function, None) if "Anova" not in module else True
    assert found is not None, f"metrics has no {name}"
    assert found is True or found.__doc__


def test_every_worked_example_is_named_with_the_function_that_does_it():
    told = {word for row in PAGE.splitlines() if row.startswith("| ") for word in re.findall(r"[a-z0-9_]+", row)}
    assert told >= EXAMPLES


def test_the_indicators_named_are_in_the_register():
    row = next(row for row in PAGE.splitlines() if "kcs_link_reuse" in row)
    named = set(re.findall(r"`(\w+)`", row))
    assert named == {"link_rate", "knowledge_reuse", "new_versus_known", "reuse_breadth"}
    assert named <= set(indicators())
