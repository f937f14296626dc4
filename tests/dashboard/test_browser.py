"""The dashboard in a real browser: every page, wide and narrow, light and dark, and what travels to it."""

import os
import shutil
import socket
import struct
import subprocess
import sys
import urllib.request
from pathlib import Path
from time import sleep

import pytest
from edition import COURSES, SMALL, SMALL_NUMBER, publish, telling

from dashboard.app import VIEWS
from dashboard.settings import FILE
from metrics.goalposts import SCORES

pytestmark = pytest.mark.browser
HOUSE = Path(__file__).parents[2]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
FEW = ["", *(name for name in VIEWS if name != "overview"), f"score-{SCORES[0].name}"]
FEWEST = ["", "alerts", "outlook", FEW[-1]]  # each page has been seen wide, narrow, light and dark; here both at once
NUMBERED = telling()[: len(COURSES) + 2]  # the same view lays out those without numbers: two are enough here
PAGES = [*FEW, *(f"score-{one.name}" for one in SCORES[1:]), *NUMBERED]
SECRETS = [SMALL.encode(), b"77.71", b"777123", b"777,123", struct.pack("<d", SMALL_NUMBER), struct.pack("<q", 777123)]
FITS = """() => document.documentElement.scrollWidth <= innerWidth &&
  [...document.querySelectorAll('[data-testid=stMain] .bw, [data-testid=stMain] svg.marks')]
  .every(one => one.getBoundingClientRect().right <= innerWidth + 1)"""
FAINT = """() => {
  const light = ([r, g, b]) => {
    const part = c => (c /= 255) <= .03928 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4;
    return .2126 * part(r) + .7152 * part(g) + .0722 * part(b); };
  const rgb = said => said.match(/[\\d.]+/g).map(Number);
  const behind = one => { for (; one; one = one.parentElement) { const c = rgb(getComputedStyle(one).backgroundColor);
    if (c.length < 4 || c[3] > .99) return c; } return [255, 255, 255]; };
  const own = one => [...one.childNodes].some(child => child.nodeType == 3 && child.textContent.trim());
  const contrast = one => {
    const pair = [light(rgb(getComputedStyle(one).color)), light(behind(one))];
    const [a, b] = pair.sort((x, y) => y - x);
    return [(a + .05) / (b + .05), one.className, one.textContent.slice(0, 40)]; };
  const texts = document.querySelectorAll('.bw *, [data-testid=stPageLink] p, h3');
  return [...texts].filter(own).map(contrast).filter(found => found[0] < 4.5); }"""


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """The dashboard over the made-up edition, on a free port of this machine alone."""
    folder = tmp_path_factory.mktemp("screen")
    publish(f"sqlite:///{folder}/memory.db")
    (folder / "settings.toml").write_text('[organisation]\nname = "Acme"\n[store]\nmemory = "memory.db"\n')
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "dashboard/app.py", f"--server.port={port}"]
    environment = os.environ | {FILE: str(folder / "settings.toml"), "PYTHONPATH": str(HOUSE)}
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(command, cwd=HOUSE, env=environment, stdout=log, stderr=log)
        yield from serving(server, f"http://127.0.0.1:{port}", folder / "log")


def serving(server, address, log):
    for _ in range(240):
        try:
            urllib.request.urlopen(f"{address}/_stcore/health", timeout=5)
            break
        except OSError:
            assert server.poll() is None, log.read_text()
            sleep(0.25)
    yield address
    server.terminate()
    server.wait(20)
    assert "Traceback" not in log.read_text()


@pytest.fixture(scope="module")
def chromium():
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        missing = "no chromium here: apt-get install chromium"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


