"""The modules of frontend/src in a real Chromium, on a page without a server behind it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import RequestFactory
from playwright.sync_api import Browser, Page, Route, expect

from bihuan.kernel.actor import Actor, ActorKind
from bihuan.records.schema import Choice, Field, Form, Kind, Section
from bihuan.web.agenda.pages import Cell, weeks_of_month
from bihuan.web.filling import Filling
from bihuan.web.render import jinja_environment, surroundings

pytestmark = pytest.mark.browser
STATIC = Path(__file__).resolve().parents[2] / "src" / "bihuan" / "static"
HOST = "http://127.0.0.1:9"
AT = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'"
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
EXPECTED = (
    "ERR_FAILED",
    "htmx:sendError",
    "htmx:afterRequest",
    "status of 409",
)  # what a browser says of a server that is down or refuses
COLUMNS = (
    Field("name", Kind.TEXT, "指标"),
    Field("target", Kind.NUMBER, "目标"),
    Field("kind", Kind.CHOICE, "类别", choices=(Choice("Q", "质量"), Choice("C", "成本"))),
    Field("due", Kind.DATE, "时间"),
)
FIELDS = (
    Field("title", Kind.TEXT, "名称"),
    Field("budget", Kind.MONEY, "预算"),
    Field("lead", Kind.PERSON, "负责人"),
    Field("until", Kind.DATE, "截止"),
    Field("reply_by", Kind.INSTANT, "答复"),
    Field("metrics", Kind.ROWS, "指标", columns=COLUMNS),
)
FORM = Form("F99", "sample", "Sample", "", (Section("all", "All", FIELDS),))
PAGE = """{% extends "base.html" %}{% import "components/fields.html" as fields %}
{% import "components/findings.html" as checks %}{% block main %}
<form {{ fields.autosave("/save", 3) }}>{{ csrf_input }}<input type="hidden" name="revision" value="3">
{{ fields.form_sections(form, {}, filling) }}{{ checks.findings([]) }}{{ fields.saved() }}
<button formaction="/submit" id="submit">submit</button></form>
<ul class="rows">{% for n in (1, 2) %}<li data-row><a href="#r{{ n }}" data-act>r{{ n }}</a></li>{% endfor %}</ul>
{% if left %}<p><a class="why" href="/deadlines/1/">{{ due(left, at) }}</a></p>{% endif %}
{% endblock %}"""
OPTIONS = '{% import "components/fields.html" as fields %}{{ fields.picker_options(cards) }}'
FINDINGS = '{% import "components/findings.html" as checks %}{{ checks.findings([]) }}'


class Company:
    """Answers the browser in place of a server and remembers what was saved."""

    def __init__(self) -> None:
        self.saved: list[dict[str, list[str]]] = []
        self.is_up = True
        self.status = 200
        self.is_slow = False
        self.waiting: list[Route] = []
        self.submitted: list[dict[str, list[str]]] = []
        self.left: datetime | None = None

    def answer(self, route: Route) -> None:
        path = route.request.url.removeprefix(HOST).partition("?")[0]
        if path.startswith("/static/"):
            file = STATIC / path.removeprefix("/static/")
            route.fulfill(body=file.read_bytes(), content_type=TYPES[file.suffix])
        elif path == "/save":
            self.save(route)
        elif path == "/submit":
            self.submitted.append(parse_qs(route.request.post_data or ""))
            route.fulfill(body="<title>submitted</title>", content_type="text/html; charset=utf-8")
        elif path == "/people/search":
            cards = [{"id": 7, "name": "王敏"}, {"id": 8, "name": "王明"}]
            route.fulfill(body=drawn(OPTIONS, cards=cards), content_type="text/html; charset=utf-8")
        elif path == "/events":
            route.fulfill(body="retry: 600000\n\n", content_type="text/event-stream")
        elif path == "/calendar/day":
            self.say_day(route)
        elif path == "/calendar/month":
            day = date.fromisoformat(parse_qs(urlsplit(route.request.url).query).get("day", ["2026-11-21"])[0])
            route.fulfill(body=month_of(day), content_type="text/html; charset=utf-8")
        else:
            page = drawn(PAGE, form=FORM, filling=Filling(), left=self.left)
            headers = {"Content-Security-Policy": POLICY, "Content-Type": "text/html; charset=utf-8"}
            route.fulfill(body=page, headers=headers)

    def say_day(self, route: Route) -> None:
        asked = parse_qs(urlsplit(route.request.url).query)
        if asked.get("said", ["3wd"]) != ["3wd"]:
            return route.fulfill(
                body=f"<span>{asked['said'][0]}不是日期</span>", content_type="text/html; charset=utf-8"
            )
        headers = {"X-Day": "2026-11-25" if "said" in asked else asked["day"][0]}
        if "timed" in asked:
            headers["X-Time"] = "17:30"
        said = "第 3 个工作日" if "said" in asked else "周六 休息日"
        return route.fulfill(body=f"<span>{said}</span>", headers=headers, content_type="text/html; charset=utf-8")

    def save(self, route: Route) -> None:
        if not self.is_up:
            return route.abort()
        self.saved.append(parse_qs(route.request.post_data or ""))
        if self.is_slow:
            return self.waiting.append(route)
        return self.answer_save(route)

    def answer_save(self, route: Route) -> None:
        headers = {"X-Revision": str(3 + len(self.saved)), "Content-Type": "text/html; charset=utf-8"}
        return route.fulfill(status=self.status, body=drawn(FINDINGS), headers=headers)


def month_of(day: date) -> str:
    weeks = weeks_of_month(day)
    days = [each for week in weeks for each in week]
    cells = {each: Cell(each, each.weekday() >= 5, "", "", is_provisional=False) for each in days}
    shown = {"weeks": weeks, "cells": cells, "numbers": {}, "day": day, "chosen": None, "today": AT.date()}
    return drawn("{% include 'agenda/month.html' %}", heading=f"{day:%Y-%m}", weekdays="一二三四五六日", **shown)


def drawn(source: str, **context: Any) -> str:
    request: Any = RequestFactory().get("/")
    request.actor = Actor(ActorKind.PERSON, 3, "王敏", frozenset())
    request.at, request.unread_notices = AT, 0  # no server, no database
    page = jinja_environment().from_string(source).render({**surroundings(request), **context})
    return str(page).replace('data-picker=""', 'data-picker="/people/search"')


@pytest.fixture
def company() -> Company:
    return Company()


@pytest.fixture
def page(chromium: Browser, company: Company) -> Iterator[Page]:
    context = chromium.new_context(locale="zh-CN")
    opened = context.new_page()
    problems: list[str] = []
    opened.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
    opened.on("pageerror", lambda failed: problems.append(str(failed)))
    opened.route("**/*", company.answer)
    opened.goto(f"{HOST}/")
    yield opened
    context.close()
    assert [said for said in problems if not any(word in said for word in EXPECTED)] == []


def paste(page: Page, cell: str, text: str) -> None:
    page.focus(cell)
    page.eval_on_selector(
        cell,
        """(field, text) => { const data = new DataTransfer(); data.setData('text/plain', text);
        field.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })) }""",
        text,
    )


def test_under_a_field_for_a_day_stands_what_day_it_is(page: Page) -> None:
    page.fill("input[name='metrics.0.due']", "2026-11-28")
    page.focus("input[name='metrics.0.name'], textarea[name='metrics.0.name']")
    expect(page.locator(".dayhint")).to_have_text("周六 休息日")
    page.fill("input[name='metrics.0.due']", "")
    expect(page.locator(".dayhint")).to_have_text("")


def test_a_day_is_typed_as_how_far_ahead_it_is_and_answered_with_its_day(page: Page) -> None:
    page.fill("#f-until-i", "3wd")
    page.press("#f-until-i", "Tab")
    expect(page.locator("#f-until-i")).to_have_value("2026-11-25")
    expect(page.locator("#f-until .dayhint")).to_have_text("第 3 个工作日")
    for nonsense in ("2026-02-30", "尽快"):
        page.fill("#f-until-i", nonsense)
        page.press("#f-until-i", "Tab")
        expect(page.locator("#f-until .dayhint")).to_have_text(f"{nonsense}不是日期")
    expect(page.locator("#f-until-i")).to_have_attribute("aria-invalid", "true")
    assert page.input_value("#f-until-i") == "尽快"


def test_a_day_and_its_time_are_typed_and_chosen_in_one_field(page: Page, company: Company) -> None:
    field = page.locator("#f-reply_by-i")
    field.fill("3wd")
    field.press("Tab")
    expect(field).to_have_value("2026-11-25 17:30")
    expect(page.locator("#f-reply_by .dayhint")).to_have_text("第 3 个工作日")
    page.click("#f-reply_by .pickday")
    page.click("#daypicker [data-day='2026-11-28']")
    expect(field).to_have_value("2026-11-28 17:30")
    expect(page.locator("#f-reply_by .dayhint")).to_have_text("周六 休息日")
    field.fill("2026-11-28T09:00+01:00")
    field.press("Tab")
    expect(page.locator("#f-reply_by .dayhint")).to_have_text("周六 休息日")
    field.fill("3wd")
    field.press("Enter")
    page.wait_for_url("**/submit")
    assert company.submitted[0]["reply_by"] == ["2026-11-25 17:30"]


def test_what_is_sent_before_it_was_answered_waits_for_its_day(page: Page, company: Company) -> None:
    page.fill("#f-until-i", "3wd")
    page.press("#f-until-i", "Enter")
    page.wait_for_url("**/submit")
    assert company.submitted[0]["until"] == ["2026-11-25"]


def test_a_day_is_chosen_with_the_keyboard_and_the_field_has_the_focus_again(page: Page) -> None:
    page.fill("#f-until-i", "2026-11-20")
    page.click("#f-until .pickday")
    expect(page.locator("#daypicker [data-day='2026-11-20']")).to_be_focused()
    for key in ("ArrowRight", "ArrowDown", "Home", "End"):
        page.keyboard.press(key)
    expect(page.locator("#daypicker [data-day='2026-11-29']")).to_be_focused()
    page.keyboard.press("PageDown")
    expect(page.locator("#daypicker [data-day='2026-12-29']")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#daypicker [data-day='2027-01-05']")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#daypicker")).to_be_hidden()
    expect(page.locator("#f-until-i")).to_be_focused()
    assert page.input_value("#f-until-i") == "2027-01-05"
    page.click("#f-until .pickday")
    page.click("#daypicker [data-turns='1']")
    expect(page.locator("#daypicker-title")).to_have_text("2027-02")
    page.keyboard.press("Escape")
    expect(page.locator("#daypicker")).to_be_hidden()
    assert page.input_value("#f-until-i") == "2027-01-05"


def test_the_calendar_of_a_field_in_a_new_row_is_that_rows_own(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.click("[data-row-add]")
    page.click("#f-metrics-1-due .pickday")
    page.click("#daypicker [data-day='2026-11-24']")
    assert (page.input_value("[name='metrics.0.due']"), page.input_value("[name='metrics.1.due']")) == (
        "",
        "2026-11-24",
    )


def test_a_paste_from_excel_fills_cells_and_adds_rows_as_they_were_typed(page: Page) -> None:
    paste(page, "[name='metrics.0.name']", '留存率\t26%\t质量\t2027-03-31\r\n"获客\n成本"\t1,200\t成本\t明年三月\r\n')
    values = {
        name: page.input_value(f"[name='metrics.{name}']")
        for name in ("0.name", "0.target", "0.kind", "0.due", "1.name", "1.target", "1.kind", "1.due")
    }
    assert list(values.values()) == ["留存率", "26%", "Q", "2027-03-31", "获客 成本", "1,200", "C", "明年三月"]


def test_rows_are_added_moved_and_removed_and_renumbered(page: Page) -> None:
    page.fill("[name='metrics.0.name']", "甲")
    page.click("[data-row-add]")
    page.fill("[name='metrics.1.name']", "乙")
    page.click("#f-metrics-1 [data-row-up]")
    assert page.input_value("[name='metrics.0.name']") == "乙"
    assert page.input_value("#f-metrics-1-name-i") == "甲"
    page.click("#f-metrics-0 [data-row-remove]")
    assert page.input_value("[name='metrics.0.name']") == "甲"
    expect(page.locator("[name='metrics.1.name']")).to_have_count(0)


def test_a_person_is_chosen_with_the_keyboard(page: Page) -> None:
    page.locator("#f-lead-i").press_sequentially("wang")
    page.wait_for_selector("#f-lead [role=option]")
    expect(page.locator("#f-lead-i")).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert (page.input_value("[name=lead]"), page.input_value("#f-lead-i")) == ("8", "王明")
    page.locator("#f-lead-i").press_sequentially("x")
    assert page.input_value("[name=lead]") == ""


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("15万", "¥150,000.00"),
        ("1.2345亿", "¥123,450,000.00"),
        ("¥50,000", "¥50,000.00"),
        ("大概十万", ""),
        ("0.005", "¥0.01"),
    ],
)
def test_money_is_shown_in_yuan_while_it_is_typed(page: Page, typed: str, shown: str) -> None:
    page.fill("#f-budget-i", typed)
    expect(page.locator("#f-budget output")).to_have_text(shown)


def test_a_draft_saves_itself_and_takes_the_new_revision(page: Page, company: Company) -> None:
    page.fill("#f-title-i", "新品上市")
    page.wait_for_selector("#saved[data-state=saved]:has-text('已保存')")
    assert company.saved[-1]["title"] == ["新品上市"]
    assert company.saved[-1]["revision"] == ["3"]
    page.wait_for_function("document.querySelector('[name=revision]').value === '4'")
    assert page.evaluate("localStorage.length") == 0


def test_a_slow_save_is_waited_for_by_the_next_one_and_by_submit(page: Page, company: Company) -> None:
    """A request that overtakes a save would carry the revision before it, and the writer would be told of himself."""
    company.is_slow = True
    page.fill("#f-title-i", "新品")
    page.wait_for_selector("#saved[data-state=saving]")
    page.fill("#f-title-i", "新品上市")
    page.wait_for_timeout(1000)
    page.click("#submit")
    assert (len(company.saved), company.submitted) == (1, [])
    company.is_slow = False
    company.answer_save(company.waiting.pop())
    page.wait_for_url("**/submit")
    assert [kept["revision"] for kept in company.saved] in ([["3"]], [["3"], ["4"]])
    assert (company.submitted[0]["title"], company.submitted[0]["revision"]) == (
        ["新品上市"],
        [str(3 + len(company.saved))],
    )


def test_what_could_not_be_saved_survives_a_closed_tab_and_is_offered(page: Page, company: Company) -> None:
    company.is_up = False
    page.fill("#f-title-i", "离线填写")
    page.wait_for_selector("#saved[data-state=unsaved]")
    page.reload()
    assert page.input_value("#f-title-i") == ""
    company.is_up = True
    page.click("#toasts button:has-text('恢复')")
    assert page.input_value("#f-title-i") == "离线填写"
    page.wait_for_selector("#saved[data-state=saved]:has-text('已保存')")
    assert company.saved[-1]["title"] == ["离线填写"]


def test_a_stale_draft_is_told_and_nothing_typed_is_lost(page: Page, company: Company) -> None:
    company.status = 409
    page.fill("#f-title-i", "晚了一步")
    page.wait_for_selector("#saved[data-state=stale]")
    assert page.input_value("#f-title-i") == "晚了一步"
    assert page.evaluate("localStorage.length") == 1


def test_keys_move_act_and_explain_and_keep_quiet_while_typing(page: Page) -> None:
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("a")
    page.wait_for_function("location.hash === '#r2'")
    page.keyboard.press("?")
    expect(page.locator("#help-dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#help-dialog")).to_be_hidden()
    page.focus("#f-title-i")
    page.keyboard.type("ja?")
    assert page.input_value("#f-title-i") == "ja?"
    assert not page.is_visible("#help-dialog")


def test_what_is_left_is_told_anew_each_minute_and_nobody_who_types_is_disturbed(page: Page, company: Company) -> None:
    company.left = AT + timedelta(hours=3)
    page.clock.install()
    page.goto(f"{HOST}/")
    left = page.locator("a.why .due")
    expect(left).to_contain_text("3 小时")
    page.fill("[name=title]", "写到一半")
    company.left = AT + timedelta(hours=2)
    page.clock.fast_forward(61_000)
    expect(left).to_contain_text("2 小时")
    assert page.input_value("[name=title]") == "写到一半"


def test_the_theme_goes_round_and_is_kept_in_a_cookie(page: Page) -> None:
    switch = page.locator(".rail [data-theme-switch]")
    switch.click()
    assert page.get_attribute("html", "data-theme") == "light"
    switch.click()
    assert page.get_attribute("html", "data-theme") == "dark"
    assert page.evaluate("document.cookie") == "theme=dark"
    switch.click()
    assert page.get_attribute("html", "data-theme") is None
    assert page.evaluate("document.cookie") == ""


@pytest.mark.parametrize("width", [390, 1440])
def test_nothing_makes_the_page_scroll_sideways(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") == width
