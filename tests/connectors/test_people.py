"""People are keyed pseudonyms: nobody without the key can say who is who, not even with the staff directory."""

import hashlib
import hmac

import polars as pl
import pytest

from connectors.people import Pseudonyms, new_key, resolve
from connectors.tables import TABLES

KEY = bytes(range(32))
NAMES = Pseudonyms(KEY)
ADA = "ada@example.org"


def hide(table, columns, source="chat"):
    return NAMES.hide(TABLES[table], pl.DataFrame(columns), source)


def authors(*ids, source="chat"):
    return hide("messages", {"author": list(ids)}, source)["author"].to_list()


def test_a_token_is_128_bits_of_a_keyed_hash():
    key = hmac.digest(KEY, b"person", "sha256")
    assert authors(ADA) == [hmac.digest(key, ADA.encode(), "sha256")[:16].hex()]


def test_two_purposes_give_two_tokens():
    answer = hide("answers", {"respondent": [ADA]})["respondent"].item()
    assert answer != authors(ADA)[0]


def test_another_key_gives_another_token():
    assert Pseudonyms(new_key()).token("person", ADA) != NAMES.token("person", ADA)


@pytest.mark.parametrize("plain", [hashlib.sha256, hashlib.sha1, hashlib.md5])
def test_a_plain_hash_of_the_address_is_not_what_is_stored(plain):
    assert authors(ADA)[0] not in plain(ADA.encode()).hexdigest()


def test_the_staff_directory_does_not_give_anyone_away_without_the_key():
    directory = [f"person{number}@example.org" for number in range(500)]
    stored = set(authors(*directory))
    guesses = {guess(one.encode()).hexdigest()[:32] for one in directory for guess in (hashlib.sha256, hashlib.md5)}
    keyed = {hmac.digest(wrong, one.encode(), "sha256")[:16].hex() for one in directory for wrong in (b"", b"person")}
    assert len(stored) == 500
    assert not stored & (guesses | keyed)


def test_an_address_is_one_person_in_every_source():
    assert authors(ADA, source="chat") == authors(" Ada@Example.org", source="desk")


def test_any_other_id_is_one_person_in_its_source_only():
    assert authors("U7", source="chat") != authors("U7", source="desk")
    assert authors("U7", source="chat") == authors("chat:U7", source="desk")


def test_capitals_of_an_id_matter():
    assert authors("U7") != authors("u7")


def test_nobody_is_nobody():
    assert authors(None, "", "  ") == [None, None, None]


def test_columns_without_people_stay_as_they_are():
    found = hide("messages", {"author": [ADA], "channel": ["general"]})
    assert found["channel"].to_list() == ["general"]


def test_an_account_belongs_to_the_source_its_row_names():
    row = hide("accounts", {"source": ["chat"], "account": ["U7"], "person": [ADA]}, "directory")
    assert row["account"].to_list() == authors("U7", source="chat")
    assert row["person"].to_list() == authors(ADA)


def test_a_short_key_is_not_taken_and_no_key_is_ever_shown():
    with pytest.raises(ValueError, match="at least 16"):
        Pseudonyms(b"secret")
    assert KEY.hex() not in repr(NAMES)
    assert len(new_key()) == 32


def accounts(*pairs):
    rows = [("chat", account, person, day) for day, (account, person) in enumerate(pairs)]
    return pl.LazyFrame(rows, schema=["source", "account", "person", "changed"], orient="row")


def test_accounts_become_people_where_they_are_known():
    frame = pl.LazyFrame({"author": ["a1", "a2", None], "n": [1, 2, 3]})
    assert resolve(frame, ["author"], accounts(("a1", "ada"))).collect().rows() == [("ada", 1), ("a2", 2), (None, 3)]


def test_an_account_belongs_to_the_person_last_named():
    frame = pl.LazyFrame({"author": ["a1"]})
    assert resolve(frame, ["author"], accounts(("a1", "ada"), ("a1", "grace"))).collect().rows() == [("grace",)]


def hidden(**columns):
    return hide("accounts", {"source": ["git"], "account": ["U7"], **{k: [v] for k, v in columns.items()}}).row(
        0, named=True
    )


@pytest.mark.parametrize("written", ["jdoe", "JDoe", "CORP\\jdoe", "jdoe@corp.example.org", "@jdoe", " jdoe "])
def test_a_login_is_one_however_it_is_written_and_in_every_source(written):
    assert hidden(login=written)["login"] == NAMES.token("login", "jdoe")


@pytest.mark.parametrize(
    "written",
    ["Zoë O'Dowd", "O'Dowd, Zoë", "zoe  odowd", "ZOË O’DOWD", "Zoe O'Dowd (she/her)", "zoe-odowd", "Zoë_O'Dowd"],
)
def test_a_name_is_one_however_it_is_written(written):
    assert hidden(name=written)["name"] == NAMES.token("name", "zoe odowd")


def test_letters_that_no_accent_makes_are_written_plainly():
    assert hidden(name="Rafał Łoś")["name"] == NAMES.token("name", "rafal los")


@pytest.mark.parametrize("written", ["Ryan", "", "  ", "42"])
def test_a_single_word_is_no_name(written):
    assert hidden(name=written)["name"] is None


@pytest.mark.parametrize(
    "address",
    ["12345+jdoe@users.noreply.github.com", "jdoe@users.noreply.github.com", "77-jdoe@users.noreply.gitlab.com"],
)
def test_the_hidden_address_of_a_code_host_carries_a_login_and_is_no_address(address):
    for row in (hidden(email=address), hidden(account=address)):
        assert row["login"] == NAMES.token("login", "jdoe")
        assert row["email"] is None


def test_an_account_that_is_an_address_has_that_address():
    assert hidden(account=" Ada@Example.org")["email"] == NAMES.token("person", ADA)


@pytest.mark.parametrize(
    "address", ["info@example.org", "Support@example.org", "no-reply@x.org", "hr+jobs@example.org"]
)
def test_a_group_mailbox_is_marked(address):
    assert hidden(email=address)["kind"] == "group"


@pytest.mark.parametrize("address", ["ada@example.org", "infodesk.ada@example.org"])
def test_a_persons_mailbox_is_not(address):
    assert hidden(email=address)["kind"] is None


def test_what_the_source_says_of_its_kind_stands():
    assert hidden(email="info@example.org", kind="service")["kind"] == "service"
