"""Forms and signatures through the API, with the same findings as the pages."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from bihuan.approvals.models import Signoff, Slot
from bihuan.commitments.models import Commitment
from bihuan.records.models import Record, Version
from tests import forms_samples as samples
from tests.api.conftest import codes
from tests.campaign import HEADS
from tests.witness import everything, facts_since, last_entry


@pytest.fixture
def caller(program):
    return program("产品经理")


@pytest.fixture
def draft(campaign, caller):
    """The receipt of the request's draft."""
    return caller.post(f"/collaborations/{campaign.collaboration.pk}/records", {"form_code": "F01"}).json()


def request_of(campaign, **changes):
    return {**samples.request(campaign.cast, campaign.start), **changes}


def test_a_form_is_begun_once(campaign, caller, draft):
    assert (draft["kind"], draft["state"], draft["revision"]) == ("record", "DRAFT", 1)
    again = caller.post(f"/collaborations/{campaign.collaboration.pk}/records", {"form_code": "F01"})
    assert again.json()["id"] == draft["id"]
    assert [fact["form_code"] for fact in facts_since(0, "records.record.started")] == ["F01"]


def test_a_form_of_another_step_is_refused(campaign, caller, refuses):
    path = f"/collaborations/{campaign.collaboration.pk}/records"
    refuses(409, caller.post, path, {"form_code": "F16"})
    refuses(409, caller.post, path, {"form_code": "F99"})
    assert not Record.objects.exists()


def test_a_draft_is_saved_checked_and_submitted(campaign, caller, draft):
    path, body = f"/records/{draft['id']}", request_of(campaign)
    saved = caller.put(f"{path}/draft", {"body": body, "seen_revision": 1}).json()
    assert (saved["state"], saved["revision"]) == ("DRAFT", 2)
    found = caller.get(path).json()
    assert (found["draft"]["title"], found["may_edit"], found["version"]) == (body["title"], True, None)
    assert [one for one in caller.post(f"{path}/findings").json()["items"] if one["severity"] == "ERROR"] == []

    submitted = caller.post(f"{path}/submit", {"seen_revision": 2}).json()
    version = Version.objects.get()
    assert submitted["state"] == Record.objects.get().status
    (fact,) = facts_since(0, "records.record.submitted")
    assert (fact["digest"], fact["number"]) == (version.digest, "XZ-2026-0001-F01-01")
    (listed,) = caller.get(f"{path}/versions").json()["items"]
    assert (listed["version"], listed["digest"]) == (1, version.digest)
    detail = caller.get(f"{path}/versions/1").json()
    assert detail["body"] == version.data
    assert {one["state"] for one in detail["signatures"]} == {"PENDING"}
    assert caller.get(path).json()["draft"] is None


def test_the_paper_has_the_words_of_the_form_in_the_language_asked_for(campaign, program):
    campaign.request()
    record, caller = Record.objects.get(form_code="F01"), program("市场部负责人")
    chinese = caller.get(f"/records/{record.pk}/versions/1/paper", language="zh").json()
    english = caller.get(f"/records/{record.pk}/versions/1/paper", language="en").json()
    assert (chinese["title"], english["title"]) == ("跨部门协作需求申请表", "Collaboration request")
    values = {line["key"]: line["value"] for section in chinese["sections"] for line in section["lines"]}
    assert values == record.current_version.data


def test_a_check_keeps_nothing(campaign, caller, draft):
    before = everything()
    response = caller.post(f"/records/{draft['id']}/findings", {"body": request_of(campaign, metrics=[])})
    assert "collaborations.goal_without_metric" in {one["code"] for one in response.json()["items"]}
    after = everything()
    assert {name: rows for name, rows in after.items() if rows != before[name] and "Token" not in name} == {}


@pytest.mark.parametrize("changes", [{"metrics": []}, {"title": ""}, {"project_lead": ""}], ids=str)
def test_a_refused_submit_says_the_same_on_the_page_and_to_a_program(
    campaign, company, caller, draft, refuses, changes
):
    path = f"/records/{draft['id']}"
    caller.put(f"{path}/draft", {"body": request_of(campaign, **changes), "seen_revision": 1})
    told = refuses(422, caller.post, f"{path}/submit", {"seen_revision": 2}).json()["findings"]
    assert [one for one in told if one["severity"] == "ERROR"] != []
    assert caller.post(f"{path}/findings").json()["items"] == told

    browser = Client(headers={"accept-language": "en"})
    browser.force_login(company["产品经理"])
    page = browser.post(f"/records/{draft['id']}/submit", {"revision": "2"})
    assert page.status_code == 422
    for one in told:
        assert str(escape(one["what"])) in page.content.decode() or one["what"] in page.content.decode()
    assert not Version.objects.exists()


