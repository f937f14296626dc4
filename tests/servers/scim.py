"""A SCIM 2.0 directory: people with the enterprise extension (manager, department, number), and groups.

Only a real one shows that the whole list counts from 1, that a person who was deleted is simply gone, that a filter by
`meta.lastModified` tells changes but never deletions, and that its memory ends with it.
"""

from servers.running import VENV, Server

SCIM = VENV / "bin" / "scim2-server"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


class Scim(Server):
    needs = (str(SCIM),)
    answers = "/ServiceProviderConfig"
    token = "made-up-for-the-tests"

    def command(self):
        return [SCIM, "--hostname", "127.0.0.1", "--port", self.port, "--bearer-token", self.token]

    def credentials(self):
        return {"headers": {"Authorization": f"Bearer {self.token}"}}

    def user(self, name, department="", manager="", **more):
        """A person; the id of their record."""
        return self.ask("POST", "/Users", json=person(name, department, manager, **more))["id"]

    def change(self, user, **fields):
        """Give a person other values: department and manager stand in the enterprise extension."""
        renamed = {"manager": f"{ENTERPRISE}:manager.value", "department": f"{ENTERPRISE}:department"}
        steps = [{"op": "replace", "path": renamed.get(name, name), "value": value} for name, value in fields.items()]
        self.ask("PATCH", f"/Users/{user}", json={"schemas": [PATCH], "Operations": steps})

    def deactivate(self, user):
        self.change(user, active=False)

    def delete(self, user):
        self.ask("DELETE", f"/Users/{user}")

    def group(self, name, members=()):
        body = {"schemas": [GROUP], "displayName": name, "members": [{"value": member} for member in members]}
        return self.ask("POST", "/Groups", json=body)["id"]

    def join(self, group, user):
        step = {"op": "add", "path": "members", "value": [{"value": user}]}
        self.ask("PATCH", f"/Groups/{group}", json={"schemas": [PATCH], "Operations": [step]})


def person(name, department="", manager="", **more):
    extension = {"department": department, "employeeNumber": f"E-{name}"}
    extension |= {"manager": {"value": manager}} if manager else {}
    return {
        "schemas": [USER, ENTERPRISE],
        "userName": name,
        "name": {"givenName": name.title(), "familyName": "Example"},
        "emails": [{"value": f"{name}@example.org", "type": "work", "primary": True}],
        "active": True,
        ENTERPRISE: extension,
        **more,
    }


def fill(server, n):
    """A head, five leads below, everyone else under a lead; n people in all."""
    head = server.user("head", "D0")
    leads = [server.user(f"lead{number}", f"D{number}", head) for number in range(5)]
    rest = [server.user(f"person{number}", f"D{number % 5}", leads[number % 5]) for number in range(n - 6)]
    return [head, *leads, *rest]
