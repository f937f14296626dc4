"""Request Tracker: tickets with their history, queues, users and groups.

Only a real one shows that a search gives bare links unless `fields` names what is wanted, that deleted tickets are left
out of every search, that a change of owner writes two transactions, that a correspondence opens a resolved ticket in
the name of RT_System, and that group members are numeric principals.
"""

import shutil

import httpx2

from servers.running import VENV, Server

HOME = "/usr/share/request-tracker5"
PRISTINE = VENV / "rt.db"
PASSWORD = "long-enough-1"
SETTINGS = """
Set($rtname, "desk.example.org");
Set($Organization, "desk.example.org");
Set($CorrespondAddress, 'desk@example.org');
Set($CommentAddress, 'comment@example.org');
Set($WebDomain, "127.0.0.1");
Set($WebPort, {port});
Set($WebPath, "");
Set($DatabaseType, "SQLite");
Set($DatabaseName, "{folder}/rt.db");
Set($MasonDataDir, "{folder}/mason");
Set($MasonSessionDir, "{folder}/sessions");
Set($LogToSyslog, undef);
Set($LogToSTDERR, "error");
Set($MailCommand, "sendmailpipe");
Set($SendmailPath, "/bin/true");
Set($Timezone, "UTC");
Set($BcryptCost, 4);
1;
"""
# What an administrator does by hand: a token, rights for the staff, a field for the cause of a ticket, no mails.
FIRST = """
use RT; RT::LoadConfig(); RT::Init();
my $root = RT::CurrentUser->new; $root->Load("root");
$root->UserObj->SetPassword("{password}");
my $staff = RT::Group->new(RT->SystemUser); $staff->LoadSystemInternalGroup("Privileged");
$staff->PrincipalObj->GrantRight(Right => $_, Object => RT->System) for qw(SeeQueue ShowTicket ShowTicketComments
  CreateTicket ReplyToTicket CommentOnTicket ModifyTicket OwnTicket TakeTicket StealTicket SeeCustomField
  ModifyCustomField SeeGroup);
my $cause = RT::CustomField->new(RT->SystemUser);
$cause->Create(Name => "Cause", Type => "FreeformSingle", LookupType => "RT::Queue-RT::Ticket");
$cause->AddToObject(RT::Queue->new(RT->SystemUser));
my $scrips = RT::Scrips->new(RT->SystemUser); $scrips->UnLimit;
while (my $scrip = $scrips->Next) { $scrip->SetDisabled(1) if $scrip->ActionObj->Name =~ /Notify/ }
my $token = RT::AuthToken->new($root);
my (undef, undef, $said) = $token->Create(Owner => $root->id, Description => "tests");
print $said;
"""
LIBRARIES = ("-I", f"{HOME}/lib")


class RequestTracker(Server):
    needs = ("starman", f"{HOME}/libexec/rt-server", str(PRISTINE))
    answers = "/REST/2.0/rt"

    def settle(self):
        for name in ("mason", "sessions", "none"):
            (self.folder / name).mkdir()
        shutil.copyfile(PRISTINE, self.folder / "rt.db")
        text = SETTINGS.replace("{port}", str(self.port)).replace("{folder}", str(self.folder))
        (self.folder / "settings.pm").write_text(text)
        self.token = self.run("perl", *LIBRARIES, "-e", FIRST.replace("{password}", PASSWORD)).strip()
        self.others = {}

    def environment(self):
        return {"RT_SITE_CONFIG": str(self.folder / "settings.pm"), "RT_SITE_CONFIG_DIR": str(self.folder / "none")}

    def command(self):
        return ["starman", "--listen", f"127.0.0.1:{self.port}", "--workers", "2", f"{HOME}/libexec/rt-server"]

    def credentials(self):
        return {"headers": {"Authorization": f"token {self.token}"}}

    def act(self, method, path, body, by=""):
        """One request as the administrator, or as someone else."""
        if not by:
            return self.ask(method, f"/REST/2.0/{path}", json=body)
        if by not in self.others:
            self.others[by] = httpx2.Client(auth=(by, PASSWORD), timeout=60)
        reply = self.others[by].request(method, f"{self.url}/REST/2.0/{path}", json=body)
        assert reply.status_code in (200, 201, 204), f"{method} {path} answered {reply.status_code}: {reply.text[:300]}"
        return reply.json() if reply.content else None

    def user(self, name, **more):
        body = {"Name": name, "EmailAddress": f"{name}@example.org", "Privileged": 1, "Password": PASSWORD, **more}
        self.act("POST", "user", body)
        return int(self.act("GET", f"user/{name}", None)["id"])

    def disable(self, name):
        """Someone has left."""
        self.act("DELETE", f"user/{name}", None)

    def group(self, name, members=()):
        number = int(self.act("POST", "group", {"Name": name})["id"])
        if members:
            self.act("PUT", f"group/{number}/members", [str(member) for member in members])
        return number

    def queue(self, name):
        return int(self.act("POST", "queue", {"Name": name})["id"])

    def ticket(self, queue, subject, by="", cause="", **more):
        fields = {"CustomFields": {"Cause": cause}} if cause else {}
        body = {"Queue": queue, "Subject": subject, "Content": subject, **fields, **more}
        return int(self.act("POST", "ticket", body, by)["id"])

    def change(self, ticket, by="", **fields):
        self.act("PUT", f"ticket/{ticket}", fields, by)

    def correspond(self, ticket, words, by=""):
        self.say("correspond", ticket, words, by)

    def comment(self, ticket, words, by=""):
        self.say("comment", ticket, words, by)

    def say(self, kind, ticket, words, by):
        self.act("POST", f"ticket/{ticket}/{kind}", {"Content": words, "ContentType": "text/plain"}, by)

    def reassign(self, ticket, owner, by=""):
        self.change(ticket, by, Owner=owner)

    def resolve(self, ticket, by=""):
        self.change(ticket, by, Status="resolved")

    def reopen(self, ticket, by=""):
        self.change(ticket, by, Status="open")

    def delete(self, ticket):
        self.act("DELETE", f"ticket/{ticket}", None)


def fill(server, n):
    """A queue of n tickets by eight people: every third answered and resolved, every seventh given to another."""
    server.queue("desk")
    people = [server.user(f"person{number}") for number in range(8)]
    server.group("Support", people[:4])
    tickets = []
    for number in range(n):
        by, cause = f"person{number % 8}", ("login", "invoice", "delivery")[number % 3]
        tickets.append(server.ticket("desk", f"Ticket {number}", by, cause, Owner=f"person{number % 5}"))
        if number % 3 == 0:
            server.correspond(tickets[-1], f"Is page {number} of the manual right?", by)
            server.resolve(tickets[-1], by)
        if number % 7 == 0:
            server.reassign(tickets[-1], "person7")
    return tickets
