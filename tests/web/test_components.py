"""Components with awkward data, and what the browser does with them."""

import json
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import RequestFactory
from django.utils import timezone, translation

from bihuan.kernel.actor import Actor, ActorKind
from bihuan.kernel.findings import error, warning
from bihuan.records.schema import Choice, Field, Form, Kind, Section
from bihuan.web import formats, marks
from bihuan.web.filling import Filling
from bihuan.web.render import jinja_environment, notify, render, surroundings, take_notice
from bihuan.web.ring import RingStep, bitten, ring, ring_large

MARKUP = "<img src=x onerror=alert(1)>\u202e\U0001f600'\"&"
COLUMNS = (Field("name", Kind.TEXT, "Name"), Field("owner", Kind.PERSON, "Owner"), Field("due", Kind.DATE, "Due"))
EVERY_KIND = (
    Field("text", Kind.TEXT, "Text", required=True),
    Field("long", Kind.LONGTEXT, "Long", help="Say more."),
    Field("integer", Kind.INTEGER, "Integer"),
    Field("number", Kind.NUMBER, "Number"),
    Field("money", Kind.MONEY, "Money"),
    Field("date", Kind.DATE, "Date"),
    Field("instant", Kind.INSTANT, "Instant"),
    Field("bool", Kind.BOOL, "Bool"),
    Field("choice", Kind.CHOICE, "Choice", choices=(Choice("A", "Alpha"), Choice("B", "Beta"))),
    Field("person", Kind.PERSON, "Person"),
    Field("department", Kind.DEPARTMENT, "Department"),
    Field("site", Kind.SITE, "Site"),
    Field("version", Kind.VERSION, "Version", computed=True),
    Field("rows", Kind.ROWS, "Rows", columns=COLUMNS, min_rows=2),
    Field("group", Kind.GROUP, "Group", columns=(Field("inner", Kind.TEXT, "Inner"),)),
)
FORM = Form("F99", "sample", "Sample", "", (Section("all", "All", EVERY_KIND),))


def request_of(path: str = "/") -> Any:
    request: Any = RequestFactory().get(path)
    request.actor = Actor(ActorKind.PERSON, 3, "王敏", frozenset())
    request.session, request.unread_notices = {}, 0
    return request


def drawn(source: str, **context: Any) -> str:
    return str(jinja_environment().from_string(source).render({**surroundings(request_of()), **context}))


def form_page(body: dict[str, Any], filling: Filling) -> str:
    source = '{% import "components/fields.html" as fields %}{{ fields.form_sections(form, body, filling) }}'
    return drawn(source, form=FORM, body=body, filling=filling)


def sheet(body: dict[str, Any], filling: Filling) -> str:
    source = '{% import "components/fields.html" as fields %}{{ fields.sheet(form, body, filling) }}'
    return drawn(source, form=FORM, body=body, filling=filling)


@pytest.fixture(autouse=True)
def _chinese_in_shanghai():
    with translation.override("zh-hans"), timezone.override("Asia/Shanghai"):
        yield


def test_a_page_has_no_inline_script_or_style_and_carries_the_token() -> None:
    source = '{% extends "base.html" %}{% block main %}{{ ui.button("同意") }}{% endblock %}'
    page = drawn(source)
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", page)
    assert re.search(r"hx-headers='\{\"X-CSRFToken\": \"\w{64}\"\}'", page)
    config = json.loads(re.search(r"name=\"htmx-config\" content='([^']+)'", page)[1])  # type: ignore[index]
    assert (config["includeIndicatorStyles"], config["allowEval"], config["selfRequestsOnly"]) == (False, False, True)


def test_render_answers_a_whole_page_or_one_block_with_its_status() -> None:
    whole = render(request_of(), "design/desk.html", {"waiting": []})
    block = render(request_of(), "design/desk.html", {"waiting": []}, block="title", status=422)
    assert (whole.status_code, whole.content.startswith(b"<!DOCTYPE html>")) == (200, True)
    assert (block.status_code, block.content.decode()) == (422, "工作台")


def test_a_notice_goes_by_header_to_htmx_and_by_session_to_the_next_page_once() -> None:
    request = request_of()
    request.htmx = True
    sent = notify(request, render(request, "design/desk.html", {"waiting": []}, block="title"), "已签署")
    assert json.loads(sent["HX-Trigger"]) == {"notice": {"text": "已签署", "level": "success"}}
    request.htmx = False
    notify(request, sent, "已提交", level="info")
    assert take_notice(request) == {"text": "已提交", "level": "info"}
    assert take_notice(request) is None


