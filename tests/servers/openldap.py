"""OpenLDAP: people with managers, departments and groups, as an HR directory keeps them.

Only a real one shows that even a paged search is cut at the size limit (500 here, of 2,002 people) while a client
library raises nothing, that `memberOf` and `modifyTimestamp` come only when they are named, and that whoever was
deleted is not there to be read.
"""

import subprocess

from servers.running import Server

SUFFIX = "dc=example,dc=org"
ADMIN, PASSWORD = f"cn=admin,{SUFFIX}", "made-up-for-the-tests"
READER = f"cn=reader,{SUFFIX}"
MODULES = "/usr/lib/ldap"
SETTINGS = """
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
pidfile {folder}/pid
modulepath {modules}
moduleload back_mdb
moduleload memberof
sizelimit 500
database mdb
maxsize 104857600
suffix "{suffix}"
rootdn "{admin}"
rootpw {password}
directory {folder}/data
index objectClass,uid,mail,entryUUID,modifyTimestamp eq
limits dn.exact="{reader}" size=500
access to attrs=userPassword by anonymous auth by * none
access to * by users read by * none
dbnosync
overlay memberof
"""
PEOPLE, GROUPS = f"ou=people,{SUFFIX}", f"ou=groups,{SUFFIX}"


class OpenLdap(Server):
    needs = ("slapd", "ldapmodify", "ldapsearch", "/etc/ldap/schema/inetorgperson.schema", f"{MODULES}/memberof.la")
    suffix, people, groups = SUFFIX, PEOPLE, GROUPS
    admin, reader, password = ADMIN, READER, PASSWORD

    def settle(self):
        (self.folder / "data").mkdir()
        self.url = f"ldap://127.0.0.1:{self.port}"
        text = SETTINGS.format(
            folder=self.folder, modules=MODULES, suffix=SUFFIX, admin=ADMIN, password=PASSWORD, reader=READER
        )
        (self.folder / "slapd.conf").write_text(text)

    def command(self):
        return ["slapd", "-f", self.folder / "slapd.conf", "-h", self.url, "-d", "0"]

    def ready(self):
        return self.tool("ldapsearch", "-b", "", "-s", "base", fine=(0, 255, 1)).returncode == 0

    def welcome(self):
        """The root of the tree, its two branches, and an account that may read and is cut at the size limit."""
        entries = [entry(SUFFIX, objectClass=["dcObject", "organization"], dc="example", o="Example")]
        entries += [entry(dn, objectClass="organizationalUnit") for dn in (PEOPLE, GROUPS)]
        account = {"objectClass": ["applicationProcess", "simpleSecurityObject"], "userPassword": PASSWORD}
        self.feed([*entries, entry(READER, **account)])

    def tool(self, name, *arguments, text=None, fine=(0,), who=ADMIN):
        """One of OpenLDAP's own programs, as the administrator or another."""
        command = [name, "-x", "-H", self.url, "-D", who, "-w", PASSWORD, *(["-LLL"] if name == "ldapsearch" else [])]
        found = subprocess.run(
            [*command, *arguments], input=text, capture_output=True, text=True, timeout=60, check=False
        )
        assert found.returncode in fine, f"{name} said {found.returncode}: {found.stderr[-500:]}"
        return found

    def feed(self, changes):
        self.tool("ldapmodify", text="\n".join(changes))

    def person(self, uid, manager="", department="", **more):
        self.feed([person(uid, manager, department, **more)])
        return dn(uid)

    def change(self, uid, **fields):
        """Give a person other values; an empty one takes the value away."""
        lines = [f"dn: {dn(uid)}", "changetype: modify"]
        for name, value in fields.items():
            value = dn(value) if name == "manager" and value else value
            lines += [f"replace: {name}", *([f"{name}: {value}"] if value else []), "-"]
        self.feed(["\n".join(lines) + "\n"])

    def delete(self, uid):
        self.feed([f"dn: {dn(uid)}\nchangetype: delete\n"])

    def rename(self, uid, fresh):
        self.feed([f"dn: {dn(uid)}\nchangetype: modrdn\nnewrdn: uid={fresh}\ndeleteoldrdn: 1\n"])

    def group(self, name, members):
        fields = {"objectClass": "groupOfNames", "member": [dn(member) for member in members]}
        self.feed([entry(f"cn={name},{GROUPS}", **fields)])

    def join(self, group, uid, way="add"):
        self.feed([f"dn: cn={group},{GROUPS}\nchangetype: modify\n{way}: member\nmember: {dn(uid)}\n"])

    def leave(self, group, uid):
        self.join(group, uid, "delete")

    def search(self, query="(objectClass=inetOrgPerson)", *fields, as_reader=False):
        """What OpenLDAP's own program reads, as LDIF; its exit code is 4 when the size limit cut it."""
        paged = ["-E", "pr=200/noprompt", "-b", PEOPLE, query, *fields]
        return self.tool("ldapsearch", *paged, fine=(0, 4), who=READER if as_reader else ADMIN)


def dn(uid):
    return f"uid={uid},{PEOPLE}"


def entry(where, **fields):
    """An LDIF record that adds this entry."""
    pairs = [
        (name, value) for name, given in fields.items() for value in (given if isinstance(given, list) else [given])
    ]
    return "\n".join([f"dn: {where}", "changetype: add", *(f"{name}: {value}" for name, value in pairs if value), ""])


def person(uid, manager="", department="", **more):
    """An LDIF record that adds this person."""
    named = {"cn": f"{uid.title()} Example", "sn": "Example", "mail": f"{uid}@example.org"}
    placed = {"departmentNumber": department, "manager": dn(manager) if manager else ""}
    return entry(dn(uid), objectClass="inetOrgPerson", **{**named, **placed, **more})


def fill(server, n=2002):
    """A head, ten leads of departments below, everyone else under a lead; n people in all; a group per department."""
    departments = [f"D{number}" for number in range(10)]
    leads = [f"lead{number}" for number in range(10)]
    entries = [person("head", department="D0")]
    entries += [person(lead, "head", where) for lead, where in zip(leads, departments, strict=True)]
    staff = [f"person{number}" for number in range(n - 11)]
    entries += [person(uid, leads[at % 10], departments[at % 10]) for at, uid in enumerate(staff)]
    server.feed(entries)
    for at, name in enumerate(departments):
        server.group(name, [leads[at], *staff[at::10]])
    return ["head", *leads, *staff]
