"""What people's hands do: paste, pick by pinyin, type in two tabs, lose the connection, leave the mouse alone."""

import re
from urllib.parse import quote, unquote, urljoin

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.journeys.browser import own_playbook
from tests.journeys.browser.conftest import Stage
from tests.journeys.browser.house import House
from tests.journeys.browser.someone import Someone, arrive

pytestmark = pytest.mark.browser
SAVED = "#saved[data-state=saved]"


@pytest.fixture(scope="module")
def request_page(house: House, chromium: Browser) -> str:
    """Where the request of the growth campaign is written; begun once, and each test writes in a field of its own."""
    lead = arrive(chromium, house.address, "林晓彤").desk()
    lead.press(lead.row("用户增长活动").locator("form button").first)
    path = lead.page.url.removeprefix(house.address)
    lead.page.context.close()
    assert lead.problems == []
    return path


@pytest.fixture
def lead(stage: Stage, request_page: str) -> Someone:
    """The initiator, with the request open."""
    return stage("林晓彤").go(request_page)


def type_and_save(page: Page, name: str, text: str) -> None:
    with page.expect_response(lambda answer: answer.url.endswith("/draft")) as heard:
        page.fill(f"[name='{name}']", text)
    assert heard.value.status == 200
    page.wait_for_selector(SAVED)


def another_tab(someone: Someone) -> Someone:
    other = Someone(someone.name, someone.page.context.new_page(), someone.address, someone.problems)
    other.page.on("pageerror", lambda error: someone.problems.append(str(error)))
    other.page.goto(someone.page.url)
    return other


def expected(someone: Someone, *words: str) -> None:
    """What the browser itself says of a refusal or a lost connection is no fault of the page."""
    someone.problems[:] = [said for said in someone.problems if not any(word in said for word in words)]


def paste(field: Locator, text: str) -> None:
    field.evaluate(
        """(field, text) => { const data = new DataTransfer(); data.setData('text/plain', text); field.focus();
        field.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
        }""",
        text,
    )


def read_back(lead: Someone, rows: str, *columns: str, count: int = 3) -> list[list[str]]:
    lead.page.wait_for_selector(SAVED)
    lead.page.reload()
    return [[lead.page.input_value(f"[name='{rows}.{row}.{name}']") for name in columns] for row in range(count)]


def test_rows_copied_from_excel_are_pasted_saved_and_read_back(lead: Someone) -> None:
    """Placed by the titles above them, in whatever order; a lone quotation mark does not swallow the rows after it."""
    lines = ["时间节点\t里程碑\t责任部门", "2027-03-01\t需求确认\t产品部", '2027-03-15\t"功能开发\t技术部']
    with lead.page.expect_response(lambda answer: answer.url.endswith("/draft")):
        paste(lead.page.locator("[name='milestones.0.name']"), "\r\n".join([*lines, "2027-03-22\t活动上线\t运营部"]))
    assert read_back(lead, "milestones", "name", "date", "owner_dept__text") == [
        ["需求确认", "2027-03-01", "产品部"],
        ['"功能开发', "2027-03-15", "技术部"],
        ["活动上线", "2027-03-22", "运营部"],
    ]
    assert all(lead.page.input_value(f"[name='milestones.{row}.owner_dept']") for row in range(3))


def test_what_does_not_fit_into_the_table_is_kept_or_named(lead: Someone) -> None:
    """A word that is no choice stays in its cell; a column too many is named; a thousand rows take no minute."""
    unsorted = "技术部\t人手\t开发\t2\t人\t\t2027-03-01\t2027-03-15\t开发页面\t多出来的一列"
    with lead.page.expect_response(lambda answer: answer.url.endswith("/draft")):
        paste(lead.page.locator("[name='resources.0.dept__text']"), unsorted)
    expect(lead.page.locator("[data-rows=resources] [data-paste-left]")).to_contain_text("多出来的一列")
    expect(lead.page.locator("#findings")).to_contain_text("人手")
    paste(
        lead.page.locator("[name='early_risks.0.text']"), "\r\n".join(f"第 {number} 个风险" for number in range(1000))
    )
    assert lead.page.locator("[data-rows=early_risks] tbody > tr").count() == 500
    expect(lead.page.locator("[data-rows=early_risks] [data-paste-left]")).to_contain_text("第 500 个风险")
    assert read_back(lead, "resources", "type", "start", count=1) == [["人手", "2027-03-01"]]


