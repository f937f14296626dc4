"""Who may be shown: the crowd, what would give it away, and everything the audit can think of."""

import datetime as dt
from fractions import Fraction
from itertools import combinations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.audit import audit
from metrics.crowd import answerable, comparable, decide, hide, mask, minimum, named
from tests.metrics.companies import WEEK, cells, companies, rolled, tree


def shown(people, above, k=8, **columns):
    decided = decide(cells(people, **columns), tree(above), k)
    assert not audit(decided, tree(above), k)
    return "".join(sorted(decided.filter(pl.col("state") == "shown")["unit"]))


FLAT = {"a": "r", "b": "r", "c": "r", "d": "r"}


def test_seven_people_are_no_crowd_and_eight_are():
    assert shown({"a": 7}, {}) == ""
    assert shown({"a": 8}, {}) == "a"


def test_a_whole_tree_of_crowds_is_shown():
    assert shown({"r": 40, "a": 10, "b": 10, "c": 10, "d": 10}, FLAT) == "abcdr"


def test_the_smallest_sibling_hides_with_the_small_one():
    assert shown({"r": 50, "a": 3, "b": 12, "c": 9, "d": 26}, FLAT) == "bdr"


def test_of_two_equal_siblings_the_first_by_name_hides():
    assert shown({"r": 33, "d": 3, "b": 10, "a": 10, "c": 10}, FLAT) == "bcr"


def test_two_small_ones_that_are_a_crowd_together_need_nobody_else():
    assert shown({"r": 39, "a": 4, "b": 5, "c": 10, "d": 20}, FLAT) == "cdr"


def test_two_small_ones_that_are_no_crowd_together_need_a_third():
    assert shown({"r": 37, "a": 3, "b": 4, "c": 10, "d": 20}, FLAT) == "dr"


def test_a_head_who_sits_directly_in_the_department_is_not_left_over():
    assert shown({"r": 41, "a": 10, "b": 10, "c": 10, "d": 10}, FLAT) == "bcdr"


def test_a_crowd_sitting_directly_in_the_department_needs_no_cover():
    assert shown({"r": 50, "a": 10, "b": 10, "c": 10, "d": 10}, FLAT) == "abcdr"


def test_direct_members_are_cover_for_a_small_team():
    assert shown({"r": 38, "a": 3, "b": 10, "c": 10, "d": 10}, FLAT) == "bcdr"


def test_a_unit_hidden_as_cover_is_not_given_away_by_its_children():
    above = {"a": "r", "b": "r", "c": "r", "p": "b", "q": "b"}
    assert shown({"r": 73, "a": 3, "b": 20, "c": 50, "p": 11, "q": 9}, above) == "cpr"


def test_a_unit_hidden_as_cover_that_hides_a_crowd_already_hides_no_more():
    above = {"a": "r", "b": "r", "c": "r", "p": "b", "q": "b", "s": "b"}
    assert shown({"r": 73, "a": 3, "b": 20, "c": 50, "p": 10, "q": 6, "s": 4}, above) == "cpr"


def test_a_parent_whose_only_child_is_small_hides_its_own_siblings_not_itself():
    above = {"a": "r", "b": "r", "p": "a"}
    assert shown({"r": 40, "a": 10, "b": 30, "p": 3}, above) == "abr"


def test_a_parent_that_is_one_hidden_child_and_nobody_else_is_hidden():
    above = {"a": "r", "b": "r", "c": "r", "p": "a"}
    alike = {"value": [40.0, 100.0, 40.0, 40.0, 100.0]}
    assert shown({"r": 70, "a": 10, "b": 20, "c": 40, "p": 10}, above, **alike) == "cr"


def test_a_group_of_eight_that_all_answered_alike_is_hidden():
    people = {"r": 60, "a": 8, "b": 10, "c": 20, "d": 22}
    assert shown(people, FLAT, value=[50.0, 100.0, 50.0, 50.0, 50.0]) == "cdr"
    assert shown(people, FLAT, value=[50.0, 50.0, 50.0, 0.0, 50.0]) == "abcdr"


def test_fifteen_people_without_any_spread_are_shown_and_fourteen_are_not():
    spread = {"count": [15], "total": [60.0], "squares": [240.0]}
    assert shown({"a": 15}, {}, **spread) == "a"
    assert shown({"a": 14}, {}, **spread) == ""


def test_a_remainder_in_which_all_are_alike_takes_in_one_more():
    people = {"r": 60, "a": 4, "b": 5, "c": 20, "d": 31}
    assert shown(people, FLAT, part=[30, 0, 0, 10, 20], whole=[60, 4, 5, 20, 31]) == "dr"


def test_a_small_unit_that_left_during_the_window_counts_as_a_hidden_piece():
    frame = cells({"r": 20, "a": 10, "b": 10}, part=[20, 10, 5], whole=[61, 30, 30])
    assert hide(frame, tree({"a": "r", "b": "r"}))["state"].to_list() == ["shown", "hidden", "shown"]


