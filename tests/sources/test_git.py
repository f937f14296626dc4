"""Repositories made by git itself: renames, deletions, history written anew, machines, and what must be refused."""

import os
import subprocess
from datetime import UTC, datetime

import contract
import pytest

from connectors.errors import Refused
from connectors.sources.git import git
from connectors.vendors.repository import Repository

LONG = "a step a line\n" * 20


class Written:
    """A repository on this machine, one commit a day from 2026-03-01."""

    def __init__(self, folder):
        self.folder, self.day = folder, 0
        folder.mkdir()
        self.run("init", "-b", "main")

    def run(self, *words, who="ann@example.org"):
        moment = f"2026-03-{self.day + 1:02}T09:00:00Z"
        who = {"AUTHOR_NAME": who, "AUTHOR_EMAIL": who, "AUTHOR_DATE": moment, "COMMITTER_DATE": moment}
        who |= {"COMMITTER_NAME": "x", "COMMITTER_EMAIL": "x@example.org"}
        env = {**os.environ, **{f"GIT_{key}": value for key, value in who.items()}}
        return subprocess.run(
            ["git", "-C", self.folder, *words], check=True, capture_output=True, env=env, text=True
        ).stdout

    def commit(self, who="ann@example.org", **files):
        for name, text in files.items():
            path = self.folder / name.replace("__", "/").replace("_md", ".md")
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
        self.day += 1
        self.run("add", "-A")
        self.run("commit", "-m", "a change", who=who)
        return self

    def move(self, old, new):
        (self.folder / new).parent.mkdir(exist_ok=True)
        self.run("mv", old, new)
        return self.commit()

    def delete(self, name):
        self.run("rm", name)
        return self.commit()


@pytest.fixture
def written(tmp_path):
    return Written(tmp_path / "handbook")


@pytest.fixture
def synced(written, tmp_path):
    store = tmp_path / "store"

    def sync(**settings):
        rehearsal = contract.Rehearsal(git("git", {"path": str(written.folder), **settings}), store).sync()
        assert set(rehearsal.memory.runs()["state"]) == {"done"}, rehearsal.memory.runs()["words"].to_list()
        return lambda table, *columns: sorted(rehearsal.lake.scan(table).select(columns).collect().rows())

    return sync


def march(day):
    return datetime(2026, 3, day + 1, 9, tzinfo=UTC)


def test_a_page_that_is_renamed_stays_one_page(written, synced):
    written.commit(a_md=LONG).move("a.md", "team/b.md").move("team/b.md", "c.md")
    assert synced()("articles", "article", "created", "changed") == [("git:a.md", march(1), march(3))]


def test_a_new_page_in_the_place_of_one_that_moved_is_another(written, synced):
    written.commit(a_md=LONG).move("a.md", "b.md").commit(a_md="all new")
    found = [article for (article,) in synced()("articles", "article")]
    assert (len(found), found[0], found[1][:9]) == (2, "git:a.md", "git:a.md@")


def test_a_deleted_page_is_retired_and_one_that_returns_is_not(written, synced):
    written.commit(a_md=LONG).delete("a.md")
    assert synced()("articles", "article", "retired") == [("git:a.md", march(2))]
    written.commit(a_md=LONG)
    assert synced()("articles", "article", "created", "retired") == [("git:a.md", march(1), None)]


def test_history_that_was_written_anew_replaces_the_old(written, synced):
    written.commit(a_md=LONG).commit(b_md="gone soon")
    assert len(synced()("articles", "article")) == 2
    written.run("reset", "--hard", "HEAD~1")
    written.commit(who="ben@example.org", c_md="instead")
    assert [article for (article,) in synced()("articles", "article")] == ["git:a.md", "git:c.md"]


def test_what_was_fetched_before_follows_a_forced_push(written, synced, tmp_path):
    written.commit(a_md=LONG).commit(b_md="gone soon")
    away = {"path": "", "url": str(written.folder), "cache": str(tmp_path / "cache.git")}
    assert len(synced(**away)("articles", "article")) == 2
    written.run("reset", "--hard", "HEAD~1")
    assert [article for (article,) in synced(**away)("articles", "article")] == ["git:a.md"]


