"""A real mail server on this machine that keeps what it gets, and misbehaves when it is told to."""

import asyncio
import os
import re
import signal
import socket
from collections import Counter
from contextlib import contextmanager
from email import message_from_bytes, policy

from aiosmtpd.controller import Controller


class Mailboxes:
    """`mood` names what goes wrong at the next mail, then is forgotten: `full`, `greylist`, `unknown`, `hang up`,
    `stall`, `drop` (takes it and hangs up before it says so), `kill` (takes it and kills the sender before it does).

    A mailbox shows what a mail program does: of two mails with one Message-ID, one.
    """

    def __init__(self):
        self.received, self.mood, self.sender = [], "", 0

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if self.mood in ("greylist", "unknown"):
            return {"greylist": "451 come back later", "unknown": "550 nobody of that name"}[self.forget()]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        mood = self.forget()
        if mood == "full":
            return "452 no room"
        if mood == "hang up":
            server.transport.close()
            return "451 gone"
        if mood == "stall":
            await asyncio.sleep(9)
            return "451 too slow"
        self.received.append((envelope.rcpt_tos[0], envelope.content))
        if mood == "kill":
            os.kill(self.sender, signal.SIGKILL)
        if mood in ("drop", "kill"):
            server.transport.close()
        return "250 OK"

    def forget(self):
        mood, self.mood = self.mood, ""
        return mood

    def box(self, address):
        """The mails of one recipient, each once."""
        found = {}
        for to, content in self.received:
            message = message_from_bytes(content, policy=policy.default)
            if to == address:
                found.setdefault(message["Message-ID"], message)
        return list(found.values())

    def told(self, address):
        """What one recipient was told, and how often: mark, indicator and unit."""
        bodies = [mail.get_body(("plain",)).get_content().replace("\r", "") for mail in self.box(address)]
        return Counter(line for body in bodies for line in re.findall(r"^[◆▲●] .+: .+ - .+$", body, re.M))

    def copies(self):
        """How often each mail came over the wire, and whether all copies of it are the same to the byte."""
        keys = [(to, message_from_bytes(content)["Message-ID"]) for to, content in self.received]
        same = len(set(self.received)) == len(set(keys))
        return Counter(keys), same


@contextmanager
def served():
    """The mailboxes and the port on which they listen."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    boxes = Mailboxes()
    server = Controller(boxes, hostname="127.0.0.1", port=port)
    server.start()
    try:
        yield boxes, port
    finally:
        server.stop()
