"""Somebody of the demo company at a browser: signs in, fills in forms, decides, and notices whatever goes wrong."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page

PICTURES = Path(__file__).resolve().parents[3] / "screenshots" / "journeys"
DESK, PHONE = (1440, 900), (390, 844)
SERIOUS = {"serious", "critical"}


@dataclass
class Someone:
    name: str
    page: Page
    address: str
    problems: list[str] = field(default_factory=list)

    # getting about -----------------------------------------------------------------------------------------------

    def go(self, path: str) -> "Someone":
        answer = self.page.goto(self.address + path)
        assert answer is not None
        assert answer.status == 200, f"{path}: {answer.status}"
        return self

    def desk(self) -> "Someone":
        return self.go("/")

    def row(self, *texts: str) -> Locator:
        """The one row of a list that holds all these texts."""
        found = self.page.locator("#main li[data-row]")
        for text in texts:
            found = found.filter(has_text=text)
        return found.first

    def press(self, control: Locator) -> None:
        """Click what leads to another page, and be there."""
        with self.page.expect_navigation():
            control.click()

    def shrink(self, size: tuple[int, int]) -> None:
        self.page.set_viewport_size({"width": size[0], "height": size[1]})

    # forms -------------------------------------------------------------------------------------------------------

    def begin_form(self, code: str, matter: int) -> None:
        """From the desk: the button of the row that asks for the form."""
        self.desk()
        self.press(self.page.locator(f"form[action='/matters/{matter}/forms/{code}/start'] button").first)
        assert re.search(r"/records/\d+/edit$", self.page.url), self.page.url

    def fill(self, body: dict[str, Any], prefix: str = "") -> None:
        for key, value in body.items():
            if key == "id":
                continue  # a row's own id is made by the product
            if isinstance(value, list):
                self.fill_rows(prefix + key, value)
            elif isinstance(value, dict):
                self.fill(value, f"{prefix}{key}.")
            else:
                self.put(prefix + key, value)

    def fill_rows(self, name: str, lines: list[dict[str, Any]]) -> None:
        sheet = self.page.locator(f"[data-rows='{name}']")
        rows = sheet.locator("tbody > tr")
        while rows.count() < len(lines):
            sheet.locator("[data-row-add]").click()
        while rows.count() > max(len(lines), 1):
            rows.last.locator("[data-row-remove]").click()
        for index, line in enumerate(lines):
            self.fill(line, f"{name}.{index}.")

    def put(self, name: str, value: Any) -> None:
        field = self.page.locator(f"#main [name='{name}']").first
        kind = field.evaluate("element => element.tagName === 'INPUT' ? element.type : element.tagName")
        if kind == "radio":
            self.page.locator(f"#main [name='{name}'][value='{str(value).lower()}']").check()
        elif kind == "SELECT":
            field.select_option(str(value))
        elif kind == "hidden":
            self.page.locator(f"#main [name='{name}__text']").fill(str(value))
        else:
            field.fill(str(value))

    def submit(self) -> None:
        """Submit the open form at once, whatever the page is saving by itself meanwhile."""
        self.press(self.page.locator("[formaction$='/submit']"))
        assert not self.page.locator("#findings-list .error").count(), self.findings()
        assert re.search(r"/records/\d+$", self.page.url), self.findings()

    def findings(self) -> str:
        return f"{self.page.url}: {self.page.locator('#findings').inner_text()}"

    def hand_in(self, code: str, matter: int, body: dict[str, Any]) -> None:
        self.begin_form(code, matter)
        self.fill(body)
        self.submit()

    # deciding ----------------------------------------------------------------------------------------------------

    def decide(self, title: str, decision: str = "APPROVE", *, tests: tuple[str, ...] = ()) -> None:
        """On the desk, in place: open the decision of a matter's row and give it."""
        self.desk()
        row = self.page.locator("#main li[data-row]:has([hx-get^='/sign/'])").filter(has_text=title).first
        row.locator("[hx-get^='/sign/']").click()
        row.locator("form.decide, .decide form").wait_for()
        for test in tests:
            row.locator(f"[name='test-{test}'][value=yes]").check()
        button = row.locator("[name=agree_all]")
        button = button if button.count() else row.locator(f"[name=decision][value={decision}]")
        with self.page.expect_response(lambda answer: "/decide" in answer.url) as heard:
            button.first.click()
        assert heard.value.status == 200, self.page.locator("#main").inner_text()

    # looking -----------------------------------------------------------------------------------------------------

    def look(self, label: str) -> None:
        """A picture at both sizes; nothing scrolls sideways and axe finds nothing serious."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        for name, size in (("1440", DESK), ("390", PHONE)):
            self.shrink(size)
            self.page.wait_for_timeout(60)
            self.page.screenshot(path=PICTURES / f"{label}-{name}.png")
            wide = self.page.evaluate("document.documentElement.scrollWidth")
            assert wide <= size[0], f"{label} is {wide} wide at {size[0]}"
        self.shrink(DESK)
        found = self.barriers()
        assert not found, f"{label}: {found}"

    def barriers(self) -> list[str]:
        found = Axe().run(self.page).response["violations"]
        return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found if one["impact"] in SERIOUS]


def arrive(browser: Browser, address: str, name: str, *, size: tuple[int, int] = DESK) -> Someone:
    """Open a browser of his own and sign in through the demo's switcher."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="zh-CN", has_touch=True)
    context.set_default_timeout(20_000)
    someone = Someone(name, listened(context), address)
    watch(someone)
    someone.go("/signin/demo")
    someone.press(someone.page.locator("button[name=person]", has_text=name).first)
    return someone


def listened(context: BrowserContext) -> Page:
    return context.new_page()


def watch(someone: Someone) -> None:
    """Console errors (a broken content policy is one) and scripts that fail are remembered."""

    def said(message: Any) -> None:
        if message.type == "error":
            someone.problems.append(f"{someone.name} at {someone.page.url}: {message.text}")

    someone.page.on("console", said)
    someone.page.on("pageerror", lambda error: someone.problems.append(f"{someone.name}: {error}"))
