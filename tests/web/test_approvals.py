"""The sign page: what a head sees and sends."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bihuan.access import operations as access
from bihuan.access.enums import Level, Role
from bihuan.approvals import operations
from bihuan.approvals.models import Signoff, Slot
from bihuan.approvals.operations import SlotSpec
from bihuan.collaborations import operations as collaborations
from bihuan.collaborations.forms.consensus import CONSENSUS
from bihuan.collaborations.forms.request import REQUEST
from bihuan.commitments.models import Commitment
from bihuan.kernel.now import now
from bihuan.kernel.subjects import SubjectRef
from bihuan.ledger.models import Entry
from bihuan.organisation.models import Post
from bihuan.outbox.models import Delivery
from bihuan.records.models import Record, Version
from bihuan.records.policy import freeze
from tests.approvals.cast import AT, ROOT, Cast, make_cast

NASTY = "<script>alert(1)</script> =HYPERLINK(1) \u202eabc 😀"
F01 = {
    "title": "用户增长活动", "goal_text": "三个月内把新增用户做到十万", "expected_finish": "2027-02-28",
    "metrics": [{
        "id": "m1", "name": "新增用户", "direction": "AT_LEAST", "target": "100000", "unit": "COUNT", "unit_text": "人",
        "deadline": "2027-02-28",
    }],
    "milestones": [
        {"id": "a", "name": "上线", "date": "2026-12-01"}, {"id": "b", "name": "复盘", "date": "2027-02-20"},
    ],
    "resources": [
        {"id": "r1", "type": "BUDGET", "spec": "投放", "amount": "50000.00"},
        {"id": "r2", "type": "PEOPLE", "spec": "推广经理", "qty": "2", "unit": "人"},
    ],
}  # fmt: skip


@pytest.fixture
def cast(db) -> Cast:
    return make_cast()


def client_of(cast: Cast, part: str) -> Client:
    client = Client()
    client.force_login(getattr(cast, part))
    return client


def make_version(cast: Cast, form, body: dict, *, root=ROOT, scope_id=None) -> Version:
    number = f"XZ-2026-{Record.objects.count() + 1:04}"
    record = Record.objects.create(
        form_code=form.code, number=number, status="SUBMITTED", root_kind=root.kind, root_id=root.id,
        scope_id=scope_id or cast.scope_id, filler=cast.author, started_at=AT, saved_at=AT, saved_by=cast.author,
    )  # fmt: skip
    frozen = freeze(form, {field.key: body.get(field.key) for field in form.fields()})
    version = Version.objects.create(
        record=record, version=1, body=frozen.body, digest=frozen.digest, parts=frozen.parts, submitted_at=AT,
        submitted_by=cast.author,
    )  # fmt: skip
    Record.objects.filter(pk=record.pk).update(current_version=version)
    return version


def open_on(cast: Cast, version: Version, *slots: SlotSpec, route="OPINIONS") -> Signoff:
    return operations.open_signoff(
        route, subject=SubjectRef("record", version.record_id), root=ROOT, scope_id=cast.scope_id,
        digest=version.digest, author_id=cast.author.pk, slots=slots, actor=cast.actor("author"), at=AT,
    )  # fmt: skip


def spec_of(cast: Cast, version: Version, **changes) -> SlotSpec:
    defaults = {"key": str(cast.market.pk), "principal": cast.head_key, "label": "市场部", "digest": version.digest}
    return SlotSpec(**{**defaults, **changes})


@pytest.fixture
def slot(cast) -> Slot:
    department = {"id": cast.market.pk, "name": "市场部"}
    resources = [{**row, "dept": department} for row in F01["resources"]]
    version = make_version(cast, REQUEST, {**F01, "resources": resources})
    other = spec_of(cast, version, key=str(cast.technology.pk), principal=cast.other_key, label="技术部")
    return open_on(cast, version, spec_of(cast, version), other).slots.get(principal=cast.head_key)


@pytest.fixture
def lines(cast) -> Signoff:
    department = {"id": cast.market.pk, "name": "市场部"}
    body = {"criteria": [
        {"id": "c1", "item": "落地页", "metric_or_check": "验收用例", "owner_dept": department, "due": "2026-12-10"},
        {"id": "c2", "item": "投放计划", "metric_or_check": "≥ 95%", "owner_dept": department, "due": "2026-12-20"},
    ]}  # fmt: skip
    version = make_version(cast, CONSENSUS, body)
    parts = [part for part in sorted(version.parts) if part.startswith("criteria/")]
    return open_on(
        cast, version, *(spec_of(cast, version, part=part, digest=version.parts[part]) for part in parts),
        route="CONSENSUS",
    )  # fmt: skip


def text_of(response) -> str:
    return response.content.decode()


def hidden(response, name: str) -> str:
    return re.search(rf'name="{name}" value="([^"]*)"', text_of(response)).group(1)


def fields_of(client: Client, slot: Slot) -> dict[str, str]:
    page = client.get(f"/sign/{slot.pk}/")
    return {name: hidden(page, name) for name in ("seen_digest", "request_key")}


def everything():
    return (
        list(Signoff.objects.order_by("pk").values()), list(Slot.objects.order_by("pk").values()),
        Entry.objects.count(), Delivery.objects.count(),
    )  # fmt: skip


@pytest.fixture
def refused():
    """Sends what must be refused with this status, and checks that nothing was written."""

    def send(status, client, address, data=None, **headers):
        before = everything()
        response = client.post(address, data or {}, **headers)
        assert response.status_code == status, text_of(response)[:500]
        assert everything() == before
        return response

    return send


def test_the_page_shows_the_ground_before_the_full_text(cast, slot):
    page = text_of(client_of(cast, "head").get(f"/sign/{slot.pk}/"))
    ground = page[: page.index("</dl>")]
    assert "三个月内把新增用户做到十万" in ground
    assert "新增用户 ≥ 100,000" in ground
    assert "¥50,000.00" in ground
    assert "推广经理 · 2 · 人" in ground
    assert "周明" in ground
    assert page.index('name="decision" value="APPROVE"') > page.index("</dl>")
    assert page.count('value="APPROVE"') == 1


def test_reading_never_changes_anything(cast, slot):
    client, before = client_of(cast, "head"), everything()
    for address in (f"/sign/{slot.pk}/", f"/sign/{slot.pk}/decision"):
        for query in ("", "?decision=APPROVE"):
            assert client.get(address + query).status_code == 200
            assert client.head(address + query).status_code in (200, 405)
    for address in ("decide", "decide-lines"):
        assert client.get(f"/sign/{slot.pk}/{address}?decision=APPROVE").status_code == 405
    assert everything() == before


def test_one_tap_agrees_and_the_page_then_shows_it(cast, slot):
    client = client_of(cast, "head")
    response = client.post(f"/sign/{slot.pk}/decide", {**fields_of(client, slot), "decision": "APPROVE"})
    assert (response.status_code, response["Location"]) == (302, f"/sign/{slot.pk}/")
    slot.refresh_from_db()
    assert (slot.state, slot.decided_by_id) == ("APPROVED", cast.head.pk)
    page = text_of(client.get(f"/sign/{slot.pk}/"))
    assert 'name="decision"' not in page
    assert "王敏" in page


def test_on_the_desk_the_answer_is_the_rows_new_state(cast, slot):
    client = client_of(cast, "head")
    headers = {"HX-Request": "true"}
    row = client.get(f"/sign/{slot.pk}/decision", headers=headers)
    assert "<html" not in text_of(row)
    assert f'hx-post="/sign/{slot.pk}/decide"' in text_of(row)
    data = {"decision": "APPROVE", **{name: hidden(row, name) for name in ("seen_digest", "request_key")}}
    response = client.post(f"/sign/{slot.pk}/decide", data, headers=headers)
    assert response.status_code == 200
    assert f'id="slot-{slot.pk}"' in text_of(response)
    assert 'name="decision"' not in text_of(response)
    assert Slot.objects.get(pk=slot.pk).state == "APPROVED"


def test_conditions_are_sent_as_rows_and_blank_rows_do_not_count(cast, slot):
    client = client_of(cast, "head")
    data = {**fields_of(client, slot), "decision": "APPROVE_WITH_CONDITION", "condition": ["先定渠道", " ", "每周同步"]}
    assert client.post(f"/sign/{slot.pk}/decide", data).status_code == 302
    slot.refresh_from_db()
    assert [condition["text"] for condition in slot.conditions] == ["先定渠道", "每周同步"]


def test_a_refusal_without_reason_is_answered_in_place_and_keeps_the_rest(cast, slot, refused):
    client = client_of(cast, "head")
    sent = {**fields_of(client, slot), "decision": "REFUSE", "condition": [NASTY]}
    page = text_of(refused(422, client, f"/sign/{slot.pk}/decide", sent))
    assert 'id="f-opinion"' in page
    assert "has-error" in page
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert(1)" not in page
    assert f'name="request_key" value="{sent["request_key"]}"' in page


@pytest.mark.parametrize("decision", ["", "MAYBE", "approved"])
def test_no_or_an_unknown_decision_is_refused(cast, slot, refused, decision):
    client = client_of(cast, "head")
    refused(422, client, f"/sign/{slot.pk}/decide", {**fields_of(client, slot), "decision": decision})


def test_agreeing_on_condition_without_one_is_refused(cast, slot, refused):
    client = client_of(cast, "head")
    refused(422, client, f"/sign/{slot.pk}/decide", {**fields_of(client, slot), "decision": "APPROVE_WITH_CONDITION"})


def test_a_stale_page_is_told_and_what_was_typed_is_kept(cast, slot, refused):
    client = client_of(cast, "head")
    fields = fields_of(client, slot)
    client.post(f"/sign/{slot.pk}/decide", {**fields, "decision": "APPROVE"})
    late = {**fields, "request_key": "another", "decision": "REFUSE", "opinion": "写了很久的理由"}
    page = text_of(refused(409, client, f"/sign/{slot.pk}/decide", late))
    assert "写了很久的理由" in page


def test_another_digest_than_the_slots_is_stale_and_the_form_comes_back_filled(cast, slot, refused):
    client = client_of(cast, "head")
    data = {"seen_digest": "b" * 64, "request_key": "k", "decision": "RESERVE", "opinion": "保留"}
    page = text_of(refused(409, client, f"/sign/{slot.pk}/decide", data))
    assert ">保留</textarea>" in page
    assert f'name="seen_digest" value="{slot.digest}"' in page


def test_the_same_post_sent_again_answers_the_same_and_writes_nothing(cast, slot, refused):
    client = client_of(cast, "head")
    data = {**fields_of(client, slot), "decision": "APPROVE"}
    client.post(f"/sign/{slot.pk}/decide", data)
    refused(302, client, f"/sign/{slot.pk}/decide", data)


def test_a_withdrawn_sign_off_takes_no_decision(cast, slot, refused):
    client = client_of(cast, "head")
    data = {**fields_of(client, slot), "decision": "APPROVE"}
    operations.void(slot.signoff, reason="撤回", actor=cast.actor("author"), at=AT)
    refused(409, client, f"/sign/{slot.pk}/decide", data)


@pytest.mark.parametrize("part", ["author", "other_head"])
def test_who_reads_it_but_is_not_asked_gets_no_button_and_403(cast, slot, refused, part):
    client = client_of(cast, part)
    assert 'name="decision"' not in text_of(client.get(f"/sign/{slot.pk}/"))
    data = {"seen_digest": slot.digest, "request_key": "k", "decision": "APPROVE"}
    refused(403, client, f"/sign/{slot.pk}/decide", data)


def test_who_lost_the_office_between_page_and_tap_gets_403(cast, slot, refused):
    client = client_of(cast, "head")
    data = {**fields_of(client, slot), "decision": "APPROVE"}
    Post.objects.filter(person=cast.head).update(ends_on=now().date())
    assert client.get(f"/sign/{slot.pk}/").status_code == 404  # the reading right went with the post
    refused(404, client, f"/sign/{slot.pk}/decide", data)


def test_for_a_stranger_a_slot_is_the_same_404_as_a_free_number(cast, slot, refused):
    client = client_of(cast, "stranger")
    data = {"seen_digest": slot.digest, "decision": "APPROVE"}
    for address in ("", "decision"):
        mine, free = client.get(f"/sign/{slot.pk}/{address}"), client.get(f"/sign/{10**9}/{address}")
        assert (mine.status_code, mine.content) == (404, free.content)
    for address in ("decide", "decide-lines"):
        mine = refused(404, client, f"/sign/{slot.pk}/{address}", data)
        free = refused(404, client, f"/sign/{10**9}/{address}", data)
        assert mine.content == free.content


def test_nobody_signs_without_a_csrf_token(cast, slot, refused):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.head)
    refused(403, client, f"/sign/{slot.pk}/decide", {"seen_digest": slot.digest, "decision": "APPROVE"})


# Line by line


def test_all_lines_of_the_party_stand_on_one_page_with_one_button_for_all(cast, lines):
    first = lines.slots.order_by("pk")[0]
    page = text_of(client_of(cast, "head").get(f"/sign/{first.pk}/"))
    assert "落地页" in page
    assert "投放计划" in page
    assert page.count('name="agree_all"') == 1
    assert page.count('name="slot"') == 2


def test_one_tap_agrees_to_all_lines_in_one_fact(cast, lines):
    client, slots = client_of(cast, "head"), list(lines.slots.order_by("pk"))
    data = {**fields_of(client, slots[0]), "slot": [slot.pk for slot in slots], "agree_all": "1"}
    before = Entry.objects.count()
    assert client.post(f"/sign/{slots[0].pk}/decide-lines", data).status_code == 302
    assert set(lines.slots.values_list("state", flat=True)) == {"APPROVED"}
    assert Entry.objects.count() == before + 1


def test_who_agrees_to_all_and_decides_a_line_otherwise_is_asked_which_it_is(cast, lines, refused):
    client, (first, second) = client_of(cast, "head"), lines.slots.order_by("pk")
    data = {
        **fields_of(client, first), "slot": [first.pk, second.pk], f"decision-{second.pk}": "REFUSE",
        f"opinion-{second.pk}": "口径不清", "agree_all": "1",
    }  # fmt: skip
    page = text_of(refused(422, client, f"/sign/{first.pk}/decide-lines", data))
    assert "您点了全部同意，但这一条选择了其他决定。" in page
    assert f'name="decision-{second.pk}" value="REFUSE" checked' in page
    assert f'name="decision-{first.pk}" value="APPROVE" checked' in page
    assert "口径不清" in page
    assert page.count("has-error") == 1


def test_one_line_is_refused_with_a_reason_and_the_other_agreed(cast, lines):
    client, (first, second) = client_of(cast, "head"), lines.slots.order_by("pk")
    data = {
        **fields_of(client, first), "slot": [first.pk, second.pk], f"decision-{first.pk}": "APPROVE",
        f"decision-{second.pk}": "REFUSE", f"opinion-{second.pk}": "口径不清",
    }  # fmt: skip
    assert client.post(f"/sign/{first.pk}/decide-lines", data).status_code == 302
    states = list(lines.slots.order_by("pk").values_list("state", "opinion"))
    assert states == [("APPROVED", ""), ("REFUSED", "口径不清")]


def test_a_refused_line_without_reason_is_marked_and_all_choices_are_kept(cast, lines, refused):
    client, (first, second) = client_of(cast, "head"), lines.slots.order_by("pk")
    data = {
        **fields_of(client, first), "slot": [first.pk, second.pk], f"decision-{first.pk}": "APPROVE",
        f"decision-{second.pk}": "REFUSE",
    }  # fmt: skip
    page = text_of(refused(422, client, f"/sign/{first.pk}/decide-lines", data))
    assert f'name="decision-{first.pk}" value="APPROVE" checked' in page
    assert f'name="decision-{second.pk}" value="REFUSE" checked' in page
    assert page.count("has-error") == 1


def test_sending_no_choice_or_a_foreign_line_is_refused(cast, lines, slot, refused):
    client, (first, second) = client_of(cast, "head"), lines.slots.order_by("pk")
    fields = fields_of(client, first)
    refused(422, client, f"/sign/{first.pk}/decide-lines", {**fields, "slot": [first.pk, second.pk]})
    foreign = {**fields, "slot": [first.pk, slot.pk], "agree_all": "1"}
    refused(404, client, f"/sign/{first.pk}/decide-lines", foreign)


def test_lines_withdrawn_meanwhile_are_told_and_the_reasons_kept(cast, lines, refused):
    client, (first, second) = client_of(cast, "head"), lines.slots.order_by("pk")
    data = {
        **fields_of(client, first), "slot": [first.pk, second.pk], f"decision-{second.pk}": "REFUSE",
        f"opinion-{second.pk}": "写了很久的理由",
    }  # fmt: skip
    operations.void(lines, reason="撤回", actor=cast.actor("author"), at=AT)
    assert "写了很久的理由" in text_of(refused(409, client, f"/sign/{first.pk}/decide-lines", data))


# The executive's questions


@pytest.fixture
def plan_slot(cast) -> Slot:
    version = make_version(cast, REQUEST, F01)
    tests = ("goal_ok", "resources_ok", "risks_ok")
    return open_on(cast, version, spec_of(cast, version, key="executive", tests=tests)).slots.get()


def test_every_question_is_answered_and_a_no_cannot_approve(cast, plan_slot, refused):
    client = client_of(cast, "head")
    data = {**fields_of(client, plan_slot), "decision": "APPROVE", "test-goal_ok": "yes", "test-risks_ok": "yes"}
    page = text_of(refused(422, client, f"/sign/{plan_slot.pk}/decide", data))
    assert page.count("has-error") == 1
    assert 'name="test-goal_ok" value="yes" checked' in page
    assert "<details open" not in page, "an opinion is not what is missing"
    refused(422, client, f"/sign/{plan_slot.pk}/decide", {**data, "test-resources_ok": "no"})
    assert client.post(f"/sign/{plan_slot.pk}/decide", {**data, "test-resources_ok": "yes"}).status_code == 302
    assert Slot.objects.get(pk=plan_slot.pk).test_answers == {"goal_ok": True, "resources_ok": True, "risks_ok": True}


def test_the_page_takes_the_same_number_of_queries_for_one_and_three_lines(cast):
    version = make_version(cast, CONSENSUS, {})
    counts = []
    for number in (1, 3):
        specs = [spec_of(cast, version, part=f"criteria/{n}", digest=str(n) * 64) for n in range(number)]
        slot = open_on(cast, version, *specs, route=f"CONSENSUS{number}").slots.order_by("pk")[0]
        client = client_of(cast, "head")
        client.get(f"/sign/{slot.pk}/")
        with CaptureQueriesContext(connection) as queried:
            client.get(f"/sign/{slot.pk}/")
        counts.append(len(queried))
    assert counts[0] == counts[1]


# Inside a real matter


@pytest.fixture
def in_matter(cast) -> Slot:
    """The F01 of a started SEED_B matter, asking the market department alone for its opinion."""
    collaborations.publish_shipped_playbooks(at=AT)
    product = cast.author.posts.get().department
    matter = collaborations.start_collaboration(
        title="用户增长活动", department_id=product.pk, playbook="SEED_B", actor=cast.actor("author"), at=AT
    )
    access.admit(matter.scope_id, cast.head_key, role=Role.HEAD, level=Level.READ, via="party", at=AT)
    root = SubjectRef("collaboration", matter.pk)
    version = make_version(cast, REQUEST, F01, root=root, scope_id=matter.scope_id)
    signoff = operations.open_signoff(
        "OPINIONS", subject=version.record.subject, root=root, scope_id=matter.scope_id, digest=version.digest,
        author_id=cast.author.pk, slots=[spec_of(cast, version)], actor=cast.actor("author"), at=AT,
    )  # fmt: skip
    return signoff.slots.get()


def test_the_page_names_the_matter_and_the_step_that_follows(cast, in_matter):
    page = text_of(client_of(cast, "head").get(f"/sign/{in_matter.pk}/"))
    assert "用户增长活动" in page
    assert "您是最后一位。同意后进入" in page


def test_a_request_beside_the_way_leads_to_no_step(campaign, client_for):
    """What would follow the step goes on only if the work is not ended."""
    campaign.carry_to("EXECUTE")
    campaign.submit("F28", {"reason": "公司战略调整，不再投入", "reached": "完成需求调研"})
    slot = Slot.objects.get(state="PENDING", signoff__subject_id=Record.objects.get(form_code="F28").pk)
    page = text_of(client_for(campaign.company["分管副总"]).get(f"/sign/{slot.pk}/"))
    assert ("您是最后一位。" in page, "同意后进入" in page) == (True, False)


def test_a_condition_given_on_the_page_becomes_a_commitment_that_its_giver_verifies(cast, in_matter):
    client = client_of(cast, "head")
    data = {**fields_of(client, in_matter), "decision": "APPROVE_WITH_CONDITION", "condition": ["先定渠道"]}
    assert client.post(f"/sign/{in_matter.pk}/decide", data).status_code == 302
    commitment = Commitment.objects.get()
    assert (commitment.text, commitment.state, commitment.verifier) == ("先定渠道", "OPEN", cast.head_key)
    assert client.get(f"/commitments/{commitment.pk}/").status_code == 200
