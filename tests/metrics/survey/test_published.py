"""What is published of surveys: no canary, no group that all agree, no few people's answers over time."""

import numpy as np
import polars as pl
import pytest

from tests.metrics.survey.made import FIRST, ROOT, SECOND, THIRD, answers, drawn, invitations, published, team


def some(level=5.0, seed=1, **more):
    return drawn(np.random.default_rng(seed), 14, level, **more)


SIX = {
    name: some(level, seed) for seed, (name, level) in enumerate(zip("bcdefg", (4.2, 4.6, 5, 5.2, 5.6, 6), strict=True))
}
CANARY = [[1, 2, 1, 1, 2, 1, 1], [2, 1, 1, 2, 1, 1, 1], [1, 1, 1, 1, 1, 2, 1], [7, 7, 7, 7, 7, 7, 7]]


def six(wave=FIRST):
    return [row for name, matrix in SIX.items() for row in team(name, matrix, wave)]


def told_of(found):
    return set(found.told.rows["unit"]) | set(found.told.items["unit"])


def test_nothing_is_told_of_a_team_of_four_nor_of_the_one_that_would_give_it_away():
    found = published(
        [*six(), *team("four", CANARY)], ["four", *SIX], [invitations({"four": 4, **dict.fromkeys(SIX, 20)})]
    )
    assert "four" not in told_of(found)
    hidden = set(found.cells.filter(state="hidden")["unit"])
    assert "four" in hidden and len(hidden) >= 2
    assert not hidden & told_of(found)
    assert ROOT in told_of(found)


def test_what_is_pooled_over_teams_leaves_the_hidden_out():
    """The four differ so much from all others that ICC(1) would tell."""
    with_four = published([*six(), *team("four", CANARY)], ["four", *SIX])
    shown = set(with_four.cells.filter(state="shown")["unit"]) - {ROOT}
    alone = published([row for row in six() if row["unit"] in shown], sorted(shown))
    mine, theirs = (one.told.rows.filter(unit=ROOT).row(0, named=True) for one in (with_four, alone))
    assert mine["teams"] == theirs["teams"] == len(shown)
    for name in ("r_star", "ad", "agreed", "split"):
        assert mine[name] == pytest.approx(theirs[name])


def test_a_group_of_eight_who_all_answer_alike_is_hidden():
    same = team("same", [[5] * 7] * 8)
    found = published([*six(), *same], ["same", *SIX], [invitations({"same": 12, **dict.fromkeys(SIX, 20)})])
    assert found.cells.filter(unit="same")["state"].to_list() == ["hidden"]
    assert found.cells.filter(unit="same")["value"].to_list() == [None]
    assert "same" not in told_of(found)


def test_that_all_of_a_small_team_answered_is_not_told():
    invited = invitations({"b": 14, **dict.fromkeys("cdefg", 20)})
    found = published(six(), list(SIX), [invited]).told.rows
    assert found.filter(unit="b")["response"].to_list() == [None]
    assert found.filter(unit=ROOT)["response"][0] == pytest.approx(84 / 114 * 100)


def test_a_favourable_share_of_none_or_all_of_a_small_team_is_not_told():
    keen = team("keen", [[6] * 7] * 7 + [[7] * 7] * 5)
    found = published([*six(), *keen], ["keen", *SIX]).told.rows
    assert found.filter(unit="keen")["favourable"].to_list() == [None]
    assert found.filter(unit=ROOT)["favourable"][0] is not None


def test_one_joiner_is_not_given_away_by_two_waves():
    """Twelve answer the same twice, a thirteenth joins: two means would tell what the thirteenth answered."""
    twelve = [[4] * 7] * 6 + [[3] * 7] * 6
    rows = [*team("x", twelve), *team("x", [*twelve, [1] * 7], SECOND), *six(), *six(SECOND)]
    found = published(rows, ["x", *SIX])
    cells = found.cells.filter(unit="x").sort("week")
    assert cells["state"].to_list() == ["hidden", "shown"]
    assert cells["value"][0] is None
    said = found.told.rows.filter(unit="x").row(0, named=True)
    assert (said["apart"], said["change"], said["then"]) == ("few", None, None)
    assert "so few people came or went" in said["change_words"]


def test_nor_by_what_the_teams_beside_it_leave_of_the_whole():
    twelve = [[4] * 7] * 6 + [[3] * 7] * 6
    rows = [*team("x", twelve), *team("x", [*twelve, [1] * 7], SECOND), *six(), *six(SECOND)]
    first = published(rows, ["x", *SIX]).cells.filter(week=FIRST)
    hidden = first.filter(state="hidden")["unit"].to_list()
    assert "x" in hidden and len(hidden) >= 2