def test_unknown_computed_and_misshapen_fields_of_a_form_are_refused(campaign, caller, draft, refuses):
    path = f"/records/{draft['id']}/draft"
    body = {"status": "APPROVED", "title": {"a": 1}, "metrics": "x"}
    response = refuses(422, caller.put, path, {"body": body, "seen_revision": 1})
    assert set(codes(response)) == {
        ("records.unknown_field", "status"), ("records.not_a_value", "title"), ("records.not_rows", "metrics"),
    }  # fmt: skip
    assert Record.objects.get().revision == 1


def test_a_stale_save_is_409_and_keeps_the_first(campaign, caller, draft, refuses):
    path = f"/records/{draft['id']}/draft"
    caller.put(path, {"body": {"title": "第一稿"}, "seen_revision": 1})
    response = refuses(409, caller.put, path, {"body": {"title": "第二稿"}, "seen_revision": 1})
    assert response.json()["code"] == "records.draft_changed"
    assert Record.objects.get().draft["title"] == "第一稿"


def test_a_draft_is_thrown_away(caller, draft):
    assert caller.post(f"/records/{draft['id']}/discard", {"seen_revision": 1}).json()["state"] == "DISCARDED"
    assert not Record.objects.exists()
    assert len(facts_since(0, "records.record.discarded")) == 1


def test_nobody_but_its_filler_meets_a_draft(draft, program, refuses):
    for office in ("财务专员", "市场部负责人", "管理员"):
        stranger, path = program(office), f"/records/{draft['id']}"
        assert stranger.get(path).content == stranger.get("/records/999999").content
        refuses(404, stranger.put, f"{path}/draft", {"body": {}, "seen_revision": 1})
        refuses(404, stranger.post, f"{path}/submit", {"seen_revision": 1})
        refuses(404, stranger.post, f"{path}/findings")
        refuses(404, stranger.post, f"{path}/discard", {"seen_revision": 1})
        assert [stranger.get(f"{path}{tail}").status_code for tail in ("/versions", "/versions/1", "/signoffs")] == [
            404
        ] * 3


def test_who_reads_a_record_may_not_change_it(campaign, program, refuses):
    campaign.request()
    record = Record.objects.get(form_code="F01")
    reader = program("市场部负责人")
    assert reader.get(f"/records/{record.pk}").json()["may_edit"] is False
    refuses(403, reader.put, f"/records/{record.pk}/draft", {"body": {}, "seen_revision": record.revision})
    refuses(403, reader.post, f"/records/{record.pk}/findings")


def test_a_submitted_form_is_opened_again(campaign, caller):
    campaign.request()
    path = f"/collaborations/{campaign.collaboration.pk}/revise"
    assert caller.post(path, {"form_code": "F01", "reason": "目标有变"}).json()["state"] == "RETURNED"
    assert facts_since(0, "records.record.returned")[0]["reason"] == "目标有变"


# Signing ----------------------------------------------------------------------------------------------------------


def asked(campaign, caller):
    record = Record.objects.get(form_code="F01")
    (found,) = caller.get(f"/records/{record.pk}/signoffs").json()["items"]
    return found


def test_a_head_signs_what_he_read(campaign, program):
    campaign.request()
    head = program("市场部负责人")
    (slot,) = [slot for slot in asked(campaign, head)["slots"] if slot["may_decide"]]
    before = last_entry()
    body = {"decision": "APPROVE_WITH_CONDITION", "opinion": "同意", "conditions": ["渠道优先级须先确定"],
            "seen_digest": slot["digest"]}  # fmt: skip
    receipt = head.post(f"/slots/{slot['id']}/decide", body).json()
    assert (receipt["state"], receipt["href"]) == (
        "APPROVED_WITH_CONDITION",
        f"/api/v1/signoffs/{Signoff.objects.get().pk}",
    )
    signed = Slot.objects.get(pk=slot["id"])
    assert (signed.decided_by_name, signed.opinion) == ("王敏", "同意")
    assert Commitment.objects.get().text == "渠道优先级须先确定"
    (fact,) = facts_since(before, "approvals.slot.decided")
    assert (fact["decision"], fact["digest"]) == ("APPROVE_WITH_CONDITION", slot["digest"])


def test_signing_is_refused_for_everybody_else_and_for_other_words(campaign, program, refuses):
    campaign.request()
    slot = Slot.objects.get(principal=campaign.company.head("市场部"))
    path, body = f"/slots/{slot.pk}/decide", {"decision": "APPROVE", "seen_digest": slot.digest}
    assert refuses(403, program("产品经理").post, path, body).json()["code"] == "approvals.author_signs"
    assert refuses(403, program("技术部负责人").post, path, body).json()["code"] == "approvals.not_the_signatory"
    refuses(404, program("财务专员").post, path, body)
    refuses(409, program("市场部负责人").post, path, {**body, "seen_digest": "0" * 64})
    refuses(422, program("市场部负责人").post, path, {**body, "decision": "REFUSE"})
    refuses(422, program("市场部负责人").post, path, {**body, "decision": "MAYBE"})
    refuses(403, program("市场部负责人", "read", "write").post, path, body)
    slot.refresh_from_db()
    assert slot.state == "PENDING"


