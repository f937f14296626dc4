"""Matrix Synapse: rooms, messages, threads, edits, redactions, reactions; accounts and their e-mail.

Only a real one shows its own 429 (`rc_message` is left at its default: ten messages a second after a burst of that
many), that a redacted event stays in its room without content, that an edit is an event of its own beside the old
one, and that paging goes on through empty pages until there is no `end`.
"""

import hashlib
import hmac
import itertools
from urllib.parse import quote

import httpx2

from servers.running import VENV, Server

DOMAIN = "chat.example.org"
SECRET = "made-up-for-the-tests"
PASSWORD = "long-enough-1"
PYTHON = VENV / "bin" / "python"
SETTINGS = """
server_name: {domain}
pid_file: {folder}/pid
report_stats: false
bcrypt_rounds: 4
presence: {{enabled: false}}
push: {{enabled: false}}
registration_shared_secret: {secret}
macaroon_secret_key: {secret}
form_secret: {secret}
signing_key_path: {folder}/signing.key
media_store_path: {folder}/media
trusted_key_servers: []
federation_domain_whitelist: []
database: {{name: sqlite3, args: {{database: "{folder}/synapse.db"}}}}
listeners:
  - {{port: {port}, bind_addresses: ["127.0.0.1"], type: http, tls: false, resources: [{{names: [client]}}]}}
log_config: {folder}/log.yaml
caches: {{sync_response_cache_duration: 0s}}
rc_login:
  address: {{per_second: 1000, burst_count: 1000}}
  account: {{per_second: 1000, burst_count: 1000}}
rc_registration: {{per_second: 1000, burst_count: 1000}}
rc_room_creation: {{per_second: 1000, burst_count: 1000}}
rc_joins:
  local: {{per_second: 1000, burst_count: 1000}}
rc_invites:
  per_room: {{per_second: 1000, burst_count: 1000}}
  per_user: {{per_second: 1000, burst_count: 1000}}
  per_issuer: {{per_second: 1000, burst_count: 1000}}
"""
LOG = "{version: 1, handlers: {out: {class: logging.StreamHandler}}, root: {level: WARNING, handlers: [out]}}"


