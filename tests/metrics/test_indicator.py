"""The register: facts are stated, parameters are tables, blocks of weeks give what all weeks give."""

import re
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random

import polars as pl
import pytest

from connectors.tables import TABLES
from metrics.evidence import read, roll_up, series, windowed
from metrics.indicator import indicator, indicators
from metrics.kinds import KINDS
from metrics.tree import tree
from metrics.weeks import Calendar, spine
from tests.metrics.chance import company
from tests.metrics.facts import at, facts

DOC = Path(__file__).parents[2] / "docs" / "add-an-indicator.md"
TODAY = Calendar(today=date(2026, 11, 22), zone="Europe/Berlin")
STATED = {
    "code": "X1", "title": "T", "question": "Q?", "unit": "%", "better": "up", "timing": "leading",
    "source": "S", "kind": "share", "least": 30, "reach": 0, "window": 4,
}  # fmt: skip


def counted(tickets, calendar):
    """All tickets."""
    place = {"week": calendar.week(pl.col("opened")), "person": "assignee"}
    return tickets.select("unit", **place, part=pl.lit(1), whole=pl.lit(1))


@pytest.mark.parametrize("fact", STATED)
def test_every_fact_must_be_stated(fact):
    stated = {name: value for name, value in STATED.items() if name != fact}
    with pytest.raises(TypeError, match=f"indicator counted does not state its {fact}; add {fact}=... to @indicator"):
        indicator(**stated)(counted)


def test_an_unknown_fact_is_told_with_the_nearest():
    with pytest.raises(TypeError, match="states 'setles', which is no fact; did you mean 'settles'"):
        indicator(**STATED, setles=3)(counted)


@pytest.mark.parametrize(("fact", "value"), [("better", "higher"), ("timing", "late"), ("kind", "proportion")])
def test_a_fact_outside_its_choices_is_told_with_them(fact, value):
    with pytest.raises(TypeError, match=f"states {fact}='{value}'; it must be one of"):
        indicator(**STATED | {fact: value})(counted)


def test_a_wait_without_a_target_is_told():
    with pytest.raises(TypeError, match="is of kind waiting and states no target"):
        indicator(**STATED | {"kind": "waiting"})(counted)


def test_a_parameter_that_is_no_table_is_told_with_the_nearest():
    def misread(tikets):
        """Nothing."""

    with pytest.raises(TypeError, match="misread reads 'tikets', which is no table; did you mean 'tickets'"):
        indicator(**STATED)(misread)


def test_an_indicator_without_a_definition_is_told():
    with pytest.raises(TypeError, match="has no docstring"):
        indicator(**STATED)(lambda tickets: tickets)


def test_rows_that_lack_a_column_of_their_kind_are_told():
    def partial(tickets, calendar):
        """Half."""
        return counted(tickets, calendar).drop("whole")

    with pytest.raises(TypeError, match="the rows of partial lack whole; kind share needs them"):
        indicator(**STATED)(partial).evidence(facts(tickets=[{"ticket": "1", "opened": at(0)}]), TODAY)


def test_absent_and_empty_tables_are_named_and_give_no_rows():
    reuse = indicators()["knowledge_reuse"]
    given = facts(tickets=[{"ticket": "1", "opened": at(0)}], articles=[])
    assert reuse.missing(given) == ["articles", "article_uses"]
    assert reuse.evidence(given, TODAY).is_empty()
    assert indicators()["question_answered"].missing(facts(messages=[{"message": "1", "sent": at(0)}])) == ["people"]
    assert indicators()["link_rate"].missing(given) == []


def test_who_is_asked_for_teams_takes_them_worked_out_once():
    given = facts(messages=[{"message": "1", "sent": at(0)}])
    assert indicators()["question_answered"].missing(given | {"teams": pl.DataFrame({"person": ["p"]})}) == []


EVERY = sorted(indicators())


@pytest.mark.parametrize("name", EVERY)
def test_every_indicator_states_what_the_screen_needs(name):
    one = indicators()[name]
    assert one.name == name
    assert re.match(r"[A-Z][^.]+\.", one.definition)
    assert one.title and one.question.endswith("?") and one.theme and one.source
    assert one.least >= 5 and one.window >= 1
    assert set(one.optional) <= set(one.tables) <= set(TABLES)
    main = indicators()[one.beside] if one.beside else one
    assert main.code == one.code and not main.beside
    assert [other.name for other in indicators().values() if other.code == one.code and not other.beside] == [main.name]