def test_a_batch_answers_for_each_of_its_papers(campaign, program, refuses):
    campaign.request()
    mine, other = (Slot.objects.get(principal=campaign.company.head(name)) for name in ("市场部", "技术部"))
    said = [{"slot_id": pk, "decision": "APPROVE", "seen_digest": mine.digest} for pk in (other.pk, 10**9, mine.pk)]
    head, before = program("市场部负责人"), last_entry()
    answers = head.post("/decisions", {"decisions": said}, key="batch-of-three").json()["answers"]
    assert [(one["slot_id"], one["state"], one["problem"] and one["problem"]["code"]) for one in answers] == [
        (other.pk, None, "approvals.not_the_signatory"), (10**9, None, "kernel.not_found"), (mine.pk, "APPROVED", None),
    ]  # fmt: skip
    assert answers[0]["problem"]["findings"][0]["mend"]
    (fact,) = facts_since(before, "approvals.slot.decided")
    assert fact["slot_id"] == mine.pk
    again = head.post("/decisions", {"decisions": said}, key="batch-of-three")
    assert (again.json()["answers"], again["Idempotency-Replayed"]) == (answers, "true")
    for wrong in ([], said[:1] * 101, [said[0], said[0]]):
        refuses(422, head.post, "/decisions", {"decisions": wrong})
    refuses(403, program("市场部负责人", "read", "write").post, "/decisions", {"decisions": said})
    other.refresh_from_db()
    assert other.state == "PENDING"


def test_a_batch_sends_back_too_and_says_so(campaign, program, refuses):
    campaign.request()
    mine = Slot.objects.get(principal=campaign.company.head("市场部"))
    said = {"slot_id": mine.pk, "seen_digest": mine.digest, "to_step": 0, "reason": "目标待核"}
    head, before = program("市场部负责人"), last_entry()
    unfounded = head.post("/decisions", {"returns": [{**said, "reason": ""}]}).json()["answers"]
    assert [(one["returned"], one["problem"]["code"]) for one in unfounded] == [(False, "kernel.refused")]
    refuses(422, head.post, "/decisions", {"returns": [said, said]})
    assert last_entry() == before
    answers = head.post("/decisions", {"returns": [said]}).json()["answers"]
    assert answers == [{"slot_id": mine.pk, "state": "VOID", "returned": True, "problem": None}]
    (fact,) = facts_since(before, "approvals.signoff.returned")
    assert (fact["to_step"], fact["reason"]) == (0, "目标待核")


@pytest.fixture
def consenting(campaign):
    campaign.carry_to("ALIGN")
    campaign.talk_it_over()
    campaign.submit("F03", samples.consensus(campaign.cast, campaign.start))
    return campaign


def test_lines_are_decided_all_or_none(consenting, program, refuses):
    head, signoff = program(HEADS["市场部"]), consenting.signoff("F03", "CONSENSUS")
    found = head.get(f"/signoffs/{signoff.pk}").json()
    mine = [slot["id"] for slot in found["slots"] if slot["may_decide"]]
    others = [slot["id"] for slot in found["slots"] if not slot["may_decide"]]
    assert mine
    assert others
    path = f"/signoffs/{signoff.pk}/decide"

    def said(ids):
        decisions = [{"slot_id": pk, "decision": "APPROVE"} for pk in ids]
        return {"decisions": decisions, "seen_digest": found["digest"]}

    foreign = Slot.objects.exclude(signoff=signoff).first()
    refuses(404, head.post, path, said([*mine, foreign.pk]))
    refuses(403, head.post, path, said([*mine, others[0]]))
    assert codes(refuses(422, head.post, path, said([]))) == [("approvals.nothing_decided", "decisions")]
    head.post(path, said(mine))
    assert set(Slot.objects.filter(pk__in=mine).values_list("state", flat=True)) == {"APPROVED"}
    assert len(facts_since(0, "approvals.parts.decided")) == 1
    assert program("财务专员").get(f"/signoffs/{signoff.pk}").status_code == 404


def test_a_longer_list_of_records_costs_no_more_queries(campaign, caller, django_assert_num_queries):
    campaign.request()
    path = f"/collaborations/{campaign.collaboration.pk}/records"
    with CaptureQueriesContext(connection) as one:
        assert len(caller.get(path).json()["items"]) == 1
    campaign.agree_to_request()
    campaign.talk_it_over()
    campaign.reach_consensus()
    with django_assert_num_queries(len(one)):
        assert len(caller.get(path).json()["items"]) == 2
    assert len(one) <= 8
