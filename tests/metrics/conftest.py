"""Numbers worked out elsewhere, to compare ours with."""

import json
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[1] / "science" / "worked_examples.json"


@pytest.fixture
def worked():
    examples = {example["id"]: example for example in json.loads(EXAMPLES.read_text())}
    return examples.__getitem__
