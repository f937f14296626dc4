"""A little company drawn at random: forty people in four teams over fourteen weeks."""

from datetime import timedelta
from random import Random

from tests.metrics.facts import DAY, HOUR, at, facts

PEOPLE = [f"p{n:02}" for n in range(40)]
TALKING = PEOPLE[:20]
UNITS = ["a", "b", "c", "d"]


def company(seed):
    """People who move, write, ask, close tickets, link articles and answer two surveys."""
    dice = Random(seed)
    return facts(
        tickets=[ticket(dice, n) for n in range(300)],
        articles=[{"article": f"k{n}", "created": when(dice)} for n in range(30)],
        article_uses=[use(dice, n) for n in range(400)],
        messages=talk(dice),
        ties_seen=[tie(dice, n) for n in range(1500)],
        people=[stay(dice, p, [-90, 11, 30]) for p in PEOPLE] + [stay(dice, p, range(31, 90)) for p in PEOPLE[::3]],
        answers=[answer(dice, wave, p, n) for wave in (3, 60) for p in PEOPLE for n in range(4)],
    )


def when(dice, after=None, spread=98):
    return (after or at(0, 0)) + dice.random() * spread * DAY


def ticket(dice, n):
    opened = when(dice)
    ended = when(dice, opened, 45) if dice.random() < 0.8 else None
    back = when(dice, ended, 40) if ended and dice.random() < 0.2 else None
    place = {"source": "desk", "unit": dice.choice(UNITS), "assignee": dice.choice([*PEOPLE, None])}
    life = {"opened": opened, "closed": ended, "reopened": back, "reopenings": int(back is not None)}
    return {"ticket": f"t{n}", "kind": dice.choice(["action", "incident"])} | place | life


def use(dice, n):
    return {"use": f"u{n}", "article": f"k{dice.randrange(30)}", "used": when(dice), "ticket": f"t{n % 300}"}


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
    return {"tie": f"x{n}", "kind": "mention", "seen": when(dice), "channel": dice.choice(["x", None])} | ends


def stay(dice, person, days):
    return {"person": person, "unit": dice.choice(UNITS), "valid_from": at(dice.choice(days)).date()}


def answer(dice, wave, person, n):
    asked = {"survey": "s", "wave": at(wave).date(), "respondent": person, "item": f"q{n}", "reversed": n < 2}
    scale = {"construct": "psychological_safety", "low": 1.0, "high": 7.0}
    return asked | scale | {"unit": UNITS[int(person[1:]) % 4], "score": float(dice.randint(1, 7))}