def test_direct_members_are_known_even_where_the_largest_weeks_of_the_children_add_up_to_more():
    frame, above = cells({"r": 30, "a": 16, "b": 18}), tree({"a": "r", "b": "r"})
    own = cells({"r": 2, "a": 16, "b": 18})
    assert decide(frame, above)["state"].to_list() == ["shown", "shown", "shown"]
    assert decide(frame, above, own=own)["state"].to_list() == ["shown", "hidden", "shown"]


def test_the_same_sibling_covers_in_every_week():
    later = WEEK + dt.timedelta(weeks=1)
    frame = pl.concat([cells({"r": 43, "a": 3, "b": 10, "c": 30}), cells({"r": 43, "a": 3, "b": 21, "c": 19}, later)])
    both = pl.concat([tree(above := {"a": "r", "b": "r", "c": "r"}), tree(above, later)])
    assert hide(frame, both).filter(pl.col("state") == "shown")["unit"].to_list() == ["r", "c", "r", "c"]


def test_weeks_and_indicators_do_not_cover_for_one_another():
    later = WEEK + dt.timedelta(weeks=1)
    other = cells({"r": 20, "a": 10, "b": 10}).with_columns(indicator=pl.lit("links"))
    frame = pl.concat([cells({"r": 22, "a": 2, "b": 20}), cells({"r": 20, "a": 10, "b": 10}, later), other])
    above = {"a": "r", "b": "r"}
    states = hide(frame, pl.concat([tree(above), tree(above, later)]))["state"].to_list()
    assert states == ["shown", "hidden", "hidden"] + ["shown"] * 6


def test_a_unit_whose_parent_has_no_cell_hangs_under_the_next_one_that_has():
    assert shown({"r": 40, "p": 3, "q": 12, "s": 25}, {"m": "r", "p": "m", "q": "m", "s": "r"}) == "rs"


def test_a_closure_says_the_same_as_a_tree_of_parents():
    closure = pl.DataFrame(
        {
            "week": [WEEK] * 6,
            "unit": ["r", "a", "a", "b", "b", "b"],
            "ancestor": ["r", "a", "r", "b", "a", "r"],
            "distance": [0, 0, 1, 0, 1, 2],
        }
    )
    frame = cells({"r": 30, "a": 20, "b": 16})
    assert hide(frame, closure).equals(hide(frame, tree({"a": "r", "b": "a"})))


def test_a_hidden_cell_keeps_no_number_and_no_mark():
    frame = cells({"r": 22, "a": 2, "b": 20}, mark=["", "too few", ""], usual_low=[1.0, 2.0, 3.0])
    row = hide(frame, tree({"a": "r", "b": "r"})).row(1, named=True)
    assert row == {
        "indicator": "reuse",
        "unit": "a",
        "week": WEEK,
        "people": None,
        "n": None,
        "value": None,
        "mark": "",
        "usual_low": None,
        "state": "hidden",
    }


def test_nobody_and_nothing_is_no_cell():
    assert hide(cells({"r": 20, "a": 20, "b": 0}), tree({"a": "r", "b": "r"}))["unit"].to_list() == ["r", "a"]


def test_no_cells_give_no_cells():
    assert hide(cells({}), tree({})).columns == ["indicator", "unit", "week", "people", "n", "value", "state"]


def test_what_was_held_or_partial_stays_so_unless_hidden():
    frame = cells({"r": 40, "a": 3, "b": 37}, state=["partial", "held", "held"])
    assert hide(frame, tree({"a": "r", "b": "r"}))["state"].to_list() == ["partial", "hidden", "hidden"]


@pytest.mark.parametrize("setting", [4, 0, -1, "3", None, "many", "", "5.5", float("nan"), True])
def test_a_minimum_that_is_too_low_or_unreadable_means_eight(setting):
    assert minimum(setting) == 8


def test_a_minimum_from_five_up_is_taken():
    assert [minimum(5), minimum("10"), minimum(30)] == [5, 10, 30]


def test_asking_for_a_crowd_of_one_gets_a_crowd_of_eight():
    assert hide(cells({"a": 7}), tree({}), 1)["state"].to_list() == ["hidden"]


def test_a_circle_in_the_tree_is_refused_not_walked_for_ever():
    with pytest.raises(ValueError, match="circle"):
        hide(cells({"a": 20, "b": 20}), tree({"a": "b", "b": "a"}))
    with pytest.raises(ValueError, match="circle"):
        hide(cells({"a": 20}), tree({"a": "x", "x": "y", "y": "x"}))


def test_a_cell_that_stands_twice_is_refused():
    twice = pl.concat([tree({"a": "r"}), tree({"a": "q"})])
    with pytest.raises(ValueError, match="twice"):
        hide(cells({"r": 20, "a": 20}), twice)


def test_a_team_of_four_is_not_even_named():
    units = pl.DataFrame({"unit": ["r", "a", "b"], "name": ["All", "Four", "Twelve"]})
    members = pl.DataFrame({"unit": ["r", "a", "b"], "people": [16, 4, 12]})
    assert named(units, members)["name"].to_list() == ["All", "Twelve"]


