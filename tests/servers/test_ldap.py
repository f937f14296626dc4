"""A real OpenLDAP, read, changed and read again: the lake says what the server says, and what it said before."""

import re
import subprocess
from datetime import UTC, date, datetime

import polars as pl
import pytest

from connectors.people import Pseudonyms
from connectors.source import kinds
from connectors.store.lake import Lake
from connectors.store.memory import Memory
from connectors.sync import sync
from servers.conftest import running
from servers.openldap import OpenLdap, fill

PEOPLE = 2002
NAMES = Pseudonyms(bytes(range(32)))


@pytest.fixture(scope="module")
def openldap(tmp_path_factory):
    """One of its own: what others fill in would be read here too."""
    yield from running(OpenLdap, tmp_path_factory)


@pytest.fixture(scope="module")
def directory(openldap):
    fill(openldap, PEOPLE)
    return openldap


@pytest.fixture
def settings(openldap):
    who = {"user": openldap.reader, "password": openldap.password}
    return {"url": openldap.url, "base": openldap.people, "starttls": False, **who}


class House:
    def __init__(self, folder):
        self.lake, self.memory = Lake(folder / "lake"), Memory.open(f"sqlite:///{folder / 'memory.db'}")

    def read(self, settings, day=2):
        now = datetime(2026, 3, day, 6, tzinfo=UTC)
        return sync(kinds()["ldap"]("hr", settings), self.lake, self.memory, NAMES, now)[0]

    def here(self):
        """Who is where now: (account, unit, manager) by token."""
        rows = self.lake.scan("people").filter(pl.col("valid_to").is_null())
        return set(rows.select("person", "unit", "manager").collect().rows())

    def stays(self, person):
        rows = self.lake.scan("people").filter(person=token(person)).sort("valid_from")
        return rows.select("unit", "valid_from", "valid_to", "left").collect().rows()


@pytest.fixture
def house(tmp_path):
    return House(tmp_path)


def token(stable):
    return NAMES.token("person", f"hr:{stable}")


def there(server):
    """The same of the server, asked by OpenLDAP's own program as its administrator, who is never cut."""
    text = server.search("(objectClass=inetOrgPerson)", "entryUUID", "departmentNumber", "manager").stdout
    records = text.replace("\n ", "").split("\n\n")
    found = [dict(re.findall(r"^(\w+): (.*)$", one, re.M)) for one in records if re.search("^dn:", one, re.M)]
    ids = {one["dn"]: one["entryUUID"] for one in found}
    boss = {one["dn"]: token(ids[one["manager"]]) if "manager" in one else None for one in found}
    return {(token(one["entryUUID"]), one["departmentNumber"], boss[one["dn"]]) for one in found}


def stable(server, uid):
    return re.search(r"entryUUID: (\S+)", server.search(f"(uid={uid})", "entryUUID").stdout)[1]


def test_two_thousand_people_come_of_a_server_that_cuts_at_five_hundred(directory, settings, house):
    run = house.read(settings)
    assert (run.state, run.landed) == ("done", PEOPLE)
    assert house.here() == there(directory)


def test_a_search_that_cannot_be_split_is_refused_and_brings_nothing(directory, settings, house):
    run = house.read({**settings, "split": "sn"})
    assert (run.state, run.landed) == ("refused", 0)
    assert "raise its size limit" in run.words


def test_the_tree_follows_the_managers(directory, settings, house):
    house.read(settings)
    parents = house.lake.scan("units").select("unit", "parent").collect().rows()
    assert sorted(parents) == [("D0", None), *((f"D{number}", "D0") for number in range(1, 10))]


def test_leaders_are_those_with_reports(directory, settings, house):
    house.read(settings)
    assert house.lake.scan("people").filter("leader").collect().height == 11


def test_what_changes_on_the_server_is_dated_history_here(directory, settings, house):
    house.read(settings, day=2)
    gone, moved = stable(directory, "person5"), stable(directory, "person6")
    directory.delete("person5")
    directory.change("person6", departmentNumber="D9", manager="lead9")
    directory.change("person7", manager="lead1")
    directory.rename("person8", "person8b")
    directory.person("fresh", "lead3", "D3")
    house.read(settings, day=9)
    assert house.here() == there(directory)
    assert house.stays(gone) == [("D5", date(2026, 3, 2), date(2026, 3, 9), date(2026, 3, 9))]
    assert house.stays(moved) == [
        ("D6", date(2026, 3, 2), date(2026, 3, 9), None),
        ("D9", date(2026, 3, 9), None, None),
    ]
    assert house.stays(stable(directory, "person8b")) == [("D8", date(2026, 3, 2), None, None)]


def test_the_day_an_entry_was_made_can_stand_for_the_day_its_person_joined(directory, settings, house):
    house.read({**settings, "joined": "createTimestamp"}, day=2)
    assert house.lake.scan("people").select(pl.col("joined").null_count()).collect().item() == 0


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"password": "wrong"}, "refused user and password"),
        ({"base": "ou=nowhere,dc=example,dc=org"}, "no such base"),
        ({"filter": "(((broken"}, "filter cannot be read"),
        ({"starttls": True}, "StartTLS"),
    ],
)
def test_what_a_person_must_put_right_is_said(openldap, settings, house, change, words):
    run = house.read({**settings, **change})
    assert run.state == "refused"
    assert words in run.words
    assert openldap.password not in run.words


def test_a_server_that_is_down_is_tried_again_later_and_nobody_has_left(directory, settings, house):
    house.read(settings, day=2)
    directory.stop()
    try:
        run = house.read(settings, day=9)
    finally:
        directory.start()
    assert (run.state, len(house.here())) == ("busy", len(there(directory)))


def test_a_check_says_whether_people_may_be_read(openldap, settings):
    assert kinds()["ldap"]("hr", settings).check().reachable
    found = kinds()["ldap"]("hr", {**settings, "password": "wrong"}).check()
    assert (found.reachable, found.lacking) == (False, ("read people",))


def certificate(folder, name):
    """One that vouches for itself, for this machine only."""
    names = ["-subj", f"/CN={name}", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"]
    new = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *names]
    subprocess.run(
        [*new, "-keyout", folder / f"{name}.key", "-out", folder / f"{name}.pem"], check=True, capture_output=True
    )
    return str(folder / f"{name}.pem")


class Encrypted(OpenLdap):
    def settle(self):
        super().settle()
        certificate(self.folder, "own")
        path = self.folder / "slapd.conf"
        lines = f"TLSCertificateFile {self.folder}/own.pem\nTLSCertificateKeyFile {self.folder}/own.key\n"
        path.write_text(path.read_text().replace("sizelimit", f"{lines}sizelimit"))


@pytest.fixture(scope="module")
def encrypted(tmp_path_factory):
    for server in running(Encrypted, tmp_path_factory):
        server.person("ann", department="D1")
        yield server


def test_a_connection_is_encrypted_and_only_to_whom_the_settings_trust(encrypted, settings, house):
    here = {**settings, "url": encrypted.url, "starttls": True}
    trusted = str(encrypted.folder / "own.pem")
    stranger = house.read({**here, "ca": certificate(encrypted.folder, "other")})
    assert (stranger.state, "a certificate that we do not trust" in stranger.words) == ("refused", True)
    assert house.read(here).state == "refused"
    assert (house.read({**here, "ca": trusted}).landed) == 1
