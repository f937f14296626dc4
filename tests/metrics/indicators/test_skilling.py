"""Skills needed and held, plans, proficiency, courses, mentors, suggestions: counted by hand."""

from datetime import date, timedelta
from math import exp, log

import polars as pl
import pytest

from metrics.indicator import indicators
from metrics.kinds import KINDS
from metrics.returns import benefit_cost_ratio, normalised_gain, return_on_investment
from metrics.weeks import Calendar
from tests.metrics.facts import CALENDAR, MONDAY, at, evidence, live

EARLY = date(2026, 1, 5)
UNITS = [{"unit": "top", "name": "Top", "valid_from": EARLY},
         {"unit": "east", "parent": "top", "name": "East", "valid_from": EARLY},
         {"unit": "west", "parent": "top", "name": "West", "valid_from": EARLY}]  # fmt: skip


def rows(name, *columns, calendar=CALENDAR, week=MONDAY, **tables):
    found = evidence(name, calendar, **tables)
    return [tuple(row[c] for c in columns) for row in found.rows(named=True) if row["week"] == week]


def held(person, skill, level, day=EARLY):
    return {"person": person, "skill": skill, "level": float(level), "assessed": day}


def need(name, skill, level, headcount, **known):
    row = {"need": name, "skill": skill, "unit": "east", "level": float(level), "headcount": float(headcount)}
    return row | {"starts": EARLY, "changed": at(-300)} | known


def staff(**skills):
    return [held(person, name, level) for name, levels in skills.items() for person, level in levels.items()]


def test_the_worked_example_of_two_skills(worked):
    """Each position of the example is a need of one seat, so that a surplus stays where it is."""
    example = worked("skill_gap")
    needs, skills, people = [], [], {}
    for one in example["inputs"]["skills"]:
        for seat, (level, has) in enumerate(zip(one["need"], one["have"], strict=True)):
            place, who = f"{one['skill']}{seat}", f"{one['skill']}p{seat}"
            needs.append(need(place, one["skill"], level, 1, unit=place, importance=float(one["importance"])))
            skills.append(held(who, one["skill"], has))
            people[who] = place
    units = [
        UNITS[0],
        *({"unit": place, "parent": "top", "name": place, "valid_from": EARLY} for place in people.values()),
    ]
    tables = {"needs": needs, "skills": skills, "people": live(people), "units": units}
    covered = rows("skill_coverage", "used", "allotted", **tables)
    assert sum(used for used, _ in covered) == 9 + 5
    assert example["expected"]["coverage"]["s1"] == 9 / 10
    missing = rows("skill_gap_index", "used", "allotted", **tables)
    index = sum(used for used, _ in missing) / sum(all_ for _, all_ in missing)
    assert index == pytest.approx(example["expected"]["weighted_gap_index"])


def test_the_best_take_the_seats_and_what_they_know_too_much_helps_nobody():
    people = live({"a": "east", "b": "east", "c": "east", "d": "west"})
    skills = staff(sql={"a": 5, "b": 2, "c": 1, "d": 5})
    tables = {"needs": [need("n", "sql", 3, 2)], "skills": skills, "people": people, "units": UNITS}
    found = rows("skill_coverage", "unit", "used", "allotted", "periods", "people", **tables)
    assert found == [("east", 5.0, 6.0, 2, 3)]


def test_assessments_of_more_than_eighteen_months_ago_do_not_count():
    people, old = live({"a": "east"}), MONDAY - timedelta(weeks=78)
    tables = {"needs": [need("n", "sql", 3, 1)], "people": people, "units": UNITS}
    assert rows("skill_coverage", "used", skills=[held("a", "sql", 3, old)], **tables) == [(0.0,)]
    assert rows("skill_coverage", "used", skills=[held("a", "sql", 3, old + timedelta(weeks=1))], **tables) == [(3.0,)]


def test_a_later_need_replaces_the_one_before_and_a_post_to_fill_is_none():
    people, skills = live({"a": "east"}), staff(sql={"a": 3})
    needs = [need("1", "sql", 3, 1), need("2", "sql", 3, 2, starts=MONDAY), need("3", "sql", 3, 9, kind="requisition")]
    tables = {"needs": needs, "skills": skills, "people": people, "units": UNITS}
    assert rows("skill_coverage", "allotted", **tables) == [(6.0,)]
    assert rows("skill_coverage", "allotted", week=MONDAY - timedelta(weeks=1), **tables) == [(3.0,)]


