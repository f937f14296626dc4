"""Is this usual? Series in, a verdict for every unit and week out, none of which changes when the future arrives.

Each week's tests (charts by week, charts by four weeks where events are few, survey waves) go through one control of
false discoveries; what is rejected twice running, large enough and well enough founded is an alarm.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from metrics import spc
from metrics.beginnings import Beginnings, chance
from metrics.ewma import BLOCKS, WEEKLY, Charts, Pace, Sizes, Test, silent
from metrics.natures import BACK, DRIFT, NATURES, NONE, SHIFT, SPIKE, YOUNG, drifting
from metrics.panel import BLOCK, FIRST, SCALE, Panel, Places
from metrics.spc import Flags, Floats
from metrics.waves import Waves

OK, WATCH, ALARM, UNKNOWN = range(4)
VERDICTS = ["ok", "watch", "alarm", "unknown"]
SCHEMA = {
    "indicator": pl.String, "unit": pl.String, "week": pl.Date, "verdict": pl.String, "side": pl.String,
    "since": pl.Date, "p": pl.Float64, "strength": pl.Float64, "usual_low": pl.Float64, "usual_high": pl.Float64,
    "before": pl.Float64, "maturity": pl.Int64, "nature": pl.String,
}  # fmt: skip


@dataclass(frozen=True)
class Rules:
    """What the judge goes by. `q`: the share of false discoveries allowed among a week's; `ceiling`: the p never
    passed.

    Under `learning` weeks of history all is unknown, under `mature` a watch is the most there is. `least` events in
    four weeks are needed for an alarm. Verdicts older than `stale` weeks are
    unknown; `block_stale`, `wave_stale` where time goes by blocks or waves.
    """

    q: float = 0.15
    ceiling: float = 0.003
    at_once: float = 0.001
    learning: int = 12
    mature: int = 52
    least: int = 30
    few: int = 10
    peers: int = 8
    stale: int = 8
    block_stale: int = 16
    wave_stale: int = 30
    weekly: Pace = WEEKLY
    blocks: Pace = BLOCKS
    sizes: Sizes = field(default_factory=Sizes)


def judge(series: pl.DataFrame, *, rules: Rules | None = None) -> pl.DataFrame:
    """One verdict per row of `indicator, unit, week, value, n, kind, better, depth, ok`.

    `value` is raw: shares 0 to 1, scores 0 to 100. `n` is the number of events behind it (null: not counted). `ok`:
    shown, not held, a whole week, settled. Optional: `sd` (of a single answer; surveys need it), `quiet` (a week of
    little work: kept out), `break_` (half of the members are new: all before is forgotten), `matched` and `moved_sd`
    (who answered the wave before too, and the SD of their changes).

    Gives, on the same rows, `verdict, side, since, p, strength, usual_low, usual_high, before, maturity, nature`:
    `since` is the week in which what is being told began; `strength` is the shift in SDs of the baseline, negative when
    below it; the usual range holds nine four-week values in ten; `maturity` is weeks of history; `nature` says how it
    moved: a `shift` from one level to another, a `drift` bit by bit, or a `spike` of one week.
    """
    if series.is_empty():
        return pl.DataFrame(schema=SCHEMA)
    panel = Panel.of(series)
    found = Court(panel, rules or Rules()).hear()
    week = pl.lit(FIRST) + pl.duration(weeks=pl.col("since").cast(pl.Int64) + panel.start)
    at = panel.row * panel.shape[1] + panel.column
    columns = {name: matrix.ravel()[at] for name, matrix in found.items()}
    verdicts = series.select("indicator", "unit", "week").hstack(pl.DataFrame(columns))
    return verdicts.with_columns(
        verdict=pl.col("verdict").replace_strict(range(4), VERDICTS, return_dtype=pl.String),
        side=pl.col("side").replace_strict([-1, 0, 1], ["worse", "", "better"], return_dtype=pl.String),
        since=pl.when(pl.col("since") >= 0).then(week),
        nature=pl.col("nature").replace_strict(range(4), NATURES, return_dtype=pl.String),
        maturity=pl.col("maturity").cast(pl.Int64),
        **{name: pl.col(name).fill_nan(None) for name in ("p", "strength", "usual_low", "usual_high", "before")},
    ).select(*SCHEMA)


def either(other: tuple[Flags, Flags], weekly: NDArray[Any], block: NDArray[Any], wave: NDArray[Any]) -> NDArray[Any]:
    """What is of each series' own rhythm: of its weeks, or of its blocks or waves where it has these."""
    out = weekly.copy()
    for mine, values in zip(other, (block, wave), strict=True):
        np.copyto(out, values, where=mine)
    return out


