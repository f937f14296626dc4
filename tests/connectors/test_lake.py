"""Facts in the lake: landing twice is landing once, and an older word never overwrites a newer one."""

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from forked import FORKS

from connectors.store.lake import Lake
from connectors.tables import TABLES

TICKETS, MESSAGES, PEOPLE = TABLES["tickets"], TABLES["messages"], TABLES["people"]
MARCH, APRIL = datetime(2026, 3, 2, 9, tzinfo=UTC), datetime(2026, 4, 6, 9, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def lake(tmp_path):
    return Lake(tmp_path / "lake")


def tickets(*rows):
    columns = {"ticket": pl.String, "changed": TICKETS.dtypes["changed"], "opened": TICKETS.dtypes["opened"]}
    frame = pl.DataFrame([row[:3] for row in rows], schema=columns, orient="row")
    return frame.with_columns(cause=pl.Series([row[3] for row in rows], dtype=pl.String), kind=pl.lit("incident"))


def causes(lake):
    return dict(lake.scan("tickets").sort("ticket").select("ticket", "cause").collect().rows())


def versions(lake, name="tickets"):
    return lake.delta(name).version()


def member(person, unit, first, last=None):
    return {"person": person, "unit": unit, "valid_from": first, "valid_to": last, "source": "hr", "changed": MARCH}


def people(*rows):
    return pl.DataFrame(rows, schema_overrides=PEOPLE.dtypes)


def test_what_never_landed_is_empty_and_has_its_columns(lake):
    found = lake.scan("tickets").collect()
    assert dict(found.schema) == TICKETS.dtypes
    assert found.is_empty()
    assert lake.tables() == []
    assert lake.rows("tickets") == 0


def test_what_lands_is_what_is_read(lake):
    landed = lake.land(TICKETS, tickets(("T1", MARCH, MARCH, "login")))
    assert (landed.new, landed.changed) == (1, 0)
    found = lake.scan("tickets").collect()
    assert dict(found.schema) == TICKETS.dtypes
    assert found.row(0, named=True)["opened"] == MARCH
    assert found.row(0, named=True)["resolved"] is None
    assert lake.tables() == ["tickets"]


def test_landing_the_same_page_twice_changes_nothing(lake):
    page = tickets(("T1", MARCH, MARCH, "login"), ("T2", APRIL, MARCH, "vpn"))
    lake.land(TICKETS, page)
    before = versions(lake)
    again = lake.land(TICKETS, page, before=lambda landed: pytest.fail("nothing is about to change"))
    assert (again.new, again.changed, again.spans) == (0, 0, ())
    assert versions(lake) == before
    assert lake.rows("tickets") == 2


def test_a_newer_word_overwrites_an_older_one(lake):
    lake.land(TICKETS, tickets(("T1", MARCH, MARCH, "login"), ("T2", MARCH, MARCH, "vpn")))
    landed = lake.land(TICKETS, tickets(("T1", APRIL, MARCH, "password")))
    assert (landed.new, landed.changed) == (0, 1)
    assert causes(lake) == {"T1": "password", "T2": "vpn"}


def test_an_older_word_never_overwrites_a_newer_one(lake):
    lake.land(TICKETS, tickets(("T1", APRIL, MARCH, "password")))
    assert lake.land(TICKETS, tickets(("T1", MARCH, MARCH, "login"))).changed == 0
    assert causes(lake) == {"T1": "password"}


def test_an_older_word_never_overwrites_a_newer_one_that_said_the_same_as_before(lake):
    lake.land(TICKETS, tickets(("T1", MARCH, MARCH, "login")))
    assert lake.land(TICKETS, tickets(("T1", MARCH + 9 * DAY, MARCH, "login"))).changed == 0
    lake.land(TICKETS, tickets(("T1", MARCH + 5 * DAY, MARCH, "late")))
    assert causes(lake) == {"T1": "login"}


def test_a_newer_word_that_lands_in_between_is_not_overwritten(lake):
    newest, newer = tickets(("T1", APRIL, MARCH, "newest")), tickets(("T1", MARCH + DAY, MARCH, "newer"))
    lake.land(TICKETS, tickets(("T1", MARCH, MARCH, "old")))
    lake.land(TICKETS, newer, before=lambda landed: Lake(lake.root).land(TICKETS, newest))
    assert causes(lake) == {"T1": "newest"}


def test_within_a_page_too_the_newest_word_wins(lake):
    lake.land(TICKETS, tickets(("T1", APRIL, MARCH, "password"), ("T1", MARCH, MARCH, "login")))
    assert causes(lake) == {"T1": "password"}


def test_of_two_words_as_new_the_last_one_wins(lake):
    lake.land(TICKETS, tickets(("T1", MARCH, MARCH, "login"), ("T1", MARCH, MARCH, "vpn")))
    assert causes(lake) == {"T1": "vpn"}
    assert lake.land(TICKETS, tickets(("T1", MARCH, MARCH, "network"))).changed == 1
    assert causes(lake) == {"T1": "network"}


def test_a_fact_whose_day_is_corrected_moves_to_the_other_month(lake):
    lake.land(TICKETS, tickets(("T1", MARCH, MARCH, "login")))
    landed = lake.land(TICKETS, tickets(("T1", APRIL, APRIL, "login")))
    assert lake.scan("tickets").select("ticket", "opened").collect().rows() == [("T1", APRIL)]
    march, april = MARCH.date(), APRIL.date()
    assert landed.spans == ((march - DAY, march + DAY), (april - DAY, april + DAY))


def test_days_near_each_other_are_one_span(lake):
    page = tickets(("T1", MARCH, MARCH, "a"), ("T2", MARCH, MARCH + 14 * DAY, "b"))
    landed = lake.land(TICKETS, page)
    assert landed.spans == ((date(2026, 3, 1), date(2026, 3, 17)),)
    assert (landed.first, landed.last) == (date(2026, 3, 1), date(2026, 3, 17))


def test_who_joins_changes_every_day_from_then_on(lake):
    landed = lake.land(PEOPLE, people(member("p1", "sales", date(2025, 1, 6)), member("p2", "sales", date(2024, 9, 2))))
    assert landed.spans == ((date(2024, 9, 1), date(9999, 12, 31)),)


def test_who_leaves_changes_only_the_days_after(lake):
    lake.land(PEOPLE, people(member("p1", "sales", date(2025, 1, 6))))
    landed = lake.land(PEOPLE, people(member("p1", "sales", date(2025, 1, 6), date(2026, 3, 2))))
    assert landed.spans == ((date(2026, 3, 1), date(9999, 12, 31)),)


def test_the_days_are_written_down_before_the_facts_land(lake):
    seen = []
    lake.land(TICKETS, tickets(("T1", MARCH, MARCH, "a")), before=lambda landed: seen.append((landed, causes(lake))))
    assert seen[0][0].new == 1
    assert seen[0][1] == {}


def test_a_fact_without_a_day_lands_all_the_same(lake):
    rows = pl.DataFrame({"record": ["r1"], "person": ["p"], "course": ["c"], "source": ["lms"], "changed": [None]})
    lake.land(TABLES["learning"], rows.with_columns(pl.col("changed").cast(TICKETS.dtypes["changed"])))
    assert lake.delta("learning").partitions() == [{"month": "unknown"}]
    assert lake.rows("learning") == 1


def test_a_table_from_before_a_column_existed_is_read_and_written_with_it(lake, monkeypatch):
    short = {name: kind for name, kind in TICKETS.dtypes.items() if name != "cause"}
    with monkeypatch.context() as then:
        then.setitem(TICKETS.__dict__, "dtypes", short)
        lake.land(TICKETS, tickets(("T1", MARCH, MARCH, "dropped")))
    assert causes(lake) == {"T1": None}
    lake.land(TICKETS, tickets(("T2", MARCH, MARCH, "kept")))
    assert causes(lake) == {"T1": None, "T2": "kept"}


def land_many(root, shift):
    lake = Lake(root)
    for page in range(4):
        names = [f"m{number}" for number in range(page * 100 + shift, page * 100 + 100 + shift)]
        same = {"channel": "c", "sent": MARCH, "source": "chat", "changed": MARCH}
        lake.land(MESSAGES, pl.DataFrame({"message": names}).with_columns(pl.lit(v).alias(k) for k, v in same.items()))


def test_two_who_land_at_once_never_land_a_row_twice(lake):
    start = FORKS.Process
    writers = [start(target=land_many, args=(lake.root, shift)) for shift in (0, 50)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0, 0]
    found = lake.scan("messages").select("message").collect()["message"]
    assert (len(found), found.n_unique()) == (450, 450)


def messages(*names, sent=MARCH, channel="c"):
    same = {"channel": channel, "sent": sent, "source": "chat", "changed": sent}
    return pl.DataFrame({"message": list(names)}).with_columns(pl.lit(v).alias(k) for k, v in same.items())


def channels(lake):
    return dict(lake.scan("messages").sort("message").select("message", "channel").collect().rows())


def wrote(lake, name):
    return [one["operation"] for one in reversed(lake.delta(name).history())][1:]


def test_months_that_hold_nothing_are_written_at_once_and_others_are_merged_into(lake):
    lake.land(MESSAGES, messages("m1"))
    lake.land(MESSAGES, messages("m2", sent=APRIL))
    lake.land(MESSAGES, pl.concat([messages("m1", "m3", channel="d"), messages("m4", sent=APRIL + 60 * DAY)]))
    assert wrote(lake, "messages") == ["WRITE", "WRITE", "MERGE"]
    assert channels(lake) == {"m1": "d", "m2": "c", "m3": "d", "m4": "c"}


def test_where_rows_may_change_their_month_only_an_empty_table_is_written_at_once(lake):
    lake.land(TICKETS, tickets(("T1", MARCH, MARCH, "login")))
    lake.land(TICKETS, tickets(("T1", APRIL, APRIL, "vpn")))
    assert wrote(lake, "tickets") == ["WRITE", "MERGE"]
    assert causes(lake) == {"T1": "vpn"}


@pytest.mark.parametrize("table", [MESSAGES, TICKETS], ids=["steady", "moving"])
def test_who_finds_an_empty_month_filled_by_another_meanwhile_loses_nothing_of_it(lake, table):
    """The same row, newer, and one more: neither lands twice, and what the other wrote is not written over."""
    if table is MESSAGES:
        mine, others = (
            messages("m1", "m2"),
            messages("m2", "m3").with_columns(changed=pl.lit(APRIL), channel=pl.lit("o")),
        )
        wanted, found = {"m1": "c", "m2": "o", "m3": "o"}, channels
    else:
        mine = tickets(("T1", MARCH, MARCH, "mine"), ("T2", MARCH, MARCH, "mine"))
        others = tickets(("T2", APRIL, APRIL, "other"), ("T3", APRIL, APRIL, "other"))
        wanted, found = {"T1": "mine", "T2": "other", "T3": "other"}, causes
    told = []

    def meanwhile(landed):
        told.append(landed.new)
        if len(told) == 1:
            Lake(lake.root).land(table, others)

    landed = lake.land(table, mine, before=meanwhile)
    assert (told, landed.new, landed.changed) == ([2, 1], 1, 0)
    assert found(lake) == wanted
    assert lake.rows(table.name) == 3


def test_two_who_begin_a_table_at_once_never_land_a_row_twice(lake):
    start = FORKS.Process
    writers = [start(target=begin_many, args=(lake.root,)) for _ in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0, 0, 0]
    found = lake.scan("messages").select("message").collect()["message"]
    assert (len(found), found.n_unique()) == (120, 120)


def begin_many(root):
    """Each landing opens a month that nobody has written to yet."""
    for month in range(12):
        Lake(root).land(MESSAGES, messages(*(f"{month}-{n}" for n in range(10)), sent=MARCH + month * 31 * DAY))


def test_killed_before_the_first_rows_of_a_month_are_there_it_is_as_if_nothing_had_been_done(lake):
    class Killed(BaseException):
        pass

    def kill(*_):
        raise Killed

    lake.land(MESSAGES, messages("m1"))
    with pytest.raises(Killed):
        lake.land(MESSAGES, messages("m2", sent=APRIL), before=kill)
    assert channels(lake) == {"m1": "c"}
    assert lake.land(MESSAGES, messages("m2", sent=APRIL)).new == 1
    assert channels(lake) == {"m1": "c", "m2": "c"}


def evidence(*rows):
    return pl.DataFrame(rows, schema=["indicator", "week", "part"], orient="row")


def test_evidence_of_the_weeks_counted_anew_gives_way_and_the_rest_stays(lake):
    one, two = date(2026, 3, 2), date(2026, 3, 9)
    lake.replace("evidence", evidence(("a", one, 1), ("a", two, 2), ("b", two, 3)), by=["indicator"])
    lake.replace("evidence", evidence(("a", two, 9)), "indicator = 'a' AND week >= '2026-03-09'")
    assert lake.scan("evidence").sort("indicator", "week").collect().select("indicator", "week", "part").rows() == [
        ("a", one, 1),
        ("a", two, 9),
        ("b", two, 3),
    ]
    assert lake.rows("evidence") == 3
    assert lake.tables() == []


def test_evidence_may_give_way_to_nothing(lake):
    lake.replace("evidence", evidence(("a", MARCH.date(), 1), ("b", MARCH.date(), 2)))
    lake.replace("evidence", evidence(("a", MARCH.date(), 1)).clear(), "indicator = 'a'")
    assert lake.scan("evidence").collect().rows() == [("b", MARCH.date(), 2)]


def test_evidence_of_a_new_kind_brings_its_columns(lake):
    lake.replace("evidence", evidence(("a", MARCH.date(), 1)))
    lake.replace("evidence", evidence(("b", MARCH.date(), 2)).with_columns(squares=4), "indicator = 'b'")
    assert lake.scan("evidence").sort("indicator").collect()["squares"].to_list() == [None, 4]


def test_now_and_then_small_files_are_gathered_and_nothing_is_lost(lake):
    lake.every = 4
    for number in range(4):
        lake.land(TICKETS, tickets((f"T{number}", MARCH, MARCH, "a")))
    assert len(lake.delta("tickets").file_uris()) == 1
    lake.land(TICKETS, tickets(("T4", MARCH, MARCH, "a")))
    assert lake.rows("tickets") == 5