def test_a_person_is_found_by_pinyin_and_by_initials(lead: Someone) -> None:
    for typed, name in (("wangmin", "王敏"), ("lxt", "林晓彤")):
        field = lead.page.locator("[name=project_lead__text]")
        field.fill("")
        field.press_sequentially(typed)
        expect(lead.page.locator("[role=option]", has_text=name)).to_be_visible()
        field.press("Enter")
        expect(field).to_have_value(name)
        expect(lead.page.locator("[name=project_lead]")).to_have_value(re.compile(r"^\d+$"))


def test_what_was_saved_by_itself_survives_a_closed_tab(lead: Someone) -> None:
    address = lead.page.url
    type_and_save(lead.page, "goal_text", "三十天内新增十万用户。")
    other = another_tab(lead)
    lead.page.close()
    lead.page = other.page
    lead.page.goto(address)
    assert lead.page.input_value("[name=goal_text]") == "三十天内新增十万用户。"


def test_what_was_typed_without_a_connection_is_offered_again(lead: Someone) -> None:
    address, context = lead.page.url, lead.page.context
    context.set_offline(True)
    lead.page.fill("[name=scope_out]", "没有网络时写下的话。")
    lead.page.wait_for_selector("#saved[data-state=unsaved]")
    lead.page.close()
    context.set_offline(False)
    expected(lead, "ERR_INTERNET_DISCONNECTED", "htmx:sendError", "htmx:afterRequest")
    lead.page = context.new_page()
    lead.page.goto(address)
    assert lead.page.input_value("[name=scope_out]") == ""
    with lead.page.expect_response(lambda answer: answer.url.endswith("/draft")):
        lead.page.get_by_role("button", name="恢复").click()
    expect(lead.page.locator("[name=scope_out]")).to_have_value("没有网络时写下的话。")
    lead.page.wait_for_selector(SAVED)


def test_two_tabs_that_edit_are_told_and_lose_nothing(lead: Someone) -> None:
    other = another_tab(lead)
    type_and_save(lead.page, "scope_in", "先保存的范围")
    with other.page.expect_response(lambda answer: answer.url.endswith("/draft")) as heard:
        other.page.fill("[name=scope_in]", "后写的范围")
    assert heard.value.status == 409
    other.page.wait_for_selector("#saved[data-state=stale]")
    over = other.page.locator("#findings button[name=over]")
    expect(over).to_be_visible()
    assert other.page.input_value("[name=scope_in]") == "后写的范围"
    with other.page.expect_navigation():
        over.click()
    lead.page.reload()
    assert lead.page.input_value("[name=scope_in]") == "后写的范围"
    expected(lead, "status of 409")


def test_a_decision_elsewhere_reaches_an_open_page_by_itself(stage: Stage) -> None:
    watcher, head = stage("林晓彤"), stage("陈志远")
    watcher.go("/matters/")
    watcher.press(watcher.page.locator("a.title", has_text="门店扫码点单试点"))
    watcher.go(re.sub(r".*(/matters/\d+/)$", r"\1request", watcher.page.url))
    told = watcher.page.locator("#matter li[data-row]").filter(has_text="F01").first
    before = told.inner_text()
    head.decide("门店扫码点单试点")
    expect(told).not_to_have_text(before, timeout=15_000)
    expect(told).to_contain_text("技术部")


def reported(other: Someone, path: str) -> None:
    """Somebody else begins to report a risk."""
    other.go(path)
    other.press(other.page.locator("form[action$='/risks/report'] button").first)


def begun(watcher: Someone) -> Locator:
    """A reason typed into a form that was opened on the page, and the hands taken away."""
    form = watcher.page.locator("#acts details:has(form[action$='/withdraw'])")
    form.locator("summary").click()
    form.locator("[name=reason]").fill("市场变了")
    watcher.page.evaluate("document.activeElement.blur()")
    return form


@pytest.mark.parametrize("already_asked", [False, True], ids=["before the news", "while the news is fetched"])
def test_what_somebody_has_begun_is_not_exchanged_under_his_hands(stage: Stage, already_asked: bool) -> None:
    watcher, other, asked = stage("林晓彤"), stage("陈志远"), list[Route]()

    def hold(question: Route) -> None:
        asked.append(question)

    watcher.go("/matters/")
    watcher.press(watcher.page.locator("a.title", has_text="门店扫码点单试点"))
    path = watcher.page.url.removeprefix(watcher.address)
    if already_asked:
        watcher.page.route(watcher.page.url, hold)
        with watcher.page.expect_request(watcher.page.url):
            reported(other, path)
        form = begun(watcher)
        asked[0].continue_()
    else:
        form = begun(watcher)
        reported(other, path)
    expect(watcher.page.locator("#toasts .notice.info button")).to_be_visible(timeout=15_000)
    expect(form.locator("[name=reason]")).to_be_visible()
    expect(form.locator("[name=reason]")).to_have_value("市场变了")
    watcher.page.unroute_all()


