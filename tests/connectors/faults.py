"""A web server on this machine that pages in every way vendors do, and that goes wrong when it is told to.

    with Vendor("cursor", records=5) as vendor:
        vendor.faults = {1: "dropped_within"}
        Api(vendor.address).pages("list", vendor.paging, items="items", **vendor.asked)

Requests are counted from 0; `vendor.count` says how many came. FAULTS says how a read with each fault must end.
"""

import gzip
import json
import socket
import struct
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from connectors.errors import Busy, Changed, Refused
from connectors.http import After, Continue, Counted, Cursor, Header, Next, Once

SIZE = 2
PAGINGS = {
    "once": Once(),
    "cursor": Cursor("cursor", "meta.next"),
    "posted": Cursor("cursor", "meta.next"),
    "link": Next(),
    "address": Next("@odata.nextLink"),
    "offset": Counted("start", "limit", SIZE, total="total"),
    "number": Counted("page", "per_page", SIZE, start=1, total="total", by_page=True),
    "header": Header("page", "X-Next-Page", always=True),
    "after": After("anchor", "items.id", {"order": "id"}, last="newest"),
    "continue": Continue(),
}
FAULTS = {
    "well": None,
    "limited": None,
    "limited_until": None,
    "spent": None,
    "unavailable": None,
    "broken": None,
    "dropped_before": None,
    "dropped_within": None,
    "silent": None,
    "far_too_limited": Busy,
    "expired": Refused,
    "forbidden": Refused,
    "gone": Changed,
    "cut": Changed,
    "login_page": Changed,
    "error_inside": Changed,
    "not_unpacked": Changed,
    "other_host": Changed,
    "again": (None, Changed),
    "nothing": (None, Changed),
}


@dataclass
class Vendor:
    """Serves `records` things with ids from 1 in pages of two; each reply is a page, or what `faults` says instead."""

    kind: str = "cursor"
    records: int = 5
    record: object = lambda number: {"id": number}
    faults: dict = field(default_factory=dict)
    context: object = None
    count: int = 0
    log: list = field(default_factory=list)

    @property
    def paging(self):
        return PAGINGS[self.kind]

    @property
    def asked(self):
        """What else this kind is asked with."""
        return {"method": "POST", "json": {"size": SIZE}} if self.kind == "posted" else {}

    def __enter__(self):
        self.last, self.lock, self.released = None, threading.Lock(), threading.Event()
        handler = type("Asked", (Handler,), {"vendor": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        if self.context:
            self.server.socket = self.context.wrap_socket(self.server.socket, server_side=True)
        self.address = f"http{'s' if self.context else ''}://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self.released.set()
        self.server.shutdown()
        self.server.server_close()

    def become(self, **changes):
        """From the next request on, which is counted as number 0."""
        self.count, self.last = 0, None
        for name, value in changes.items():
            setattr(self, name, value)

    def page(self, query, *, empty=False):
        """The body and the headers of one page; an empty one leads on to where it stood."""
        start = self.start(query)
        size = 0 if empty else self.records if self.kind == "once" else SIZE
        stop = min(start + size, self.records)
        items = [self.record(number + 1) for number in range(start, stop)]
        onward, mark = stop < self.records, f"{stop}.{self.count}"
        body, headers = {"ok": True, "items": items}, {}
        if self.kind in ("cursor", "posted"):
            body["meta"] = {"next": mark if onward else ""}
        elif self.kind == "continue":
            body |= {"continue": {"from": mark, "continue": "-||"}} if onward else {}
        elif self.kind == "address":
            body |= {"@odata.nextLink": f"{self.address}/list?from={mark}"} if onward else {}
        elif self.kind == "link":
            headers |= {"Link": f'</list?from={mark}>; rel="next"'} if onward else {}
        elif self.kind == "header":
            headers["X-Next-Page"] = mark if onward else ""
        elif self.kind == "after":
            body["newest"] = not onward
        else:
            body["total"] = self.records
        return body, headers

    def start(self, query):
        if "per_page" in query:
            return (int(query["page"]) - 1) * SIZE
        said = [query[name] for name in ("cursor", "from", "page", "start", "anchor") if name in query]
        return int(str(said[0]).partition(".")[0]) if said else 0


class Handler(BaseHTTPRequestHandler):
    """One request; each fault is a method."""

    protocol_version = "HTTP/1.1"
    wbufsize = 65_536

    def do_GET(self):
        vendor = self.vendor
        length = int(self.headers.get("Content-Length") or 0)
        posted = json.loads(self.rfile.read(length) or b"{}") if length else {}
        query = {**dict(parse_qsl(urlsplit(self.path).query)), **posted}
        with vendor.lock:
            number, vendor.count = vendor.count, vendor.count + 1
            vendor.log.append((self.command, self.path, posted))
            fault = vendor.faults.get(number, "well")
            body, headers = vendor.page(query, empty=fault == "nothing")
            if fault == "again" and vendor.last:
                body, headers = vendor.last
            elif fault in ("well", "again"):
                vendor.last = body, headers
        getattr(self, fault)(json.dumps(body).encode(), headers)

    do_POST = do_GET  # noqa: N815 the server asks for this name

    def well(self, body, headers, status=200, length=None):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)

    again = nothing = well

    def limited(self, body, headers):
        self.well(b"", {"Retry-After": "1"}, 429)

    def limited_until(self, body, headers):
        moments = {"Date": "Sun, 22 Nov 2026 12:00:00 GMT", "Retry-After": "Sun, 22 Nov 2026 12:00:30 GMT"}
        self.send_response_only(429)
        for name, value in {**moments, "Content-Length": "0"}.items():
            self.send_header(name, value)
        self.end_headers()

    def spent(self, body, headers):
        self.well(b"", {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "2"}, 403)

    def far_too_limited(self, body, headers):
        self.well(b"", {"Retry-After": "86400"}, 429)

    def unavailable(self, body, headers):
        self.well(b"", {}, 503)

    def broken(self, body, headers):
        self.well(b"canary", {}, 500)

    def expired(self, body, headers):
        self.well(b"canary", {}, 401)

    def forbidden(self, body, headers):
        self.well(b"canary", {}, 403)

    def gone(self, body, headers):
        self.well(b"canary", {}, 410)

    def dropped_before(self, body, headers):
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()

    def dropped_within(self, body, headers):
        self.well(body[: len(body) // 2], headers, length=len(body))
        self.close_connection = True

    def cut(self, body, headers):
        self.send_response(200)
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body[: len(body) // 2])
        self.close_connection = True

    def login_page(self, body, headers):
        self.well(b"<html>canary: log in</html>", {"Content-Type": "text/html"})

    def error_inside(self, body, headers):
        self.well(b'{"ok": false, "error": "canary"}', {})

    def not_unpacked(self, body, headers):
        self.well(gzip.compress(body)[5:], {**headers, "Content-Encoding": "gzip"})

    def other_host(self, body, headers):
        self.well(b"", {"Location": "https://evil.example/list"}, 302)

    def silent(self, body, headers):
        self.vendor.released.wait(5)
        self.close_connection = True

    def log_message(self, *words):
        pass
