"""A little company drawn at random: forty people in four teams over fourteen weeks."""

from datetime import timedelta
from functools import cache
from random import Random

from tests.metrics.facts import DAY, HOUR, at, facts

PEOPLE = [f"p{n:02}" for n in range(40)]
TALKING = PEOPLE[:20]
UNITS = ["a", "b", "c", "d"]
SKILLS = ["sql", "writing", "coaching"]
CONSTRUCTS = [
    "psychological_safety", "supportive_environment", "learning_processes", "reinforcing_leadership",
    "learning_culture", "climate_for_learning", "interpersonal_trust", "team_learning_behaviour", "learning_transfer",
]  # fmt: skip


@cache
def company(seed):
    """People who move, write, ask, close tickets, link articles, learn, plan, praise and answer two surveys."""
    dice = Random(seed)
    return facts(
        tickets=[ticket(dice, n) for n in range(500)],
        ticket_moves=[move(dice, n) for n in range(600)],
        articles=[article(dice, n) for n in range(60)],
        article_uses=[use(dice, n) for n in range(900)],
        messages=talk(dice),
        ties_seen=[tie(dice, n) for n in range(2500)],
        people=[stay(dice, p, [-90, 11, 30]) for p in PEOPLE] + [stay(dice, p, range(31, 90)) for p in PEOPLE[::3]],
        units=[{"unit": unit, "name": unit, "valid_from": at(-900).date()} for unit in UNITS],
        answers=[answer(dice, wave, p, n, c) for c in CONSTRUCTS for wave in (3, 60) for p in PEOPLE for n in range(4)],
    ) | growth(seed)


def when(dice, after=None, spread=98):
    return (after or at(0, 0)) + dice.random() * spread * DAY


def ticket(dice, n):
    opened = when(dice) - n % 3 * 100 * DAY
    ended = when(dice, opened, 45) if dice.random() < 0.8 else None
    back = when(dice, ended, 40) if ended and dice.random() < 0.2 else None
    kind = dice.choice(["action", "incident", "change", "experiment", "retrospective", "review"])
    place = {"source": "desk", "unit": dice.choice(UNITS), "assignee": dice.choice([*PEOPLE, None]), "kind": kind}
    life = {"opened": opened, "answered": opened + n % 40 * HOUR if n % 3 else None, "closed": ended}
    life |= {"reopened": back, "reopenings": int(back is not None), "verified": n % 2 == 0, "severe": n % 3 < 2}
    tried = dice.choice(["supported", "not supported"]) if ended and kind == "experiment" else None
    named = {"skill": dice.choice(SKILLS), "cause": dice.choice(["dns", "disk", None]), "outcome": tried}
    return {"ticket": f"t{n}"} | place | life | named


def move(dice, n):
    done = {"person": dice.choice(PEOPLE), "action": dice.choice(["reviewed", "commented"]), "moved": when(dice)}
    return {"move": f"v{n}", "ticket": f"t{n % 500}"} | done


def article(dice, n):
    made = {"created": when(dice) - n % 3 * 90 * DAY, "reviewed": when(dice), "source": "wiki"}
    kind = {"kind": dice.choice(["wiki", "playbook", "post-mortem"]), "space": dice.choice("st")}
    return {"article": f"k{n}", "author": dice.choice(PEOPLE), "unit": dice.choice(UNITS)} | made | kind


def use(dice, n):
    known = {
        "person": dice.choice(PEOPLE),
        "used": when(dice) - n % 2 * 60 * DAY,
        "fits": dice.choice([True, False, None]),
    }
    return {"use": f"u{n}", "article": f"k{dice.randrange(60)}", "ticket": f"t{n % 500}"} | known


def talk(dice):
    said = []
    for n in range(1500):
        message = {"message": f"m{n}", "author": dice.choice(TALKING), "public": dice.random() < 0.9}
        message |= {"question": dice.random() < 0.3, "channel": dice.choice("xyz"), "sent": when(dice)}
        if said and dice.random() < 0.6:
            first = dice.choice(said)
            message |= {"reply_to": first["message"], "thread": first.get("thread", first["message"])}
            message |= {"channel": first["channel"], "sent": first["sent"] + timedelta(hours=60) * dice.random() + HOUR}
        said.append(message)
    return said


def tie(dice, n):
    ends = {"person": dice.choice(TALKING), "other": dice.choice(TALKING)}
    kind = dice.choice(["mention", "mention", "review", "mentoring"])
    return {"tie": f"x{n}", "kind": kind, "seen": when(dice), "channel": dice.choice(["x", None])} | ends


def stay(dice, person, days):
    since = at(dice.choice(days)).date()
    gone = {"joined": since, "left": at(80).date() if int(person[1:]) % 11 == 0 else None}
    return {
        "person": person,
        "unit": dice.choice(UNITS),
        "valid_from": since,
        "leader": int(person[1:]) % 3 == 0,
        "site": "xyz"[int(person[1:]) % 3],
    } | gone


