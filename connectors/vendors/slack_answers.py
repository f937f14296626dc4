"""What Slack says is wrong in answers that look well, and who must act."""

from __future__ import annotations

import re

from connectors.errors import Changed, Refused, SourceError
from connectors.reply import Reply

TOKEN = ("invalid_auth", "not_authed", "token_expired", "token_revoked", "account_inactive", "not_allowed_token_type")
CLOSED = ("not_in_channel", "channel_not_found", "no_permission", "access_denied")
PASSING = ("internal_error", "fatal_error", "service_unavailable", "request_timeout")
WORD = re.compile(r"[a-z_]{1,60}")
SCOPES = re.compile(r"[\w:., ]{1,200}")


class Left(Changed):
    """A thread that was deleted between the reading of its channel and its own."""


class Closed(Refused):
    """A channel that this token may not read."""


def wrong(reply: Reply) -> SourceError | float | None:
    """What Slack says is wrong in an answer that looks well."""
    if reply.at("ok") is not False:
        return None
    said = reply.at("error")
    if said in ("ratelimited", "rate_limited"):
        wait = reply.headers.get("Retry-After", "")
        return float(wait) if wait.isdecimal() else 60.0
    if said in PASSING:
        return 0.5
    return refusal(reply, said if isinstance(said, str) and WORD.fullmatch(said) else "no")


def refusal(reply: Reply, said: str) -> SourceError:
    words = f"{reply.path} says {said}"
    if said == "thread_not_found":
        return Left(f"{words}; the thread was deleted while it was read")
    if said in CLOSED:
        return Closed(f"{words}; invite the app to that channel, the others are read")
    if said in TOKEN:
        return Refused(f"{words}; install the app again and renew the token of this source")
    if said == "missing_scope":
        needed = str(reply.at("needed"))
        lacking = needed if SCOPES.fullmatch(needed) else "a scope"
        return Refused(f"{words}: {lacking}; add it under OAuth & Permissions and install the app again")
    return Changed(f"{words}; look at the vendor's changes")
