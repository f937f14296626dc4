"""Skills to come: planned needs, who holds them, what may come of both, and whether forecasts deserve the name."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from scipy import stats

from connectors.tables import TABLES
from metrics.ahead import Step, labelled, of_ten, outlook, what_if
from metrics.backtest import backtest, brier, skill, slope, standing, stood
from metrics.chances import STATED, chances, covered, futures
from metrics.demand import planned, sought, tagged
from metrics.modules import greedy, suggested
from metrics.outlook import forecasts
from metrics.pools import open_pools
from metrics.stocks import ready
from metrics.weeks import Calendar, team_of_record

TODAY = date(2026, 11, 22)
CALENDAR = Calendar(today=TODAY)
UNITS = [{"unit": "east", "name": "East", "valid_from": date(2024, 1, 1)}]
GRID = date(2026, 10, 26)  # a Monday in which one looks ahead


def facts(**tables):
    """Whole tables; what a row does not name is null."""
    return {name: pl.DataFrame(rows, schema=TABLES[name].dtypes) for name, rows in tables.items()}


def at(day):
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def need(name, skill, level, headcount, starts, *, known=None, **more):
    told = {"need": name, "unit": "east", "skill": skill, "level": level, "headcount": headcount, "starts": starts}
    return told | {"changed": at(known or starts)} | more


def plan(ahead, *needs):
    return planned(facts(needs=list(needs))["needs"].lazy(), CALENDAR, ahead).collect().sort("week", "skill")


def headcount(frame, week, skill="sql"):
    return frame.filter(week=week, skill=skill)["headcount"].to_list()


def test_a_plan_is_known_from_when_it_was_made_and_not_a_week_before():
    first, more = (
        need("1", "sql", 3.0, 5.0, date(2026, 1, 5)),
        need("2", "sql", 3.0, 9.0, date(2026, 6, 1), known=date(2026, 4, 6)),
    )
    ahead = plan(13, first, more)
    assert headcount(ahead, date(2026, 3, 30)) == [5.0]  # thirteen weeks later it is nine, but nobody could know
    assert headcount(ahead, date(2026, 4, 6)) == [9.0]
    assert headcount(plan(0, first, more), date(2026, 5, 25)) == [5.0]
    assert headcount(plan(0, first, more), date(2026, 6, 1)) == [9.0]


def test_a_need_that_was_mended_later_counts_from_its_start_not_from_the_mending():
    mended = need("1", "sql", 3.0, 5.0, date(2026, 1, 5), known=date(2026, 9, 7))
    assert headcount(plan(0, mended), date(2026, 2, 2)) == [5.0]


def test_an_open_post_adds_to_the_need_for_half_a_year_and_does_not_replace_a_role():
    role = need("1", "sql", 3.0, 5.0, date(2026, 1, 5), project="open")
    post = need("2", "sql", 2.0, 2.0, date(2026, 3, 2), kind="requisition", project="open")
    now = plan(0, role, post)
    assert headcount(now, date(2026, 3, 2)) == [7.0]
    assert now.filter(week=date(2026, 3, 2))["level"].item() == pytest.approx((5 * 3 + 2 * 2) / 7)
    assert headcount(now, date(2026, 8, 24)) == [7.0]  # its twenty-sixth week
    assert headcount(now, date(2026, 8, 31)) == [5.0]


def test_work_of_a_skill_is_compared_with_the_quarter_before():
    weeks = [date(2026, 1, 5) + timedelta(weeks=n) for n in range(26)]
    rows = [{"ticket": f"{week}{n}", "kind": "request", "skill": "sql", "opened": at(week)}
            for place, week in enumerate(weeks) for n in range(1 if place < 13 else 3)]  # fmt: skip
    found = tagged(facts(tickets=rows)["tickets"].lazy(), CALENDAR).filter(week=weeks[-1])
    assert found["work"].item() == pytest.approx(np.log((39 + 5) / (13 + 5)))


def test_demand_outside_is_the_last_value_known_against_the_one_a_quarter_before():
    rows = [
        {"skill": "sql", "day": date(2026, 6, 1), "index": 100.0},
        {"skill": "sql", "day": date(2026, 9, 7), "index": 125.0},
    ]
    weeks = pl.DataFrame({"week": [date(2026, 9, 7), date(2026, 6, 1)]})
    found = sought(facts(demand=rows)["demand"].lazy(), weeks)
    assert found.rows() == [(date(2026, 9, 7), "sql", pytest.approx(np.log(1.25)))]


def people(joined=()):
    rows = [{"person": f"p{n}", "unit": "east", "valid_from": date(2024, 1, 1)} for n in range(12)]
    rows[0]["valid_to"] = date(2026, 6, 1)  # leaves
    return rows + [{"person": name, "unit": "east", "valid_from": date(2026, 5, 4)} for name in joined]


def flows():
    """p0 to p3 hold the level at first; p0 leaves, p1 is assessed anew under it, p8 is trained, new joins with it."""
    skills = [{"person": f"p{n}", "skill": "sql", "assessed": date(2026, 1, 5), "level": 3.0} for n in range(4)]
    skills += [{"person": "p1", "skill": "sql", "assessed": date(2026, 5, 4), "level": 2.0},
               {"person": "p8", "skill": "sql", "assessed": date(2026, 5, 11), "level": 3.5},
               {"person": "new", "skill": "sql", "assessed": date(2026, 5, 18), "level": 4.0}]  # fmt: skip
    given = facts(
        needs=[need("1", "sql", 3.0, 4.0, date(2026, 1, 5))], skills=skills, people=people(["new"]), units=UNITS
    )
    teams = team_of_record(given["people"].lazy(), CALENDAR).collect().lazy()
    return given, teams


def test_stock_and_flows_are_counted_by_hand():
    given, teams = flows()
    found = ready(given["needs"].lazy(), given["skills"].lazy(), teams, given["units"].lazy(), CALENDAR, (13,))[13]
    spring = found.filter(week=date(2026, 4, 13))  # thirteen weeks to 13 July
    assert spring.select("size", "stock", "kept", "trained", "joined").rows() == [(12, 4, 2, 1, 1)]
    autumn = found.filter(week=GRID)  # its end has not come
    assert autumn.select("stock", "kept").rows() == [(4, None)]


def one(**more):
    base = {"stock": 20.0, "stay": 0.9, "stay_weight": 60.0, "trained": 2.0, "trained_shape": 4.0, "joined": 1.0,
            "joined_shape": 3.0, "headcount": 21.0, "drift": 0.05, "spread": 0.1, "free": 10.0}  # fmt: skip
    return base | more


def test_the_exact_chance_is_what_four_thousand_futures_come_to():
    for given in (one(), one(headcount=15.0), one(stock=0.0), one(stock=60.0, headcount=58.0, stay=0.97)):
        needed, there = futures(given, 40_000, seed=5)
        assert chances(pl.DataFrame([given])).item() == pytest.approx((needed > there).mean(), abs=0.01)


def test_with_nothing_uncertain_the_chance_is_that_of_a_binomial():
    given = one(stay=0.8, stay_weight=1e9, trained=1e-12, joined=1e-12, headcount=15.0, drift=0.0, spread=1e-9)
    assert chances(pl.DataFrame([given])).item() == pytest.approx(stats.binom.cdf(14, 20, 0.8), abs=1e-4)


def test_what_one_does_never_makes_a_shortage_likelier_and_the_answer_has_a_range():
    row = one(headcount=30.0)
    now, more = what_if(row, Step()), what_if(row, Step(train=4, hire=3, move=3))
    assert more.chance < now.chance
    assert now.missing - more.missing == pytest.approx(4 + 6 * 0.9, abs=0.3)
    assert more.low < more.missing < more.high
    assert len(more.dots) == 20
    assert what_if(row, Step(train=5), lands=0.0) == now


@pytest.mark.parametrize("step", [Step(train=-1), Step(hire=-2)])
def test_what_cannot_be_done_is_said(step):
    with pytest.raises(ValueError, match="cannot be"):
        what_if(one(), step)


def test_ten_of_ten_is_said_only_of_what_is_as_good_as_sure():
    assert [of_ten(p) for p in (0.0, 0.03, 0.26, 0.5, 0.97, 0.99)] == [0, 1, 3, 5, 9, 10]


def test_scores_of_forecasts_worked_by_hand():
    assert brier([0.9, 0.2, 0.6], [1, 0, 0]) == pytest.approx((0.01 + 0.04 + 0.36) / 3)
    assert skill(0.1, 0.2) == pytest.approx(0.5)
    assert skill(0.1, 0.0) is None
    with pytest.raises(ValueError, match="one outcome"):
        brier([], [])


def test_the_calibration_slope_tells_who_is_too_sure():
    rng = np.random.default_rng(1)
    logit = rng.normal(0, 1.2, 6000)
    came = rng.random(6000) < 1 / (1 + np.exp(-logit))
    right, loud = (1 / (1 + np.exp(-k * logit)) for k in (1, 2))
    assert slope(right, came) == pytest.approx(1.0, abs=0.1)
    assert slope(loud, came) == pytest.approx(0.5, abs=0.07)
    assert slope([0.5, 0.6, 0.7], [1, 1, 1]) is None


def test_ninety_per_cent_ranges_of_the_time_ahead_hold_what_comes():
    rng, rows = np.random.default_rng(2), []
    for seed in range(600):
        given = one(stock=float(rng.integers(8, 60)), headcount=float(rng.integers(8, 60)))
        needed, there = futures(given, 1, seed=seed)
        rows.append(given | {"needed": needed[0], "there": int(there[0])})
    held = covered(pl.DataFrame(rows))
    assert 0.88 <= held["there"].mean() <= 0.97  # whole people: a range holds a little more than it says
    assert 0.88 <= held["needed"].mean() <= 0.97


def test_a_forecast_is_withdrawn_when_it_fails_in_two_refreshes_and_comes_back_when_it_beats_persistence():
    good, bad = {"skill": 0.2, "origins": 9}, {"skill": -0.1, "origins": 9}
    assert standing({"skill": 0.3, "origins": 7}, None) == ("experimental", 0)
    assert standing(good, None) == ("forecast", 0)
    once = standing(bad, {"state": "forecast", "misses": 0})
    assert once == ("forecast", 1)
    assert standing(bad, {"state": "forecast", "misses": 1}) == ("withdrawn", 2)
    assert standing(bad, {"state": "withdrawn", "misses": 2}) == ("withdrawn", 3)
    assert standing(good, {"state": "withdrawn", "misses": 3}) == ("forecast", 0)
    assert standing(bad, None) == ("experimental", 1)


def test_without_a_past_both_horizons_are_experimental():
    nothing = stood(backtest(pl.DataFrame(schema={"week": pl.Date})), pl.DataFrame(schema={"ahead": pl.Int64}))
    assert nothing.select("ahead", "state", "origins").rows() == [(13, "experimental", 0), (26, "experimental", 0)]


def test_without_facts_there_are_no_forecasts():
    empty = {
        name: pl.LazyFrame(schema=TABLES[name].dtypes) for name in ("needs", "skills", "units", "tickets", "demand")
    }
    empty["teams"] = pl.LazyFrame(schema={"person": pl.String, "week": pl.Date, "unit": pl.String})
    assert forecasts(empty, CALENDAR).is_empty()


def pool(unit, skill, stock, size, ahead=13):
    return {"unit": unit, "skill": skill, "ahead": ahead, "week": GRID, "stock": stock, "size": size}


def opened(*rows, above=None):
    names = {row["unit"] for row in rows} | {"all"}
    tree = pl.DataFrame(
        [(GRID, name, (above or {}).get(name, None if name == "all" else "all")) for name in names],
        schema={"week": pl.Date, "unit": pl.String, "parent": pl.String}, orient="row",
    )  # fmt: skip
    return open_pools(pl.DataFrame(list(rows)), tree, 8).rows()


def test_a_skill_that_fewer_than_a_crowd_hold_or_lack_is_not_shown_one_by_one():
    few, lacks = pool("east", "sql", 4, 60), pool("east", "python", 55, 60)
    fine = pool("east", "law", 20, 60)
    assert opened(few, lacks, fine) == [("east", "law")]
    assert opened(pool("east", "sql", 8, 60), fine) == [("east", "law"), ("east", "sql")]


def test_beside_the_sum_never_one_skill_alone_is_hidden():
    few = pool("east", "sql", 4, 60)
    assert opened(few, pool("east", "law", 20, 60), pool("east", "german", 30, 60)) == [("east", "german")]


def test_what_a_team_leaves_of_its_department_is_a_crowd_too():
    above = {"team": "dept", "dept": "all"}
    rows = [pool("dept", "sql", 20, 60), pool("team", "sql", 15, 25)]
    assert ("team", "sql") not in opened(*rows, above=above)


def test_nobody_holds_it_may_be_said_of_a_large_unit_only():
    assert opened(pool("east", "sql", 0, 60), pool("east", "law", 20, 60)) == [("east", "law"), ("east", "sql")]
    assert opened(pool("east", "sql", 0, 12)) == []


def test_of_a_hidden_need_nothing_but_its_name_leaves():
    rows = pl.DataFrame([
        one(stock=3.0) | pool("east", "sql", 3.0, 60) | {"level": 3.0, "now": True},
        one(stock=5.0) | pool("east", "law", 5.0, 60) | {"level": 3.0, "now": True},
        one() | pool("east", "german", 20.0, 60) | {"level": 3.0, "now": False},
    ]).with_columns(pl.col("stock", "size").cast(pl.Float64))  # fmt: skip
    tree = pl.DataFrame({"week": [GRID], "unit": ["east"], "parent": [None]}, schema_overrides={"parent": pl.String})
    told = outlook(rows, tree, pl.DataFrame({"unit": ["east"]}), 8)
    hidden = told.filter(state="hidden")
    assert hidden["skill"].to_list() == ["law", "sql"]
    assert (
        hidden.select(*STATED, "chance", "missing", "low", "high", "dots", "level", "now").null_count().row(0)
        == (2,) * 18
    )
    assert told.filter(state="shown")["skill"].to_list() == ["german"]
    assert outlook(rows, tree, pl.DataFrame({"unit": ["west"]}), 8).is_empty()


def test_cells_bear_the_name_their_forecasts_deserve():
    cells = pl.DataFrame({
        "indicator": ["skill_shortage", "link_rate"], "state": ["shown"] * 2, "mark": [""] * 2, "value": [20.0, 40.0],
        **{name: [1.0, 2.0] for name in ("low", "high", "n", "people", "usual_low", "usual_high")},
    })  # fmt: skip
    assert labelled(cells, {13: "forecast"}).equals(cells)
    assert labelled(cells, {13: "experimental"})["mark"].to_list() == ["experimental", ""]
    gone = labelled(cells, {13: "withdrawn"})
    assert gone.select("mark", "value", "people").rows() == [("withdrawn", None, None), ("", 40.0, 2.0)]


def test_greedy_takes_first_what_touches_most_and_stops_when_enough_is_touched():
    gaps = {"a": 5.0, "b": 3.0, "c": 2.0, "d": 0.0}
    modules = {"m1": {"a"}, "m2": {"b", "c"}, "m3": {"a", "d"}, "m4": {"c"}}
    assert greedy(gaps, modules) == [("m1", ("a",), 0.5), ("m2", ("b", "c"), 0.5)]
    assert greedy(gaps, modules, enough=0.5) == [("m1", ("a",), 0.5)]
    assert greedy(gaps, {"m": {"x"}}) == []
    assert greedy({}, modules) == []
    assert len(greedy({str(n): 1.0 for n in range(20)}, {str(n): {str(n)} for n in range(20)})) == 5


def test_modules_are_told_for_needs_that_may_be_shown_only():
    lacks = pl.DataFrame({"unit": ["east", "east"], "skill": ["sql", "law"], "gap": [9.0, 3.0]})
    offers = pl.DataFrame({"module": ["m-sql", "m-law"], "skill": ["sql", "law"]})
    worked = pl.DataFrame({"module": ["m-law"], "uplift": [4.0], "low": [1.0], "high": [7.0], "n": [250]})
    told = suggested(lacks, offers, worked, pl.DataFrame({"unit": ["east"], "skill": ["law"]}))
    assert told.rows() == [("east", 1, "m-law", "law", 1.0, 1.0, 4.0, 1.0, 7.0, 250)]
