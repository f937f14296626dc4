"""Entries of a directory: what an LDIF file says, who is a machine, which branch is a unit, how a search is split."""

import sys
from dataclasses import dataclass, field

import pytest

from connectors.errors import Busy, Refused
from connectors.source import Page
from connectors.sources.ldap import ldap
from connectors.vendors.entries import Entry, Ldap, alike, exported

BASE = "dc=example,dc=org"


def record(name, branch="ou=people", kind="inetOrgPerson", **fields):
    lines = [f"dn: uid={name},{branch},{BASE}", f"objectClass: {kind}", f"entryUUID: {name}", f"uid: {name}"]
    return "\n".join([*lines, *(f"{key}: {value}" for key, value in fields.items())])


def read(folder, *records, **settings):
    (folder / "people.ldif").write_text("\n\n".join(records))
    [stream] = ldap("hr", {"folder": str(folder), "file": "people.ldif", **settings}).streams()
    first, *more = stream.read(None)
    return first, {page.table: page.rows for page in more if isinstance(page, Page)}


def machines(folder, *records, **settings):
    _, more = read(folder, *records, **settings)
    return more["accounts"].filter(kind="service")["account"].to_list()


def test_a_name_with_bot_in_it_makes_no_machine(tmp_path):
    assert machines(tmp_path, record("talbot"), record("svc-abbott"), record("robot")) == []


@pytest.mark.parametrize(
    ("fields", "settings"),
    [
        ({"kind": "msDS-GroupManagedServiceAccount"}, {}),
        ({"kind": "applicationProcess"}, {}),
        ({"userAccountControl": "4096"}, {}),
        ({"employeeType": "Machine"}, {"service_types": ["machine"]}),
        ({"branch": "OU=Services"}, {"service_places": [f"ou=services,{BASE}"]}),
        ({"memberOf": f"cn=Machines,{BASE}"}, {"service_places": [f"cn=machines, {BASE}"]}),
        ({}, {"services": ["UNLIKELY"]}),
    ],
)
def test_a_machine_is_told_by_what_it_is(tmp_path, fields, settings):
    assert machines(tmp_path, record("unlikely", **fields), record("ann"), **settings) == ["unlikely"]


@pytest.mark.parametrize("sign", [{"userAccountControl": "514"}, {"nsAccountLock": "TRUE"}])
def test_who_is_disabled_is_no_member_but_still_an_account(tmp_path, sign):
    first, more = read(tmp_path, record("ann", ou="Blue"), record("old", ou="Blue", **sign))
    assert first["person"].to_list() == ["ann"]
    assert more["accounts"].select("account", "active").rows() == [("ann", True), ("old", False)]


def test_branches_can_be_units(tmp_path):
    first, more = read(tmp_path, record("ann", "ou=Blue,OU=Product\\, Design,ou=people"), unit="dn", above="dn")
    assert first["unit"].to_list() == ["Blue"]
    assert more["units"].select("unit", "parent").rows() == [("Blue", "Product, Design"), ("Product, Design", None)]


def test_a_manager_is_found_however_their_name_is_written(tmp_path):
    first, _ = read(tmp_path, record("ann"), record("bob", manager=f"UID=Ann, OU=People,{BASE}"))
    assert first.select("person", "manager").rows() == [("ann", None), ("bob", "ann")]


def test_without_an_id_that_stays_nothing_is_read(tmp_path):
    with pytest.raises(Refused, match="set id = an attribute that never changes"):
        read(tmp_path, record("ann").replace("entryUUID: ann\n", ""))


def test_a_long_value_goes_on_in_the_next_line_and_another_is_in_base_64(tmp_path):
    (tmp_path / "a.ldif").write_text("# a comment\ndn: uid=a\ncn: An\n n\nsn:: w7Y=\n")
    assert exported(tmp_path / "a.ldif") == [Entry("uid=a", {"cn": [b"Ann"], "sn": ["ö".encode()]})]


def entry(uid):
    return Entry(f"uid={uid}", {"uid": [uid.encode()]})


@pytest.mark.parametrize(
    ("names", "known"), [(("person1", "Person2"), "person"), (("a", "b"), ""), (("x-1", "x-2"), "x")]
)
def test_how_all_names_begin_need_not_be_tried(names, known):
    assert alike([entry(name) for name in names], "uid", "") == known


@dataclass
class Cut:
    """A server that gives at most so many entries to a search for how a uid begins."""

    names: list
    most: int
    result: dict = field(default_factory=dict)
    response: list = field(default_factory=list)
    asked: int = 0

    def search(self, base, query, **options):
        self.asked += 1
        found = [name for name in self.names if self.fits(name, query)]
        self.result = {"result": 4 if len(found) > self.most else 0, "description": ""}
        raw = {"uid": [b"x"]}
        self.response = [
            {"type": "searchResEntry", "dn": name, "raw_attributes": raw | {"uid": [name.encode()]}}
            for name in found[: self.most]
        ]

    def fits(self, name, query):
        wanted = [
            part[4:].rstrip("*)") for part in query.split("(") if part.startswith("uid=") and f"(!({part}" not in query
        ]
        barred = [
            part[4:].rstrip("*)") for part in query.split("(") if part.startswith("uid=") and f"(!({part}" in query
        ]
        return all(name.startswith(one) for one in wanted) and not any(name.startswith(one) for one in barred)


@pytest.mark.parametrize("most", [3, 7, 50])
def test_every_entry_of_a_search_that_is_cut_is_found_once(most):
    names = [f"person{number}" for number in range(40)] + ["ann", "anna", "öl", "-x"]
    server = Cut(names, most)
    found = Ldap("ldap://localhost", BASE, "", "").split(server, "(objectClass=person)", ["uid"], "uid", "")
    assert sorted(one.dn for one in found) == sorted(names)


def test_a_search_that_stays_cut_is_refused():
    with pytest.raises(Refused, match="raise its size limit"):
        Ldap("ldap://localhost", BASE, "", "").split(Cut(["same"] * 9, 3), "(a=b)", ["uid"], "uid", "")


@pytest.mark.parametrize(("code", "kind"), [(49, Refused), (32, Refused), (10, Refused), (51, Busy)])
def test_what_a_server_answers_says_who_must_act(code, kind):
    with pytest.raises(kind):
        Ldap("ldap://localhost", BASE, "", "").judge({"result": code, "description": "x"})


@pytest.mark.parametrize("url", ["https://ldap.example.org", "ldap://user@ldap.example.org", "ldap.example.org"])
def test_an_address_that_cannot_be_a_directory_is_refused(url):
    with pytest.raises(Refused):
        Ldap(url, BASE, "", "")


def test_the_password_is_in_no_repr():
    assert "secret" not in repr(Ldap("ldap://localhost", BASE, "cn=reader", "secret"))


def test_without_the_library_it_is_said_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "ldap3", None)
    with pytest.raises(Refused, match=r"install bellwether\[ldap\]"):
        Ldap("ldap://localhost", BASE, "", "").all("(a=b)", ["uid"], "uid")
