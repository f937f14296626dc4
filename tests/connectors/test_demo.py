"""The made-up company: the same every time, valid, of the promised size, and with the truths planted in it."""

from datetime import UTC, date, datetime, timedelta
from time import perf_counter

import numpy as np
import polars as pl
import pytest

from connectors.company.company import SYSTEMS, Company, company
from connectors.company.planted import TEAM_OF_FOUR, planted, weeks_before
from connectors.errors import Refused
from connectors.source import kinds
from connectors.tables import TABLES

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def whole():
    return company(1, 2400, TODAY)


def made(**settings):
    return kinds()["demo"]("demo", {"seed": 1, "people": 300, "today": TODAY, **settings})


def small(seed=1, today=TODAY):
    return Company(seed, 300, today, 2.5)


def truth(name, unit=None):
    return next(one for one in planted(TODAY) if one.name == name and unit in (None, one.unit))


def above(company, depth):
    tree = company.tree
    return pl.DataFrame({"unit": tree.ids, "at": tree.id.gather(tree.above(np.arange(len(tree.ids)), depth))})


def split(frame, moment, onset, value):
    """The mean of a value in the half year before the onset and from the onset on."""
    day = pl.col(moment).dt.date()
    before = frame.filter(day.is_between(onset - timedelta(weeks=26), onset, closed="left"))
    return before[value].mean(), frame.filter(day >= onset)[value].mean()


def closed(company, depth, unit):
    """Closed tickets of a unit: whether linked, whether to an article older than the ticket, whether they came back."""
    tickets = company.table("tickets").join(above(company, depth), on="unit").filter(pl.col("at") == unit)
    worked = pl.col("closed").is_not_null() & (pl.col("kind") != "retrospective")
    tickets = tickets.filter(worked, pl.col("unit") != TEAM_OF_FOUR)
    created = company.table("articles").select("article", "created")
    uses = company.table("article_uses").drop_nulls("ticket").join(created, on="article")
    known = uses.join(tickets.select("ticket", "opened"), on="ticket").group_by("ticket")
    known = known.agg(linked=pl.lit(True), reused=(pl.col("created") < pl.col("opened")).any())
    return tickets.join(known, on="ticket", how="left").with_columns(
        pl.col("linked", "reused").fill_null(False), again=pl.col("reopened").is_not_null()
    )


def cross_ties(company, end, division):
    """Pairs of different teams, one of them in the division, with two reciprocal turns on two of 28 days."""
    first, people = end - timedelta(days=28), company.table("people")
    messages, ties = company.table("messages"), company.table("ties_seen").filter(kind="mention")
    asked = messages.select(reply_to="message", other="author")
    turns = pl.concat(
        [
            messages.join(asked, on="reply_to").select("other", person="author", seen="sent"),
            ties.select("other", "person", "seen"),
        ]
    )
    turns = turns.filter(pl.col("seen").dt.date().is_between(first, end, closed="left"))
    pair = [pl.min_horizontal("person", "other").alias("one"), pl.max_horizontal("person", "other").alias("two")]
    pairs = turns.group_by(pair).agg(
        pl.len(), ways=pl.col("person").n_unique(), days=pl.col("seen").dt.date().n_unique()
    )
    tied = pairs.filter(pl.col("len") >= 2, pl.col("ways") == 2, pl.col("days") >= 2)
    there = people.filter(pl.col("valid_from") < end, pl.col("valid_to").is_null() | (pl.col("valid_to") >= end))
    home = there.join(company.table("accounts"), on="person").join(above(company, 1), on="unit")
    home = home.select("account", "unit", "at")
    both = tied.join(home, left_on="one", right_on="account").join(home, left_on="two", right_on="account")
    both = both.filter(pl.col("unit") != pl.col("unit_right"))
    return both.filter((pl.col("at") == division) | (pl.col("at_right") == division)).height


@pytest.mark.parametrize("name", TABLES)
def test_the_same_seed_gives_the_same_company(name):
    assert small().table(name).equals(small().table(name))


