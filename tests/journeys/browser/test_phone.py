"""At a phone, 390 × 844: a head decides with two taps, a contact person reports within a minute."""

import pytest
from playwright.sync_api import Locator

from tests.journeys.browser.conftest import Stage
from tests.journeys.browser.someone import PHONE, Someone

pytestmark = pytest.mark.browser
MOST_TAPS, MOST_KEYS = 5, 24  # at a second a tap and two keys a second, well under a minute


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


@pytest.mark.parametrize(("name", "title"), [("刘雅琴", "门店扫码点单试点"), ("王敏", "客户回访流程共建")])
def test_a_head_decides_in_two_taps_and_sees_the_ground_of_it_on_one_screen(
    stage: Stage, name: str, title: str
) -> None:
    head = stage(name, PHONE).desk()
    row = head.page.locator("#main li[data-row]:has([hx-get^='/sign/'])").filter(has_text=title).first
    waiting = head.page.locator("#main li[data-row]:has([hx-get^='/sign/'])").count()
    row.locator("[hx-get^='/sign/']").tap()
    agree = row.locator("[name=agree_all], [name=decision][value=APPROVE]").first
    agree.wait_for()
    with head.page.expect_response(lambda answer: "/decide" in answer.url) as heard:
        agree.tap()
    assert heard.value.status == 200
    head.desk()
    assert head.page.locator("#main li[data-row]:has([hx-get^='/sign/'])").count() == waiting - 1


@pytest.mark.parametrize(
    ("name", "title"),
    [("刘雅琴", "门店扫码点单试点"), ("周建国", "经营数据看板二期"), ("徐国栋", "大促备货协同")],
)
def test_ground_and_buttons_of_a_decision_stand_on_the_first_screen(stage: Stage, name: str, title: str) -> None:
    head = stage(name, PHONE).desk()
    row = head.page.locator("#main li[data-row]:has([hx-get^='/sign/'])").filter(has_text=title).first
    address = row.locator("[hx-get^='/sign/']").get_attribute("href")
    assert address is not None
    head.go(address)
    buttons = head.page.locator(".thumbbar button")
    assert buttons.count() >= 2
    inside_first_screen(head, head.page.locator(".ground"), *buttons.all())


def test_a_contact_person_reports_the_week_within_a_minute(stage: Stage) -> None:
    contact = stage("孙浩", PHONE).desk()
    taps = keys = 0
    row = contact.page.locator("#main li[data-row]:has(a[href^='/reports/'])").first
    with contact.page.expect_navigation():
        row.locator(".act a").first.tap()
    taps += 1
    contact.look("phone-weekly-report")
    contact.shrink(PHONE)
    cards = contact.page.locator("fieldset.weekcard:has(input[data-planned])")
    for index in range(cards.count()):
        card = cards.nth(index)
        planned = int(card.locator("input[data-planned]").get_attribute("data-planned") or 0)
        card.locator("[data-sets]").first.tap()  # as planned
        taps += 1
        if planned == 100:
            said = "培训已完成并考核"
            card.locator("textarea[name$='.actual']").fill(said)
            keys += len(said)
    with contact.page.expect_navigation():
        contact.page.locator("form.weekcards .thumbbar button").first.tap()
    taps += 1
    assert taps <= MOST_TAPS
    assert keys <= MOST_KEYS
    contact.desk()
    assert contact.page.locator("#main li[data-row]:has(a[href^='/reports/'])").count() == 0
