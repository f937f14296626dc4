"""Which skills of which units may be shown one by one: those held by a crowd, and lacking in one.

A need is about two groups in its unit: who holds the level and who does not. Each must be nobody or a crowd, by the
rules of `metrics.crowd` down the tree; and beside the sum over all skills of a unit that is shown, never one skill
alone may stay hidden, for it could be worked out.
"""

from __future__ import annotations

import polars as pl

from metrics import crowd
from metrics.demand import PAIR

ALONE = 2


def open_pools(rows: pl.DataFrame, parents: pl.DataFrame, k: int) -> pl.DataFrame:
    """The unit and skill of each need that may be shown: `unit, skill`.

    `rows`: the needs of one week, of all horizons: `unit, skill, ahead, week, stock, size`; `parents`: the tree.
    """
    least = crowd.minimum(k)
    hidden = rows.select(PAIR).unique().clear()
    for _ in range(len(rows) + 1):
        found = pl.concat([_unsafe(rows, parents, least, hidden), hidden]).unique()
        more = pl.concat([found, _alone(rows, found, least)]).unique()
        if len(more) == len(hidden):
            break
        hidden = more
    return rows.select(PAIR).unique().join(hidden, on=PAIR, how="anti").sort(PAIR)


def _unsafe(rows: pl.DataFrame, parents: pl.DataFrame, k: int, hidden: pl.DataFrame) -> pl.DataFrame:
    """Needs of which one side is somebody but no crowd, or would follow from others that are shown."""
    gone = hidden.with_columns(state=pl.lit("hidden"))
    sides = [
        rows.select(
            "unit", "skill", "week", people=people.cast(pl.Int64),
            indicator=pl.concat_str(pl.lit(f"{side} "), "ahead", pl.lit(" "), "skill"),
        )
        for side, people in (("hold", pl.col("stock")), ("lack", pl.col("size") - pl.col("stock")))
    ]  # fmt: skip
    cells = pl.concat(sides).join(gone, on=PAIR, how="left").with_columns(pl.col("state").fill_null("shown"))
    decided = crowd.decide(cells.with_columns(n=pl.lit(0)), parents, k)
    small = rows.filter(pl.col("size") < crowd.DIVERSE).select(PAIR)  # where all are alike, it tells of each of them
    uniform = rows.filter((pl.col("stock") == 0) | (pl.col("stock") == pl.col("size"))).select(PAIR)
    return pl.concat([decided.filter(pl.col("state") == "hidden").select(PAIR),
                      uniform.join(small, on=PAIR, how="semi")]).unique()  # fmt: skip


def _alone(rows: pl.DataFrame, hidden: pl.DataFrame, k: int) -> pl.DataFrame:
    """Beside a single hidden skill of a unit, or some that fewer than a crowd hold, the next smallest that is shown."""
    size = rows.group_by(PAIR).agg(holders=pl.col("stock").max())
    marked = size.join(hidden.with_columns(gone=pl.lit(True)), on=PAIR, how="left").with_columns(
        pl.col("gone").fill_null(False)
    )
    gone, held = pl.col("gone").sum(), pl.col("holders").filter(pl.col("gone")).sum()
    few = marked.filter(((gone > 0) & ((gone < ALONE) | (held < k))).over("unit"), ~pl.col("gone"))
    return few.sort("holders", "skill").group_by("unit", maintain_order=True).first().select(PAIR)