@pytest.mark.parametrize("name", sorted(set(TABLES) - {"units"}))
def test_another_seed_gives_another_company(name):
    assert not small().table(name).equals(small(seed=2).table(name))


@pytest.mark.parametrize("name", TABLES)
def test_every_table_has_rows_and_none_breaks_a_rule(whole, name):
    frame = whole.table(name).with_columns(source=pl.lit("demo"))
    absent = [pl.lit(None, dtype=kind).alias(c) for c, kind in TABLES[name].dtypes.items() if c not in frame.columns]
    good, bad = TABLES[name].schema.filter(frame.with_columns(absent).select(list(TABLES[name].dtypes)))
    assert (bad.counts(), good.height, good.is_empty()) == ({}, frame.height, False)


@pytest.mark.parametrize("name", TABLES)
def test_nothing_is_said_to_have_changed_after_today(whole, name):
    assert whole.table(name)["changed"].max().date() <= TODAY


@pytest.mark.parametrize("today", [date(2026, 11, 23), date(2026, 1, 1), date(2025, 12, 29), date(2024, 2, 29)])
def test_any_day_will_do(today):
    one = small(today=today)
    assert all(one.table(name).height for name in TABLES)
    assert one.table("messages")["sent"].max().date() < today


def test_each_table_comes_from_one_system():
    assert sorted(table for tables in SYSTEMS.values() for table in tables) == sorted(TABLES)


def test_a_company_of_2400_is_made(capsys):
    begun, one = perf_counter(), Company(3, 2400, TODAY, 2.5)
    rows = {name: one.table(name).height for name in TABLES}
    with capsys.disabled():
        print(f"\n2,400 people: {sum(rows.values()):,} rows in {perf_counter() - begun:.1f} s {rows}")
    assert 350_000 < rows["messages"] < 600_000
    assert 110_000 < rows["tickets"] < 130_000


def test_headcount_teams_and_the_four_levels(whole):
    units, people = whole.table("units"), whole.table("people")
    now = people.filter(pl.col("valid_to").is_null())
    teams = now.join(units.filter(kind="team").select("unit").unique(), on="unit").group_by("unit").len()
    assert abs(now["person"].n_unique() - 2400) < 72
    assert now["person"].is_unique().all()
    assert (units["kind"].n_unique(), 155 <= teams.height <= 165, teams["len"].max() <= 25) == (4, True, True)
    assert set(people["unit"]) <= set(units["unit"])
    assert set(units["parent"].drop_nulls()) <= set(units["unit"])
    assert units.filter(pl.col("parent").is_null())["unit"].to_list() == ["larkfield"]


def test_people_join_leave_and_move(whole):
    people = whole.table("people")
    moves = people.sort("valid_from").group_by("person").agg(pl.col("unit").n_unique())
    assert people.filter(pl.col("left").is_not_null())["person"].n_unique() > 400
    assert people.filter(pl.col("joined") >= date(2024, 6, 1))["person"].n_unique() > 700
    assert moves.filter(pl.col("unit") > 1).height > 150


def test_the_re_organisation_moves_teams_and_a_department_and_leaves_care_most_of_its_teams(whole):
    units = whole.table("units")
    moved = units.filter(pl.col("valid_from") == weeks_before(TODAY, 61))
    tree, care = whole.tree, whole.tree.index("care")
    before = np.flatnonzero(tree.above(np.arange(len(tree.ids)), 1, after=False) == care)
    assert sorted(moved["kind"].to_list()) == ["department", *["team"] * 6]
    assert len(set(before) & set(tree.under("care"))) / len(before) > 0.9


def test_addresses_and_ids_are_made_up_and_the_survey_knows_no_address(whole):
    mails = whole.table("people")["person"]
    assert mails.str.contains(r"^[a-z]+\.[a-z]+@example\.org$").all()
    assert whole.table("messages")["author"].str.contains(r"^U\d+$").all()
    assert set(whole.table("messages")["author"]) <= set(whole.table("accounts")["account"])
    assert set(whole.table("answers")["respondent"]) <= set(whole.table("invitations")["respondent"])
    assert not set(whole.table("answers")["respondent"]) & {*mails, *whole.table("accounts")["account"]}