def answer(dice, wave, person, n, construct):
    asked = {"survey": "s", "wave": at(wave).date(), "respondent": person, "item": f"{construct}{n}", "reversed": n < 2}
    scale = {"construct": construct, "low": 1.0, "high": 7.0}
    return asked | scale | {"unit": UNITS[int(person[1:]) % 4], "score": float(dice.randint(1, 7))}


def growth(seed):
    """How they learn, with chance of its own: courses, skills, needs, plans, praise, what may be spent, suggestions."""
    dice = Random(seed + 1000)
    return facts(
        learning=[course(dice, n) for n in range(400)],
        skills=[skill(dice, p, s, at(n * 110 - 300).date()) for p in PEOPLE for s in SKILLS for n in range(4)],
        needs=[need(dice, n) for n in range(80)],
        feedback=[praise(dice, n) for n in range(500)],
        plans=[plan(dice, n) for n in range(200)],
        links=[link(dice, n) for n in range(300)],
        resources=[resource(dice, u, n) for u in UNITS for n in range(9)],
        suggestions=[suggestion(dice, n) for n in range(900)],
        demand=[{"skill": s, "day": at(n * 30 - 400).date(), "index": 100.0 + n} for s in SKILLS for n in range(14)],
        interventions=[{"intervention": "i", "name": "Playbooks", "unit": "a", "began": at(20).date()}],
    )


def course(dice, n):
    begun = when(dice) - n % 3 * 60 * DAY
    done = begun + dice.random() * 20 * DAY if n % 5 else None
    marks = {"before": float(dice.randint(20, 60)), "after": float(dice.randint(50, 90)), "best": 100.0}
    what = {"course": f"c{n % 9}", "skill": dice.choice(SKILLS), "mode": dice.choice(["digital", "human"])}
    what = what if n % 4 else what | {"skill": f"later {n % 6}"}
    return {"record": f"r{n}", "person": dice.choice(PEOPLE), "minutes": float(dice.randint(5, 90))} | what | marks | {
        "started": begun, "done": done, "changed": done or begun}  # fmt: skip


def skill(dice, person, name, day):
    return {"person": person, "skill": name, "assessed": day, "level": dice.random() * 5}


def need(dice, n):
    asked = {"kind": dice.choice(["role", "project", "requisition"]), "level": float(dice.randint(2, 4))}
    much = {"headcount": float(dice.randint(1, 6)), "importance": float(dice.randint(1, 5))}
    when_ = {"starts": at(dice.randint(-400, 160)).date(), "changed": at(-400)}
    what = {"need": f"n{n}", "skill": dice.choice(SKILLS), "unit": dice.choice(UNITS)} | asked | much | when_
    return what if n < 50 else what | {"skill": f"later {n % 6}", "starts": at(n).date(), "changed": at(n)}


def praise(dice, n):
    ends = {"giver": dice.choice(PEOPLE), "receiver": dice.choice(PEOPLE), "given": when(dice) - n % 2 * 60 * DAY}
    return {"feedback": f"f{n}", "kind": dice.choice(["recognition", "improvement"]), "learning": n % 3 == 0} | ends


def plan(dice, n):
    made = when(dice).date() - n % 3 * 60 * DAY
    due = {"due": made + 60 * DAY, "done": made + dice.randint(20, 90) * DAY if n % 3 else None}
    kept = {"skill": dice.choice(SKILLS), "priority": dice.choice(["data", None]), "updated": made + 20 * DAY}
    return {"plan": f"p{n}", "person": dice.choice(PEOPLE), "made": made} | due | kept


def link(dice, n):
    kind = dice.choice(["action", "playbook", "reuse"])
    origin = dice.choice([f"k{dice.randrange(60)}", f"t{dice.randrange(500)}"])
    return {"link": f"l{n}", "kind": kind, "origin": origin, "target": f"t{dice.randrange(500)}", "made": when(dice)}


def resource(dice, unit, n):
    spent = {"allotted": 100.0, "used": dice.random() * 100}
    return {
        "resource": f"{unit}{n}",
        "unit": unit,
        "kind": dice.choice(["hours", "money"]),
        "starts": at(n * 14 - 14).date(),
    } | spent


def suggestion(dice, n):
    made = when(dice)
    done = {"done": made + 3 * DAY if dice.random() < 0.5 else None, "applied": made + 9 * DAY if n % 4 == 0 else None}
    what = {"module": f"m{n % 7}", "skill": dice.choice(SKILLS), "explored": dice.random() < 0.3}
    return {"suggestion": f"s{n}", "person": dice.choice(PEOPLE), "made": made, "declined": n % 9 == 0} | what | done
