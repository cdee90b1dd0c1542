"""Every page of `scripts/screens.py` in headless Chromium: both sizes, both languages, light and dark.

Starts a server of its own with an empty data directory in demo mode, writes
`screenshots/<name>-<size>-<lang>-<theme>.png` and exits 1 when a page failed, scrolled sideways, made the browser
complain, or when axe found a barrier, however small.
"""

import argparse
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from itertools import product
from pathlib import Path
from urllib.parse import quote

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Response

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from scripts.chromium import launched  # noqa: E402
from scripts.screens import SCREENS  # noqa: E402

SIZES = {"1440": (1440, 900), "390": (390, 844)}
LANGUAGES = {"zh": "zh-hans", "en": "en"}
THEMES = ("light", "dark")
PATIENCE = 300


@contextmanager
def server() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="bihuan-screenshots-") as folder:
        port = free_port()
        environment = {name: value for name, value in os.environ.items() if not name.startswith("BIHUAN_")}
        environment |= {"BIHUAN_MODE": "demo", "BIHUAN_DATA_DIR": folder, "BIHUAN_PORT": str(port)}
        environment |= {"BIHUAN_HOST": "127.0.0.1", "PYTHONPATH": str(ROOT / "src")}
        command = [sys.executable, "-m", "bihuan.cli.main", "serve"]
        process = subprocess.Popen(command, env=environment, cwd=folder)
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for(address, process)
            yield address
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=30)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while not answers(f"{address}/signin"):
        if process.poll() is not None:
            sys.exit(f"The server ended with code {process.returncode}.")
        if time.monotonic() > until:
            sys.exit(f"The server did not answer within {PATIENCE} seconds.")
        time.sleep(0.3)


def answers(address: str) -> bool:
    try:
        return bool(urllib.request.urlopen(address, timeout=5))
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def signed_in(browser: Browser, address: str, whom: str, language: str, theme: str) -> BrowserContext:
    """A browser in which this person has signed in through the demo switcher and chosen language and theme."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, color_scheme=theme, locale="zh-CN")
    page = context.new_page()
    if whom:
        page.goto(f"{address}/signin/demo?next={quote('/departments/')}")
        page.locator("button[name=person]", has_text=whom).first.click()
        page.wait_for_load_state()
        if not page.get_attribute("html", "lang", timeout=5000).lower().startswith(language[:2]):
            page.click(f".rail button[name=language][value={language}]")
    else:
        context.add_cookies([{"name": "django_language", "value": language, "url": address}])
    context.add_cookies([{"name": "theme", "value": theme, "url": address}])
    page.close()
    return context


def opened(page: Page, address: str, way: str) -> Response | None:
    """The address, then each link of the way, or a form that is sent with what stands behind ` | `."""
    first, *links = way.split(" > ")
    answer = page.goto(address + first)
    for link in links:
        selector, _bar, typed = link.partition(" | ")
        found = page.locator(selector)
        if not found.count():
            return None
        answer = (
            sent(page, found.first, typed) if typed else page.goto(address + str(found.first.get_attribute("href")))
        )
    return answer


def sent(page: Page, form: Locator, typed: str) -> Response:
    """`name=value` after `name=value`, without blanks; the value `WORKDAY` is the next day from Monday to Friday."""
    for word in typed.split():
        name, _equals, value = word.partition("=")
        value = next_workday().isoformat() if value == "WORKDAY" else value
        form.locator(f"[name={name}]").first.evaluate("(field, value) => { field.value = value; }", value)
    with page.expect_navigation() as answered:
        form.evaluate("form => form.submit()")
    return answered.value


def next_workday() -> date:
    days = (datetime.now().astimezone().date() + timedelta(days=ahead) for ahead in range(1, 4))
    return next(day for day in days if day.weekday() < 5)


def picture(context: BrowserContext, address: str, way: str, size: str, target: Path) -> list[str]:
    """Take one picture; returns what is wrong with the page."""
    page = context.new_page()
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    wrong: list[str] = []
    page.on("console", lambda said: wrong.append(f"console: {said.text}") if said.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(f"script: {error}"))
    answer = opened(page, address, way)
    page.wait_for_timeout(150)
    if answer is None or answer.status >= 400:
        wrong.append(f"status {answer.status if answer else 'none'}")
    if page.evaluate("document.documentElement.scrollWidth") > width:
        wrong.append("scrolls sideways")
    page.screenshot(path=target)
    wrong += barriers(page)
    page.close()
    return wrong


def barriers(page: Page) -> list[str]:
    """What axe finds, each with the first element it stands on."""
    found = Axe().run(page).response["violations"]
    return [f"axe {one['id']}, {len(one['nodes'])} times: {one['nodes'][0]['html'][:160]}" for one in found]


def take(browser: Browser, address: str, names: list[str], only: str, folder: Path) -> int:
    failures = 0
    wanted = [screen for screen in SCREENS if not names or screen[0] in names]
    for (language, code), theme, whom in product(LANGUAGES.items(), THEMES, sorted({who for *_rest, who in wanted})):
        sizes = [size for size in SIZES if only in f"{size}-{language}-{theme}"]
        if not sizes:
            continue
        context = signed_in(browser, address, whom, code, theme)
        for (name, way, who), size in product(wanted, sizes):
            if who == whom:
                label = f"{name}-{size}-{language}-{theme}"
                for wrong in picture(context, address, way, size, folder / f"{label}.png"):
                    failures += 1
                    print(f"{label}: {wrong}")
        context.close()
    return failures


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="only these screens")
    parser.add_argument("--only", default="", help="part of <size>-<lang>-<theme>, as 390-zh-light")
    parser.add_argument("--to", type=Path, default=ROOT / "screenshots", help="folder of the pictures")
    chosen = parser.parse_args()
    chosen.to.mkdir(parents=True, exist_ok=True)
    with server() as address, launched() as browser:
        failures = take(browser, address, chosen.names, chosen.only, chosen.to)
    print(f"{len(list(chosen.to.glob('*.png')))} pictures in {chosen.to}, {failures} complaints.")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