def test_reuse_falls_in_care_after_the_re_organisation_and_its_links_do_not(whole):
    onset, work = truth("reuse falls").onset, closed(whole, 1, "care")
    assert split(work, "closed", onset, "reused") == pytest.approx((0.45, 0.33), abs=0.025)
    assert split(work, "closed", onset, "linked") == pytest.approx((0.60, 0.60), abs=0.025)


@pytest.mark.parametrize("unit", ["ops-logistics", "sales-retail"])
def test_rework_rises_eight_weeks_after_safety_falls(whole, unit):
    assert truth("rework rises", unit).onset - truth("safety falls", unit).onset == timedelta(weeks=8)
    work = closed(whole, 2, unit).filter(pl.col("kind").is_in(["incident", "request", "change"]))
    assert split(work, "closed", truth("rework rises", unit).onset, "again") == pytest.approx((0.05, 0.11), abs=0.025)


@pytest.mark.parametrize("unit", ["ops-logistics", "sales-retail"])
def test_safety_falls_by_seven_tenths_of_a_point_from_one_wave_to_the_next(whole, unit):
    answers = whole.table("answers").filter(construct="psychological_safety").join(above(whole, 2), on="unit")
    turned = pl.when("reversed").then(pl.col("low") + pl.col("high") - pl.col("score")).otherwise("score")
    answers = answers.with_columns(turned=turned, after=pl.col("wave") >= truth("safety falls", unit).onset)
    before, after = (answers.filter(pl.col("at") == unit, after=side)["turned"].mean() for side in (False, True))
    assert after - before == pytest.approx(-0.7, abs=0.15)
    steady = answers.filter(pl.col("at").is_in(["ops-network", "eng-platform", "care-support"]))
    assert steady.group_by("after").agg(pl.col("turned").mean())["turned"].to_list() == pytest.approx(
        [4.9, 4.9], abs=0.2
    )


def test_ties_between_teams_fall_in_product_after_the_office_split_and_hold_elsewhere(whole):
    onset = truth("ties fall").onset
    early, late = (onset - timedelta(weeks=weeks) for weeks in (8, 0)), (onset + timedelta(weeks=w) for w in (4, 20))
    early, late = list(early), list(late)
    fall = {
        one: sum(cross_ties(whole, d, one) for d in late) / sum(cross_ties(whole, d, one) for d in early)
        for one in ("prod", "eng", "fin")
    }
    assert 0.45 < fall["prod"] < 0.72
    assert fall["eng"] == pytest.approx(1, abs=0.15)
    assert fall["fin"] == pytest.approx(1, abs=0.15)


def test_platform_links_more_and_turns_experiments_into_playbooks(whole):
    work, late = closed(whole, 2, "eng-platform"), TODAY - timedelta(weeks=9)
    before, _ = split(work, "closed", truth("playbooks spread").onset, "linked")
    assert before == pytest.approx(0.6, abs=0.04)
    assert work.filter(pl.col("closed").dt.date() >= late)["linked"].mean() > before + 0.12
    tried = work.filter(kind="experiment").join(
        whole.table("links").filter(kind="playbook"), left_on="ticket", right_on="origin", how="left"
    )
    tried = tried.with_columns(coded=pl.col("target").is_not_null())
    before, after = split(tried, "closed", truth("playbooks spread").onset + timedelta(weeks=15), "coded")
    assert after > before + 0.2


def test_nothing_else_drifts(whole):
    for division in ("eng", "ops", "sales", "prod", "fin"):
        work = closed(whole, 1, division).filter(~pl.col("unit").str.starts_with("eng-platform"))
        first, last = split(work, "closed", truth("reuse falls").onset, "reused")
        assert last == pytest.approx(first, abs=0.02), division