@pytest.mark.parametrize("name", EVERY)
def test_without_facts_every_indicator_gives_evidence_of_its_shape_and_no_rows(name):
    one = indicators()[name]
    found = one.evidence({}, TODAY)
    assert found.is_empty()
    assert one.missing({}) == [table for table in one.tables if table not in one.optional]
    assert all(KINDS[one.kind].keeps(column) for column in found.columns)


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("seed", [1, 2])
def test_weeks_worked_out_in_blocks_are_the_weeks_worked_out_at_once(name, seed):
    tables, one, dice = company(seed), indicators()[name], Random(seed)
    whole = one.evidence(tables, TODAY)
    assert whole.height > 3
    weeks = spine(whole["week"].min(), TODAY.this)["week"].to_list()
    cuts = sorted({0, len(weeks), *dice.sample(range(1, len(weeks)), min(4, len(weeks) - 1))})
    blocks = [one.evidence(tables, TODAY, (weeks[a], weeks[b - 1])) for a, b in pairwise(cuts)]
    together = pl.concat(block.select(whole.columns) for block in blocks if not block.is_empty())
    keys = [column for column in ("unit", "week", "other", "bucket") if column in whole.columns]
    assert together.sort(keys).equals(whole.sort(keys))


@pytest.mark.parametrize("name", EVERY)
def test_from_facts_to_values_every_indicator_stays_within_its_bounds(name):
    tables, one = company(4), indicators()[name]
    evidence = one.evidence(tables, TODAY)
    above = tree(
        pl.DataFrame(schema=TABLES["units"].dtypes), spine(evidence["week"].min(), TODAY.this), named=evidence["unit"]
    )
    rolled = windowed(roll_up(evidence, above), one.window)
    shown, raw = read(rolled, one), series(rolled, one)
    assert shown.filter(pl.col("unit") == "all").height > 0
    assert shown.filter((pl.col("low") > pl.col("value")) | (pl.col("value") > pl.col("high"))).is_empty()
    assert raw.height == shown.height
    assert not raw.select(pl.selectors.float().is_nan().any()).row(0).count(True)


def test_a_fact_after_a_week_and_its_settling_changes_nothing_in_it():
    tables, reuse = company(5), indicators()["link_rate"]
    week, later = at(28).date(), at(28) + timedelta(days=7 + reuse.settles)
    early = {
        name: frame.filter(pl.col("used") < later) if name == "article_uses" else frame
        for name, frame in tables.items()
    }
    assert reuse.evidence(early, TODAY, (week, week)).equals(reuse.evidence(tables, TODAY, (week, week)))


def test_the_walk_through_in_the_docs_runs():
    indicator_file, its_test = re.findall(r"```python\n(.*?)```", DOC.read_text(), re.S)
    made = {}
    exec(indicator_file + its_test, made)  # noqa: S102
    names = [name for name in made if name.startswith("test_")]
    assert len(names) == 1
    made[names[0]]()
    assert made["answered_in_a_day"].missing({}) == ["tickets"]
    assert "metrics/indicators/answered_in_a_day.py" in DOC.read_text()


def of_all(one, tables):
    """The values of the whole organisation, raw; none where nothing is known."""
    evidence = one.evidence(tables, TODAY)
    if evidence.is_empty():
        return set()
    weeks = spine(evidence["week"].min(), TODAY.this)
    above = tree(pl.DataFrame(schema=TABLES["units"].dtypes), weeks, named=evidence["unit"])
    read_ = KINDS[one.kind].read(roll_up(evidence, above).lazy(), one.target).collect()
    return set(read_.filter(unit="all").drop_nulls("value")["value"])


TOLD_ELSEWHERE = {("reciprocity", "messages", "reply_to")}  # threads still tell


@pytest.mark.parametrize("name", EVERY)
def test_what_no_system_tells_of_is_unknown_and_never_nought_or_all(name):
    """Each column in turn is emptied, as of a vendor that does not have it; what it told must not turn into nought."""
    tables, one = company(4), indicators()[name]
    known = of_all(one, tables)
    for table in one.tables:
        schema = TABLES[table].schema.columns()
        told = [column for column in tables[table].columns if schema[column].nullable and column != "unit"]
        for column in told:
            blank = tables[table].with_columns(pl.lit(None, tables[table].schema[column]).alias(column))
            found = of_all(one, tables | {table: blank})
            if found in ({0.0}, {1.0}) and (name, table, column) not in TOLD_ELSEWHERE:
                assert found == known, f"without {column} of {table} {name} says {found}, not unknown"


@pytest.mark.parametrize("name", EVERY)
def test_without_a_table_it_needs_an_indicator_names_it_and_says_nothing(name):
    tables, one = company(4), indicators()[name]
    for table in one.tables:
        rest = {other: frame for other, frame in tables.items() if other != table}
        if table not in one.optional:
            assert one.missing(rest) == [table]
            assert one.evidence(rest, TODAY).is_empty()
        else:
            assert one.missing(rest) == []
