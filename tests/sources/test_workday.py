"""A Workday report: other names of columns, memberships with their days, and settings that cannot be."""

from datetime import date

import contract
import pytest

from connectors.errors import Refused
from connectors.source import KINDS
from connectors.sources.workday import workday

ISU = {"user": "isu@tenant", "password": "x"}


def memberships(folder, rows, **settings):
    with contract.replaying([{"path": "/isu/report", "body": {"Report_Entry": rows}}]) as url:
        source = KINDS[workday.__name__]("hr", {"url": f"{url}/isu/report", **ISU, **settings})
        rehearsal = contract.Rehearsal(source, folder).sync()
    found = rehearsal.lake.scan("people").sort("valid_from").select("unit", "valid_from", "valid_to", "left")
    return found.collect().rows()


def test_columns_are_called_what_the_report_calls_them(tmp_path):
    rows = [{"WID": "1", "Team": "Blue", "Hire_Date": "2020-01-06"}]
    assert memberships(tmp_path, rows, columns={"person": "WID", "unit": "Team"}) == [
        ("Blue", date(2020, 1, 6), None, None)
    ]


def test_a_report_of_all_memberships_is_history_as_it_stands(tmp_path):
    job = {"Employee_ID": "1", "Active_Status": "1"}
    rows = [
        {**job, "Supervisory_Organization": "Blue", "Effective_Date": "2020-01-06", "End_Date": "2024-02-01"},
        {**job, "Supervisory_Organization": "Red", "Effective_Date": "2024-02-01", "End_Date": ""},
    ]
    assert memberships(tmp_path, rows, dated=True) == [
        ("Blue", date(2020, 1, 6), date(2024, 2, 1), None),
        ("Red", date(2024, 2, 1), None, None),
    ]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"columns": {"person_id": "WID"}, **ISU}, "person_id is not known"),
        ({"user": "isu@tenant"}, "needs user and password"),
    ],
)
def test_settings_that_cannot_be_are_refused(settings, words):
    with pytest.raises(Refused, match=words):
        KINDS[workday.__name__]("hr", {"url": "https://example.org/report", **settings})
