"""Takes the pictures of what arrives in docs/pictures anew: a mail, a page of PDF, a message in Slack."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from base64 import b64encode
from email import message_from_bytes, policy
from pathlib import Path

import polars as pl
from playwright.sync_api import sync_playwright

from benchmarks.pictures import FLAGS, HOUSE, PICTURES
from connectors.store.memory import Memory
from dashboard.export import make
from dashboard.exports.report import Report
from dashboard.planned import Planned
from dashboard.settings import load_settings
from dashboard.telling import Asked, report
from metrics.alerts import flips
from metrics.subscriptions import TOLD

SHOTS = {"mail": (760, "light"), "mail-phone": (390, "light"), "mail-phone-dark": (390, "dark")}
SENDER = {"host": "localhost", "from": "Bellwether <bellwether@example.org>", "to": ["board@example.org"]}
ID = "0" * 32


def everything(settings: Path) -> Report:
    """The weekly summary as somebody gets it who was never told anything."""
    made = load_settings(settings)
    memory = Memory.open(made.store.memory)
    plan = Planned(title="Weekly summary", to=["mail"])
    link = "https://learning.example.org"
    found = report(memory, flips(memory.verdicts(), pl.DataFrame(schema=TOLD)), Asked("weekly", plan, None, link))
    if found is None:
        raise SystemExit(f"{settings} shows nothing yet; run `make demo` first")
    return found


def page_of(mail: bytes) -> str:
    """The HTML of a mail with its pictures in it."""
    message = message_from_bytes(mail, policy=policy.default)
    body = message.get_body(("html",))
    assert body is not None
    html = str(body.get_content())
    for part in message.walk():
        if part.get_content_type() == "image/png":
            data = b64encode(part.get_content()).decode()
            html = html.replace(f"cid:{part['Content-ID'][1:-1]}", f"data:image/png;base64,{data}")
    return html


def mails(one: Report, chromium: str) -> None:
    way = make("mail", "mail", SENDER, HOUSE)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        page = Path(folder) / "mail.html"
        page.write_text(page_of(way.pack(one, "board@example.org", ID)))
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        for name, (width, scheme) in SHOTS.items():
            seen = browser.new_page(
                viewport={"width": width, "height": 900},
                color_scheme="dark" if scheme == "dark" else "light",
                device_scale_factor=1.5,
            )
            seen.goto(page.as_uri())
            seen.screenshot(path=PICTURES / f"{name}.png", full_page=width > 400)
        browser.close()


def paper(one: Report) -> None:
    from dashboard.exports.paper import page

    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        Path(file.name).write_bytes(page(one))
        target = str(PICTURES / "report-page")
        subprocess.run(["pdftoppm", "-r", "110", "-png", "-singlefile", file.name, target], check=True)


def main(settings: str = "demo/settings.toml") -> None:
    """`python -m benchmarks.letters [SETTINGS]`"""
    chromium = shutil.which("chromium")
    if chromium is None or shutil.which("pdftoppm") is None:
        raise SystemExit("chromium or pdftoppm is missing; apt-get install chromium poppler-utils")
    one = everything(Path(settings))
    mails(one, chromium)
    paper(one)
    way = make("slack", "slack", {"url": "https://hooks.slack.com/services/x"}, HOUSE)
    posted = json.loads(way.pack(one, "", ID))
    (PICTURES / "slack.json").write_text(json.dumps(posted, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
