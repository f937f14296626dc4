"""Who is told what: scope, subscriptions and mutes."""

from datetime import UTC, date, datetime

import polars as pl
from lives import board, row

from metrics.alerts import standing
from metrics.life import Alert, after
from metrics.subscriptions import Mute, Recipient, Tree, Want, muted, news
from metrics.turns import turns

TODAY = date(2026, 3, 9)
NOW = datetime(2026, 3, 9, 7, tzinfo=UTC)
UNITS = [("acme", None), ("eng", "acme"), ("web", "eng"), ("api", "eng"), ("care", "acme"), ("desk", "care")]
THEMES = {"reuse": "knowledge", "safety": "climate"}


def tree(*units):
    frame = pl.DataFrame(units or UNITS, schema={"unit": pl.String, "parent": pl.String}, orient="row")
    return Tree(frame, THEMES)


def alive(*rows):
    """The rows with an alert raised for each alarm."""
    raised = turns([], board(*rows), {}, NOW)
    born = [Alert(n, a.indicator, a.unit, a.side, a.since) for n, (a, _) in enumerate(raised, start=1)]
    return standing(board(*rows), [after(a, change) for a, (_, change) in zip(born, raised, strict=True)])


THREE = [row("web", "alarm"), row("desk", "alarm"), row("api", "watch"), row("desk", "alarm", indicator="safety")]


def told_to(one, rows=THREE, mutes=(), units=None, before=None, today=TODAY):
    found = news(alive(*rows), [one], mutes, units or tree(), {one.name: before} if before is not None else {}, today)
    return found[one.name].select("indicator", "unit", "kind").rows()


WEB, DESK, SAFE = ("reuse", "web", "new"), ("reuse", "desk", "new"), ("safety", "desk", "new")


def test_whoever_asked_for_nothing_in_particular_is_told_every_alarm():
    assert told_to(Recipient("board")) == [DESK, WEB, SAFE]


def test_whoever_unsubscribed_from_all_is_told_nothing():
    assert told_to(Recipient("board", wants=())) == []


def test_a_unit_is_asked_for_with_all_below_it():
    assert told_to(Recipient("ana", wants=(Want("eng"),))) == [WEB]
    assert told_to(Recipient("ana", wants=(Want("care"),))) == [DESK, SAFE]


def test_a_theme_is_asked_for_and_a_theme_of_a_unit():
    assert told_to(Recipient("ana", wants=(Want(theme="climate"),))) == [SAFE]
    assert told_to(Recipient("ana", wants=(Want("eng", "climate"),))) == []


def test_two_wishes_add_up_and_nothing_is_told_twice():
    assert told_to(Recipient("ana", wants=(Want("care"), Want(theme="climate"), Want("web")))) == [DESK, WEB, SAFE]


def test_the_watch_tier_is_told_what_may_be_chance():
    assert told_to(Recipient("ana", wants=(Want("eng", tier="watch"),))) == [("reuse", "api", "watch"), WEB]
    assert told_to(Recipient("ana", wants=(Want("eng"), Want("api", tier="watch")))) == [("reuse", "api", "watch"), WEB]


def test_nobody_gets_what_they_may_not_see():
    assert told_to(Recipient("ana", scope=("eng",))) == [WEB]
    assert told_to(Recipient("ana", scope=("eng",), wants=(Want("acme"), Want("desk")))) == [WEB]
    assert told_to(Recipient("ana", scope=())) == []
    assert told_to(Recipient("ana", scope=("gone",))) == []


def test_what_moved_out_of_sight_is_told_no_more_not_even_its_end():
    moved = tree(("acme", None), ("eng", "acme"), ("care", "acme"), ("web", "care"))
    before = pl.DataFrame([("reuse", "web", "alarm", "worse", date(2026, 3, 2), NOW)],
                          schema=["indicator", "unit", "verdict", "side", "since", "at"], orient="row")  # fmt: skip
    over = [row("web", "ok")]
    assert told_to(Recipient("ana", scope=("eng",)), over, before=before) == [("reuse", "web", "over")]
    assert told_to(Recipient("ana", scope=("eng",)), over, units=moved, before=before) == []
    assert told_to(Recipient("ben", scope=("care",)), [row("web", "alarm")], units=moved) == [WEB]


def test_what_an_alarm_above_explains_is_told_to_those_who_cannot_see_that_one():
    both = [row("eng", "alarm"), row("web", "alarm", folded="eng")]
    assert told_to(Recipient("board"), both) == [("reuse", "eng", "new")]
    assert told_to(Recipient("ana", scope=("web",)), both) == [WEB]
    assert told_to(Recipient("ana", wants=(Want("web"),)), both) == [WEB]


def test_the_other_side_above_explains_nothing():
    both = [row("eng", "alarm", side="better"), row("web", "alarm")]
    assert told_to(Recipient("board"), both) == [("reuse", "eng", "new"), WEB]


def mute(**what):
    return Mute(**{"until": date(2026, 3, 16), "who": "Ana", "why": "moving house"} | what)


def test_a_muted_unit_is_not_told_of_with_all_below_it_or_alone():
    assert told_to(Recipient("board"), mutes=[mute(unit="care")]) == [WEB]
    assert told_to(Recipient("board"), mutes=[mute(unit="care", below=False)]) == [DESK, WEB, SAFE]
    assert told_to(Recipient("board"), mutes=[mute(unit="desk", below=False)]) == [WEB]


def test_a_muted_indicator_or_theme_is_not_told_of():
    assert told_to(Recipient("board"), mutes=[mute(indicator="reuse")]) == [SAFE]
    assert told_to(Recipient("board"), mutes=[mute(theme="climate")]) == [DESK, WEB]
    assert told_to(Recipient("board"), mutes=[mute(theme="climate", unit="eng")]) == [DESK, WEB, SAFE]


def test_a_mute_ends_by_itself_on_its_day():
    assert told_to(Recipient("board"), mutes=[mute(unit="acme")], today=date(2026, 3, 15)) == []
    assert told_to(Recipient("board"), mutes=[mute(unit="acme")], today=date(2026, 3, 16)) == [DESK, WEB, SAFE]


def test_a_muted_alarm_above_lets_the_one_below_speak():
    both = [row("eng", "alarm"), row("web", "alarm", folded="eng")]
    assert told_to(Recipient("board"), both, mutes=[mute(unit="eng", below=False)]) == [WEB]


def test_what_is_muted_is_named_with_the_mute_that_lasts_longest():
    long = mute(theme="knowledge", until=date(2026, 6, 1))
    ended = mute(unit="acme", until=date(2026, 3, 9))
    found = muted(board(*THREE), [long, mute(unit="web"), ended], tree(), TODAY)
    assert found == {("reuse", "web"): long, ("reuse", "desk"): long, ("reuse", "api"): long}
