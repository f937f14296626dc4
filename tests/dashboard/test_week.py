"""A week of mornings, each refreshed and told, killed at any moment: each recipient has each change once."""

import random
from datetime import date, timedelta

import pytest
from telltale import WEEK
from test_outbox import ANNA, BERT, MORNING, STEPS, House, boxes, judged, publish  # noqa: F401

DAYS = [
    {"sales": "alarm"},
    {"sales": "alarm", "care": "alarm"},
    {"sales": "alarm", "care": "alarm"},
    {"sales": "ok", "care": "alarm"},
    {"sales": "ok", "care": "ok"},
    {"sales": "alarm", "care": "ok"},
    {"sales": "alarm", "care": "ok"},
]
# Sales rings, is as usual again, and rings anew in a later week: three changes, each told once.
TOLD = {
    "◆ Needs attention: Knowledge reuse - Sales": 2,
    "◆ Needs attention: Knowledge reuse - Care": 1,
    "● Over: Knowledge reuse - Sales": 1,
    "● Over: Knowledge reuse - Care": 1,
}
TROUBLES = ["", "", "greylist", "full", "drop", "hang up", "kill"]


@pytest.mark.slow
@pytest.mark.parametrize("seed", [2])
def test_a_week_of_kills_and_failing_servers_ends_with_each_change_told_once(tmp_path, boxes, seed):  # noqa: F811
    house, chance, killed = House(tmp_path, "memory.db", *boxes), random.Random(seed), 0
    for number, verdicts in enumerate(DAYS):
        day, now = date(2026, 11, 23) + timedelta(days=number), MORNING + timedelta(days=number)
        later = {"week": WEEK + timedelta(weeks=3)} if number >= 5 else {}
        rows = [judged(unit, verdict, "" if verdict == "ok" else "worse") | later for unit, verdict in verdicts.items()]
        calm = [unit for unit, verdict in verdicts.items() if verdict == "ok"]
        publish(house.memory, *rows, day=day, calm=calm)
        for try_ in range(2):
            house.boxes.mood = chance.choice(TROUBLES)
            step = chance.choice([*STEPS, ""])
            code = house.run(now + try_ * timedelta(minutes=15), ("tell", "settle")[try_], step, chance.choice([1, 2]))
            assert code in (0, -9)
            killed += code == -9
        house.boxes.mood = ""
        house.settle(now + timedelta(hours=2))
        house.tell(now + timedelta(hours=3))
        house.settle(now + timedelta(hours=5))
    assert killed >= 3
    assert dict(house.boxes.told(ANNA)) == TOLD
    assert dict(house.boxes.told(BERT)) == TOLD
    assert house.boxes.copies()[1], "a second copy is the same to the byte"
    assert not house.memory.deliveries().filter(state="waiting").height
