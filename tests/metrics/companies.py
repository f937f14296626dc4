"""Made-up trees with people in them, for asking who may be shown."""

import datetime as dt

import polars as pl
from hypothesis import strategies as st

WEEK = dt.date(2026, 11, 2)
NAMES = "abcdefghijklmnopqrstuvwxyz"


def tree(above, week=WEEK):
    return pl.DataFrame(
        {"week": [week] * len(above), "unit": list(above), "parent": list(above.values())},
        schema={"week": pl.Date, "unit": pl.String, "parent": pl.String},
    )


def cells(people, week=WEEK, **columns):
    return pl.DataFrame(
        {
            "indicator": ["reuse"] * len(people),
            "unit": list(people),
            "week": [week] * len(people),
            "people": list(people.values()),
            "n": [count * 5 for count in people.values()],
            "value": [40.0] * len(people),
            **columns,
        },
        schema_overrides={"people": pl.Int64, "n": pl.Int64, "week": pl.Date, "value": pl.Float64},
    )


def rolled(own, above):
    """People directly in each unit, summed up the tree; units with nobody at all are left out."""
    total = dict.fromkeys(own, 0)
    for unit, count in own.items():
        while unit is not None:
            total[unit] += count
            unit = above.get(unit)
    return {unit: count for unit, count in total.items() if count}


@st.composite
def companies(draw, most=14, size=40):
    """A tree of up to four levels below the root as (people directly in each unit, parent of each unit)."""
    above, depth = {}, {"root": 0}
    for name in NAMES[: draw(st.integers(1, most))]:
        above[name] = draw(st.sampled_from([unit for unit, level in depth.items() if level < 4]))
        depth[name] = depth[above[name]] + 1
    own = {
        unit: draw(st.sampled_from([0, 0, 1, 2, 9]) if unit in above.values() else st.integers(0, size))
        for unit in depth
    }
    return own, above
