"""The list of what waits for one's signature, and agreeing to several at once."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.access import operations as access
from bihuan.approvals import operations
from bihuan.approvals.models import Slot
from bihuan.collaborations.forms.consensus import CONSENSUS
from bihuan.collaborations.forms.request import REQUEST
from bihuan.records.models import Version
from bihuan.records.policy import freeze
from tests.approvals.cast import AT, facts_named, make_cast
from tests.web.test_approvals import F01, client_of, everything, make_version, open_on, spec_of, text_of


@pytest.fixture
def cast(db):
    return make_cast()


def ask(cast, title="用户增长活动", **changes):
    version = make_version(cast, REQUEST, {**F01, "title": title, **changes})
    return open_on(cast, version, spec_of(cast, version)).slots.get()


def next_version(cast, slot, **changes):
    """The author mends the text and asks again, with a doubt that the checks had."""
    old = Version.objects.get(record=slot.signoff.subject_id)
    frozen = freeze(REQUEST, {**old.data, **changes})
    doubts = [
        {"code": "collaborations.finish_is_near", "place": "expected_finish", "params": {"days": 3}},
        {"code": "collaborations.of_an_older_release", "place": "", "params": {}},
    ]
    Version.objects.create(
        record=old.record, version=2, body=frozen.body, digest=frozen.digest, parts=frozen.parts, submitted_at=AT,
        submitted_by=cast.author, warnings=doubts,
    )  # fmt: skip
    spec = spec_of(cast, old, digest=frozen.digest)
    return operations.open_signoff(
        "OPINIONS", subject=slot.signoff.subject, root=slot.signoff.root, scope_id=cast.scope_id, digest=frozen.digest,
        author_id=cast.author.pk, slots=[spec], carry_from=slot.signoff, actor=cast.actor("author"), at=AT,
    ).slots.get()  # fmt: skip


def fields_of(page, *slots):
    """What the page would send with these boxes ticked."""
    hidden = dict(re.findall(r'name="((?:digest|lines)-\d+|request_key)" value="([^"]*)"', page))
    return {"act": "APPROVE", **hidden, "chosen": [str(slot.pk) for slot in slots]}


def told(page):
    """What stands in the answer, paper by paper, without marks."""
    part = page[page.index('id="told"') : page.index("</section>", page.index('id="told"'))]
    return [" ".join(re.sub(r"<[^>]*>", " ", row).split()) for row in re.findall(r"<li>(.*?)</li>", part, re.DOTALL)]


def test_each_paper_shows_its_ground(cast):
    slot = next_version(cast, ask(cast), goal_text="三个月内把新增用户做到十二万")
    page = text_of(client_of(cast, "head").get("/sign/"))
    row = page[page.index(f'id="item-{slot.pk}"') :]
    for words in (
        "新增用户 ≥ 100,000",
        "¥50,000.00",
        "三个月内把新增用户做到十二万",
        "周明",
        f'href="/sign/{slot.pk}/"',
    ):
        assert words in row
    assert re.search(r"第 2 版[^<]*协作目标", row)
    assert row.count('class="says warning"') == 1
    assert f'name="digest-{slot.pk}" value="{slot.digest}"' in row


def test_all_chosen_are_agreed_to_and_each_of_the_others_says_why_not(cast):
    first, second, left, changed = (ask(cast, f"活动{number}") for number in range(4))
    client = client_of(cast, "head")
    sent = fields_of(text_of(client.get("/sign/")), first, second, changed)
    newer = next_version(cast, changed, goal_text="改过的目标")
    response = client.post("/sign/several", sent)
    assert response.status_code == 200
    assert [words.split(" ")[0] for words in told(text_of(response))] == ["同意", "同意", "未签"]
    states = {slot.pk: Slot.objects.get(pk=slot.pk).state for slot in (first, second, left, changed, newer)}
    assert list(states.values()) == ["APPROVED", "APPROVED", "PENDING", "VOID", "PENDING"]
    before = everything()
    assert told(text_of(client.post("/sign/several", sent))) == told(text_of(response))
    assert everything() == before


def test_several_are_refused_with_one_reason_or_their_own_and_sent_back(cast):
    first, second, third = (ask(cast, f"活动{number}") for number in range(3))
    client = client_of(cast, "head")
    page = text_of(client.get("/sign/"))
    sent = {**fields_of(page, first, second), "act": "REFUSE"}
    before = everything()
    answered = text_of(
        client.post("/sign/several", {**sent, f"reason-{first.pk}": "预算过高", f"reason-{third.pk}": "待"})
    )
    assert [words.split(" ")[0] for words in told(answered)] == ["拒绝", "未签"]
    assert re.search(rf'value="{second.pk}" checked', answered)
    assert f'name="reason-{third.pk}" rows="2" aria-label="本份的理由或意见">待</textarea>' in answered
    assert everything() != before
    sent = {**fields_of(answered, second, third), "act": "BACK", "reason": "请补预算", f"reason-{third.pk}": "目标不清"}
    answered = client.post("/sign/several", sent)
    assert [words.split(" ")[0] for words in told(text_of(answered))] == ["已退回", "已退回"]
    assert list(Slot.objects.order_by("pk").values_list("state", "opinion")) == [
        ("REFUSED", "预算过高"), ("VOID", ""), ("VOID", ""),
    ]  # fmt: skip
    reasons = {fact["signoff_id"]: fact["reason"] for fact in facts_named("approvals.signoff.returned")}
    assert reasons == {second.signoff_id: "请补预算", third.signoff_id: "目标不清"}
    after = everything()
    assert told(text_of(client.post("/sign/several", sent))) == told(text_of(answered))
    assert everything() == after


def test_an_act_that_is_none_writes_nothing_and_keeps_what_was_typed(cast):
    slot = ask(cast)
    client, before = client_of(cast, "head"), everything()
    sent = {**fields_of(text_of(client.get("/sign/")), slot), "act": "ERASE", "reason": "原因"}
    response = client.post("/sign/several", sent)
    assert response.status_code == 422
    assert re.search(rf'value="{slot.pk}" checked.*>原因</textarea>', text_of(response), re.DOTALL)
    assert everything() == before


def test_nothing_chosen_and_nonsense_are_answered_and_nothing_is_written(cast):
    slot = ask(cast)
    client, before = client_of(cast, "head"), everything()
    assert client.post("/sign/several", {}).status_code == 422
    assert client.post("/sign/several", {"act": "APPROVE", "chosen": ["x", "-1", "9" * 30]}).status_code == 422
    page = text_of(client.post("/sign/several", {"act": "APPROVE", "chosen": [slot.pk]}))
    assert told(page) == [words for words in told(page) if words.startswith("未签")]
    stranger = client_of(cast, "stranger")
    hidden = told(
        text_of(
            stranger.post("/sign/several", {"act": "APPROVE", "chosen": [slot.pk], f"digest-{slot.pk}": slot.digest})
        )
    )
    assert hidden == told(text_of(stranger.post("/sign/several", {"act": "APPROVE", "chosen": [10**9]})))
    opened = client.get("/sign/several")
    assert (opened.status_code, opened["Allow"]) == (405, "POST")
    assert "这是按钮的地址，不是页面的地址。" in text_of(opened)
    assert everything() == before


def test_lines_stand_there_and_are_agreed_to_as_one(cast):
    department = {"id": cast.market.pk, "name": "市场部"}
    rows = [{"id": key, "item": item, "metric_or_check": "验收用例", "owner_dept": department, "due": "2026-12-10"}
            for key, item in (("c1", "落地页"), ("c2", "投放计划"))]  # fmt: skip
    version = make_version(cast, CONSENSUS, {"criteria": rows})
    parts = [part for part in version.parts if part.startswith("criteria/")]
    specs = [spec_of(cast, version, part=part, digest=version.parts[part]) for part in parts]
    slots = list(open_on(cast, version, *specs, route="CONSENSUS").slots.order_by("pk"))
    client = client_of(cast, "head")
    page = text_of(client.get("/sign/"))
    assert page.count('name="chosen"') == 1
    assert "落地页" in page
    assert "投放计划" in page
    client.post("/sign/several", fields_of(page, slots[0]))
    assert {slot.state for slot in Slot.objects.all()} == {"APPROVED"}


def test_what_is_secret_or_asks_questions_is_named_and_decided_on_its_own_page(cast):
    version = make_version(cast, REQUEST, {**F01, "title": "带问题"})
    asked = open_on(cast, version, spec_of(cast, version, tests=("goal_ok",))).slots.get()
    page = text_of(client_of(cast, "head").get("/sign/"))
    assert f'href="/sign/{asked.pk}/"' in page
    assert 'name="chosen"' not in page
    access.classify(cast.scope_id, "SECRET")
    access.admit(cast.scope_id, f"p:{cast.head.pk}", role="HEAD", level=2, via="named", at=AT)
    page = text_of(client_of(cast, "head").get("/sign/"))
    assert f'href="/sign/{asked.pk}/"' in page
    assert F01["goal_text"] not in page


def test_the_number_of_queries_does_not_grow(cast):
    client = client_of(cast, "head")

    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get("/sign/")
        return len(captured)

    next_version(cast, ask(cast), goal_text="改过的目标")
    queries()
    one = queries()
    for number in range(2):
        next_version(cast, ask(cast, f"活动{number}"), goal_text="改过的目标")
    assert queries() == one


def test_more_than_a_page_goes_on_behind_the_last(cast, monkeypatch):
    monkeypatch.setattr("bihuan.web.approvals.several.SHOWN", 2)
    slots = [ask(cast, f"活动{number}") for number in range(3)]
    client = client_of(cast, "head")
    page = text_of(client.get("/sign/"))
    assert page.count('name="chosen"') == 2
    rest = text_of(client.get(re.search(r'href="(/sign/\?after=\d+)"', page).group(1)))
    assert re.findall(r'name="chosen" value="(\d+)"', rest) == [str(slots[2].pk)]
