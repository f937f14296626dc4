"""What the warnings reach, beside what they are to reach: `python -m benchmarks.targets [SEEDS]`.

One fixed setting, thresholds fixed on other seeds than those measured. Needs ../shared/warning (simulated organisation,
scorers, development data) beside the repository.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import numpy as np

from benchmarks import detectors
from benchmarks.warnings import SHARED, speed

LEARNT_ON, MEASURED_FROM = (1, 2, 3), 41
Row = tuple[str, str, str]


@contextmanager
def beside(*names: str) -> Iterator[list[Any]]:
    """Modules from the folder beside the repository."""
    sys.path.insert(0, str(SHARED))
    try:
        yield [import_module(name) for name in names]
    finally:
        sys.path.remove(str(SHARED))


def simulated(sim: Any, unit: str, often: float, seeds: int) -> list[float]:
    """Realised rate and shares found within 4, 8 and 12 weeks: means of unseen seeds."""
    known = [sim.make_panel(seed, unit=unit) for seed in LEARNT_ON]
    limits = [sim.evaluate(one, detectors.panel(one.view()), (often,))[often]["threshold"] for one in known]
    rows = []
    for seed in range(MEASURED_FROM, MEASURED_FROM + seeds):
        panel = sim.make_panel(seed, unit=unit)
        found = sim.evaluate(panel, detectors.panel(panel.view()), threshold=float(np.mean(limits)))
        rows.append([found[name] for name in ("far_per_1000", "det4", "det8", "det12")])
    return [float(one) for one in np.mean(rows, axis=0)]


def simulations(sim: Any, seeds: int) -> Iterator[Row]:
    for unit, often, target in (
        ("person", 1.0, ".25 / .49 / .69, rate at most 1.15"),
        ("series", 1.0, "- / .12 / .24"),
        ("person", 5.0, ".35 / .63 / .80"),
    ):
        rate, four, eight, twelve = simulated(sim, unit, often, seeds)
        name = f"simulation, sizes in SDs of a {unit}, {often:g} per 1,000: found within 4 / 8 / 12 weeks"
        yield name, target, f"{four:.3f} / {eight:.3f} / {twelve:.3f}, rate {rate:.2f}"
    yield "the past stays as it was (check_causal)", "yes", "yes" if sim.check_causal(detectors.panel) else "NO"


def recorded(score: Any) -> Iterator[Row]:
    pack = str(SHARED / "dev")
    cuts = score.score_tcpd(pack, detectors.change_points)
    yield (
        f"Turing change points, {cuts['series']} series: cover and F1",
        ".70 and .78",
        f"{cuts['cover']} and {cuts['f1']}",
    )
    streams = score.score_nab(pack, detectors.online, detectors.STREAM)["standard"]["score"]
    yield f"Numenta, one threshold ({detectors.STREAM})", "60", f"{streams:.1f}"
    cases = score.score_rki(pack, detectors.online)[2.0]
    yield "RKI outbreaks at 2 per 1,000", "8 of 9 (all packs)", f"{cases['outbreaks']} (development pack)"


def main(seeds: str = "6") -> None:
    print(f"{'measure':<94}{'to reach':<38}measured")
    rows: list[Row] = [("judging 10,000 series of 156 weeks", "under 2 s on two cores", speed())]
    if (SHARED / "sim.py").exists():
        with beside("sim", "score") as (sim, score):
            rows += [*simulations(sim, int(seeds)), *recorded(score)]
    else:
        print(f"nothing simulated or recorded: {SHARED} is not there")
    for name, target, found in rows:
        print(f"{name:<94}{target:<38}{found}")


if __name__ == "__main__":
    main(*sys.argv[1:])
