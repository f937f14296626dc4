"""Whose an account is: by address, login, or name with evidence; what is doubtful waits; a person's word stands."""

from datetime import date

import polars as pl
import pytest

from connectors.identity.matching import match

FIELDS = ("email", "login", "name", "kind", "person", "active")
KINDS = dict.fromkeys(("source", "account", *FIELDS), pl.String) | {"active": pl.Boolean, "changed": pl.Int64}
DATED = dict.fromkeys(("valid_from", "valid_to", "joined", "left"), pl.Date)
LONG_AGO, LEFT = date(2020, 1, 1), date(2024, 6, 30)
NOTHING_DECIDED = pl.DataFrame(schema={"account": pl.String, "person": pl.String, "act": pl.String})


def account(id, source="git", **said):
    return {"source": source, "account": id, "changed": 0, **dict.fromkeys(FIELDS), **said}


def hr(person, source="hr", **said):
    return account(person, source, person=person, **said)


def job(person, since=date(2021, 3, 1), until=None, source="hr"):
    return {"source": source, "person": person, "valid_from": since, "valid_to": until, "joined": None, "left": None}


def active(name, *months, rows=10):
    return [{"account": name, "month": date(*month, 1), "rows": rows} for month in months]


def decided(*rows):
    return pl.DataFrame(rows, schema=NOTHING_DECIDED.schema, orient="row")


def links(accounts, jobs=(), activity=(), said=NOTHING_DECIDED):
    """`jobs` may be left out for people of HR's accounts who were always there; HR itself began in 2020."""
    known = {one["person"] for one in jobs}
    others = {one["account"] for one in accounts if one["account"] == one["person"]} - known
    people = [job("founder", LONG_AGO), *jobs, *(job(person) for person in sorted(others))]
    months = pl.DataFrame(list(activity), schema={"account": pl.String, "month": pl.Date, "rows": pl.Int64})
    return match(
        pl.DataFrame(accounts, schema=KINDS),
        pl.DataFrame(people, schema={"source": pl.String, "person": pl.String, **DATED}),
        said,
        months,
    )


def found(*arguments, **named):
    rows = links(*arguments, **named).select("account", "person", "why", "state").rows()
    return [(account, person, f"{state} by {why}") for account, person, why, state in rows]


def doubts(*arguments, **named):
    return links(*arguments, **named).filter(state="doubtful")["evidence"].unique().to_list()


ADA = hr("ada", email="ada@x", login="adal", name="ada lovelace")
BOB = hr("bob", email="bob@x", login="bobb", name="bob byte")


def test_a_work_address_tells_whose_an_account_is():
    assert found([ADA, account("u1", email="ada@x")]) == [("u1", "ada", "linked by email")]


def test_an_account_that_is_an_address_needs_no_other():
    assert found([ADA, account("ada@x")]) == [("ada@x", "ada", "linked by email")]


def test_an_address_that_is_the_id_of_a_person_tells_too():
    assert found([hr("ada@x"), account("u1", email="ada@x")]) == [("u1", "ada@x", "linked by email")]


def test_a_directory_login_tells_whose_an_account_is():
    assert found([ADA, account("u1", login="adal")]) == [("u1", "ada", "linked by login")]


def test_an_address_is_trusted_before_a_login_but_a_login_of_another_makes_it_doubtful():
    accounts = [ADA, BOB, account("u1", email="ada@x", login="bobb")]
    assert found(accounts) == [("u1", "ada", "doubtful by email")]
    assert doubts(accounts) == ["its login is another person's"]


def test_a_name_alone_is_not_enough():
    accounts = [ADA, account("u1", name="ada lovelace")]
    assert found(accounts) == [("u1", "ada", "doubtful by name")]
    assert doubts(accounts) == ["only the name speaks for it"]


def test_a_name_with_activity_while_the_person_is_there_is_enough():
    accounts = [ADA, account("u1", name="ada lovelace")]
    assert found(accounts, activity=active("u1", (2023, 5), (2023, 6))) == [("u1", "ada", "linked by name")]