def test_trap_chat_is_silent_for_three_whole_weeks(whole):
    gap = truth("chat is silent")
    inside = pl.col("day").is_between(gap.onset, gap.until, closed="left")
    for table, moment in (("messages", "sent"), ("ties_seen", "seen")):
        days = whole.table(table).select(pl.col(moment).dt.date().alias("day"))
        assert days.filter(inside).is_empty()
        assert days.filter(pl.col("day").is_between(gap.onset - timedelta(7), gap.onset, closed="left")).height > 500
    assert ((gap.until - gap.onset).days, gap.onset.weekday()) == (21, 0)


def test_trap_the_learning_platform_is_stale(whole):
    assert truth("learning is stale").onset - whole.table("learning")["changed"].max().date() <= timedelta(days=4)
    assert whole.table("learning")["changed"].max().date() < truth("learning is stale").onset


def test_trap_december_has_a_third_of_the_usual_volume(whole):
    weekly = whole.table("tickets").group_by(week=pl.col("opened").dt.date().dt.truncate("1w")).len()
    usual = weekly["len"].median()
    for dip in (one for one in planted(TODAY) if one.name == "December dip"):
        weeks = weekly.filter(pl.col("week").is_between(dip.onset, dip.until, closed="left"))["len"]
        assert (len(weeks), weeks.max() < 0.42 * usual, weeks.min() > 0.28 * usual) == (2, True, True)


def test_trap_a_team_of_four_with_telling_values(whole):
    four = whole.table("people").filter(unit=TEAM_OF_FOUR)
    assert (four["person"].n_unique(), four["valid_to"].null_count() >= 4) == (4, True)
    work = whole.table("tickets").filter(unit=TEAM_OF_FOUR, kind="request").drop_nulls("closed")
    assert work["reopened"].is_not_null().mean() > 0.5
    tree = whole.tree
    siblings = np.flatnonzero(tree.after == tree.after[tree.index(TEAM_OF_FOUR)])
    assert len(siblings) > 3


def test_a_source_reads_its_own_systems_in_pages_of_the_canonical_tables():
    streams = made(systems=["chat"]).streams()
    assert [stream.table for stream in streams] == ["accounts", "messages", "ties_seen"]
    for stream in streams:
        for page in stream.read(None):
            assert set(page.columns) <= set(TABLES[stream.table].dtypes)


def test_two_sources_of_one_company_know_the_same_people():
    (accounts,), (people,) = (
        next(s for s in made(systems=[system]).streams() if s.table == table).read(None)
        for system, table in (("chat", "accounts"), ("hr", "people"))
    )  # fmt: skip
    assert set(people["person"]) == set(accounts["person"])


def test_a_later_read_gives_what_changed_since():
    since = datetime(2026, 11, 1, tzinfo=UTC)
    tickets = next(s for s in made(systems=["desk"]).streams() if s.table == "tickets")
    (page,) = tickets.read(since)
    assert 0 < page.height < 1000
    assert page["changed"].min() >= since


@pytest.mark.parametrize(("settings", "words"), [
    ({"system": ["hr"]}, "system is not known; did you mean systems"),
    ({"systems": ["caht"]}, "caht is not known; did you mean chat"),
    ({"people": 20}, "people = 20 is not a number of at least 300"),
    ({"people": "many"}, "people = 'many' is not a number"),
    ({"today": "yesterday"}, "today = 'yesterday' is not a date; write it like 2026-11-22"),
])  # fmt: skip
def test_a_wrong_setting_is_named_with_what_to_write(settings, words):
    with pytest.raises(Refused, match=words):
        made(**settings)


def test_what_every_source_is_given_is_no_mistake():
    assert made(kind="demo", folder="somewhere", time_zone="UTC").people == 300


def test_a_day_may_be_written_as_text_or_left_out():
    assert made(today="2026-11-22").today == TODAY
    assert kinds()["demo"]("demo", {}).today == datetime.now(UTC).date()