class Synapse(Server):
    needs = (str(PYTHON), str(VENV / "bin" / "synapse_homeserver"))
    answers = "/_matrix/client/versions"
    domain = DOMAIN

    def settle(self):
        text = SETTINGS.format(domain=DOMAIN, folder=self.folder, secret=SECRET, port=self.port)
        (self.folder / "homeserver.yaml").write_text(text)
        (self.folder / "log.yaml").write_text(LOG)
        (self.folder / "signing.key").write_text("ed25519 a_made " + "A" * 43 + "\n")
        self.tokens, self.turns = {}, itertools.count()

    def command(self):
        return [PYTHON, "-m", "synapse.app.homeserver", "--config-path", self.folder / "homeserver.yaml"]

    def welcome(self):
        self.token = self.user("admin", admin=True)

    def credentials(self):
        return {"headers": {"Authorization": f"Bearer {self.token}"}}

    def user(self, name, admin=False, display="", email=""):
        """A new account by the shared secret, free of the limit of messages; its token."""
        nonce = httpx2.get(f"{self.url}/_synapse/admin/v1/register").json()["nonce"]
        parts = [nonce, name, PASSWORD, "admin" if admin else "notadmin"]
        seal = hmac.new(SECRET.encode(), "\0".join(parts).encode(), hashlib.sha1).hexdigest()
        body = {"nonce": nonce, "username": name, "password": PASSWORD, "admin": admin, "mac": seal}
        reply = httpx2.post(f"{self.url}/_synapse/admin/v1/register", json=body).raise_for_status().json()
        self.tokens[name] = reply["access_token"]
        if name != "admin":
            self.account(name, display, email)
        return self.tokens[name]

    def account(self, name, display="", email=""):
        person = quote(self.person(name))
        more = {"threepids": [{"medium": "email", "address": email}]} if email else {}
        self.ask("PUT", f"/_synapse/admin/v2/users/{person}", json={"displayname": display or name.title(), **more})
        self.hurry(name)

    def hurry(self, name):
        """Let this account send as fast as it can; whoever is not hurried meets the server's own 429."""
        path = f"/_synapse/admin/v1/users/{quote(self.person(name))}/override_ratelimit"
        self.ask("POST", path, json={"messages_per_second": 0, "burst_count": 0})

    def slow(self, name):
        """Take the hurry back: from here on the default limit holds."""
        self.ask("DELETE", f"/_synapse/admin/v1/users/{quote(self.person(name))}/override_ratelimit")

    def deactivate(self, name):
        self.ask("POST", f"/_synapse/admin/v1/deactivate/{quote(self.person(name))}", json={"erase": False})

    def person(self, name):
        return f"@{name}:{DOMAIN}"

    def by(self, name):
        return {"headers": {"Authorization": f"Bearer {self.tokens[name]}"}}

    def room(self, name, by="admin", members=(), public=True, direct=False):
        """A room and who is in it; `direct` makes it a private talk of two."""
        kind = "trusted_private_chat" if direct else "public_chat" if public else "private_chat"
        body = {"preset": kind, "is_direct": direct, **({} if direct else {"name": name})}
        body |= {"room_alias_name": name} if public and not direct else {}
        body["invite"] = [self.person(member) for member in members]
        room = self.ask("POST", "/_matrix/client/v3/createRoom", json=body, **self.by(by))["room_id"]
        for member in members:
            self.join(room, member)
        return room

    def join(self, room, name):
        self.ask("POST", f"/_matrix/client/v3/join/{quote(room)}", json={}, **self.by(name))

    def leave(self, room, name):
        self.ask("POST", f"/_matrix/client/v3/rooms/{quote(room)}/leave", json={}, **self.by(name))

    def event(self, room, by, kind, body):
        path = f"/_matrix/client/v3/rooms/{quote(room)}/send/{kind}/{next(self.turns)}"
        return self.ask("PUT", path, json=body, **self.by(by))["event_id"]

    def send(self, room, by, words, **more):
        return self.event(room, by, "m.room.message", {"msgtype": "m.text", "body": words, **more})

    def notice(self, room, by, words):
        """What a well-behaved bot sends."""
        return self.send(room, by, words, msgtype="m.notice")

    def thread(self, room, by, parent, words):
        relation = {"rel_type": "m.thread", "event_id": parent, "is_falling_back": True}
        relation["m.in_reply_to"] = {"event_id": parent}
        return self.send(room, by, words, **{"m.relates_to": relation})

    def reply(self, room, by, to, words):
        return self.send(room, by, words, **{"m.relates_to": {"m.in_reply_to": {"event_id": to}}})

    def react(self, room, by, to, sign="👍"):
        relation = {"rel_type": "m.annotation", "event_id": to, "key": sign}
        return self.event(room, by, "m.reaction", {"m.relates_to": relation})

    def edit(self, room, by, event, words):
        relation = {"rel_type": "m.replace", "event_id": event}
        fresh = {"msgtype": "m.text", "body": words}
        return self.send(room, by, f"* {words}", **{"m.new_content": fresh, "m.relates_to": relation})

    def redact(self, room, by, event):
        path = f"/_matrix/client/v3/rooms/{quote(room)}/redact/{quote(event)}/{next(self.turns)}"
        return self.ask("PUT", path, json={}, **self.by(by))["event_id"]


def fill(server, n):
    """Two rooms of ten people with n messages in all: every third in a thread, every fifth liked; and a private one."""
    names = [f"person{number}" for number in range(10)]
    for name in names:
        server.user(name, email=f"{name}@example.org")
    rooms = [server.room(name, "person0", names[1:]) for name in ("desk", "floor")]
    private = server.room("private", "person1", ["person2"], direct=True)
    server.send(private, "person1", "only between us")
    sent = []
    for number in range(n):
        room, by = rooms[number % 2], names[number % 10]
        parent = sent[number - 2][1] if number % 3 == 2 and sent[number - 2][2] is None else None
        words = f"How does step {number} go?" if number % 4 == 0 else f"Step {number}"
        event = server.thread(room, by, parent, words) if parent else server.send(room, by, words)
        sent.append((room, event, parent))
        if number % 5 == 0:
            server.react(room, names[(number + 1) % 10], event)
    return sent
