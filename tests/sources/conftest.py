"""The contract's recorded replies are also what tests of single sources read."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "connectors"))
