"""What goes with a ticket or an article that is gone."""

import polars as pl
from contract import Rehearsal
from test_sync import MARCH, Made

from connectors.source import Page, Stream


def tickets(*gone):
    rows = [
        {"ticket": name, "kind": "incident", "opened": MARCH, "gone": name in gone} for name in ("chat:1", "chat:2")
    ]
    moves = [{"move": f"m{n}", "ticket": f"chat:{n}", "action": "opened", "moved": MARCH} for n in (1, 2)]
    return lambda since: iter([pl.DataFrame(rows), *([] if gone else [Page("ticket_moves", pl.DataFrame(moves))])])


def test_the_moves_of_a_ticket_that_is_gone_go_with_it(tmp_path):
    rehearsal = Rehearsal(Made([Stream("tickets", tickets(), also=("ticket_moves",))]), tmp_path).sync()
    assert rehearsal.lake.rows("ticket_moves") == 2
    rehearsal.source = Made([Stream("tickets", tickets("chat:2"))])
    rehearsal.sync()
    assert rehearsal.lake.scan("tickets").collect()["ticket"].to_list() == ["chat:1"]
    assert rehearsal.lake.scan("ticket_moves").collect()["ticket"].to_list() == ["chat:1"]
