"""What a vendor's own description of its API says: whether a request keeps it, and what a reply looks like.

    slack = described("slack")                        # skips where ../shared/specs is absent
    transport = recording(slack, "full", ends={"response_metadata.next_cursor": ""})
    source = kinds()["slack"]("slack", {"token": "t", "transport": transport})
    everything(source); everything(source, since)
    assert transport.wrong == []

Swagger 2.0 and OpenAPI 3. A reply is made in one of WAYS: as the vendor's own example where there is one; with every
field; or with the fields that are required and no others.
"""

import json
from copy import deepcopy
from urllib.parse import parse_qsl, urlsplit

import httpx2
from asked import complaints
from asked import valid as valid
from replied import made
from vendor import described as described

from connectors.rules import fit
from connectors.source import Page
from connectors.tables import TABLES

WAYS = ("example", "full", "least")
PAGED = ("page", "offset", "start", "startAt", "skip", "$skip", "anchor", "cursor", "pageToken", "nextPageToken")


class Recording(httpx2.MockTransport):
    """Answers with replies as described, and keeps what was `asked` and what of it was `wrong`."""

    def __init__(self, spec, way, ends, instead):
        super().__init__(self.answer)
        self.spec, self.way, self.ends, self.instead = spec, way, ends, instead
        self.wrong, self.asked, self.firsts = [], [], {}

    def answer(self, request):
        parts = urlsplit(str(request.url))
        pairs = parse_qsl(parts.query, keep_blank_values=True)
        sent = json.loads(request.content) if request.content else None
        self.wrong += complaints(self.spec, request.method, parts.path, pairs, sent)
        template, _ = self.spec.template(request.method, parts.path)
        if template is None:
            return httpx2.Response(404, json={})
        self.asked.append((request.method, template, dict(pairs)))
        reply = deepcopy(self.instead.get(template) or made(self.spec, request.method, parts.path, self.way))
        for place, value in self.ends.items():
            put(reply, place.split("."), value)
        return httpx2.Response(
            200, json=hollow(reply) if self.later(request.method, parts.path, pairs, sent) else reply
        )

    def later(self, method, path, pairs, sent):
        """Whether this asks for another page than the first of the same."""
        given = [*pairs, *(sent.items() if isinstance(sent, dict) else ())]
        same, page = ([repr(one) for one in given if (one[0] in PAGED) is paged] for paged in (False, True))
        return self.firsts.setdefault((method, path, *same), page) != page


def recording(spec, way="example", ends=None, instead=None):
    """A transport for a source; `transport.wrong` is what it asked against the description, `transport.asked` all.

    Replies bear `ends` (dotted place to value, None for no such field), so that paging comes to its end; in a reply to
    the same request for another page (PAGED) all lists are empty. `instead` has whole replies by described path.
    """
    return Recording(spec, way, ends or {}, instead or {})


def put(reply, steps, value):
    """Sets a value where its object is; None takes it away."""
    for step in steps[:-1]:
        reply = reply.get(step) if isinstance(reply, dict) else None
    if isinstance(reply, dict):
        reply.pop(steps[-1], None)
        if value is not None:
            reply[steps[-1]] = value


def hollow(reply):
    if isinstance(reply, list):
        return []
    return {key: hollow(value) for key, value in reply.items()} if isinstance(reply, dict) else reply


def everything(source, since=None):
    """Reads every stream as a sync does; how many rows each table was given. It raises where a reply does not parse."""
    counts = {}
    for stream in source.streams():
        for said in stream.read(since):
            table, rows = (said.table, said.rows) if isinstance(said, Page) else (stream.table, said)
            counts[table] = counts.get(table, 0) + fit(TABLES[table], rows).height
    return counts