def test_a_set_is_answered_when_it_differs_from_each_other_set_by_nobody_or_by_a_crowd():
    eight, nine = set("abcdefgh"), set("abcdefghi")
    assert answerable(eight, [])
    assert answerable(eight, [eight])
    assert not answerable(nine, [eight])
    assert answerable(set("ijklmnop"), [eight])
    assert not answerable(set("abc"), [])


def test_a_change_is_published_when_nobody_or_a_crowd_changed():
    assert comparable(0, 0)
    assert not comparable(1, 0)
    assert not comparable(3, 4)
    assert comparable(4, 4)


# --- anything at all


def follows(rows, wanted):
    """Whether `wanted` is a sum of multiples of `rows`, in exact fractions."""
    rows = [[Fraction(x) for x in row] for row in rows]
    rest = [Fraction(x) for x in wanted]
    while rows:
        row = rows.pop()
        at = next((i for i, x in enumerate(row) if x), None)
        if at is None:
            continue
        rows = [[x - y * other[at] / row[at] for x, y in zip(other, row, strict=True)] for other in rows]
        rest = [x - y * rest[at] / row[at] for x, y in zip(rest, row, strict=True)]
    return not any(rest)


def under(unit, group, above):
    while group is not None and group != unit:
        group = above.get(group)
    return group == unit


@settings(max_examples=150, deadline=None)
@given(companies(most=8, size=16), st.sampled_from([5, 8]))
def test_no_set_of_fewer_than_the_crowd_can_be_worked_out_in_exact_fractions(company, k):
    own, above = company
    decided = decide(cells(rolled(own, above)), tree(above), k)
    groups = [unit for unit, count in own.items() if count]
    rows = [
        [under(unit, group, above) for group in groups] for unit in decided.filter(pl.col("state") == "shown")["unit"]
    ]
    for size in range(1, len(groups) + 1):
        for some in combinations(groups, size):
            if sum(own[group] for group in some) < k:
                assert not follows(rows, [int(group in some) for group in groups])


@settings(max_examples=300, deadline=None)
@given(companies(most=26), st.sampled_from([5, 8, 12]), st.randoms(use_true_random=False))
def test_the_audit_finds_nothing_in_any_tree(company, k, chance):
    own, above = company
    people = rolled(own, above)
    values = [chance.choice([0.0, 30.0, 50.0, 100.0]) for _ in people]
    decided = decide(cells(people, value=values), tree(above), k)
    assert not audit(decided, tree(above), k)


@settings(max_examples=150, deadline=None)
@given(companies(most=26))
def test_every_shown_cell_is_a_crowd_and_so_is_what_it_leaves(company):
    own, above = company
    people = rolled(own, above)
    decided = decide(cells(people), tree(above))
    states = dict(decided.select("unit", "state").iter_rows())
    for unit in (unit for unit, state in states.items() if state == "shown"):
        left = [g for g, count in own.items() if count and nearest(g, above, states) == unit]
        assert people[unit] >= 8
        assert not left or sum(own[g] for g in left) >= 8


def nearest(group, above, states):
    while group is not None and states[group] == "hidden":
        group = above.get(group)
    return group


@settings(max_examples=100, deadline=None)
@given(companies(most=26))
def test_subtracting_published_counts_recovers_nobody(company):
    own, above = company
    people = rolled(own, above)
    published = hide(cells(people), tree(above))
    known = dict(published.filter(pl.col("n").is_not_null()).select("unit", "n").iter_rows())
    groups = [unit for unit, count in own.items() if count]
    rows = [[int(under(unit, g, above)) for g in groups] for unit in known]
    for unit in published.filter(pl.col("state") == "hidden")["unit"]:
        assert not follows(rows, [int(under(unit, g, above)) for g in groups])


def test_the_audit_finds_what_nobody_hid():
    frame = cells({"r": 43, "a": 3, "b": 40}).with_columns(state=pl.Series(["shown", "hidden", "shown"]))
    (few, gone) = audit(frame, tree({"a": "r", "b": "r"}))
    assert (few.groups, few.people, few.why) == (("a",), 3, "fewer than 8 people")
    assert gone.why == "a is hidden"


def test_the_audit_finds_the_head_of_the_department():
    frame = cells({"r": 41, "a": 20, "b": 20}).with_columns(state=pl.lit("shown"))
    assert [(leak.groups, leak.people) for leak in audit(frame, tree({"a": "r", "b": "r"}))] == [(("r.",), 1)]


def test_the_audit_finds_a_hidden_unit_whose_children_are_all_shown():
    above = {"a": "r", "b": "r", "p": "b", "q": "b"}
    frame = cells({"r": 23, "a": 3, "b": 20, "p": 10, "q": 10})
    frame = frame.with_columns(state=pl.Series(["shown", "hidden", "hidden", "shown", "shown"]))
    assert {leak.why for leak in audit(frame, tree(above))} == {"fewer than 8 people", "a is hidden", "b is hidden"}


def test_masking_changes_nothing_that_is_shown():
    decided = decide(cells({"r": 43, "a": 3, "b": 12, "c": 28}), tree(FLAT))
    kept = mask(decided).filter(pl.col("state") == "shown")
    assert kept.equals(decided.filter(pl.col("state") == "shown"))
