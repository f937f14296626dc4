"""Who leads, and how units hang together, made out of who is in which unit under whom."""

import polars as pl
import pytest

from connectors.directory import Directory, tree
from connectors.source import Health, Page, Stream

KINDS = {"person": pl.String, "unit": pl.String, "manager": pl.String, "valid_from": pl.Date}
COMPANY = [
    ("eve", "Board", None),
    ("dan", "Product", "eve"),
    ("cat", "Blue", "dan"),
    ("bob", "Blue", "cat"),
    ("ann", "Red", "dan"),
]


def people(*rows):
    return pl.DataFrame([(*row, None) for row in rows], KINDS, orient="row")


def parents(frame):
    return dict(tree(frame).select("unit", "parent").rows())


class Given:
    name = "hr"

    def __init__(self, people, accounts=None):
        self.people, self.accounts = people, accounts

    def streams(self):
        return [Stream("people", self.read, also=("accounts",))]

    def read(self, since):
        assert since is None
        yield self.people
        if self.accounts is not None:
            yield Page("accounts", self.accounts)

    def check(self):
        return Health(True, "")


def read(source, **settings):
    [stream] = Directory.of(source, settings).streams()
    first, *more = list(stream.read("any moment"))
    return first, {page.table: page.rows for page in more}


def test_a_unit_belongs_to_the_unit_of_the_manager_of_its_highest():
    assert parents(people(*COMPANY)) == {"Blue": "Product", "Board": None, "Product": "Board", "Red": "Product"}


def test_a_manager_between_two_units_is_looked_beyond():
    found = parents(people(("eve", "Board", None), ("dan", None, "eve"), ("ann", "Red", "dan")))
    assert found == {"Board": None, "Red": "Board"}


def test_two_units_that_manage_each_other_make_no_circle():
    found = parents(
        people(("eve", "Board", None), ("ann", "Red", "eve"), ("bob", "Blue", "ann"), ("cat", "Red", "bob"))
    )
    assert found == {"Blue": "Red", "Board": None, "Red": "Board"}


def test_managers_in_a_circle_say_nothing_of_the_tree():
    assert parents(people(("ann", "Red", "bob"), ("bob", "Blue", "ann"))) == {"Blue": None, "Red": None}


def test_the_unit_above_that_most_name_counts_where_it_is_given():
    rows = people(*COMPANY).with_columns(above=pl.Series(["Board", "Firm", "Firm", "Other", None]))
    found = parents(pl.concat([rows, people(("fay", "Blue", None)).with_columns(above=pl.lit("Firm"))]))
    assert found == {"Blue": "Firm", "Board": None, "Firm": None, "Product": "Firm", "Red": None}


def test_whoever_has_reports_leads_unless_the_source_says_who_does():
    first, _ = read(Given(people(*COMPANY)))
    assert first.filter("leader")["person"].to_list() == ["eve", "dan", "cat"]
    first, _ = read(Given(people(*COMPANY).with_columns(leader=pl.col("person") == "ann")))
    assert first.filter("leader")["person"].to_list() == ["ann"]


def test_whoever_is_in_no_unit_is_in_the_topmost_which_is_above_all():
    first, more = read(Given(people(("eve", None, None), ("ann", "Red", "eve"))), top="Firm")
    assert first["unit"].to_list() == ["Firm", "Red"]
    assert more["units"].select("unit", "parent").rows() == [("Red", "Firm"), ("Firm", None)]


@pytest.mark.parametrize("sign", ["CAT@example.org", "cat", "3"])
def test_accounts_that_the_settings_name_are_services_and_no_people(sign):
    accounts = pl.DataFrame({"account": ["3"], "person": ["3"], "email": ["cat@example.org"], "login": ["cat"]})
    first, more = read(Given(people(("3", "Red", None), ("4", "Red", None)), accounts), services=[sign])
    assert first["person"].to_list() == ["4"]
    assert more["accounts"].select("account", "person", "kind").rows() == [("3", None, "service")]


def test_an_account_the_vendor_calls_a_service_is_no_person():
    accounts = pl.DataFrame({"account": ["3", "4"], "person": ["3", "4"], "kind": ["service", None]})
    first, more = read(Given(people(("3", "Red", None), ("4", "Red", None)), accounts))
    assert first["person"].to_list() == ["4"]
    assert more["accounts"].select("person", "kind").rows() == [(None, "service"), ("4", None)]


def test_a_source_that_tells_all_memberships_is_not_compared_with_the_last_read():
    source = Given(people(*COMPANY), pl.DataFrame({"account": ["ann"], "person": ["ann"]}))
    first, units = Directory.of(source, {}, dated=True).streams()
    assert (first.history, first.covers, units.history) == (False, "all", True)
    assert [page.height for page in units.read(None)] == [4]


def test_a_row_without_an_id_goes_on_to_be_kept_aside():
    accounts = pl.DataFrame({"account": ["3", None], "person": ["3", None], "kind": ["service", None]})
    first, _ = read(Given(people((None, "Red", None), ("3", "Red", None)), accounts))
    assert first["person"].to_list() == [None]
