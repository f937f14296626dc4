"""Wiki pages from MediaWiki: who wrote and bettered which page, and which pages build on which, never what they say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connectors.http import Bearer
from connectors.source import source
from connectors.vendors.mediawiki import USERS
from connectors.vendors.revisions import Wiki, revisions, wrong
from connectors.web import polite, reaching_back


@source(
    "mediawiki",
    title="MediaWiki",
    group="knowledge",
    proof="server",
    by="MediaWiki 1.39, started by the tests",
    scopes=("read", "highvolume (fewer requests)"),
    needs={"url": "where api.php is, like https://wiki.example.org/w"},
    may={
        "user": "the name of a bot password (Special:BotPasswords), like Reader@bellwether",
        "password": "that bot password",
        "token": "instead of both: an owner-only OAuth 2 access token",
        "namespaces": "numbers of the namespaces to read ([0])",
        "kinds": 'what the pages of a category are to us, like {Playbooks = "playbook"}',
        "text": "false to leave out which page links to which; the text of revisions is then never asked for (true)",
    },
)
def mediawiki(name: str, settings: Mapping[str, Any]) -> Wiki:
    """Reads the revisions of all pages and who made them, redirects, deletions, categories and users.

    A bot password with the grants *Basic rights* and *High-volume editing* is enough; the second only saves requests. A
    wiki that everyone may read needs neither.
    """
    token, user = settings.get("token"), settings.get("user")
    namespaces = tuple(int(one) for one in settings.get("namespaces", [0]))
    every = revisions(namespaces, texts=bool(settings.get("text", True)))
    return Wiki(
        name,
        polite(settings, settings["url"], Bearer(str(token)) if token else None, wrong=wrong),
        [every, USERS],
        login=(str(user), str(settings.get("password", ""))) if user else None,
        overlap=reaching_back(settings, 1),
        namespaces=namespaces,
        kinds=dict(settings.get("kinds", {})),
    )