def test_bench_depth_is_told_of_the_whole_alone():
    people = live({"a": "east", "b": "east", "c": "west"})
    needs = [need("1", "sql", 3, 1, importance=5.0), need("2", "law", 3, 1, importance=4.0),
             need("3", "art", 3, 1, importance=3.0)]  # fmt: skip
    skills = staff(sql={"a": 4, "b": 3}, law={"a": 4, "b": 2})
    found = rows("bench_depth", "unit", "part", "whole", needs=needs, skills=skills, people=people, units=UNITS)
    assert found == [("east", 0, 0), ("top", 1, 2)]


def plan(name, person="a", **known):
    return {"plan": name, "person": person, "skill": "sql", "made": MONDAY - timedelta(days=30)} | known


def test_goals_under_way_serve_a_priority_or_none():
    plans = [plan("1", priority="data"), plan("2"), plan("3", priority="data", done=MONDAY - timedelta(days=1)),
             plan("4", priority="x", made=MONDAY + timedelta(days=9))]  # fmt: skip
    assert rows("plan_alignment", "part", "whole", plans=plans, people=live({"a": "east"})) == [(1, 2)]


def test_goals_due_are_reached_in_time_or_not():
    due = {"due": MONDAY + timedelta(days=2)}
    plans = [
        plan("1", **due, done=MONDAY),
        plan("2", **due, done=MONDAY + timedelta(days=5)),
        plan("3", **due),
        plan("4"),
    ]
    assert rows("plan_progress", "part", "whole", plans=plans, people=live({"a": "east"})) == [(1, 3)]


def test_a_plan_is_current_for_thirteen_weeks_after_it_was_touched():
    week = timedelta(weeks=1)
    plans = [
        plan("0", "b", made=MONDAY - 13 * week),
        plan("1", "a", made=MONDAY - 30 * week, updated=MONDAY - 12 * week),
    ]
    found = rows("plan_freshness", "part", "whole", plans=plans, people=live({"a": "east", "b": "east"}))
    assert found == [(1, 2)]


def joiner(person, left=None):
    row = {"person": person, "unit": "east", "valid_from": MONDAY, "joined": MONDAY, "left": left}
    return row | {"valid_to": left}


def test_who_joins_gets_there_leaves_or_is_still_on_the_way():
    people = [joiner("a"), joiner("b", MONDAY + timedelta(days=20)), joiner("c")]
    skills = [held("x", "sql", 1), held("a", "sql", 3, MONDAY + timedelta(days=40)), held("c", "sql", 2, MONDAY)]
    found = rows("time_to_proficiency", "bucket", "done", "left", "waiting", people=people, skills=skills)
    assert found == [(20, 0, 1, 0), (40, 1, 0, 0), (76, 0, 0, 1)]


def competing(*steps):
    names = ("bucket", "done", "left", "waiting")
    frame = pl.DataFrame([dict(zip(names, step, strict=True)) for step in steps])
    named = frame.with_columns(indicator=pl.lit("i"), unit=pl.lit("a"), week=MONDAY)
    return KINDS["competing"].read(named.lazy(), 180).collect().row(0, named=True)


def test_who_left_will_never_get_there():
    """Of 10, 2 are done at 10; of 8, 4 leave at 20; of 4, 2 are done at 30: .2 + .8 x .5 x .5; Kaplan-Meier says .6."""
    assert competing((10, 2, 0, 0), (20, 0, 4, 0), (30, 2, 0, 0), (180, 0, 0, 2))["value"] == pytest.approx(0.4)


def test_where_nobody_leaves_it_is_kaplan_and_meier_with_greenwoods_interval():
    steps = [(6, 10, 0, 0), (12, 4, 0, 3), (180, 0, 0, 3)]
    found = competing(*steps)
    frame = pl.DataFrame(steps, schema=["bucket", "done", "left", "waiting"], orient="row").drop("left")
    named = frame.with_columns(indicator=pl.lit("i"), unit=pl.lit("a"), week=MONDAY)
    theirs = KINDS["waiting"].read(named.lazy(), 180).collect().row(0, named=True)
    assert found["value"] == pytest.approx(theirs["value"])
    greenwood = (1 - found["value"]) ** 2 * (10 / (20 * 10) + 4 / (10 * 6))
    power = exp(1.959964 * greenwood**0.5 / (found["value"] * -log(found["value"])))
    assert found["low"] == pytest.approx(found["value"] ** power, rel=1e-5)


