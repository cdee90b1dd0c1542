"""Calls of matters, forms, signatures, playbooks and routes."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from bihuan.access import operations as access
from bihuan.approvals import operations as approvals
from bihuan.approvals.enums import Decision
from bihuan.collaborations import operations as collaborations
from bihuan.collaborations.models import Acknowledgement, Collaboration, Petition, PlaybookVersion, Problem, StepRun
from bihuan.collaborations.operations.members import sync_members
from bihuan.collaborations.queries import current_run
from bihuan.organisation.models import Department
from bihuan.records import policy, registry
from bihuan.web.collaborations.sections import SECTIONS
from tests.matrix.call import DAY, Call, Words, seen
from tests.matrix.calls.people import adopted
from tests.matrix.world import TODAY, Side, department_of


def kept_secret(side: Side) -> None:
    matter = side.filing_matter
    Collaboration.objects.filter(pk=matter.pk).update(secrecy="SECRET")
    access.classify(matter.scope_id, "SECRET")
    sync_members(Collaboration.objects.get(pk=matter.pk), at=TODAY)


def as_problem(side: Side) -> None:
    """The matter becomes a problem of which 技术部 was told."""
    Problem.objects.create(
        collaboration=side.asked_matter, number=f"XC{side.asked_matter.pk}", urgency="ROUTINE", reported_at=TODAY,
        classed_at=TODAY,
    )  # fmt: skip
    Acknowledgement.objects.create(collaboration=side.asked_matter, department=department_of(side), asked_at=TODAY)


def resting(side: Side) -> None:
    matter = side.matters["executing"]
    until = (matter.today + timedelta(days=20)).isoformat()
    matter.submit("F29", {"reason": "等待集团预算批复后再推进", "until": until, "waits_for": "集团预算批复"})
    matter.decide("F29", "SUSPENSION", "分管副总", opinion="同意")


def under_assessment(side: Side) -> None:
    as_problem(side)
    version = PlaybookVersion.objects.filter(playbook__key="SEED_D").latest("version")
    Collaboration.objects.filter(pk=side.asked_matter.pk).update(playbook_version=version)
    StepRun.objects.filter(collaboration=side.asked_matter, left_at=None).update(step="ASSESS")


def asked_to_join(side: Side) -> None:
    Petition.objects.create(
        pk=PETITION, collaboration=side.asked_matter, department_id=pmo_office(), asking="JOIN", reason="支持数据",
        asked_by=side.person("pmo"), asked_at=TODAY,
    )  # fmt: skip


PETITION = 900


def pmo_office() -> int:
    return Department.objects.get(function="PMO").pk


def as_part(side: Side) -> None:
    Collaboration.objects.filter(pk=side.matter.pk).update(parent=side.filing_matter)


def taken_up(side: Side, department: str) -> Words:
    return {"title": "第二期", department: department_of(side, "产品部").pk, "playbook": "SEED_B"}


def end_asked(side: Side) -> None:
    side.matters["executing"].submit("F28", {"reason": "公司战略调整，不再投入", "reached": "完成需求调研"})


def written(thing: str, **words: Any) -> Callable[[Side], Words]:
    """A draft as its page sends it."""

    def body(side: Side) -> Words:
        record = getattr(side, thing)
        names = dict(policy.to_form(registry.form(record.form_code), record.draft))
        return {**names, "typed": "1", "revision": record.revision, **words}

    return body


def as_json(thing: str) -> Callable[[Side], Words]:
    def body(side: Side) -> Words:
        record = getattr(side, thing)
        return {"body": record.draft, "seen_revision": record.revision}

    return body


def decided(thing: str, **words: Any) -> Callable[[Side], Words]:
    return lambda side: {"decision": "APPROVE", "seen_digest": getattr(side, thing).digest, **words}


def agreed_lines(side: Side) -> Words:
    slot = side.line_slot
    mine = slot.signoff.slots.filter(key=slot.key).values_list("pk", flat=True)
    return {"slot": list(mine), "agree_all": "1", "seen_digest": slot.signoff.digest}


def agreed_parts(side: Side) -> Words:
    slot = side.line_slot
    return {"decisions": [{"slot_id": slot.pk, "decision": "APPROVE"}], "seen_digest": slot.signoff.digest}


def wanted_otherwise(side: Side) -> None:
    """技术部 wants a criterion otherwise, where the consensus is still asked about."""
    slot, matter = side.line_slot, side.matters["consenting"]
    if slot.signoff.state == "OPEN":
        mine = slot.signoff.slots.get(key=slot.key, part="criteria/c1")
        approvals.decide(
            mine, decision=Decision.AMEND, amendment={"item": "活动页面与后台可用"}, seen_digest=mine.digest,
            actor=matter.actor("技术部负责人"), at=matter.at,
        )  # fmt: skip


def amended(side: Side) -> Any:
    lines = side.line_slot.signoff.slots.filter(key=side.line_slot.key, part="criteria/c1")
    return lines.first() or side.line_slot


def taken_over(side: Side) -> Words:
    slot = amended(side)
    return {f"answer-{slot.pk}": "take", f"seen-{slot.pk}": slot.amendment.get("digest", "0" * 64)}


def answers(side: Side) -> Words:
    slot = amended(side)
    seen_digest = slot.amendment.get("digest", "0" * 64)
    return {"answers": [{"slot_id": slot.pk, "seen_digest": seen_digest, "take": True}]}


def next_step(side: Side) -> Words:
    run = current_run(side.matter)
    return {"seen_step_run_id": run.pk if run else 1}


def next_lead(side: Side) -> Words:
    return {"lead": side.person("lead_head").pk, "reason": "方可休假"}


def handed_paper() -> SimpleUploadedFile:
    return SimpleUploadedFile("纪要.pdf", b"%PDF-1.7 minutes")


def with_lead_id(words: Callable[[Side], Words]) -> Callable[[Side], Words]:
    """The same for the API, which calls an id an id."""
    return lambda side: {"lead_id" if key == "lead" else key: value for key, value in words(side).items()}


def kept(side: Side) -> None:
    collaborations.save_view(name="我的", asked="", shared_with="", actor=side.actor("initiator"), at=TODAY)


A_PLAYBOOK = """\
key: MATRIX
name: 极简
name_en: Shortest
condition_gate: leave:REQUEST
steps:
- {key: REQUEST, forms: [{code: F01, filler: INITIATOR}]}
- {key: CLOSED}
"""


SEED_B, FIRST_OF_SEED_B = ({"key": "SEED_B"},), ({"key": "SEED_B", "number": 1},)


A_ROUTE = "key: OURS\nname: 试用\nsteps:\n- key: heads\n  name: 负责人\n  slots: [{who: EACH, of: LEAD}]\n"


FIRST_OF_OPINIONS = ({"key": "OPINIONS", "number": 1},)


PAGES: dict[str, Call] = {
    "collaborations:portfolio": Call(),
    "collaborations:count": Call(),
    "collaborations:export": Call(more=({"form": "csv"}, {"form": "xlsx"})),
    "collaborations:save_view": Call(body=lambda s: {"name": "我的事项", "shared_with": ""}),
    "collaborations:remove_view": Call("view", before=kept),
    "collaborations:new": Call(
        body=lambda s: {"title": "新协作", "department": department_of(s, "产品部").pk, "playbook": "SEED_B"}
    ),
    "collaborations:overview": Call("matter", things=(("draft", "begun"), ("filing", "filing_matter"))),
    "collaborations:section": Call(
        "matter", more=tuple({"section": key} for key in SECTIONS if key != "overview"), things=(("draft", "begun"),)
    ),
    "collaborations:start_form": Call(
        "filing_matter", more=({"code": "F26"},), things=(("draft", "begun"), ("filing", "filing_matter"))
    ),
    "collaborations:revise_form": Call("asked_matter", lambda s: {"reason": "目标有误"}, more=({"code": "F01"},)),
    "collaborations:advance": Call("matter", next_step),
    "collaborations:withdraw": Call("asked_matter", lambda s: {"reason": "不再需要"}, things=(("draft", "begun"),)),
    "collaborations:change_lead": Call("matter", next_lead, things=(("draft", "begun"),)),
    "collaborations:follow_up": Call("ended", lambda s: taken_up(s, "department")),
    "collaborations:say_who_leads": Call(
        "asked_matter",
        lambda s: {"department": department_of(s).pk, "wants": "yes", "reason": "接口归我们"},
        before=under_assessment,
    ),
    "collaborations:decide_lead": Call(
        "asked_matter", lambda s: {"department": department_of(s).pk, "reason": "接口归技术部"}, before=under_assessment
    ),
    "collaborations:ask_to_join": Call("asked_matter", lambda s: {"department": pmo_office(), "reason": "支持数据"}),
    "collaborations:answer_join": Call(
        "asked_matter",
        lambda s: {"answer": "grant", "expected": "提供数据"},
        more=({"petition": PETITION},),
        before=asked_to_join,
    ),
    "collaborations:set_parent": Call("matter", lambda s: {"parent": s.filing_matter.pk}),
    "collaborations:unset_parent": Call("matter", before=as_part),
    "collaborations:resume": Call("matter", lambda s: {"note": "预算已批复"}, before=resting),
    "collaborations:withdraw_proposal": Call(
        "matter", lambda s: {"reason": "继续推进"}, more=({"code": "F28"},), before=end_asked
    ),
    "collaborations:name_filer": Call("filing_matter", lambda s: {"filer": s.person("filer").pk}, before=kept_secret),
    "collaborations:reclassify": Call(
        "asked_matter", lambda s: {"urgency": "URGENT", "reason": "投诉激增"}, before=as_problem
    ),
    "collaborations:acknowledge": Call(
        "asked_matter", lambda s: {"department": department_of(s).pk}, before=as_problem
    ),
    "collaborations:merge": Call("asked_matter", lambda s: {"into": s.asked_matter.pk, "reason": "同一故障"}),
    "collaborations:keep_apart": Call("asked_matter", lambda s: {"other": s.asked_matter.pk, "reason": "原因不同"}),
    "collaborations:adopt": Call("imported", adopted),
    "collaborations:start_risk": Call("matter"),
    "collaborations:measure": Call("metric", lambda s: {"value": "120", "day": DAY, "evidence": "日报"}),
    "collaborations:reach": Call("milestone", lambda s: {"day": DAY, "evidence": "验收单"}),
    "collaborations:urge": Call("loop"),
    "approvals:several": Call(),
    "approvals:answer_several": Call(
        body=lambda s: {"act": "APPROVE", "chosen": [s.slot.pk], f"digest-{s.slot.pk}": s.slot.digest}
    ),
    "approvals:sign": Call("slot"),
    "approvals:decision": Call("slot"),
    "approvals:decide": Call("slot", decided("slot", request_key="k" * 16)),
    "approvals:decide_lines": Call("line_slot", agreed_lines),
    "collaborations:consensus": Call("consenting_matter"),
    "collaborations:answer_amendments": Call("consenting_matter", taken_over, before=wanted_otherwise),
    "approvals:ask": Call("slot", lambda s: {"act": "TRANSFER", "person": s.person("contact").pk, "reason": "出差"}),
    "approvals:return": Call("slot", lambda s: {"to_step": "0", "reason": "金额有误"}),
    "approvals:advise": Call("slot", lambda s: {"text": "可行"}),
    "approvals:undo": Call("slot", lambda s: {"act": "TAKE_BACK", "reason": "看错"}),
    "approvals:copy": Call("slot", lambda s: {"person": s.person("contact").pk}),
    "approvals:remark": Call("slot", lambda s: {"kind": "COMMENT", "text": "请看附表"}),
    "records:read": Call("record", things=(("draft", "draft"), ("filing", "filing_draft"))),
    "records:edit": Call("draft", things=(("own", "record"), ("filing", "filing_draft"))),
    "records:save": Call("draft", written("draft"), things=(("own", "record"), ("other", "record"))),
    "records:submit": Call("draft", written("draft"), things=(("own", "record"), ("other", "record"))),
    "records:discard": Call("draft", written("draft"), things=(("own", "record"), ("other", "record"))),
    "records:attach": Call(
        "draft",
        lambda s: {"file": handed_paper(), "revision": s.draft.revision},
        things=(("own", "record"), ("other", "record")),
    ),
    "records:remove_file": Call(
        "draft", lambda s: {"file": 1, "revision": s.draft.revision}, things=(("own", "record"), ("other", "record"))
    ),
    "records:file": Call("paper_file"),
    "records:print": Call("record", things=(("draft", "draft"),)),
    "records:export": Call("record", more=({"form": "csv"},), things=(("draft", "draft"),)),
    "evidence:certificate": Call("record", things=(("draft", "draft"),)),
    "evidence:ask_dossier": Call("matter"),
    "evidence:show": Call(),
    "evidence:change_key": Call(),
    "records:version": Call("record", more=({"number": 1},), things=(("draft", "draft"),)),
    "routes:list": Call(),
    "routes:show": Call(more=({"key": "OPINIONS"},)),
    "routes:try": Call(more=({"key": "OPINIONS"},)),
    "playbooks:try": Call(more=SEED_B),
    "routes:version": Call(more=FIRST_OF_OPINIONS),
    "routes:text": Call(more=FIRST_OF_OPINIONS),
    "routes:write": Call(),
    "routes:retire": Call(more=({"key": "EMERGENCY_ANYONE"},)),
    "routes:restore": Call(more=({"key": "EMERGENCY_ANYONE"},)),
    "routes:arrange": Call(body=lambda s: {"text": A_ROUTE, "act": "fields"}),
    "routes:check": Call(body=lambda s: {"text": A_ROUTE}),
    "routes:publish": Call(body=lambda s: {"text": A_ROUTE, "note": "试用", "seen_version": 0}),
    "playbooks:list": Call(),
    "playbooks:show": Call(more=SEED_B),
    "playbooks:version": Call(more=FIRST_OF_SEED_B),
    "playbooks:text": Call(more=FIRST_OF_SEED_B),
    "playbooks:bpmn": Call(more=FIRST_OF_SEED_B),
    "playbooks:write": Call(),
    "playbooks:matters": Call(body=lambda s: {"matter": 1, "seen_version": 99, "reason": "试用"}, more=SEED_B),
    "playbooks:check": Call(body=lambda s: {"text": A_PLAYBOOK}),
    "playbooks:arrange": Call(body=lambda s: {"text": A_PLAYBOOK, "act": "text"}),
    "playbooks:rehearse": Call(body=lambda s: {"text": A_PLAYBOOK}),
    "playbooks:publish": Call(body=lambda s: {"text": A_PLAYBOOK, "note": "试用", "seen_version": 0}),
}


API: dict[str, Call] = {
    "consensus_consensus": Call("consenting_matter"),
    "consensus_answer_amendments": Call("consenting_matter", answers, before=wanted_otherwise),
    "openapi-json": Call(),
    "adoption_adoptable": Call(),
    "adoption_adopt_many": Call(body=lambda s: {**with_lead_id(adopted)(s), "matter_ids": [s.imported.pk]}),
    "routes_all_routes": Call(),
    "routes_route_version": Call(more=FIRST_OF_OPINIONS),
    "routes_check_route": PAGES["routes:check"],
    "routes_retire_one": PAGES["routes:retire"],
    "routes_restore_one": PAGES["routes:restore"],
    "routes_publish_route": PAGES["routes:publish"],
    "routes_try_route": Call(
        more=({"key": "OPINIONS"},),
        body=lambda s: {"author_id": s.person("lead").pk, "department_id": department_of(s, "产品部").pk},
    ),
    "playbooks_try_playbook": Call(
        more=SEED_B,
        body=lambda s: {"author_id": s.person("lead").pk, "department_id": department_of(s, "产品部").pk},
    ),
    "playbooks_try_draft": Call(
        body=lambda s: {
            "text": A_PLAYBOOK, "author_id": s.person("lead").pk, "department_id": department_of(s, "产品部").pk,
        },
    ),
    "playbooks_playbooks": Call(),
    "playbooks_suggested_playbooks": Call(),
    "playbooks_playbook_version": Call(more=FIRST_OF_SEED_B),
    "playbooks_check_playbook": PAGES["playbooks:check"],
    "playbooks_publish_playbook": PAGES["playbooks:publish"],
    "playbooks_playbook_matters": Call(more=SEED_B),
    "playbooks_migrate_matters": Call(
        body=lambda s: {"collaboration_ids": [1], "seen_version": 99, "reason": "试用"}, more=SEED_B
    ),
    "collaborations_portfolio": Call(),
    "collaborations_start": Call(
        body=lambda s: {"title": "新协作", "department_id": department_of(s, "产品部").pk, "playbook": "SEED_B"}
    ),
    "collaborations_advance": PAGES["collaborations:advance"],
    "collaborations_withdraw": PAGES["collaborations:withdraw"],
    "collaborations_change_lead": Call("matter", with_lead_id(next_lead), things=(("draft", "begun"),)),
    "collaborations:periods_file": Call("matter", more=({"form": "csv"},), things=(("draft", "begun"),)),
    "relations_related": Call("matter", things=(("draft", "begun"),)),
    "assessments_say_who_leads": Call(
        "asked_matter", lambda s: {"department_id": department_of(s).pk, "wants": True, "reason": "接口归我们"},
        before=under_assessment,
    ),
    "assessments_decide_lead": Call(
        "asked_matter", lambda s: {"department_id": department_of(s).pk, "reason": "接口归技术部"},
        before=under_assessment,
    ),
    "relations_joins": Call("asked_matter"),
    "relations_ask_to_join": Call("asked_matter", lambda s: {"department_id": pmo_office(), "reason": "支持数据"}),
    "relations_grant_join": Call(
        "asked_matter", lambda s: {"expected": "提供数据"}, more=({"petition_id": PETITION},), before=asked_to_join
    ),
    "relations_refuse_join": Call(
        "asked_matter", lambda s: {"reason": "已有数据"}, more=({"petition_id": PETITION},), before=asked_to_join
    ),
    "relations_follow_up": Call("ended", lambda s: taken_up(s, "department_id")),
    "relations_set_parent": Call("matter", lambda s: {"parent_id": s.filing_matter.pk}),
    "collaborations_resume": PAGES["collaborations:resume"],
    "collaborations_withdraw_request": Call(
        "matter", lambda s: {"form_code": "F28", "reason": "继续推进"}, before=end_asked
    ),
    "collaborations_name_filer": Call(
        "filing_matter", lambda s: {"person_id": s.person("filer").pk}, before=kept_secret
    ),
    "assessments_problem": Call("asked_matter", before=as_problem),
    "assessments_reclassify": Call(
        "asked_matter", lambda s: {"urgency": "URGENT", "reason": "投诉激增"}, before=as_problem
    ),
    "assessments_preview_urgency": Call("asked_matter", lambda s: {"urgency": "URGENT"}, before=as_problem),
    "assessments_acknowledge": Call(
        "asked_matter", lambda s: {"department_id": department_of(s).pk}, before=as_problem
    ),
    "assessments_merge": Call("asked_matter", lambda s: {"into_id": s.asked_matter.pk, "reason": "同一故障"}),
    "assessments_keep_apart": Call("asked_matter", lambda s: {"other_id": s.asked_matter.pk, "reason": "原因不同"}),
    "collaborations_adopt": Call("imported", with_lead_id(adopted)),
    "collaborations_urge": Call("loop"),
    "lines_measure": Call("metric", lambda s: {"value": "120", "measured_on": DAY, "evidence": "日报"}),
    "lines_reach": Call("milestone", lambda s: {"reached_on": DAY, "evidence": "验收单"}),
    "records_record": PAGES["records:read"],
    "records_save": Call("draft", as_json("draft"), things=(("own", "record"), ("other", "record"))),
    "records_findings": Call("draft", things=(("own", "record"), ("other", "record"))),
    "records_submit": Call("draft", seen("draft"), things=(("own", "record"), ("other", "record"))),
    "records_discard": Call("draft", seen("draft"), things=(("own", "record"), ("other", "record"))),
    "records_versions": Call("record", things=(("draft", "draft"),)),
    "records_version": PAGES["records:version"],
    "records_paper": PAGES["records:version"],
    "evidence_certificate": PAGES["records:version"],
    "evidence_ask": Call("matter"),
    "evidence_standing": Call(),
    "evidence_change_key": Call(),
    "records_start": Call(
        "filing_matter", lambda s: {"form_code": "F26"}, things=(("draft", "begun"), ("filing", "filing_matter"))
    ),
    "records_revise": Call("asked_matter", lambda s: {"form_code": "F01", "reason": "目标有误"}),
    "approvals_of_record": Call("asked_record"),
    "approvals_signoff": Call("signoff"),
    "approvals_decide": Call("slot", decided("slot")),
    "approvals_decide_each": Call(body=lambda s: {"decisions": [{"slot_id": s.slot.pk, **decided("slot")(s)}]}),
    "approvals_ask": Call("slot", lambda s: {"act": "TRANSFER", "person_id": s.person("contact").pk, "reason": "出差"}),
    "approvals_send_back": Call("slot", lambda s: {"to_step": 0, "reason": "金额有误"}),
    "approvals_advise": Call("slot", lambda s: {"text": "可行"}),
    "approvals_undo": Call("slot", lambda s: {"act": "TAKE_BACK", "reason": "看错"}),
    "approvals_copies": Call("signoff", lambda s: {"person_ids": [s.person("contact").pk]}),
    "approvals_remark": Call("signoff", lambda s: {"kind": "COMMENT", "text": "请看附表"}),
    "approvals_remarks": Call("signoff"),
    "approvals_decide_parts": Call("line_signoff", agreed_parts),
    "api-root": Call(),
    "nothing-here": Call(),
} | dict.fromkeys(
    (
        "collaborations_collaboration", "collaborations_ring", "collaborations_loops", "collaborations_timeline",
        "records_of_collaboration", "commitments_of_collaboration", "plans_of_collaboration",
        "resources_of_collaboration", "progress_of_collaboration", "issues_of_collaboration", "lines_metrics",
        "deadlines_of_collaboration",
        "lines_milestones",
    ),
    Call("matter", things=(("draft", "begun"), ("filing", "filing_matter"))),
)  # fmt: skip
# fmt: skip
