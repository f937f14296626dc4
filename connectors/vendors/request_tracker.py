"""Where Request Tracker has its records, which fields are read, and what they are in our words."""

from __future__ import annotations

from datetime import timedelta

from connectors.fields import at
from connectors.http import Counted
from connectors.keyset import Keyset
from connectors.vendors.request_tracker_rows import NOBODY, PERSON, TICKET, USER
from connectors.web import Endpoint, Rows

ZONES = timedelta(hours=14)  # moments are read in the zone of the token's user, which may be as far behind UTC
PEOPLE = Endpoint(
    "accounts",
    "users",
    USER,
    (Rows("accounts", PERSON, where=at("Name").ne_missing(NOBODY)),),
    "items",
    Counted("page", "per_page", start=1, total="total", by_page=True),
    {"query": '[{"field":"id","operator":">","value":0}]', "find_disabled_rows": 1, "fields": ",".join(USER)},
    scope="AdminUsers",
)
TICKETS = Endpoint(
    "all",
    "tickets",
    TICKET,
    (),
    "items",
    Keyset("query", "items.id", " AND id > "),
    {"query": "id > 0", "orderby": "id", "per_page": 100, "fields": ",".join(TICKET), "fields[Queue]": "Name"},
    scope="SeeQueue, ShowTicket",
)