def test_a_name_with_activity_before_the_person_came_is_doubtful():
    accounts = [ADA, account("u1", name="ada lovelace")]
    early = active("u1", (2020, 5), (2020, 9), (2023, 5))
    assert doubts(accounts, activity=early) == ["active at times when the person was not there"]


def test_a_name_of_an_account_in_use_while_the_person_is_there_is_enough():
    accounts = [ADA, account("u1", name="ada lovelace", active=True)]
    assert found(accounts) == [("u1", "ada", "linked by name")]


def test_homonyms_are_never_told_apart_by_the_machine():
    accounts = [ADA, hr("ada2", email="ada2@x", name="ada lovelace"), account("u1", name="ada lovelace")]
    assert found(accounts, activity=active("u1", (2023, 5))) == [
        ("u1", "ada", "doubtful by name"),
        ("u1", "ada2", "doubtful by name"),
    ]
    assert doubts(accounts) == ["2 people have this name"]


def test_not_even_by_the_time():
    accounts = [ADA, hr("ada2", email="ada2@x", name="ada lovelace"), account("u1", name="ada lovelace")]
    jobs = [job("ada", until=LEFT), job("ada2", since=date(2025, 1, 1))]
    assert doubts(accounts, jobs, active("u1", (2023, 5))) == ["2 people have this name"]


def test_two_accounts_of_one_name_in_one_source_may_be_two_people():
    accounts = [ADA, account("u1", name="ada lovelace"), account("u2", name="ada lovelace")]
    both = active("u1", (2023, 5)) + active("u2", (2023, 5))
    assert doubts(accounts, activity=both) == ["2 accounts have this name"]


def test_one_person_may_have_several_accounts_when_one_of_them_is_sure():
    accounts = [
        ADA,
        account("u1", name="ada lovelace", email="ada@x"),
        account("u2", name="ada lovelace", email="ada@home"),
        account("u3", name="ada lovelace", email="ada@school"),
    ]
    assert found(accounts, activity=active("u2", (2023, 5)) + active("u3", (2023, 6))) == [
        ("u1", "ada", "linked by email"),
        ("u2", "ada", "linked by name"),
        ("u3", "ada", "linked by name"),
    ]


def test_a_login_reused_for_somebody_who_bears_another_name_is_doubtful():
    accounts = [ADA, BOB, account("u1", login="adal", name="bob byte")]
    assert doubts(accounts) == ["its name is another person's"]


def test_an_account_used_mostly_after_its_owner_left_is_doubtful():
    accounts, jobs = [ADA, account("u1", email="ada@x")], [job("ada", until=LEFT)]
    later = active("u1", (2024, 5)) + active("u1", (2024, 9), (2024, 10))
    assert doubts(accounts, jobs, later) == ["most of its activity came after the person had left"]
    assert found(accounts, jobs, active("u1", (2024, 5))) == [("u1", "ada", "linked by email")]


def test_an_address_given_to_a_successor_is_told_apart_by_the_time():
    accounts = [ADA, hr("eve", email="ada@x", name="eve cole"), account("u1", email="ada@x")]
    jobs = [job("ada", until=LEFT), job("eve", since=date(2025, 1, 1))]
    assert found(accounts, jobs, active("u1", (2023, 5))) == [("u1", "ada", "linked by email")]
    assert found(accounts, jobs, active("u1", (2025, 5))) == [("u1", "eve", "linked by email")]
    assert doubts(accounts, jobs, active("u1", (2023, 5), (2025, 5))) == ["2 people have this address"]


def test_a_group_mailbox_waits_for_a_person():
    accounts = [hr("ada", email="info@x"), account("u1", email="info@x", kind="group")]
    assert doubts(accounts) == ["several people use this mailbox"]


def test_an_address_under_more_than_three_names_is_a_mailbox_of_several():
    shared = [account(f"u{n}", email="ada@x", name=f"writer number{n}") for n in range(4)]
    assert doubts([ADA, *shared]) == ["several people use this mailbox"]
    assert {state for *_, state in found([ADA, *shared[:3]])} == {"linked by email"}


