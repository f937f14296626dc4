"""Everything that is measured: `make bench`. Options: numbers of people for the speed part, such as 2400 24000."""

from __future__ import annotations

import sys
import tempfile
from datetime import date
from pathlib import Path

from benchmarks import calibration, planted, speed, targets, warnings
from benchmarks import connectors as pages
from dashboard import jobs
from dashboard.first_run import begin_demo
from dashboard.settings import load_settings


def main(*people: str) -> None:
    print("How early: the troubles planted in the made-up company (seed 1, as of 2026-11-22)\n")
    with tempfile.TemporaryDirectory() as folder:
        list(begin_demo(Path(folder), 2400, 1, date(2026, 11, 22)))
        settings = load_settings(Path(folder) / "settings.toml")
        jobs.sync(settings)
        jobs.refresh(settings)
        planted.main(str(settings.file))
    print("\nHow early and how rare: simulated series\n")
    targets.main()
    print()
    warnings.main()
    print("\nHow honest: how often intervals hold the truth\n")
    calibration.main()
    print("\nHow fast\n")
    speed.main(*people)
    print("\nFrom a vendor's pages to landed rows\n")
    pages.main()


if __name__ == "__main__":
    main(*sys.argv[1:])