def course(name, **known):
    return {"record": name, "person": "a", "course": "c", "skill": "sql", "done": at(1), "changed": at(1)} | known


def work(name, **known):
    row = {"ticket": name, "kind": "request", "assignee": "a", "skill": "sql", "opened": at(-10), "resolved": at(-5)}
    return row | known


@pytest.mark.parametrize(
    ("ticket", "part"),
    [(work("t"), 1), (work("t", opened=at(-60), resolved=at(-30)), 0), (work("t", opened=at(32)), 0),
     (work("t", opened=at(-90), resolved=None), 1), (work("t", skill="law"), 0), (work("t", assignee="b"), 0)],
    ids=["open near it", "closed long before", "opened long after", "still open", "another skill", "somebody else's"],
)  # fmt: skip
def test_a_course_is_in_the_flow_if_the_learners_own_work_asks_for_it(ticket, part):
    found = rows(
        "learning_in_flow", "part", "whole", learning=[course("1")], tickets=[ticket], people=live({"a": "east"})
    )
    assert found == [(part, 1)]


def test_learning_is_applied_by_finishing_work_of_the_skill_within_sixty_days():
    courses = [course("1"), course("2", done=at(3), changed=at(3))]
    tickets = [work("t", opened=at(0), resolved=at(2)), work("u", opened=at(0), resolved=at(64))]
    found = rows("learning_applied", "part", "whole", learning=courses, tickets=tickets, people=live({"a": "east"}))
    assert found == [(1, 2)]


def test_gain_is_what_was_gained_of_what_could_be():
    marks = [course("1", before=40.0, after=70.0, best=100.0), course("2", before=100.0, after=100.0, best=100.0),
             course("3", before=40.0, best=100.0), course("4", before=50.0, after=40.0, best=100.0)]  # fmt: skip
    found = rows("learning_gain", "total", "count", learning=marks, people=live({"a": "east"}))
    assert found == [(pytest.approx(0.5 - 0.2), 2)]
    assert normalised_gain(40, 70, 100) == 0.5
    with pytest.raises(ValueError, match="nothing to gain"):
        normalised_gain(100, 100, 100)


def test_small_pieces_take_a_quarter_of_an_hour():
    found = rows("micro_modules", "part", "whole", people=live({"a": "east"}),
                 learning=[course("1", minutes=15.0), course("2", minutes=16.0), course("3")])  # fmt: skip
    assert found == [(1, 2)]


def test_a_programmes_return_is_that_of_the_worked_example(worked):
    example = worked("roi_phillips")
    money, expected = example["inputs"], example["expected"]
    assert benefit_cost_ratio(money["benefits"], money["costs"]) == pytest.approx(expected["bcr"], abs=1e-4)
    assert return_on_investment(money["benefits"], money["costs"]) == pytest.approx(expected["roi_pct"], abs=1e-3)
    with pytest.raises(ValueError, match="must be over 0"):
        return_on_investment(1, 0)


def meeting(person, other, day):
    return {"tie": f"{person}{other}{day}", "person": person, "other": other, "kind": "mentoring", "seen": at(day)}


def test_who_met_a_mentor_in_nine_weeks_has_one():
    people = live({"a": "east", "b": "east", "m": "west"})
    met = [meeting("b", "m", -57), meeting("a", "b", -56), meeting("a", "m", 1)]
    assert rows("mentorship_coverage", "unit", "part", "whole", ties_seen=met, people=people) == [
        ("east", 1, 2), ("west", 0, 1)]  # fmt: skip
    assert rows("mentoring_across", "unit", "part", "whole", ties_seen=met, people=people) == [("east", 1, 1)]


def suggestion(name, explored, **known):
    return {
        "suggestion": name,
        "person": "a",
        "module": "m",
        "made": at(1),
        "explored": explored,
        "declined": False,
    } | known