@pytest.mark.parametrize("kind", ["bot", "service"])
def test_bots_and_service_accounts_are_nobodys_whatever_address_they_have(kind):
    assert found([ADA, account("u1", email="ada@x", kind=kind)]) == [("u1", None, f"separated by {kind}")]


def test_a_source_that_names_the_person_is_believed():
    assert found([ADA, account("u1", person="ada")]) == [("u1", "ada", "linked by stated")]


def test_a_person_whom_hr_does_not_know_is_still_one_person():
    assert found([ADA, account("u1", person="guest@y")]) == [("u1", "guest@y", "linked by stated")]


def test_a_second_record_with_the_same_name_and_login_is_the_same_person():
    accounts = [ADA, hr("interim", name="ada lovelace", login="adal"), account("u1", name="ada lovelace")]
    jobs = [job("ada"), job("interim", since=date(2023, 1, 1), until=LEFT)]
    assert found(accounts, jobs, active("u1", (2023, 5))) == [
        ("interim", "ada", "linked by login"),
        ("u1", "ada", "linked by name"),
    ]


def test_a_second_role_without_address_and_login_is_the_same_person_where_all_others_have_one():
    roles = [ADA, BOB, *(hr(f"p{n}", login=f"l{n}", name=f"person n{n}") for n in range(8))]
    interim = hr("interim", name="ada lovelace")
    jobs = [job("interim", since=date(2023, 1, 1), until=LEFT)]
    assert found([*roles, interim], jobs) == [("interim", "ada", "linked by name")]
    assert found([ADA, interim], jobs) == []


def test_people_of_two_directories_with_one_address_are_one():
    accounts = [ADA, hr("emp7", source="ldap", email="ada@x", name="ada king")]
    assert found(accounts, [job("ada", since=LONG_AGO), job("emp7", source="ldap")]) == [
        ("emp7", "ada", "linked by email")
    ]


def test_a_placeholder_address_does_not_make_colleagues_one_person():
    assert found([hr("ada", email="hr@x", name="ada lovelace"), hr("bob", email="hr@x", name="bob byte")]) == []


def test_a_decision_beats_every_sign():
    accounts = [ADA, BOB, account("u1", email="ada@x")]
    assert found(accounts, said=decided(("u1", "bob", "link"))) == [("u1", "bob", "locked by decided")]


def test_what_is_separated_stays_separated_and_other_candidates_wait():
    accounts = [ADA, BOB, account("u1", email="ada@x", login="bobb")]
    assert found(accounts, said=decided(("u1", "ada", "separate"))) == [
        ("u1", "ada", "separated by decided"),
        ("u1", "bob", "doubtful by login"),
    ]


def test_an_account_can_be_nobodys_or_a_machines():
    accounts = [ADA, account("u1", email="ada@x")]
    assert found(accounts, said=decided(("u1", None, "separate"))) == [("u1", None, "separated by decided")]
    assert found(accounts, said=decided(("u1", None, "bot"))) == [("u1", None, "separated by bot")]


def test_the_last_word_stands():
    accounts = [ADA, BOB, account("u1", email="ada@x")]
    changed = decided(("u1", "bob", "link"), ("u1", None, "separate"), ("u1", "ada", "link"))
    assert found(accounts, said=changed) == [("u1", "ada", "locked by decided")]
    assert ("u1", "bob", "separated by decided") in found(
        accounts, said=decided(("u1", "bob", "link"), ("u1", "bob", "separate"))
    )


def test_two_records_that_a_person_separated_stay_two_people():
    accounts = [ADA, hr("interim", name="ada lovelace", login="adal")]
    apart = decided(("interim", "ada", "separate"))
    assert found(accounts, said=apart) == [("interim", "ada", "separated by decided")]


def test_without_hr_only_what_sources_say_is_known():
    accounts = pl.DataFrame([account("u1", person="ada@x"), account("u2", email="ada@x")], schema=KINDS)
    nobody = pl.DataFrame(schema={"source": pl.String, "person": pl.String, **DATED})
    rows = match(accounts, nobody, NOTHING_DECIDED).select("account", "person", "state").rows()
    assert rows == [("u1", "ada@x", "linked")]
