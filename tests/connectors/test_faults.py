"""Whatever goes wrong at whatever request: all records, or an error that says who must act; never a part in silence."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx2
import polars as pl
import pytest
from faults import FAULTS, PAGINGS, Vendor
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.errors import Busy, Changed, Refused
from connectors.http import Api
from connectors.people import Pseudonyms
from connectors.source import Stream
from connectors.store.lake import Lake
from connectors.store.memory import Memory
from connectors.sync import sync

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ALL = [1, 2, 3, 4, 5]


LINE = httpx2.HTTPTransport()


def hasty(address, **options):
    return Api(address, timeout=0.3, transport=LINE, sleep=lambda seconds: None, **options)


def pages(vendor, **options):
    return hasty(vendor.address, **options).pages("list", vendor.paging, items="items", **vendor.asked)


def ended(vendor, **options):
    """None for all records, else the kind of error; anything but that is a part in silence."""
    try:
        found = [record["id"] for page in pages(vendor, **options) for record in page]
    except (Busy, Refused, Changed) as error:
        assert "canary" not in str(error)
        return type(error)
    assert found == ALL, f"{found} in silence"
    return None


@pytest.mark.parametrize("kind", PAGINGS)
def test_every_way_of_paging_brings_everything(kind):
    with Vendor(kind) as vendor:
        assert ended(vendor) is None
        assert vendor.count == (1 if kind == "once" else 3)


@pytest.mark.parametrize(
    ("kind", "fault"),
    # where one reply is all, an empty one is all there is; only the source's own count can find that out
    [(kind, fault) for kind in PAGINGS for fault in FAULTS if (kind, fault) != ("once", "nothing")],
)
def test_whatever_goes_wrong_at_whatever_request_nothing_is_left_out_in_silence(kind, fault):
    said = FAULTS[fault] if isinstance(FAULTS[fault], tuple) else (FAULTS[fault],)
    for broken in range(1 if kind == "once" else 3):
        with Vendor(kind, faults={broken: fault}) as vendor:
            assert ended(vendor) in said, f"at request {broken}"


@pytest.mark.parametrize("kind", PAGINGS)
@pytest.mark.parametrize("fault", ["limited", "unavailable", "dropped_within"])
def test_what_never_passes_ends_as_busy(kind, fault):
    with Vendor(kind, faults=dict.fromkeys(range(999), fault)) as vendor:
        assert ended(vendor, patience=timedelta(seconds=40)) is Busy
        assert vendor.count <= 41


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([kind for kind in PAGINGS if kind != "once"]),
    st.dictionaries(st.integers(0, 8), st.sampled_from([fault for fault in FAULTS if fault != "silent"]), max_size=6),
)
def test_many_things_going_wrong_leave_nothing_out_in_silence(kind, faults):
    with Vendor(kind, faults=faults) as vendor:
        ended(vendor)


def inside(reply):
    """What a vendor says that answers 200 to everything."""
    if reply.at("ok") is not False:
        return None
    return 5.0 if reply.at("error") == "canary" else Refused("the token is revoked; renew it")


def test_an_error_inside_a_good_answer_is_found_where_the_source_knows_it():
    with Vendor(faults={1: "error_inside"}) as vendor:
        assert ended(vendor, wrong=inside) is None
        assert vendor.count == 4


@dataclass
class Chat:
    """A source of messages over the faulty server."""

    vendor: Vendor
    name: str = "chat"

    def streams(self):
        return [Stream("messages", self.messages)]

    def messages(self, since):
        for records in pages(self.vendor):
            yield pl.DataFrame(records).with_columns(pl.col("^sent$").str.to_datetime(time_zone="UTC"))


@dataclass
class House:
    lake: Lake
    memory: Memory

    def sync(self, vendor, now=NOW):
        (run,) = sync(Chat(vendor), self.lake, self.memory, Pseudonyms(bytes(32)), now)
        return run.state

    def kept(self):
        return sorted(self.lake.scan("messages").collect()["message"].to_list())

    def bookmark(self):
        return self.memory.bookmark("chat", "messages")


def message(number):
    return {"message": f"m{number}", "channel": "c", "author": "ada@example.org", "sent": NOW - timedelta(days=number)}


def said(number):
    return {**message(number), "sent": message(number)["sent"].isoformat()}


@pytest.fixture
def house(tmp_path):
    return House(Lake(tmp_path / "lake"), Memory.open(f"sqlite:///{tmp_path / 'memory.db'}"))


STATES = {None: "done", Busy: "busy", Refused: "refused", Changed: "changed"}


@pytest.mark.parametrize("broken", [0, 1, 2])
@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault != "well"])
def test_a_sync_over_a_fault_keeps_the_last_good_data_and_the_next_one_completes(house, fault, broken):
    with Vendor(records=2, record=said) as vendor:
        assert house.sync(vendor) == "done"
        before = house.bookmark()
        vendor.become(records=5, faults={broken: fault})
        state = house.sync(vendor, NOW + timedelta(days=1))
        assert house.kept()[:2] == ["m1", "m2"]
        if state != "done":
            assert state == STATES[FAULTS[fault] if isinstance(FAULTS[fault], type) else Changed]
            assert house.bookmark() == before
        else:
            assert house.kept() == ["m1", "m2", "m3", "m4", "m5"]
        vendor.become(faults={})
        assert house.sync(vendor, NOW + timedelta(days=2)) == "done"
        assert (house.kept(), house.bookmark()) == (["m1", "m2", "m3", "m4", "m5"], NOW + timedelta(days=1))
