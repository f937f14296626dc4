"""MediaWiki: pages with their revisions and links, moves, deletions and who did them.

Only a real one shows that a deleted page leaves its revisions out of every list (only the log tells), that a move
leaves a redirect and a revision of its own behind, that links are written a moment after the edit that made them, and
that a list goes on by `continue`, whose keys are not always the same.
"""

import httpx2

from servers.running import Server

HOME = "/usr/share/mediawiki"
PASSWORD = "long-enough-for-mediawiki-1"
SETTINGS = """
$wgRateLimits = [];
$wgPasswordAttemptThrottle = false;
$wgAccountCreationThrottle = [];
$wgJobRunRate = 0;
$wgPasswordDefault = "B";
$wgMainCacheType = CACHE_NONE;
$wgSessionCacheType = CACHE_DB;
$wgEnableEmail = false;
$wgShowExceptionDetails = true;
$wgDBservers = [[ "type" => "sqlite", "dbname" => "wiki", "dbDirectory" => $wgSQLiteDataDir, "load" => 1,
  "variables" => [ "synchronous" => "OFF" ], "trxMode" => "IMMEDIATE", "flags" => DBO_DEFAULT ]];
"""


class MediaWiki(Server):
    needs = ("php", f"{HOME}/maintenance/install.php", "/usr/share/php8.2-sqlite3/sqlite3/pdo_sqlite.ini")
    answers = "/api.php?action=query&meta=siteinfo&format=json"
    bot, bot_password = "Admin@tests", "a" * 32

    def settle(self):
        self.clients, self.tokens = {}, {}
        at = ["--dbtype=sqlite", f"--dbpath={self.folder}", "--dbname=wiki", f"--confpath={self.folder}"]
        site = [f"--server={self.url}", "--scriptpath=", "--lang=en", f"--pass={PASSWORD}", "Handbook", "Admin"]
        self.php("install.php", *at, *site)
        with (self.folder / "LocalSettings.php").open("a") as settings:
            settings.write(SETTINGS)
        self.php("createBotPassword.php", "--appid=tests", "--grants=basic,highvolume", "Admin", self.bot_password)

    def php(self, script, *arguments):
        self.run("php", f"{HOME}/maintenance/{script}", *arguments)

    def environment(self):
        settings = self.folder / "LocalSettings.php"
        return {"MW_CONFIG_FILE": str(settings)} if settings.exists() else {}

    def command(self):
        quick = ["-d", "display_errors=0", "-d", "opcache.enable_cli=1", "-d", "opcache.validate_timestamps=0"]
        return ["php", *quick, "-S", f"127.0.0.1:{self.port}", "-t", HOME]

    def welcome(self):
        self.login("Admin")

    def login(self, name):
        """A client with this person's session."""
        self.clients[name] = httpx2.Client(timeout=60)
        body = {"loginreturnurl": self.url, "username": name, "password": PASSWORD}
        said = self.do("clientlogin", name, "login", "logintoken", **body)
        assert said["clientlogin"]["status"] == "PASS", said
        self.tokens.pop(name)

    def do(self, action, by="Admin", kind="csrf", field="token", **body):
        """One change through api.php as this person."""
        data = {"action": action, "format": "json", "formatversion": "2", field: self.token(by, kind), **body}
        said = self.clients[by].post(f"{self.url}/api.php", data=data).raise_for_status().json()
        assert "error" not in said, said["error"]
        return said

    def token(self, by, kind):
        """The sign that a change is meant; the one for edits lasts as long as the session."""
        if kind != "csrf" or by not in self.tokens:
            self.tokens[by] = self.query(by, meta="tokens", type=kind)["query"]["tokens"][f"{kind}token"]
        return self.tokens[by]

    def query(self, by="Admin", **params):
        asked = {"action": "query", "format": "json", "formatversion": "2", **params}
        return self.clients[by].get(f"{self.url}/api.php", params=asked).raise_for_status().json()

    def user(self, name, bot=False):
        """An account; MediaWiki begins every name with a capital."""
        body = {"username": name, "password": PASSWORD, "retype": PASSWORD, "createreturnurl": self.url}
        said = self.do("createaccount", "Admin", "createaccount", "createtoken", **body)
        assert said["createaccount"]["status"] == "PASS", said
        self.tokens.pop("Admin")
        if bot:
            self.do("userrights", "Admin", "userrights", user=name, add="bot")
            self.tokens.pop("Admin")
        self.login(name)

    def edit(self, title, words, by="Admin", **more):
        """Write a page anew; the number of its revision."""
        return self.do("edit", by, title=title, text=words, **more)["edit"].get("newrevid")

    def move(self, title, to, by="Admin", redirect=True):
        self.do("move", by, **{"from": title, "to": to}, **({} if redirect else {"noredirect": "1"}))

    def delete(self, title, by="Admin"):
        self.do("delete", by, title=title)

    def undelete(self, title):
        self.do("undelete", title=title)


def fill(server, n):
    """n pages by five people, each linking to the one before; every fourth edited again, every tenth has a redirect."""
    names = [f"Person{number}" for number in range(5)]
    for name in names:
        server.user(name)
    titles = [f"Article {number}" for number in range(n)]
    for number, title in enumerate(titles):
        words = f"Step {number}, after [[{titles[number - 1]}]]." if number else "The beginning."
        server.edit(title, words, names[number % 5])
        if number % 4 == 0:
            server.edit(title, f"{words} Better said.", names[(number + 1) % 5])
        if number % 10 == 9:
            server.edit(f"Old {number}", f"#REDIRECT [[{title}]]", names[number % 5])
    return titles
