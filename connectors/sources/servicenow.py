"""Tickets and knowledge from ServiceNow: who worked on what and when, never what they wrote."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from connectors.fields import LONG_AGO
from connectors.source import source
from connectors.vendors.servicenow import SORTED, credentials, cut_short, read, whole
from connectors.vendors.servicenow_rows import TASK, TICKET, life, ticket
from connectors.web import Rows, Web, polite, reaching_back


@source(
    "servicenow",
    title="ServiceNow",
    group="ticketing",
    proof="documented",
    by="ServiceNow: Table API; Table API FAQs (KB0534905)",
    scopes=("itil (read) or read-only access to the tables named", "admin or auditor for audit = true"),
    needs={"url": "its address, like https://you.service-now.com"},
    may={
        "user": "whose password it is",
        "password": "its password",
        "client_id": "of an OAuth client with the client credentials grant, instead of user and password",
        "client_secret": "its secret",
        "tables": 'which kinds of task are read (["incident"])',
        "types": 'what a table is to us, like {u_idea = "experiment"}',
        "cause": "the field that holds the cause of a ticket (category)",
        "outcomes": 'what a close code is to us, like {"Solved Remotely" = "resolved"}',
        "audit": "true to read each change of state and owner from sys_audit",
        "notes": "true to read who commented when from sys_journal_field",
        "views": "true to read who looked at which article from kb_use",
        "groups": "true to take its groups as units of the organisation",
    },
)
def servicenow(name: str, settings: Mapping[str, Any]) -> Web:
    """Tasks of the tables named, accounts, knowledge and its use; by settings also changes, comments, views and groups.

    Reads sys_user, task, the tables named, kb_knowledge and m2m_kb_task: a user with itil that may only read is enough.
    """
    address = settings["url"].rstrip("/")
    api = polite(settings, f"{address}/api/now/table", credentials(name, address, settings), wrong=cut_short)
    tables, back = list(settings.get("tables", ["incident"])), reaching_back(settings, 1)
    changes = f"tablenameIN{','.join(tables)}^fieldnameINstate,assigned_to"
    fields = [*TICKET, settings.get("cause", "category")]
    asked = {
        "audit": read("sys_audit", back, changes, "sys_created_on"),
        "notes": read("sys_journal_field", back, "elementINcomments,work_notes", "sys_created_on"),
        "views": read("kb_use", back, "viewed=true", "sys_created_on"),
        "groups": read("sys_user_group", back),
    }
    listed = (Rows("tickets", {**ticket(settings), "changed": LONG_AGO}),)
    all_of_it = f"sys_class_nameIN{','.join(tables)}{SORTED}"
    return Web(
        name,
        api,
        [
            read("sys_user", back),
            *(replace(read(one, back, of=fields), gives=tuple(life(settings))) for one in tables),
            *(endpoint for setting, endpoint in asked.items() if settings.get(setting)),
            read("kb_knowledge", back, "workflow_stateINpublished,retired"),
            read("m2m_kb_task", back),
            replace(whole("task", TASK, all_of_it), name="here", gives=listed, covers="all"),
        ],
    )
