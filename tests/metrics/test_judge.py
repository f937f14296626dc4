"""Verdicts over weeks: what is an alarm, what is not, and that the past stays as it was."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.judge import SCHEMA, judge

FIRST = date(2023, 1, 2)


def noise(weeks, seed=1, sd=0.02):
    return np.random.default_rng(seed).normal(0, sd, weeks)


def course(values, unit="a", **facts):
    """One series of weekly values; None is a week without a row."""
    known = {"n": 200.0, "kind": "share", "better": "up", "depth": 0, "ok": True} | facts
    each = {name: fact if isinstance(fact, list) else [fact] * len(values) for name, fact in known.items()}
    rows = pl.DataFrame({"value": [None if v is None else float(v) for v in values], **each}, strict=False)
    weeks = [FIRST + timedelta(weeks=week) for week in range(len(values))]
    return rows.with_columns(indicator=pl.lit("reuse"), unit=pl.lit(unit), week=pl.Series(weeks)).filter(
        pl.col("value").is_not_null()
    )


def verdicts(values, **facts):
    return judge(course(values, **facts))["verdict"].to_list()


def steady(weeks, level=0.45, seed=1):
    return level + noise(weeks, seed)


def fallen(weeks=80, at=60, to=0.33, seed=1):
    return np.r_[steady(at, seed=seed), to + noise(weeks - at, seed + 100)]


def test_a_clear_fall_after_a_year_is_an_alarm_within_weeks_and_stays_one():
    said = verdicts(fallen())
    assert "alarm" not in said[:60]
    assert "alarm" in said[60:65]
    assert set(said[65:]) == {"alarm"}


def test_an_alarm_needs_two_weeks_running():
    said = verdicts(fallen())
    first = said.index("alarm")
    assert said[first - 1] == "watch"


def test_a_fall_is_worse_where_up_is_better_and_better_where_down_is():
    assert judge(course(fallen()))["side"][-1] == "worse"
    assert judge(course(fallen(), better="down"))["side"][-1] == "better"


def test_an_alarm_says_when_it_began_how_much_and_what_was_usual():
    last = judge(course(fallen())).row(-1, named=True)
    assert abs((last["since"] - FIRST).days // 7 - 60) <= 2
    assert last["before"] == pytest.approx(0.45, abs=0.02)
    assert 0.40 < last["usual_low"] < 0.45 < last["usual_high"] < 0.50
    assert last["strength"] < -2
    assert last["p"] < 0.001
    assert last["maturity"] == 80


def test_what_began_is_dated_to_its_own_fall_and_not_to_months_a_little_low_before():
    """A tenth of an SD low since week 40; a fall of six SDs in week 70 is what rings, and since when."""
    values = steady(90)
    values[40:] -= 0.008
    values[70:] -= 0.12
    last = judge(course(values)).row(-1, named=True)
    assert last["verdict"] == "alarm"
    assert abs((last["since"] - FIRST).days // 7 - 70) <= 1


def test_one_wild_week_is_a_watch_and_never_an_alarm():
    values = steady(80)
    values[70] = 0.2
    said = verdicts(values)
    assert said[70] == "watch"
    assert "alarm" not in said
    assert said[-1] == "ok"


def test_a_steady_series_is_ok():
    assert set(verdicts(steady(80))[12:]) == {"ok"}


def test_the_first_weeks_are_unknown_and_the_first_year_knows_no_alarm():
    said = verdicts(fallen(weeks=54, at=40, to=0.2))
    assert set(said[:11]) == {"unknown"}
    assert "alarm" not in said[:51]
    assert "watch" in said[40:51]
    assert said[51] == "alarm"


def test_a_week_that_may_not_be_judged_is_unknown_and_ends_no_alarm():
    ok = [True] * 70 + [False] * 3 + [True] * 7
    said = verdicts(fallen(), ok=ok)
    assert said[69] == "alarm"
    assert said[70:73] == ["unknown"] * 3
    assert said[73] == "alarm"


def test_missing_data_alone_is_never_an_alarm():
    values = np.r_[steady(60), np.zeros(10)]
    assert set(verdicts(values, ok=[True] * 60 + [False] * 10)[60:]) == {"unknown"}


def test_a_quiet_week_is_neither_learnt_from_nor_alarmed_about():
    values, quiet = steady(120), [False] * 120
    for year in (50, 51, 102, 103):
        values[year], quiet[year] = 0.1, True
    said = verdicts(values, quiet=quiet)
    assert "alarm" not in said
    assert "watch" not in said
    clean = judge(course(steady(120)))["usual_low"][-1]
    assert judge(course(values, quiet=quiet))["usual_low"][-1] == pytest.approx(clean, abs=0.01)


def test_an_alarm_ends_after_two_calm_weeks_when_the_old_level_is_back():
    values = np.r_[fallen(weeks=70), steady(40, seed=9)]
    said = verdicts(values)
    assert said[69] == "alarm"
    assert said[71] == "alarm"
    assert said[-1] == "ok"


def test_one_calm_week_does_not_end_an_alarm_and_two_do():
    usual = 50 + 5 * noise(60, sd=1)
    low, high = [40] * 15, 62
    said = verdicts([*usual, *low, high, high, 40, 40], kind="mean", n=100.0)
    assert said[-5:] == ["alarm"] * 5
    assert verdicts([*usual, *low, high, high, 55, 50], kind="mean", n=100.0)[-3:] == ["alarm", "ok", "ok"]


def test_too_few_events_never_raise_an_alarm():
    assert "alarm" not in verdicts(np.r_[np.full(60, 0.9), np.zeros(30)], n=7.0)
    assert "alarm" in verdicts(np.r_[np.full(60, 0.9), np.zeros(30)], n=8.0)


def test_few_events_a_week_are_judged_in_blocks_of_four_weeks():
    said = judge(course(fallen(weeks=120, at=80, to=0.1), n=9.0))
    alarm = said.filter(pl.col("verdict") == "alarm")
    turns = {week.toordinal() for week in said.filter(pl.col("p").is_not_null())["week"]}
    assert alarm.height > 20
    assert len({(turn - 719166) // 7 % 4 for turn in turns}) == 1


def test_ties_are_judged_in_blocks_for_each_week_holds_the_last_four():
    density = 0.02 + noise(130, sd=0.0005)
    density[100:] -= 0.006
    said = judge(course(density, kind="ties", n=5000.0))
    assert said.filter(pl.col("p").is_not_null()).height <= 130 // 4
    assert said["verdict"][-1] == "alarm"
    assert "alarm" not in said["verdict"][:100].to_list()


def test_a_break_forgets_what_was_usual():
    values = np.r_[steady(80), steady(40, level=0.3, seed=5)]
    said = judge(course(values, break_=[week == 80 for week in range(120)]))
    assert "alarm" not in said["verdict"].to_list()
    assert said["verdict"][80:91].to_list() == ["unknown"] * 11
    assert said["maturity"][80] == 1


def test_a_series_back_after_more_than_half_a_year_begins_anew():
    said = judge(course([*steady(60), *[None] * 27, *steady(20, level=0.2)]))
    assert said["maturity"][60] == 1
    assert "alarm" not in said["verdict"].to_list()


def test_what_all_units_share_is_the_alarm_of_the_whole_and_of_no_unit():
    shared = np.r_[np.zeros(70), np.full(30, -0.1)]
    units = [course(steady(100, seed=s) + shared, unit=f"u{s}", depth=2) for s in range(12)]
    whole = course(steady(100, seed=50) + shared, unit="all", depth=0)
    said = judge(pl.concat([whole, *units]))
    assert set(said.filter(pl.col("verdict") == "alarm")["unit"]) == {"all"}


def test_a_division_with_few_peers_is_compared_with_all_units_below():
    shared = np.r_[np.zeros(70), np.full(30, -0.1)]
    units = [course(steady(100, seed=s) + shared, unit=f"u{s}", depth=2 + s % 2) for s in range(12)]
    divisions = [course(steady(100, seed=60 + s) + shared, unit=f"d{s}", depth=1) for s in range(3)]
    assert "alarm" not in judge(pl.concat([*divisions, *units]))["verdict"]
    assert "alarm" in judge(pl.concat(divisions))["verdict"]


def test_a_unit_that_falls_alone_is_found_among_its_peers():
    units = [course(steady(100, seed=s), unit=f"u{s}", depth=2) for s in range(12)]
    said = judge(pl.concat([course(fallen(weeks=100, at=70), unit="lone", depth=2), *units]))
    assert set(said.filter(pl.col("verdict") == "alarm")["unit"]) == {"lone"}


def test_a_tiny_but_certain_change_is_not_worth_an_alarm():
    values = 0.45 + noise(100, sd=0.0005)
    values[70:] -= 0.004
    assert set(verdicts(values, n=1e6)[12:]) == {"ok"}


def test_a_verdict_long_unheard_of_is_unknown():
    values = np.r_[steady(60), np.full(20, 0.45)]
    said = verdicts(values, quiet=[False] * 60 + [True] * 20)
    assert said[60] == "ok"
    assert said[-1] == "unknown"


def waves(values, n=400.0, sd=18.0, **facts):
    """A survey every thirteen weeks."""
    spread = [v for value in values for v in (value, *[None] * 12)]
    return judge(course(spread, kind="scale", n=n, sd=sd, **facts))


def test_a_survey_that_falls_clearly_is_an_alarm_in_its_first_wave():
    said = waves([70, 71, 69, 70, 70, 58])
    assert said["verdict"].to_list() == ["unknown", "ok", "ok", "ok", "ok", "alarm"]
    assert said["before"][-1] == pytest.approx(70)
    assert said["strength"][-1] == pytest.approx(-12 / 18)


def test_a_survey_that_stays_low_stays_an_alarm_against_the_waves_before():
    said = waves([70, 71, 69, 70, 70, 58, 57, 58])
    assert said["verdict"].to_list()[-3:] == ["alarm"] * 3
    assert said["before"][-1] == pytest.approx(70)


def test_a_survey_that_recovers_is_ok_again():
    assert waves([70, 71, 69, 70, 70, 58, 70])["verdict"][-1] == "ok"


def test_a_small_change_of_a_survey_is_no_alarm_however_many_answer():
    assert waves([70, 70, 70, 70, 70, 66], n=100000.0)["verdict"][-1] == "ok"


def test_a_change_of_few_answers_is_not_told_from_none():
    assert waves([70, 71, 69, 70, 70, 62], n=10.0)["verdict"][-1] == "ok"


def test_answers_of_the_same_people_tell_more_than_those_of_others():
    others = waves([70, 60], n=30.0)["p"][-1]
    same = waves([70, 60], n=30.0, matched=28.0, moved_sd=9.0)["p"][-1]
    assert same < others / 10


def test_no_series_no_verdicts():
    said = judge(course([]))
    assert said.is_empty()
    assert said.schema == pl.Schema(SCHEMA)


def test_rows_come_back_in_the_order_they_came():
    series = pl.concat([course(steady(20), unit="b"), course(steady(20), unit="a")]).sample(
        fraction=1, shuffle=True, seed=3
    )
    assert judge(series).select("unit", "week").equals(series.select("unit", "week"))


def panel(draw_seed, weeks):
    """Twelve units of several kinds with shifts, gaps, breaks and few events: whatever the judge may meet."""
    rng = np.random.default_rng(draw_seed)
    frames = []
    for unit in range(12):
        kind = ["share", "share", "ties", "mean", "scale"][unit % 5]
        level = {"share": 0.5, "ties": 0.02, "mean": 30, "scale": 70}[kind]
        values = level * (1 + rng.normal(0, 0.06, weeks))
        values[rng.integers(20, weeks) :] *= rng.choice([0.5, 0.8, 1.0, 1.3])
        gone = rng.random(weeks) < (0.92 if kind == "scale" else 0.05)
        frames.append(
            course(
                [None if g else v for g, v in zip(gone, values, strict=True)],
                unit=f"u{unit}", kind=kind, depth=int(rng.integers(0, 3)), sd=15.0, n=rng.choice([6.0, 40.0, 300.0]),
                ok=list(rng.random(weeks) < 0.95), quiet=list(rng.random(weeks) < 0.05),
                break_=list(rng.random(weeks) < 0.01),
            )
        )  # fmt: skip
    return pl.concat(frames)


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 10**6), cut=st.integers(5, 119))
def test_the_past_does_not_change_when_the_future_arrives(seed, cut):
    series = panel(seed, 120)
    until = FIRST + timedelta(weeks=cut)
    then = judge(series.filter(pl.col("week") < until))
    now = judge(series).filter(pl.col("week") < until)
    same = pl.col("indicator", "unit", "week", "verdict", "side", "since", "maturity", "nature")
    assert then.select(same).equals(now.select(same))
    for name in ("p", "strength", "usual_low", "usual_high", "before"):
        assert np.allclose(then[name].to_numpy(), now[name].to_numpy(), equal_nan=True), name


def test_units_that_only_make_noise_raise_hardly_any_alarm():
    rng = np.random.default_rng(7)
    units = [course(0.4 + rng.normal(0, 0.04, 104), unit=f"u{unit}", depth=2) for unit in range(300)]
    said = judge(pl.concat(units)).filter(pl.col("verdict") == "alarm")
    assert said["unit"].n_unique() <= 5