def test_the_keyboard_alone_gets_about(stage: Stage) -> None:
    lead = stage("林晓彤").go("/matters/")
    keys = lead.page.keyboard
    keys.press("?")
    expect(lead.page.locator("#help-dialog")).to_be_visible()
    keys.press("Escape")
    expect(lead.page.locator("#help-dialog")).to_be_hidden()
    keys.press("/")
    expect(lead.page.locator("[data-search]:focus")).to_have_count(1)
    lead.page.evaluate("document.activeElement.blur()")
    with lead.page.expect_navigation():
        keys.press("g")
        keys.press("d")
    expect(lead.page).to_have_url(f"{lead.address}/")
    keys.press("j")
    expect(lead.page.locator(".is-chosen")).to_have_count(1)


def test_search_answers_while_somebody_types(stage: Stage) -> None:
    """The first hits stand there without Enter; what is slow, composed or given up puts nothing in their place."""
    lead = stage("林晓彤").go("/")
    page, keys, asked, held = lead.page, lead.page.keyboard, [], []
    field, hits = page.locator("[data-finder]"), page.locator("#finds [role=option]")

    def answer(route: Route) -> None:
        asked.append(unquote(route.request.url.partition("q=")[2]))
        held.append(route) if asked[-1] == "用" else route.continue_()

    page.route("**/search/suggest*", answer)
    with page.expect_request("**/search/suggest*"):
        field.press_sequentially("用")
    field.press_sequentially("户增长")
    expect(hits.first).to_contain_text("用户增长活动")
    with page.expect_response(lambda one: one.url.endswith(quote("用"))):
        held[0].fulfill(status=200, body='<a role="option">迟到的结果</a>')
    expect(hits.first).to_contain_text("用户增长活动")
    assert "用户增长" in asked

    keys.press("ArrowDown")
    expect(hits.first).to_have_attribute("aria-selected", "true")
    keys.press("ArrowUp")
    expect(hits.last).to_have_attribute("aria-selected", "true")
    field.press_sequentially("活")
    expect(page.locator("#finds [aria-selected=true]")).to_have_count(0)
    keys.press("Escape")
    expect(page.locator("#finds")).to_be_hidden()
    assert field.input_value() == "用户增长活"

    field.fill("")
    asked.clear()
    composing = page.context.new_cdp_session(page)
    composing.send("Input.imeSetComposition", {"text": "yonghu", "selectionStart": 6, "selectionEnd": 6})
    assert field.input_value() == "yonghu"
    with page.expect_request("**/search/suggest*"):
        composing.send("Input.insertText", {"text": "用户"})
    expect(hits.first).to_contain_text("用户")
    assert asked == ["用户"]
    assert page.get_by_text("迟到的结果").count() == 0

    field.fill("没有这样的事项")
    expect(page.locator("#finds .none")).to_be_visible()
    field.fill("用户增长")
    expect(hits.first).to_contain_text("用户增长活动")
    keys.press("ArrowDown")
    with page.expect_navigation():
        keys.press("Enter")
    expect(page).to_have_url(re.compile(r"/matters/\d+/$"))
    the_page_of_results_shows_the_last_word(page)
    assert all("htmx:" in each for each in lead.problems)
    lead.problems.clear()


def the_page_of_results_shows_the_last_word(page: Page) -> None:
    """A question that is open while another one is asked is given up: nothing waits for it, and its answer never
    shows."""
    page.goto(urljoin(page.url, "/search/"))
    field, held = page.locator("#search input[name=q]"), []

    def answer(route: Route) -> None:
        held.append(route) if route.request.url.endswith(f"q={quote('用')}") else route.continue_()

    page.route("**/search/?*", answer)
    with page.expect_request("**/search/?*"):
        field.press_sequentially("用")
    with page.expect_event("requestfailed") as given_up:
        field.press_sequentially("户增长")
    assert given_up.value == held[0].request
    expect(page.locator("#found .hits")).to_contain_text("用户增长活动")
    expect(page).to_have_url(re.compile(quote("用户增长")))
    page.unroute_all(behavior="ignoreErrors")


def test_a_playbook_is_made_in_fields_alone_and_a_matter_carried_on_it_to_its_end(stage: Stage) -> None:
    own_playbook.build(stage)
    own_playbook.try_out(stage)
    carried = own_playbook.begin(stage)
    own_playbook.ask(carried)
    own_playbook.make_up(carried)
    own_playbook.reach(carried)
    own_playbook.end(carried)
