"""Will a skill be short in a quarter or two? Supply as a stock with flows, demand as a plan with its surprises.

After Bartholomew, Forbes and McClean (1991). Of those who hold a skill a share stays; of those who do not some reach
the level (trained), some join with it (hired). Demand is what is planned, times what plans have missed before, read
from the last surprise, the work that came, and the demand outside. What is not known of these rates is in the answer.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from metrics.chances import STATED, chances
from metrics.demand import PAIR, sought, tagged
from metrics.spc import Floats
from metrics.stocks import FLOWS, PLACE, STEP, ready
from metrics.weeks import Calendar

QUARTER = 13
AHEAD = (QUARTER, 2 * QUARTER)
PRIOR = 10.0  # people whose worth the rates of the whole organisation have in those of a unit
WEAK = {"stay": (1.8, 0.2), "trained": (0.3, 10.0), "joined": (0.1, 10.0)}
RIDGE, FREE, SURPRISE = 0.3, 4.0, 0.05
SIGNS = ("one", "last", "work", "outside")
TABLES = ("needs", "skills", "teams", "units", "tickets", "demand")


def forecasts(tables: dict[str, pl.LazyFrame], calendar: Calendar, ahead: Sequence[int] = AHEAD) -> pl.DataFrame:
    """Each need of each unit in each week, with what is expected of it so many weeks ahead.

    `week, unit, skill, ahead, level, size, stock`, the numbers a future is drawn from (`metrics.chances.STATED`),
    `chance` of a shortage (fewer who hold the level than are needed), `now` (short in that week already), and where
    it has come `short`, `needed` and `there`. Each week knows only what could be known in it.
    """
    needs, skills, teams, units = (tables[name] for name in TABLES[:4])
    found = ready(needs, skills, teams, units, calendar, tuple(ahead))
    signs = _signs(tables["tickets"], tables["demand"], found[0], calendar)
    return pl.concat(_ahead(found[weeks], found[0], signs, weeks) for weeks in ahead).sort("ahead", *PLACE)


def _signs(tickets: pl.LazyFrame, demand: pl.LazyFrame, now: pl.DataFrame, calendar: Calendar) -> pl.DataFrame:
    """What may tell of more demand than is planned: `week, skill, work, outside`."""
    work, outside = tagged(tickets, calendar), sought(demand, now.select("week").unique())
    return work.join(outside, on=["week", "skill"], how="full", coalesce=True)


def _ahead(rows: pl.DataFrame, now: pl.DataFrame, signs: pl.DataFrame, weeks: int) -> pl.DataFrame:
    came = now.select(pl.col("week") - pl.duration(weeks=weeks), *PAIR, needed="headcount", there="stock")
    before = now.select(*PLACE, now=pl.col("headcount") > pl.col("stock"))
    rows = rows.join(came, on=PLACE, how="left").join(before, on=PLACE, how="left")
    known = pl.col("kept").is_not_null()
    rows = rows.with_columns(
        pl.col("now").fill_null(pl.col("headcount") > pl.col("stock")),
        needed=pl.when(known).then(pl.col("needed").fill_null(0.0)), pool=pl.col("size") - pl.col("stock"),
    )  # fmt: skip
    rows = _surprised(_flowing(rows, weeks), signs, weeks)
    rows = rows.with_columns(pl.col(STATED).round_sig_figs(4))
    short = pl.when(pl.col("there").is_not_null()).then(pl.col("needed") > pl.col("there"))
    return rows.with_columns(chance=chances(rows), ahead=pl.lit(weeks, pl.Int64), short=short).select(
        *PLACE, "ahead", "level", "size", *STATED, "chance", "now", "short", "needed", "there"
    )  # fmt: skip


def _flowing(rows: pl.DataFrame, weeks: int) -> pl.DataFrame:
    """With the rates each week could know: of its unit, drawn towards those of the whole organisation."""
    past = rows.filter(pl.col("kept").is_not_null()).with_columns(week=pl.col("week") + pl.duration(weeks=weeks))
    sums = [(pl.col(name).sum() * STEP / weeks).alias(f"sum_{name}") for name in ("stock", "pool", "size", *FLOWS)]
    mine = past.group_by("week", "unit").agg(sums).sort("week")
    names = [name for name in mine.columns if name.startswith("sum_")]
    run = mine.with_columns(pl.col(names).cum_sum().over("unit", order_by="week"))
    every = mine.group_by("week").agg(pl.col(names).sum()).sort("week").with_columns(pl.col(names).cum_sum())
    known = rows.sort("week").join_asof(every.rename({name: f"all_{name}" for name in names}), on="week")
    known = known.join_asof(run, on="week", by="unit", check_sortedness=False)
    known = known.with_columns(pl.col("^(all_)?sum_.*$").fill_null(0.0))
    stay, weight = _rate("kept", "stock", "stay")
    trained, trained_shape = _count("trained", "pool")
    joined, joined_shape = _count("joined", "size")
    return known.with_columns(
        stay=stay / weight, stay_weight=weight, trained=trained * pl.col("pool"), trained_shape=trained_shape,
        joined=joined * pl.col("size"), joined_shape=joined_shape,
    ).drop(pl.selectors.matches("^(all_)?sum_"))  # fmt: skip


def _rate(part: str, whole: str, name: str) -> tuple[pl.Expr, pl.Expr]:
    """A Beta posterior: how many stayed, and of how many."""
    good, bad = WEAK[name]
    share = (pl.col(f"all_sum_{part}") + good) / (pl.col(f"all_sum_{whole}") + good + bad)
    return pl.col(f"sum_{part}") + PRIOR * share, pl.col(f"sum_{whole}") + PRIOR


def _count(part: str, exposure: str) -> tuple[pl.Expr, pl.Expr]:
    """A Gamma posterior: the rate per head, and its shape."""
    events, heads = WEAK[part]
    rate = (pl.col(f"all_sum_{part}") + events) / (pl.col(f"all_sum_{exposure}") + heads)
    shape = pl.col(f"sum_{part}") + PRIOR * rate
    return shape / (pl.col(f"sum_{exposure}") + PRIOR), shape


def _surprised(rows: pl.DataFrame, signs: pl.DataFrame, weeks: int) -> pl.DataFrame:
    """With `drift, spread, free`: how plans are likely to be missed, learnt from how they were missed before.

    A surprise is the logarithm of what was needed over what was planned (one added to each). Bayesian regression with
    a prior of 0.3 around nought on each sign, so that a sign which never told anything says nothing.
    """
    missed = ((pl.col("needed") + 1) / (pl.col("headcount") + 1)).log()
    rows = rows.with_columns(missed=missed)
    over = -(-weeks // STEP) * STEP  # the last of those looked at whose end has come
    last = rows.select(pl.col("week") + pl.duration(weeks=over), *PAIR, last="missed")
    both = rows.join(last, on=PLACE, how="left").join(signs, on=["week", "skill"], how="left").sort(PLACE)
    both = both.with_columns(pl.col("last", "work", "outside").cast(pl.Float64).fill_null(0.0).clip(-1, 1), one=1.0)
    x, y = both.select(SIGNS).to_numpy(), both["missed"].fill_null(np.nan).to_numpy()
    number = (both["week"] - both["week"].min()).dt.total_days().to_numpy() // 7 if len(both) else np.zeros(0, int)
    drift, spread, free = _regressed(x, y, number.astype(np.int64), weeks)
    told = {"drift": drift, "spread": spread, "free": free}
    return both.with_columns(pl.Series(name, values, dtype=pl.Float64) for name, values in told.items()).drop(
        *SIGNS, "missed"
    )


def _regressed(x: Floats, y: Floats, week: np.ndarray, weeks: int) -> tuple[Floats, Floats, Floats]:
    """For each row the mean, scale and degrees of freedom of its surprise, from the rows that were over by then."""
    last = int(week.max(initial=0))
    over = ~np.isnan(y)
    terms = x.shape[1]
    square, cross, total, many = (
        np.zeros((last + 1, terms, terms)),
        np.zeros((last + 1, terms)),
        *np.zeros((2, last + 1)),
    )
    for sums, each in ((square, x[over][:, :, None] * x[over][:, None, :]), (cross, x[over] * y[over, None]),
                       (total, y[over] ** 2), (many, np.ones(over.sum()))):  # fmt: skip
        np.add.at(sums, week[over], each)
        sums *= STEP / weeks
        np.cumsum(sums, axis=0, out=sums)
    drift, spread, free = np.zeros((3, len(y)))
    for at in np.unique(week):
        seen, mine = at - weeks, week == at
        has = seen >= 0  # windows overlap: each counts for the share of it that is its own
        gram = (square[seen] if has else 0) + np.zeros((terms, terms))
        noise, told = SURPRISE**2, (many[seen] if has else 0.0)
        for _ in range(3):
            inverse = np.linalg.inv(gram + noise / RIDGE**2 * np.eye(terms))
            beta = inverse @ cross[seen] if has else np.zeros(terms)
            left = max(total[seen] - 2 * beta @ cross[seen] + beta @ gram @ beta, 0.0) if has else 0.0
            noise = (left + FREE * SURPRISE**2) / (told + FREE)
        drift[mine] = x[mine] @ beta
        spread[mine] = np.sqrt(noise * (1 + np.einsum("ij,jk,ik->i", x[mine], inverse, x[mine])))
        free[mine] = told + FREE
    return drift, spread, free
