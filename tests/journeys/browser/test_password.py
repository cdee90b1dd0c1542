"""The door everybody uses: account and password, wrong first, then right, and out again by the menu of the phone."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.browser.house import House
from tests.journeys.browser.someone import PHONE

pytestmark = pytest.mark.browser
PASSWORD = "correct horse battery"


def try_in(page: Page, password: str) -> None:
    page.get_by_label("密码").fill(password)
    with page.expect_navigation():
        page.get_by_role("button", name="登录", exact=True).click()


def test_a_wrong_password_is_told_the_right_one_leads_on_and_the_menu_leads_out(
    house: House, chromium: Browser
) -> None:
    assert house.command("administrator", "admin", "--name", "管理员", typed=f"{PASSWORD}\n").returncode == 0
    page = chromium.new_page(viewport={"width": PHONE[0], "height": PHONE[1]}, locale="zh-CN")
    page.goto(f"{house.address}/departments/")
    expect(page).to_have_url(f"{house.address}/signin?next=%2Fdepartments%2F")
    page.get_by_label("账号").fill("admin")
    try_in(page, "wrong horse battery")
    expect(page.locator("#findings .error").first).not_to_be_empty()
    expect(page.get_by_label("账号")).to_have_value("admin")
    expect(page.get_by_label("密码")).to_have_value("")
    try_in(page, PASSWORD)
    expect(page).to_have_url(f"{house.address}/departments/")
    expect(page.get_by_role("link", name="添加部门")).to_be_visible()
    page.locator("[data-opens=more-dialog]").click()
    with page.expect_navigation():
        page.locator("#more-dialog").get_by_role("button", name="退出登录").click()
    expect(page).to_have_url(f"{house.address}/signin")
    assert page.goto(f"{house.address}/people/").url == f"{house.address}/signin?next=%2Fpeople%2F"
    page.context.close()
