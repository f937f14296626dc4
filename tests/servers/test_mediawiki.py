"""MediaWiki read, changed in every way and read again: the lake is what the wiki says, page by page."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from connectors.people import Pseudonyms
from connectors.source import kinds
from connectors.store.lake import Lake
from connectors.store.memory import Memory
from connectors.sync import sync
from servers.mediawiki import fill

NAMES = Pseudonyms(bytes(range(32)))


class Knowledge:
    """A wiki beside a store of its own."""

    def __init__(self, server, folder):
        self.server = server
        self.settings = {"url": server.url, "user": server.bot, "password": server.bot_password, "overlap_days": 0}
        self.open(folder)

    def open(self, folder):
        self.lake, self.memory = Lake(folder / "lake"), Memory.open(f"sqlite:///{folder / 'memory.db'}")

    def sync(self):
        now = datetime.now(UTC) - timedelta(seconds=1)  # the wiki's moments are whole seconds
        sync(kinds()["mediawiki"]("mediawiki", self.settings), self.lake, self.memory, NAMES, now)
        assert set(self.memory.runs()["state"]) == {"done"}, self.memory.runs()["words"].to_list()

    def rows(self, table, *columns):
        return set(self.lake.scan(table).select(columns).collect().rows())

    def content(self):
        articles = self.rows("articles", "article", "author", "created", "reviewed", "retired", "changed")
        return articles, self.rows("article_uses", "use", "article", "person", "used")

    def pages(self):
        """What stands in the wiki, asked page by page: number, author, first and last moment."""
        found = {}
        asked = {"generator": "allpages", "gapfilterredir": "nonredirects", "gaplimit": "max"}
        for page in self.server.query(**asked)["query"]["pages"]:
            query = {"prop": "revisions", "pageids": page["pageid"], "rvprop": "timestamp|userid", "rvlimit": "max"}
            (one,) = self.server.query(**query)["query"]["pages"]
            last, first = one["revisions"][0], one["revisions"][-1]
            author = NAMES.token("person", f"mediawiki:{first['userid']}")
            moments = (datetime.fromisoformat(each["timestamp"]) for each in (first, last))
            found[f"mediawiki:{page['pageid']}"] = (author, *moments)
        return found

    def number(self, title):
        (page,) = self.server.query(titles=title)["query"]["pages"]
        return f"mediawiki:{page['pageid']}"

    def kept(self):
        rows = (
            self.lake.scan("articles")
            .filter(pl.col("retired").is_null())
            .select("article", "author", "created", "changed")
            .collect()
        )
        return {article: rest for article, *rest in map(list, rows.rows())}


@pytest.fixture
def knowledge(mediawiki, tmp_path):
    return Knowledge(mediawiki, tmp_path)


def test_the_lake_equals_the_wiki_before_and_after_it_changes(knowledge, tmp_path):
    server = knowledge.server
    fill(server, 60)
    server.user("Fixer", bot=True)
    knowledge.sync()
    assert knowledge.kept() == {article: list(rest) for article, rest in knowledge.pages().items()}
    assert len(knowledge.rows("article_uses", "use")) == 59
    assert len(knowledge.rows("ties_seen", "tie")) == 15
    assert {"bot", "person"} == set(knowledge.lake.scan("accounts").collect()["kind"])

    server.edit("Article 3", "All new, see [[Article 50]] and [[To come]].", "Person0")
    server.edit("Article 5", "A bot was here.", "Fixer", bot="1")
    server.edit("To come", "Here it is, after [[Article 1]].", "Person1")
    server.move("Article 7", "Chapter 7")
    server.move("Article 8", "Chapter 8", redirect=False)
    server.delete("Article 20")
    server.edit("Article 30", "#REDIRECT [[Article 31]]", "Person2")
    knowledge.sync()
    assert knowledge.kept() == {article: list(rest) for article, rest in knowledge.pages().items()}
    standing = knowledge.lake.scan("articles").filter(pl.col("retired").is_null()).collect()
    assert knowledge.lake.scan("articles").collect().height == standing.height + 1

    server.undelete("Article 20")
    server.delete("Article 40")
    knowledge.sync()
    again = knowledge.content()
    assert knowledge.kept() == {article: list(rest) for article, rest in knowledge.pages().items()}
    knowledge.open(tmp_path / "fresh")
    knowledge.sync()
    articles, uses = knowledge.content()
    assert again[0] == articles
    assert not uses - again[1]
    took_place = {"Article 39": "40 is deleted", "Chapter 8": "9 links its old name", "Article 30": "31 is now meant"}
    assert {article for _, article, *_ in again[1] - uses} == {knowledge.number(title) for title in took_place}


def test_a_password_that_does_not_fit_is_told(knowledge):
    knowledge.settings["password"] = "b" * 32
    health = kinds()["mediawiki"]("mediawiki", knowledge.settings).check()
    assert (health.reachable, "Special:BotPasswords" in health.words) == (False, True)