class Court:
    """The state of every series, and the week's sitting that moves it on."""

    def __init__(self, panel: Panel, rules: Rules) -> None:
        self.panel, self.rules = panel, rules
        self.charts = Charts(panel, panel.weeks, rules.weekly, rules.sizes, rules.peers)
        self.blocks = Charts(panel, panel.blocks(), rules.blocks, rules.sizes, rules.peers)
        self.waves = Waves(panel)
        self.begins = Beginnings.of(panel, self.charts.x, self.charts.peers, panel.start)
        series = panel.shape[0]
        self.verdict, self.sign, self.calm, self.run, self.run_sign, self.nature = np.zeros((6, series), np.int64)
        self.since, self.heard, self.begun = np.full((3, series), -1)
        self.wave, self.block = panel.kind == SCALE, silent(series)
        self.sparse = panel.sparse(rules.few, rules.mature)
        self.founded = panel.four_week_n() >= rules.least

    def hear(self) -> dict[str, np.ndarray]:
        """All weeks in turn: matrices of series by week."""
        whole = dict.fromkeys(("verdict", "side", "nature"), np.int8) | dict.fromkeys(("since", "maturity"), np.int32)
        types = whole | dict.fromkeys(("p", "strength", "usual_low", "usual_high", "before"), np.float64)
        found = {name: np.empty(self.panel.shape, kind, order="F") for name, kind in types.items()}
        for t in range(self.panel.shape[1]):
            for name, column in self.sit(t).items():
                found[name][:, t] = column
        return {name: np.ascontiguousarray(matrix) for name, matrix in found.items()}

    def sit(self, t: int) -> dict[str, NDArray[Any]]:
        """One week: tests, rejections, verdicts; then what is usual is learnt from those that raise no concern."""
        self.open(t)
        test, usual, enough = self.tested(t)
        maturity = np.where(self.begun >= 0, t - self.begun + 1, 0)
        among = test.fresh & (maturity >= self.rules.learning)
        rejected = np.zeros(len(among), bool)
        rejected[among] = spc.rejected(test.p[among], self.rules.q)
        rejected &= (test.p <= self.rules.ceiling) & test.material
        self.rule(test, rejected, rejected & enough & self.founded[:, t] & (maturity >= self.rules.mature), t)
        known = self.panel.ok[:, t] & (maturity >= self.rules.learning) & (self.heard >= 0) & np.isfinite(usual[0])
        stale = np.where(self.sparse[:, t], self.rules.block_stale, self.rules.stale)
        known &= t - self.heard <= np.where(self.wave, self.rules.wave_stale, stale)
        self.learn(t)
        side = np.where(known & (self.verdict != OK), np.where(self.panel.up, self.sign, -self.sign), 0)
        return {
            "verdict": np.where(known, self.verdict, UNKNOWN), "side": side, "since": np.where(known, self.since, -1),
            "p": np.where(test.fresh, test.p, np.nan), "strength": np.where(test.fresh, test.strength, np.nan),
            "nature": np.where(known, self.nature, NONE), "maturity": maturity,
            "usual_low": usual[1], "usual_high": usual[2], "before": usual[0],
        }  # fmt: skip

    def open(self, t: int) -> None:
        """A series begins with its first value that may be judged, and begins again at a break."""
        broken = self.panel.weeks.broken[:, t]
        for state in (self.verdict, self.run, self.calm):
            state[broken] = 0
        self.begun[broken] = self.heard[broken] = -1
        self.begun = np.where((self.begun < 0) & self.panel.weeks.fit[:, t], t, self.begun)

    def tested(self, t: int) -> tuple[Test, list[Floats], Flags]:
        """Each series' test in its own rhythm; its usual value, low and high; if it may alarm."""
        if t % BLOCK == BLOCK - 1:
            self.block = self.blocks.observe(t // BLOCK)
        else:
            self.block = replace(self.block, fresh=np.zeros_like(self.block.fresh))
        begun = np.where(self.verdict == ALARM, np.nan, chance(self.begins.odds[:, t], self.charts.phi))
        weekly = self.charts.sooner(self.charts.observe(t), begun, self.begins.size[:, t])
        tests = (weekly, self.block, self.waves.observe(t))
        other = self.sparse[:, t] & ~self.wave, self.wave
        merged = Test(*(either(other, *(getattr(test, one.name) for test in tests)) for one in fields(Test)))
        known = self.charts.known, self.blocks.known, self.waves
        usual = [either(other, *(getattr(one, name) for one in known)) for name in ("before", "low", "high")]
        weeks, blocks = (chart.known.points >= chart.pace.enough for chart in (self.charts, self.blocks))
        self.heard = np.where(merged.fresh, t, self.heard)
        return merged, usual, either(other, weeks, blocks, self.wave)

    def began(self, rows: Places, side: Floats, t: int) -> Places:
        """The week in which what these series say began, as their own rhythm dates it; of a survey the wave itself."""
        weekly, block = t - self.charts.lasting.began(rows, side), t // BLOCK - self.blocks.lasting.began(rows, side)
        slow = np.where(self.sparse[rows, t], block * BLOCK, weekly)
        return np.asarray(np.where(self.wave[rows], t, slow))

    def rule(self, test: Test, rejected: Flags, grave: Flags, t: int) -> None:
        """Move the verdicts on: a rejection is a watch, two running are an alarm; calm ends them, silence does not."""
        fresh, sign = test.fresh, np.sign(np.nan_to_num(test.strength)).astype(np.int64)
        again = rejected & (self.run > 0) & (sign == self.run_sign)
        self.run = np.where(fresh, np.where(again, self.run + 1, rejected), self.run)
        self.run_sign = np.where(rejected, sign, self.run_sign)
        slow = self.wave | self.sparse[:, t]
        alarm = grave & ((self.run >= 2) | (slow & (test.p < self.rules.at_once)))
        calm = ~rejected & ((np.abs(test.t) < test.limit / 2) | (sign != self.sign))
        self.calm = np.where(fresh, np.where(calm & (self.verdict != OK), self.calm + 1, 0), self.calm)
        over = self.calm >= np.where((self.verdict == ALARM) & ~self.wave, 2, 1)
        stirred = np.where(rejected, np.maximum(self.verdict, WATCH), np.where(over, OK, self.verdict))
        verdict = np.where(alarm, ALARM, stirred)
        sign = np.where(alarm | (rejected & (self.verdict != ALARM)), sign, self.sign)
        sign = np.where(verdict == OK, 0, sign)
        told_anew = (sign != self.sign) | (self.since < 0)
        self.since = np.where(fresh & told_anew, t, self.since)
        rings_now = (verdict == ALARM) & (self.verdict != ALARM) & ~self.wave
        stirring = np.flatnonzero(fresh & ((told_anew & (verdict != OK)) | rings_now))
        self.since[stirring] = self.began(stirring, sign[stirring].astype(float), t)
        self.calm[verdict != self.verdict] = 0
        self.verdict, self.sign = verdict, sign
        self.tell_nature(rejected & (told_anew | (t - self.since <= YOUNG)), test.alone & ~slow, t)

    def tell_nature(self, young: Flags, alone: Flags, t: int) -> None:
        """How what has begun lately moved: in one week until it lasts; bit by bit where that lies closer."""
        rows = np.flatnonzero(young)
        recent = slice(max(0, t - BACK + 1), t + 1)
        own = self.charts.x[rows, recent] - self.charts.peers.shared(rows, recent)
        lasting = np.where(drifting(own) & ~self.wave[rows], DRIFT, SHIFT)
        self.nature[rows] = np.where(alone[rows] & (self.run[rows] == 1), SPIKE, lasting)
        self.nature[self.verdict == OK] = NONE

    def learn(self, t: int) -> None:
        calm = self.verdict == OK
        self.charts.learn(t, calm)
        self.waves.learn(t, calm)
        if t % BLOCK == BLOCK - 1:
            self.blocks.learn(t // BLOCK, calm)