def test_a_link_counts_from_when_both_pages_are_there(written, synced):
    written.commit(a_md="see [b](b.md)").commit(who="ben@example.org", b_md="here").commit(a_md="see [b](b.md) still")
    assert synced()("article_uses", "article", "used") == [("git:b.md", march(2))]


def test_links_are_found_from_the_root_as_folders_and_without_an_ending(written, synced):
    text = "[1](/team) [2](two) [3](../three.md?x#y) [4](https://example.org/two) [5](#here) [6](<t%77o.md>)"
    written.commit(content__page_md=text, content__two_md="2", three_md="3", content__team__index_md="1")
    assert [article for (article,) in synced(root="content")("article_uses", "article")] == [
        "git:content/team/index.md",
        "git:content/two.md",
        "git:three.md",
    ]


def test_a_review_is_by_another_and_no_machine_and_no_sweep_over_all_pages(written, synced):
    pages = {f"p{number}_md": LONG for number in range(51)}
    written.commit(**pages)
    written.commit(who="ben@example.org", p1_md=f"{LONG}better\n")
    written.commit(who="robot@example.org", p2_md=f"{LONG}better\n")
    written.commit(who="1+dependabot[bot]@users.noreply.github.com", p3_md=f"{LONG}better\n")
    written.commit(who="cyd@example.org", **{name: f"{text}all over\n" for name, text in pages.items()})
    found = synced(bots=["Robot@example.org"])
    assert [row for row in found("articles", "article", "reviewed") if row[1]] == [("git:p1.md", march(2))]
    assert len(found("ties_seen", "tie")) == 1


def test_a_page_says_itself_when_it_was_reviewed(written, synced):
    written.commit(a_md="---\ntitle: x\nreviewed: 2026-03-20\n---\nreviewed: 2026-03-30")
    assert synced()("articles", "reviewed") == [(datetime(2026, 3, 20, tzinfo=UTC),)]


def test_someone_with_talbot_in_the_name_is_no_machine(written):
    written.commit(who="abbot.talbot@example.org", a_md=LONG)
    pages = {page.table: page.rows for page in git("git", {"path": str(written.folder)}).read(None)}
    assert pages["accounts"].select("account", "kind").rows() == [("abbot.talbot@example.org", None)]


def test_a_login_is_read_from_an_address_of_no_reply(written):
    written.commit(who="77+ann@users.noreply.github.com", a_md=LONG)
    pages = {page.table: page.rows for page in git("git", {"path": str(written.folder)}).read(None)}
    assert pages["accounts"].select("email", "login").rows() == [(None, "ann")]


def test_a_shallow_clone_is_refused(written, tmp_path):
    written.commit(a_md="1").commit(a_md="2")
    shallow = tmp_path / "shallow"
    written.run("clone", "--depth=1", f"file://{written.folder}", str(shallow))
    health = git("git", {"path": str(shallow)}).check()
    assert (health.reachable, "--unshallow" in health.words) == (False, True)


@pytest.mark.parametrize("url", ["ext::sh -c touch% pwned", "--upload-pack=touch pwned", "fd::17", "no such place"])
def test_a_url_that_would_run_something_is_refused(url, tmp_path):
    with pytest.raises(Refused, match="neither https"):
        git("git", {"folder": str(tmp_path), "url": url})


def test_a_branch_that_is_an_option_is_a_branch_that_is_not_there(written):
    written.commit(a_md="1")
    assert "has no branch" in git("git", {"path": str(written.folder), "branch": "--output=x"}).check().words


def test_a_password_in_the_url_is_refused_and_a_token_is_on_no_command_line(tmp_path):
    with pytest.raises(Refused, match="set token instead"):
        git("git", {"folder": str(tmp_path), "url": "https://ann:canary@example.org/x.git"})
    repository = Repository(tmp_path, "https://example.org/x.git", "canary-token")
    assert "canary" not in repr(repository)
    assert "GIT_CONFIG_VALUE_0" in repository.environment()


@pytest.mark.parametrize(("settings", "words"), [({}, "needs path"), ({"path": ".", "pages": "("}, "is no pattern")])
def test_settings_that_cannot_be_meant_are_refused(settings, words):
    with pytest.raises(Refused, match=words):
        git("git", settings)


def test_a_folder_without_a_repository_says_what_to_look_at(tmp_path):
    assert "look at this source's path" in git("git", {"path": str(tmp_path)}).check().words
