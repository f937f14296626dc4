"""A real company's handbook: nine of ten commits find their author in HR, and none finds somebody else."""

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from connectors.identity.linking import link, sure
from connectors.identity.sealed import Seal, opened
from connectors.identity.signs import plain_name
from connectors.people import Pseudonyms
from connectors.source import Stream
from connectors.store.lake import Lake
from connectors.store.memory import Memory
from connectors.sync import sync

DATA = Path(__file__).parents[2].parent / "shared" / "data" / "sourcegraph_company"
NOW = datetime(2026, 11, 22, tzinfo=UTC)
KEY = Pseudonyms(bytes(32))
pytestmark = pytest.mark.skipif(
    not DATA.exists(), reason=f"{DATA} is missing; it is made from a public company handbook's history, see its NOTE.md"
)


class Given:
    def __init__(self, name, **tables):
        self.name, self.tables = name, tables

    def streams(self):
        return [Stream(name, lambda since, rows=rows: iter([rows])) for name, rows in self.tables.items()]


def staff():
    """Dated records as HR had them; keys that begin with interim are second roles. Some logins are links or none."""
    rows = pl.read_parquet(DATA / "hr_team_history.parquet").filter(~pl.col("person_key").str.starts_with("interim"))
    login = pl.coalesce(
        pl.col("github").str.extract(r"github\.com/([\w-]+)"), pl.col("github").str.extract(r"^([\w-]+)$")
    )
    return rows.sort("valid_from").with_columns(
        person=pl.format("hr:{}", pl.col("person_key").str.to_lowercase().str.replace_all(" ", "_")),
        login=pl.when(login.str.to_lowercase() != "false").then(login),
        valid_from=pl.col("valid_from").dt.date(),
        valid_to=pl.col("valid_to").dt.date(),
        unit=pl.col("reports_to").fill_null("company"),
    )


def directory():
    """An account for each record, and one more for each address and login it ever had."""
    last = [pl.col("email", "login").drop_nulls().last(), pl.col("name").last()]
    now = staff().group_by("person", maintain_order=True).agg(last).with_columns(account="person")
    once = [
        staff().select("person", sign, account=pl.format("{}/{}", "person", sign)).drop_nulls().unique("account")
        for sign in ("email", "login")
    ]
    return pl.concat([now, *once], how="diagonal")


def commits():
    began = pl.read_parquet(DATA / "hr_team_history.parquet")["valid_from"].min()
    rows = pl.read_parquet(DATA / "kb_page_edits.parquet").unique("commit").filter(pl.col("authored_at") >= began)
    login = pl.col("author_email").str.extract("^gh:(.*)$")
    hidden = pl.format("1+{}@users.noreply.github.com", login)
    return rows.sort("authored_at", "commit").with_columns(account=pl.coalesce(hidden, "author_email"))


def authors():
    """One account for each address, under the last full name it had."""
    full = pl.col("author_name").sort_by(plain_name("author_name").is_not_null(), maintain_order=True).last()
    rows = commits().group_by("account", maintain_order=True).agg(name=full)
    return rows.with_columns(kind=pl.when(pl.col("account").str.contains("[bot]", literal=True)).then(pl.lit("bot")))


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    folder = tmp_path_factory.mktemp("company")
    lake, memory = Lake(folder / "lake"), Memory.open(f"sqlite:///{folder / 'memory.db'}")
    people = (
        staff()
        .select("person", "unit", "valid_from", "valid_to")
        .filter(pl.col("valid_to").is_null() | (pl.col("valid_to") > pl.col("valid_from")))
    )
    said = commits().select(message="commit", author="account", sent="authored_at", channel=pl.lit("handbook"))
    for source in (Given("hr", people=people, accounts=directory()), Given("git", accounts=authors(), messages=said)):
        runs = sync(source, lake, memory, KEY, NOW)
        assert {(run.state, run.refused) for run in runs} == {("done", 0)}
    return lake, memory, link(lake, memory, NOW)


def share(lake, accounts):
    """The share of commits by these accounts, in percent."""
    rows = lake.scan("messages").collect()
    return 100 * rows.join(accounts, left_on="author", right_on="account", how="semi").height / rows.height


def by(lake, sign):
    rows = lake.scan("accounts").collect()
    known = rows.filter(source="hr").select(sign).drop_nulls()
    return rows.filter(source="git").join(known, on=sign, how="semi").select("account")


@pytest.mark.parametrize(("sign", "percent"), [("email", 24), ("login", 51), ("name", 50)])
def test_no_sign_alone_is_enough(company, sign, percent):
    assert round(share(company[0], by(company[0], sign))) == percent


def test_together_they_find_nine_of_ten(company):
    lake, _, links = company
    people = lake.scan("people").select("person").collect()
    assert share(lake, sure(links).join(people, on="person", how="semi")) >= 91


def test_nobody_is_taken_for_somebody_else(company):
    """Two full names of one person share a word; who shares none would be somebody else."""
    _, memory, links = company
    named = opened(Seal(KEY.sealing_key()), memory.sealed()).select("token", name=plain_name("name").str.split(" "))
    theirs = (
        sure(links)
        .join(named, left_on="account", right_on="token")
        .join(named, left_on="person", right_on="token", suffix="_hr")
    )
    both = theirs.drop_nulls()
    assert both.height > 200
    assert both.filter(pl.col("name").list.set_intersection("name_hr").list.len() == 0).is_empty()


def test_second_roles_are_one_person_and_the_rest_waits(company):
    _, _, links = company
    token = {name: KEY.token("person", f"hr:{name}") for name in ("thorsten_ball", "thorsten_ball_apis", "dora_grgic")}
    assert (token["thorsten_ball_apis"], token["thorsten_ball"]) in sure(links).rows()
    waiting = links.filter(state="doubtful")
    assert waiting["account"].n_unique() < 10
    assert token["dora_grgic"] in set(waiting["person"])