class Watched:
    """A page, and all that came to it or went wrong in it."""

    def __init__(self, chromium, width, scheme):
        self.context = chromium.new_context(viewport={"width": width, "height": 850}, color_scheme=scheme)
        self.page = self.context.new_page()
        self.page.set_default_timeout(120_000)
        self.wrong, self.heard = [], []
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("console", lambda said: self.wrong.append(said.text) if said.type == "error" else None)
        self.page.on(
            "request",
            lambda one: self.wrong.append(one.url) if "127.0.0.1" not in one.url and one.url[:4] == "http" else None,
        )
        self.page.on(
            "websocket", lambda socket: socket.on("framereceived", lambda frame: self.heard.append(bytes_of(frame)))
        )

    def open(self, url):
        self.page.goto(url)
        self.page.wait_for_selector(".bw-answer")
        self.rest()

    def rest(self):
        """Until the page has said all it has to say."""
        self.page.wait_for_function(
            "!document.querySelector('[data-testid=stApp]').dataset.testScriptState?.match(/running/)"
        )
        self.page.wait_for_timeout(900)

    @property
    def errors(self):
        """All but the two look-ups by which Streamlit finds out where it is served."""
        return [text for text in self.wrong if "404" not in text]


def bytes_of(frame):
    return frame if isinstance(frame, bytes) else frame.encode()


@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    ("width", "scheme", "pages"),
    [(1280, "light", PAGES), (390, "dark", PAGES), (1280, "dark", FEWEST), (390, "light", FEWEST)],
    ids=["wide-light", "phone-dark", "wide-dark", "phone-light"],
)
def test_every_page_opens_fits_can_be_read_and_gives_nothing_away(chromium, address, width, scheme, pages):
    watched = Watched(chromium, width, scheme)
    for name in pages:
        watched.open(f"{address}/{name}?unit=payments")
        page = watched.page
        assert page.locator("[data-testid=stException]").count() == 0, name
        page.wait_for_function(FITS, timeout=60_000)
        assert page.evaluate(FAINT) == [], name
        assert SMALL not in page.content()
    assert watched.errors == []
    assert not [secret for secret in SECRETS if secret in b"".join(watched.heard)]
    watched.context.close()


def test_a_chosen_unit_is_in_the_address_and_the_back_button_returns(chromium, address):
    watched = Watched(chromium, 1280, "light")
    page = watched.page
    watched.open(f"{address}/knowledge_reuse")
    page.get_by_role("combobox").click()
    page.get_by_role("option", name="Payments").click()
    page.get_by_text("Knowledge reuse in Payments", exact=True).wait_for()
    assert page.url.endswith("/knowledge_reuse?unit=payments")
    page.go_back()
    page.get_by_text("Knowledge reuse in Acme", exact=True).wait_for()
    assert "unit" not in page.url
    watched.context.close()


def test_the_unit_and_the_range_go_along_to_other_pages(chromium, address):
    watched = Watched(chromium, 1280, "light")
    page = watched.page
    watched.open(f"{address}/knowledge_reuse?unit=engineering")
    page.get_by_text("6 months", exact=True).click()
    page.wait_for_url("**weeks=26**")
    page.get_by_role("link", name="Link rate").first.click()
    page.get_by_text("Link rate in Engineering", exact=True).wait_for()
    assert "unit=engineering" in page.url and "weeks=26" in page.url
    watched.context.close()


def test_on_a_phone_the_menu_opens_leads_on_and_closes(chromium, address):
    watched = Watched(chromium, 390, "dark")
    page = watched.page
    watched.open(f"{address}/knowledge_reuse?unit=care")
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("link", name="Link rate").last.click()
    page.get_by_text("Link rate in Customer Care", exact=True).wait_for()
    assert page.get_by_role("link", name="How we count").count() == 0
    watched.context.close()


def test_an_alert_is_taken_up_in_the_browser(chromium, address):
    watched = Watched(chromium, 1280, "light")
    page = watched.page
    watched.open(f"{address}/alerts?unit=care")
    page.get_by_text("Take it up").first.click()
    page.locator("input[aria-label='Your name']:visible").fill("Kim")
    page.locator("textarea[aria-label='Note']:visible").fill("Look at it with the team on Monday")
    page.get_by_role("button", name="Acknowledge").locator("visible=true").click()
    page.get_by_text("Look at it with the team on Monday").first.wait_for()
    watched.context.close()
