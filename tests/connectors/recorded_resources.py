"""dlt resources as an organisation may have them: a source of two, and one of tables."""

from datetime import UTC, datetime

import dlt
import polars as pl

DAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


@dlt.source
def desk(token: str, updated_since: datetime | None = None):
    late = updated_since is not None and updated_since > DAY

    @dlt.resource(name="tickets")
    def tickets():
        if not late:
            yield {
                "id": "1",
                "type": "incident",
                "group": {"name": "Blue"},
                "agent": "ann@example.org",
                "created": DAY,
                "text": "CANARY",
            }
            yield [
                {
                    "id": "2",
                    "type": "request",
                    "created": "2026-03-03T09:00:00Z",
                    "updated": "2026-03-04 09:00:00",
                    "extra": ["CANARY"],
                },
                {"id": "3", "type": "request", "created": "yesterday"},
            ]

    @dlt.resource(name="others")
    def others():
        yield {"id": "CANARY"}

    return tickets, others


@dlt.resource(name="talk")
def talk(updated_since: datetime | None = None):
    if updated_since is None or updated_since <= DAY:
        yield pl.DataFrame(
            {
                "id": ["a", "b"],
                "channel": ["c", "c"],
                "who": ["ann@example.org", None],
                "at": [DAY, DAY],
                "text": ["CANARY?", "CANARY"],
            }
        ).to_arrow()
