"""At a phone, 390 × 844: a head decides with two taps, a contact person reports within a minute."""

from datetime import timedelta
from functools import partial

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.browser.conftest import Stage
from tests.journeys.browser.someone import PHONE, Someone

pytestmark = pytest.mark.browser
WAITING = "#main li[data-row]:has([hx-get^='/sign/'])"
MOST_KEYS = 24  # at two keys a second, twelve seconds


def inside_first_screen(someone: Someone, *places: Locator) -> None:
    bar = someone.page.locator(".bottombar").bounding_box()
    assert bar is not None
    for place in places:
        box = place.bounding_box()
        assert box is not None, place
        assert box["y"] >= 0, (place, box)
        assert box["y"] + box["height"] <= bar["y"] + 1, (place, box, bar)
        assert box["x"] >= 0, (place, box)
        assert box["x"] + box["width"] <= PHONE[0], (place, box)


def decision_of(head: Someone, title: str) -> Locator:
    return head.page.locator("#main li[data-row]:has([hx-get^='/sign/'])").filter(has_text=title).first


def test_the_ground_of_a_decision_stands_on_the_first_screen_and_two_taps_give_it(stage: Stage) -> None:
    for name, title in (("刘雅琴", "门店扫码点单试点"), ("周建国", "经营数据看板二期"), ("徐国栋", "大促备货协同")):
        head = stage(name, PHONE).desk()
        address = decision_of(head, title).locator("[hx-get^='/sign/']").get_attribute("href")
        assert address is not None
        head.go(address)
        buttons = head.page.locator(".thumbbar button")
        assert buttons.count() >= 2
        inside_first_screen(head, head.page.locator(".ground"), *buttons.all())
    head = stage("刘雅琴", PHONE).desk()
    row = decision_of(head, "门店扫码点单试点")
    waiting = head.page.locator(WAITING).count()
    row.locator("[hx-get^='/sign/']").tap()
    agree = row.locator("[name=agree_all], [name=decision][value=APPROVE]").first
    agree.wait_for()
    with head.page.expect_response(lambda answer: "/decide" in answer.url) as heard:
        agree.tap()
    assert heard.value.status == 200
    expect(head.desk().page.locator(WAITING)).to_have_count(waiting - 1)


def test_from_a_notification_to_the_decision_it_is_two_taps(stage: Stage) -> None:
    """Counted by the browser itself: every tap from the list of what one was told to the decision."""
    head, taps = stage("王敏", PHONE).desk(), list[str]()
    waiting = head.page.locator(WAITING).count()
    head.page.expose_function("tapped", partial(list.append, taps))
    head.page.add_init_script("addEventListener('click', (event) => tapped(event.target.textContent.trim()), true)")
    head.go("/inbox/?show=all")
    matter = head.page.locator("section", has=head.page.get_by_text("客户回访", exact=True))
    with head.page.expect_navigation(url="**/sign/*/"):
        matter.locator("a.what[href^='/sign/']").first.tap()
    agree = head.page.locator(".thumbbar [name=agree_all], .thumbbar [name=decision][value=APPROVE]").first
    inside_first_screen(head, head.page.locator(".ground"), agree)
    with head.page.expect_navigation():
        agree.tap()
    expect(head.desk().page.locator(WAITING)).to_have_count(waiting - 1)
    assert len(taps) == 2, taps


def open_report(contact: Someone) -> None:
    row = contact.desk().page.locator("#main li[data-row]:has(a[href^='/reports/'])").first
    with contact.page.expect_navigation():
        row.locator(".act a").first.tap()


def send_report(contact: Someone) -> None:
    with contact.page.expect_navigation():
        contact.page.locator("form.weekcards .thumbbar button").first.tap()
    contact.desk()
    expect(contact.page.locator("#main li[data-row]:has(a[href^='/reports/'])")).to_have_count(0)


def test_a_contact_person_on_plan_reports_the_week_with_three_taps(stage: Stage) -> None:
    contact = stage("林晓彤", PHONE)
    open_report(contact)
    cards = contact.page.locator("fieldset.weekcard:has(input[data-planned])")
    expect(cards).to_have_count(1)
    planned = cards.locator("input[data-planned]").get_attribute("data-planned")
    inside_first_screen(contact, cards.locator(f"[data-value='{planned}']"), contact.page.locator(".thumbbar button"))
    cards.locator(f"[data-value='{planned}']").tap()
    expect(contact.page.locator("details.shortfall[open]")).to_have_count(0)
    send_report(contact)


def test_a_contact_person_behind_the_plan_says_what_he_does_about_it_within_a_minute(stage: Stage) -> None:
    """The cause is known from the task; the measure and its day are all there is to type: 4 taps, 20 keys."""
    contact = stage("赵思远", PHONE)
    open_report(contact)
    contact.look("phone-weekly-report")
    contact.shrink(PHONE)
    assert contact.page.input_value("[name='rows.0.variance_reason']") == "客户告知函等待法务确认措辞"
    measure, day = "请法务加急审定措辞", contact.page.locator("[name='rows.0.measure_due']")
    contact.page.locator("[name='rows.0.measure']").tap()
    contact.page.keyboard.type(measure)
    day.fill((stage.house.today + timedelta(days=3)).isoformat())
    assert len(measure) + len("20261127") <= MOST_KEYS
    send_report(contact)
