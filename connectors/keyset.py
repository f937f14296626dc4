"""Pages that go on from the last record by asking for what comes after it, whatever others change meanwhile."""

from __future__ import annotations

from dataclasses import dataclass

from connectors.errors import Changed, Refused
from connectors.paging import Query, Step
from connectors.reply import Reply


@dataclass(frozen=True)
class Keyset:
    """A query for records behind the last one: no page shifts when records come, go or change while it is read.

    The query sorts by a field that is unique and never changes, at the dotted path `at` of the last record; `more` is
    what is put behind the query, before that field plus `step`, and `tail` what stands at its end. An empty page is
    the end; one where the header `left` still counts records shows less than there is.
    """

    param: str
    at: str
    more: str
    tail: str = ""
    step: int = 0
    left: str = ""

    def first(self) -> Query:
        return {}

    def after(self, reply: Reply, count: int, taken: int, query: Query) -> Step:
        if not count:
            if (unseen := reply.headers.get(self.left, "0") if self.left else "0") != "0":
                raise Refused(f"{reply.path} hides {unseen} records; grant this source the right to read all of them")
            return None
        last = reply.last(self.at)
        if not isinstance(last, str | int) or (self.step and not str(last).isdecimal()):
            raise Changed(f"{reply.path} has no {self.at} in its last record; look at the vendor's changes")
        asked = str(query.get(self.param, "")).removesuffix(self.tail).partition(self.more)[0]
        mark = int(last) + self.step if self.step else last
        return "", {**query, self.param: f"{asked}{self.more}{mark}{self.tail}"}