def test_suggestions_are_set_against_what_was_drawn_by_lot():
    made = [suggestion("1", explored=False, done=at(5)), suggestion("2", explored=False, done=at(40)),
            suggestion("3", explored=True, done=at(5), applied=at(9)), suggestion("4", explored=True, declined=True),
            suggestion("5", explored=None)]  # fmt: skip
    columns = ("lot", "lot_worked", "chosen", "chosen_worked")
    people = live({"a": "east"})
    assert rows("suggestion_uplift", *columns, suggestions=made, people=people) == [(2, 1, 2, 1)]
    assert rows("suggestion_applied", *columns, suggestions=made, people=people) == [(2, 1, 2, 0)]
    assert rows("suggestion_opt_out", "part", "whole", suggestions=made, people=people) == [(1, 5)]


def test_uplift_has_newcombes_interval():
    """His example (1998, table II, first contrast): 56 of 70 less 48 of 80: .2000, .0524 to .3339 by method 10."""
    row = {
        "indicator": "i",
        "unit": "a",
        "week": MONDAY,
        "chosen": 70,
        "chosen_worked": 56,
        "lot": 80,
        "lot_worked": 48,
    }
    found = KINDS["uplift"].read(pl.DataFrame([row]).lazy(), 0).collect().row(0, named=True)
    assert found["value"] == pytest.approx(0.2)
    assert (found["low"], found["high"]) == (pytest.approx(0.0524, abs=1e-4), pytest.approx(0.3339, abs=1e-4))


def test_needed_skills_change_by_what_is_new_or_gone():
    needs = [need("1", "sql", 3, 1, starts=MONDAY - timedelta(weeks=60)), need("2", "law", 3, 1, starts=MONDAY)]
    tables = {"needs": needs, "people": live({"a": "east"}, date(2025, 1, 6)), "units": UNITS}
    assert rows("skill_velocity", "part", "whole", **tables) == [(1, 2)]
    assert isinstance(CALENDAR, Calendar)
    assert indicators()["skill_velocity"].better == "either"


def taken(name, person, day, skill="law"):
    return {
        "record": name,
        "person": person,
        "skill": skill,
        "done": at(day),
        "started": at(day - 1),
        "changed": at(day),
    }


def test_a_new_need_waits_until_five_of_the_unit_have_learned_it():
    """Stated on MONDAY less 182 days: the fifth of the unit finishes 40 days later, others do not count."""
    long_ago, stated = MONDAY - timedelta(weeks=80), MONDAY - timedelta(weeks=26)
    needs = [need("1", "sql", 3, 1, starts=long_ago, changed=at(-560)),
             need("2", "law", 3, 1, starts=MONDAY, changed=at(-182)),
             need("3", "law", 3, 4, starts=MONDAY + timedelta(weeks=9), changed=at(-100)),
             need("4", "early", 3, 1, starts=long_ago + timedelta(weeks=20), changed=at(-500))]  # fmt: skip
    people = live({"abcdef"[n]: "east" for n in range(6)} | {"w": "west"}, date(2025, 1, 6))
    courses = [taken("0", "a", -190), *(taken(str(n), "abcd"[n - 1], -180 + n) for n in range(1, 5)),
               taken("5", "a", -150), taken("6", "w", -149), taken("7", "e", -142), taken("8", "f", -120),
               taken("9", "f", -170, "sql")]  # fmt: skip
    tables = {"needs": needs, "people": people, "units": UNITS, "learning": courses}
    found = rows("skill_response", "bucket", "done", "waiting", "people", week=stated, **tables)
    assert [row for row in found if row[1] or row[2]] == [(41, 1, 0, 0)]
    assert sum(row[3] for row in found) == 6
    tables["learning"] = [course for course in courses if course["record"] != "7"]
    found = rows("skill_response", "bucket", "done", "waiting", week=stated, **tables)
    assert [row for row in found if any(row[1:])] == [(63, 1, 0)]
    tables["learning"] = [course for course in courses if course["record"] not in "78"]
    found = rows("skill_response", "bucket", "done", "waiting", week=stated, **tables)
    assert [row for row in found if any(row[1:])] == [(180, 0, 1)]
    assert evidence("skill_response", **tables).filter((pl.col("done") + pl.col("waiting")) > 0).height == 1