def test_the_same_people_or_a_crowd_of_others_stand_side_by_side():
    others = team("x", some(seed=8), SECOND, first=100)
    rows = [*team("x", some(seed=9)), *others, *six(), *six(SECOND)]
    found = published(rows, ["x", *SIX])
    assert found.cells.filter(unit="x")["state"].to_list() == ["shown", "shown"]
    same = found.told.rows.filter(unit="b", week=SECOND).row(0, named=True)
    assert (same["apart"], same["then"], same["change"]) == ("", FIRST, 0.0)


def test_a_wave_before_that_stands_beside_the_newest_is_what_the_change_is_from():
    """Of three waves the second differs from the third by one person, the first by a crowd."""
    old, new = some(3.0), some(6.0)
    rows = [*team("x", old), *team("x", new, SECOND, first=100), *team("x", new[:-1], THIRD, first=100)]
    rows += [*six(), *six(SECOND), *six(THIRD)]
    found = published(rows, ["x", *SIX])
    states = found.cells.filter(unit="x").sort("week")["state"].to_list()
    assert states == ["shown", "hidden", "shown"]
    last = found.told.rows.filter(unit="x", week=THIRD).row(0, named=True)
    assert (last["then"], last["changed"]) == (FIRST, "yes")
    assert last["change"] > 20


def test_a_survey_that_is_still_open_is_held_because_every_day_would_tell_the_last_answers():
    found = published(six(), list(SIX), today=FIRST.replace(day=18))
    assert set(found.cells["state"]) == {"held"}
    assert found.cells["value"].null_count() == found.cells.height
    assert found.told.rows.is_empty()


def test_a_team_in_two_camps_is_said_to_be_split_and_its_average_is_withheld():
    camps = team("torn", [[2, 2, 1, 2, 2, 1, 2]] * 4 + [[1, 2, 2, 2, 1, 2, 2]] * 2 + [[6, 7, 7, 6, 7, 7, 6]] * 6)
    found = published([*six(), *camps], ["torn", *SIX])
    cell = found.cells.filter(unit="torn").row(0, named=True)
    assert (cell["state"], cell["mark"], cell["value"]) == ("shown", "split", None)
    said = found.told.rows.filter(unit="torn").row(0, named=True)
    assert (said["split"], said["rely"]) == (1, "no")
    assert found.told.rows.filter(unit=ROOT)["split"].to_list() == [1]
    assert not found.series.filter(unit="torn")["ok"].any()


def test_where_members_of_teams_do_not_agree_no_team_has_a_number_and_the_whole_has():
    rng = np.random.default_rng(3)
    chance = {f"t{n}": rng.integers(1, 8, (12, 7)).tolist() for n in range(11)}
    found = published([row for name, matrix in chance.items() for row in team(name, matrix)], list(chance))
    assert set(found.told.rows["aggregate"]) == {"no"}
    teams = found.cells.filter(pl.col("unit") != ROOT)
    assert set(teams["mark"]) <= {"not shared", "split"}
    assert teams["value"].null_count() == teams.height
    assert found.cells.filter(unit=ROOT)["value"][0] is not None


def test_a_new_scale_or_item_begins_a_new_series_for_the_judge_too():
    five = [row for name in SIX for row in team(name, some(3.5, high=5), SECOND, high=5)]
    rows = [*six(), *five, *six(THIRD)]
    found = published(rows, list(SIX))
    root = found.told.rows.filter(unit=ROOT).sort("week")
    assert root["series"].to_list() == [1, 2, 1]
    assert root["apart"].to_list() == ["first", "series", ""]
    assert root["then"].to_list() == [None, None, FIRST]
    breaks = found.series.filter(unit=ROOT).sort("week")["break_"].to_list()
    assert breaks == [False, True, True]


def test_half_answered_is_a_direction_only():
    found = published(six(), list(SIX), [invitations(dict.fromkeys(SIX, 40))])
    assert found.told.rows.filter(unit=ROOT)["rely"].to_list() == ["care"]
    assert found.cells.filter(unit=ROOT)["mark"].to_list() == ["directional"]


def test_an_own_scale_without_a_series_is_refused_in_a_sentence():
    from metrics.indicator import indicators
    from tests.metrics.facts import table

    one = indicators()["psychological_safety"]
    bare = type(one)(**{**one.__dict__, "function": lambda answers: one.function(answers).drop("series")})
    said = {"answers": table("answers", answers("r", [4] * 7))}
    from metrics.weeks import Calendar

    with pytest.raises(TypeError, match="lack series"):
        bare.rows(said, Calendar(today=THIRD))