def test_every_kind_of_field_can_be_filled_in_under_its_own_name() -> None:
    names = re.findall(r'name="([^"]+)"', form_page({}, Filling(sites=[(1, "上海")])))
    expected = [
        *["text", "long", "integer", "number", "money", "date", "instant", "bool", "bool", "choice"],
        *["person", "person__text", "department", "department__text", "site"],
        *[f"rows.{n}.{key}" for n in (0, 1) for key in ("id", "name", "owner", "owner__text", "due")],
        "group.inner",
    ]
    assert names == expected


def test_markup_in_every_field_stays_text_in_both_modes() -> None:
    body: dict[str, Any] = {field.key: MARKUP for field in EVERY_KIND if field.kind not in (Kind.ROWS, Kind.GROUP)}
    body |= {"rows": [{"id": MARKUP, "name": MARKUP, "owner": MARKUP, "due": MARKUP}], "group": {"inner": MARKUP}}
    body["version"] = {"id": 1, "number": MARKUP, "version": 2, "digest": MARKUP}
    for page in (form_page(body, Filling()), sheet(body, Filling())):
        assert "<img" not in page
        assert "&lt;img src=x onerror=alert(1)&gt;\u202e\U0001f600" in page


def test_a_value_no_browser_field_can_hold_is_shown_as_it_was_typed() -> None:
    page = form_page({"date": "2023-14-05", "instant": "下周五", "choice": "GONE", "person": "王某"}, Filling())
    assert '<input class="input" data-date type="text" id="f-date-i" name="date" value="2023-14-05">' in page
    assert 'type="text" id="f-instant-i" name="instant" value="下周五"' in page
    assert '<option value="GONE" selected>GONE</option>' in page
    assert 'name="person__text" value="王某"' in page


def test_a_time_that_comes_twice_can_be_said_with_its_offset() -> None:
    said = {"zone": "Europe/Berlin", "time": "2026-10-25 02:30", "first": "+02:00", "second": "+01:00"}
    page = form_page({"instant": "2026-10-25T02:30"}, Filling(findings=[error("clock.time_twice", "instant", **said)]))
    assert 'type="text" id="f-instant-i" name="instant" value="2026-10-25T02:30"' in page
    assert "2026-10-25 02:30" in page.partition('name="instant"')[2]


def test_an_instant_is_edited_and_read_in_the_readers_zone() -> None:
    body = {"instant": "2026-11-20T10:00:00+00:00"}
    assert 'value="2026-11-20T18:00"' in form_page(body, Filling())
    assert formats.instant_text(body["instant"]).endswith("11月20日 周五 18:00")
    with translation.override("en"):
        assert formats.instant_text(body["instant"]).startswith("Fri 20 Nov")


def test_findings_stand_beside_their_field_and_link_to_it() -> None:
    found = [error("kernel.refused", "rows.1.name"), warning("kernel.stale", "text")]
    page = form_page({"rows": [{}, {"name": "x"}]}, Filling(findings=found))
    panel = drawn('{% import "components/findings.html" as c %}{{ c.findings(found) }}', found=found)
    assert 'id="f-rows-1-name"' in page
    assert 'href="#f-rows-1-name"' in panel
    assert page.count('class="says error"') == 1
    assert page.count('class="says warning"') == 1
    assert (panel.count('<li class="error">'), panel.count('<li class="warning">')) == (1, 1)


def test_a_reader_sees_words_instead_of_inputs() -> None:
    body = {"bool": True, "choice": "B", "money": "50000", "person": {"id": 4, "name": "欧阳慕容雪"}, "site": 1}
    page = sheet(body, Filling(sites=[(1, "上海")]))
    assert not re.search(r"<input|<textarea|<select|disabled", page)
    for words in ("Beta", "¥50,000.00", "欧阳慕容雪", "上海"):
        assert words in page


