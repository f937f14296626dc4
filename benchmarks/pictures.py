"""Takes the screenshots in docs/pictures anew, from a dashboard that it serves for as long as it takes."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

HOUSE = Path(__file__).parents[1]
PICTURES = HOUSE / "docs" / "pictures"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
SHOTS = {
    "overview": ("", 1280, "light", 1000),
    "overview-dark": ("", 1280, "dark", 1000),
    "overview-phone": ("", 390, "light", 844),
    "indicator": ("knowledge_reuse", 1280, "light", 1240),
    "indicator-phone": ("knowledge_reuse", 390, "dark", 844),
    "score": ("score-knowledge", 1280, "light", 1000),
    "alerts": ("alerts", 1280, "light", 1000),
    "data": ("data", 1280, "light", 900),
}


@contextmanager
def served(settings: Path) -> Iterator[str]:
    """The dashboard of these settings on a free port of this machine."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "dashboard/app.py", f"--server.port={port}"]
    environment = os.environ | {"BELLWETHER_SETTINGS": str(settings.absolute()), "PYTHONPATH": str(HOUSE)}
    server = subprocess.Popen(command, cwd=HOUSE, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield answering(f"http://127.0.0.1:{port}")
    finally:
        server.terminate()
        server.wait(20)


def answering(address: str) -> str:
    """The address, once something answers there."""
    for _ in range(120):
        try:
            urllib.request.urlopen(f"{address}/_stcore/health", timeout=5)
        except OSError:
            time.sleep(0.5)
        else:
            return address
    raise SystemExit(f"nothing answers at {address}; run `bellwether serve` to see why")


def shoot(browser: Browser, address: str, name: str, unit: str) -> Path:
    page_name, width, scheme, height = SHOTS[name]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
        device_scale_factor=1.5 if width > 400 else 2,
    )
    page = context.new_page()
    page.goto(f"{address}/{page_name}" + (f"?unit={unit}" if unit and page_name == "knowledge_reuse" else ""))
    page.wait_for_selector(".bw-answer", timeout=60_000)
    page.wait_for_function("!document.querySelector('[data-testid=stSkeleton], [data-stale=true]')", timeout=60_000)
    page.wait_for_timeout(6000)
    page.screenshot(path=PICTURES / f"{name}.png")
    context.close()
    return PICTURES / f"{name}.png"


def main(settings: str = "demo/settings.toml", unit: str = "") -> None:
    """`python -m benchmarks.pictures [SETTINGS [UNIT]]`: the unit is the one whose indicator is shown."""
    found = shutil.which("chromium")
    if found is None:
        raise SystemExit("no chromium here; apt-get install chromium")
    if not Path(settings).exists():
        raise SystemExit(f"{settings} does not exist; run `make demo` first")
    PICTURES.mkdir(parents=True, exist_ok=True)
    with served(Path(settings)) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        for name in SHOTS:
            print(shoot(browser, address, name, unit).relative_to(HOUSE))
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
