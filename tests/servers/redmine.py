"""Redmine: issues with their journals, users, groups and wiki pages.

Only a real one shows that an issue list has no journals (each issue is asked for by itself), that closed issues are
left out unless `status_id=*` is asked for, that a deleted issue leaves no trace at all, and that moments have whole
seconds.
"""

import shutil
import sqlite3
from pathlib import Path

from servers.running import VENV, Server

HOME = "/usr/share/redmine"
PATHS = Path("/usr/share/rubygems-integration/all/gems")
PRISTINE = VENV / "redmine.db"
KEY = "0123456789abcdef0123456789abcdef01234567"
GEMFILE = """
eval_gemfile "/usr/share/redmine/Gemfile"
gem "puma"
gem "sqlite3", "~> 1.4.0" unless dependencies.any? { |one| one.name == "sqlite3" }
"""
SETTINGS = {
    "rest_api_enabled": "1",
    "issue_group_assignment": "1",
    "default_language": "en",
    "notified_events": "--- []\n",
}
STATUSES = {"new": 1, "in progress": 2, "resolved": 3, "feedback": 4, "closed": 5, "rejected": 6}
TRACKERS = {"bug": 1, "feature": 2, "support": 3}


class Redmine(Server):
    needs = (HOME, "bundle", "puma", str(PRISTINE))
    answers = "/issues.json?key=" + KEY
    key = KEY

    def settle(self):
        for name in ("config", "log", "tmp", "files", "public/plugin_assets"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        database = self.folder / "redmine.db"
        shutil.copyfile(PRISTINE, database)
        (self.folder / "config" / "database.yml").write_text(
            f"production:\n  adapter: sqlite3\n  database: {database}\n  encoding: utf8\n  timeout: 20000\n"
        )
        (self.folder / "config" / "secret_key.txt").write_text(KEY)
        (self.folder / "Gemfile").write_text(GEMFILE)
        switch_on(database)
        self.run("bundle", "install", "--local", "--quiet")

    def environment(self):
        """Debian's Redmine looks for an instance below its own folder; a path of dots leads to ours."""
        return {
            "REDMINE_INSTANCE": "../" * 9 + str(self.folder.resolve()),
            "RAILS_ENV": "production",
            "BUNDLE_GEMFILE": str(self.folder / "Gemfile"),
            **bundler(),
        }

    def command(self):
        where = ["-b", f"tcp://127.0.0.1:{self.port}", "--dir", HOME, "-t", "4:4"]
        return ["bundle", "exec", "puma", "-e", "production", *where, f"{HOME}/config.ru"]

    def credentials(self):
        return {"headers": {"X-Redmine-API-Key": KEY}}

    def user(self, login, first="Ada", last="Example", **more):
        body = {"login": login, "firstname": first, "lastname": last, "mail": f"{login}@example.org", **more}
        return self.ask("POST", "/users.json", json={"user": {"password": "long-enough-1", **body}})["user"]["id"]

    def group(self, name, members=()):
        body = {"group": {"name": name, "user_ids": list(members)}}
        return self.ask("POST", "/groups.json", json=body)["group"]["id"]

    def join(self, group, user):
        self.ask("POST", f"/groups/{group}/users.json", json={"user_id": user})

    def leave(self, group, user):
        self.ask("DELETE", f"/groups/{group}/users/{user}.json")

    def project(self, identifier, members=(), role=3, public=True):
        body = {"name": identifier.title(), "identifier": identifier, "is_public": public, "tracker_ids": [1, 2, 3]}
        body["enabled_module_names"] = ["issue_tracking", "wiki"]
        number = self.ask("POST", "/projects.json", json={"project": body})["project"]["id"]
        for member in members:
            self.member(identifier, member, role)
        return number

    def member(self, project, user, role=3):
        """Let a user or a group work in a project: 3 is a manager, 4 a developer, 5 a reporter."""
        body = {"membership": {"user_id": user, "role_ids": [role]}}
        self.ask("POST", f"/projects/{project}/memberships.json", json=body)

    def category(self, project, name):
        body = {"issue_category": {"name": name}}
        return self.ask("POST", f"/projects/{project}/issue_categories.json", json=body)["issue_category"]["id"]

    def issue(self, project, subject, tracker="bug", by=None, **more):
        body = {"project_id": project, "subject": subject, "tracker_id": TRACKERS[tracker], "priority_id": 2, **more}
        return self.ask("POST", "/issues.json", json={"issue": body}, headers=switch(by))["issue"]["id"]

    def change(self, issue, by=None, **fields):
        self.ask("PUT", f"/issues/{issue}.json", json={"issue": fields}, headers=switch(by))

    def move(self, issue, status, by=None):
        self.change(issue, by, status_id=STATUSES[status])

    def comment(self, issue, words, by=None, private=False):
        self.change(issue, by, notes=words, private_notes=private)

    def reassign(self, issue, to, by=None):
        self.change(issue, by, assigned_to_id=to)

    def reopen(self, issue, by=None):
        self.move(issue, "in progress", by)

    def delete(self, issue):
        self.ask("DELETE", f"/issues/{issue}.json")

    def lock(self, user):
        """Someone has left."""
        self.ask("PUT", f"/users/{user}.json", json={"user": {"status": 3}})

    def page(self, project, title, words, by=None):
        body = {"wiki_page": {"text": words}}
        self.ask("PUT", f"/projects/{project}/wiki/{title}.json", json=body, headers=switch(by))

    def unpage(self, project, title):
        self.ask("DELETE", f"/projects/{project}/wiki/{title}.json")


def switch(login):
    return {"X-Redmine-Switch-User": login} if login else {}


def switch_on(database):
    """What an administrator does by hand in the settings: REST on, a key, the first password kept."""
    with sqlite3.connect(database) as connection:
        rows = list(SETTINGS.items())
        connection.executemany("INSERT INTO settings (name, value, updated_on) VALUES (?, ?, datetime())", rows)
        connection.execute("UPDATE users SET must_change_passwd = 0, language = 'en' WHERE login = 'admin'")
        token = "INSERT INTO tokens (user_id, action, value, created_on, updated_on)"
        connection.execute(f"{token} VALUES (1, 'api', ?, datetime(), datetime())", [KEY])
    connection.close()


def bundler():
    """Debian's own Bundler: the one that comes with a newer Ruby does not see Debian's gems."""
    found = sorted(path.name for path in PATHS.glob("bundler-*"))
    return {"BUNDLER_VERSION": found[-1].removeprefix("bundler-")} if found else {}


def fill(server, n):
    """A project with n issues by ten people: a third resolved, a fifth commented, every seventh given to another."""
    people = [server.user(f"person{number}") for number in range(10)]
    server.project("desk", people)
    server.group("Support", people[:5])
    causes = [server.category("desk", name) for name in ("login", "invoice", "delivery")]
    issues = []
    for number in range(n):
        by, cause = f"person{number % 10}", causes[number % 3]
        given = {"category_id": cause, "assigned_to_id": people[number % 7]}
        issues.append(server.issue("desk", f"Issue {number}", by=by, **given))
        if changes := news(number, people):
            server.change(issues[-1], by, **changes)
    return issues


def news(number, people):
    """What happens to an issue after it was opened."""
    resolved = {"status_id": STATUSES["resolved"]} if number % 3 == 0 else {}
    comment = {"notes": f"Is page {number} of the manual right?"} if number % 5 == 0 else {}
    return {**resolved, **comment, **({"assigned_to_id": people[9]} if number % 7 == 0 else {})}