def test_an_open_loop_cuts_a_gap_and_a_closed_ring_has_none() -> None:
    steps = [RingStep("需求", "done"), RingStep("共识", "current", 2), RingStep("归档", "ahead")]
    open_ring, closed = ring_large(steps), ring_large(steps, closed=True)
    assert open_ring.count('class="g"') == 1
    assert open_ring.count('class="c"') == 2
    assert re.findall(r"<circle[^>]*>", closed) == ['<circle class="d"/>']
    assert 'class="g"' not in ring(["done", "current"])
    assert "<text>2</text>" in ring(["done", "current"], gaps=2)


@pytest.mark.parametrize("gaps", [1, 2, 6, 40])
def test_the_gap_leaves_something_of_every_arc(gaps: int) -> None:
    from bihuan.web.ring import Arc

    first, second = bitten(Arc(10, 8), gaps)
    assert first.length > 0
    assert second.start + second.length == pytest.approx(18)
    assert second.start - first.start - first.length == pytest.approx(min(3.6 + 0.6 * min(gaps, 6), 4.8))


@pytest.mark.parametrize(
    ("hours", "level"), [(-1, "RED"), (0, "ORANGE"), (8, "ORANGE"), (9, "YELLOW"), (24, "YELLOW"), (25, "GREEN")]
)
def test_due_without_a_span_turns_at_eight_and_twenty_four_hours(at: datetime, hours: int, level: str) -> None:
    assert marks.level_of(at + timedelta(hours=hours), at) == level


@pytest.mark.parametrize(("left", "level"), [(31, "GREEN"), (30, "YELLOW"), (15, "ORANGE"), (-1, "RED")])
def test_due_with_a_span_turns_at_thirty_and_fifteen_per_cent(at: datetime, left: int, level: str) -> None:
    assert marks.level_of(at + timedelta(hours=left), at, since=at - timedelta(hours=100 - left)) == level


def test_every_level_has_an_icon_of_its_own_and_a_word() -> None:
    shown = [marks.level(name) for name in ("GREEN", "YELLOW", "ORANGE", "RED")]
    assert len({re.search(r"i-[\w-]+", mark)[0] for mark in shown}) == 4  # type: ignore[index]
    assert [re.sub(r"<[^>]+>", "", mark) for mark in shown] == ["正常", "预警", "严重预警", "逾期"]


@pytest.mark.parametrize(
    ("value", "text"),
    [("50000", "¥50,000.00"), ("-3.5", "-¥3.50"), ("15万元左右", "15万元左右"), (None, ""), ("NaN", "NaN")],
)
def test_money(value: str | None, text: str) -> None:
    assert formats.money_text(value) == text


@pytest.mark.parametrize(
    ("minutes", "text"),
    [
        (0, "剩 不到 1 分钟"),
        (61, "剩 1 小时 1 分钟"),
        (1500, "剩 1 天 1 小时"),
        (-120, "逾期 2 小时"),
        (20000, "剩 13 天"),
    ],
)
def test_time_left(at: datetime, minutes: int, text: str) -> None:
    assert formats.left_text(at + timedelta(minutes=minutes), at) == text


def test_what_comes_round_is_an_arrow_back_inside_the_ring_with_the_period_at_hand() -> None:
    steps = [RingStep("申请", "done"), RingStep("执行", "current", 0, True), RingStep("验收", "ahead", 0, True)]
    drawn = ring_large([*steps, RingStep("归档", "ahead")], top="1/4", period="2026-10")
    assert drawn.count('<path class="t"') == 1
    assert "每期重复：执行 → 验收" in drawn.split('aria-label="')[1].split('"')[0]
    assert "当前为 2026-10" in drawn
    assert ">2026-10</text>" in drawn
    begins, ends = drawn.split(' d="M')[1].split('"')[0].split("M")[0].split("A")
    x, y = map(float, begins.split())
    to_x, to_y = map(float, ends.split()[-2:])
    assert (x < 20, y) == (True, pytest.approx(20.7, abs=0.1)), "the end of 验收: three quarters of the way"
    assert (to_x, to_y) == (pytest.approx(32.4, abs=0.1), pytest.approx(20.7, abs=0.1)), "the beginning of 执行"
    small = ring([*steps, RingStep("归档", "ahead")])
    assert (small.count('<path class="t"'), "每期重复" in small) == (1, True)
    assert "<path" not in ring(["done", "current"])
    once = ring_large([RingStep("申请", "done"), RingStep("执行", "current")])
    assert "<path" not in once
    assert "每期重复" not in once
