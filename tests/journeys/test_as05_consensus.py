"""AS05: the consensus list is whole, and becomes the yardstick."""

import pytest

from bihuan.approvals import operations as approvals
from bihuan.approvals import queries as approval_queries
from bihuan.approvals.enums import Decision
from bihuan.approvals.models import Signoff
from bihuan.approvals.operations import PartDecision
from bihuan.approvals.policy.deciding import Condition
from bihuan.collaborations import operations
from bihuan.collaborations.models import Criterion
from bihuan.kernel.errors import Refused
from bihuan.records import operations as records
from bihuan.records.errors import NotADraft
from tests import forms_samples as samples
from tests.campaign import HEADS
from tests.witness import facts_since, last_entry, refused

CRITERIA = ["活动页面可用", "投放数据每日同步"]


@pytest.fixture
def at_consensus(campaign):
    campaign.carry_to("ALIGN")
    campaign.talk_it_over()
    return campaign


def submit(campaign, record, post="产品经理"):
    return records.submit(record, seen_revision=record.revision, actor=campaign.actor(post), at=campaign.at)


def lacking(campaign):
    """Two talks only; technology says no, because its people are booked."""
    body = samples.consensus(campaign.cast, campaign.start)
    body["talks"] = body["talks"][:2]
    body["feasibility"][1] |= {"verdict": "NOT_FEASIBLE", "text": "开发工程师已被预订"}
    return body


def test_a_missing_department_and_an_infeasible_one_are_both_named(at_consensus):
    record = at_consensus.fill("F03", lacking(at_consensus))
    with refused(Refused, "collaborations.talk_missing", "collaborations.not_feasible") as caught:
        submit(at_consensus, record)
    named = {finding.code: finding.params.get("department") for finding in caught.value.findings if finding.is_error}
    assert named == {"collaborations.talk_missing": "运营部", "collaborations.not_feasible": "技术部"}
    assert at_consensus.step == "ALIGN"
    assert at_consensus.desk("产品经理") == [("FORM", "F03")]
    assert not Signoff.objects.filter(route="CONSENSUS").exists()


def test_all_three_confirm_and_version_one_is_locked(at_consensus):
    before = last_entry()
    at_consensus.reach_consensus()
    version = at_consensus.latest("F03")
    assert (version.version, version.record.status) == (1, "APPROVED")
    assert at_consensus.step == "PLAN"
    assert at_consensus.signoff("F03", "CONSENSUS").state == "APPROVED"
    decided = facts_since(before, "approvals.parts.decided")
    assert [fact["state_of_signoff"] for fact in decided] == ["OPEN", "OPEN", "APPROVED"]
    with refused(NotADraft):
        records.save_draft(
            version.record,
            body=samples.consensus(at_consensus.cast, at_consensus.start) | {"criteria": []},
            seen_revision=version.record.revision,
            actor=at_consensus.actor("产品经理"),
            at=at_consensus.at,
        )
    assert [row.text for row in Criterion.objects.filter(collaboration=at_consensus.collaboration)] == CRITERIA


def test_a_department_that_has_not_confirmed_keeps_it_open(at_consensus):
    at_consensus.submit("F03", samples.consensus(at_consensus.cast, at_consensus.start))
    for post in ("市场部负责人", "技术部负责人"):
        at_consensus.decide("F03", "CONSENSUS", post)
    assert at_consensus.step == "ALIGN"
    assert at_consensus.in_the_way() == [("collaborations.open_signoff", "运营部")]
    assert [post for post in HEADS.values() if ("SIGNOFF" in dict(at_consensus.desk(post)))] == ["运营部负责人"]


def test_a_line_is_agreed_on_a_condition_or_refused_and_only_what_changes_is_asked_anew(at_consensus, client_for):
    """Technology wants something done first for one line, and cannot keep another one."""
    matter = at_consensus
    matter.submit("F03", samples.consensus(matter.cast, matter.start))
    first, actor = matter.signoff("F03", "CONSENSUS"), matter.actor("技术部负责人")
    slots = {slot.part: slot.pk for slot in approval_queries.slots_to_decide(first, actor)}
    amended, refusal = "commitments/w1", "commitments/w2"
    said = {
        amended: PartDecision(slots[amended], Decision.APPROVE_WITH_CONDITION, conditions=(Condition("先评审接口"),)),
        refusal: PartDecision(slots[refusal], Decision.REFUSE, "人已被预订"),
    }
    others = [PartDecision(pk, Decision.APPROVE) for part, pk in slots.items() if part not in said]
    approvals.decide_many(
        first, decisions=[*said.values(), *others], seen_digest=first.digest, actor=actor, at=matter.at
    )
    consensus = f"/matters/{matter.collaboration.pk}/consensus"
    shown = client_for(matter.company["产品经理"]).get(consensus).content.decode()
    assert [words in shown for words in ("先评审接口", "人已被预订", "附条件同意", "拒绝")] == [True] * 4
    for post in ("市场部负责人", "运营部负责人"):
        matter.decide("F03", "CONSENSUS", post)
    first.refresh_from_db()
    assert (first.state, matter.step, matter.latest("F03").record.status) == ("REFUSED", "ALIGN", "RETURNED")
    owed = matter.collaboration.loops.get(kind="COMMITMENT", closed_at=None)
    assert (owed.params["what"], owed.gate) == ("先评审接口", "enter:EXECUTE")
    draft = matter.latest("F03").record.draft
    mended = [
        {**row, "what": row["what"] + "，延后两周"} if f"commitments/{row['id']}" == refusal else row
        for row in draft["commitments"]
    ]
    matter.submit("F03", {**draft, "commitments": mended})
    second = matter.signoff("F03", "CONSENSUS")
    assert matter.latest("F03").version == 2
    assert sorted(second.slots.filter(state="PENDING").values_list("part", flat=True)) == [refusal] * 3
    kept = second.slots.get(part=amended, key=str(matter.cast.technology))
    assert (kept.state, kept.conditions[0]["text"]) == ("APPROVED_WITH_CONDITION", "先评审接口")
    for post in HEADS.values():
        matter.decide("F03", "CONSENSUS", post)
    assert (matter.step, matter.latest("F03").record.status) == ("PLAN", "APPROVED")
    assert matter.collaboration.loops.filter(kind="COMMITMENT", closed_at=None).count() == 1


def asked(matter):
    """Line → the departments that are still to answer about it."""
    pending = matter.signoff("F03", "CONSENSUS").slots.filter(state="PENDING").order_by("part", "key")
    found: dict[str, list[str]] = {}
    for slot in pending:
        found.setdefault(slot.part, []).append(slot.label)
    return found


def revised(matter, change):
    """The lead opens the list again, changes it and hands it in."""
    actor = matter.actor("产品经理")
    operations.revise_form(matter.collaboration, form_code="F03", reason="补充约定", actor=actor, at=matter.at)
    draft = matter.latest("F03").record.draft
    change(draft)
    matter.submit("F03", draft)


def test_a_line_is_asked_of_whom_it_binds_and_a_later_edit_reopens_only_those(at_consensus):
    matter, cast = at_consensus, at_consensus.cast
    body = samples.consensus(cast, matter.start)
    body["criteria"][0]["binds"] = [cast.technology]
    body["commitments"][0]["binds"] = [cast.marketing, cast.operations]
    matter.submit("F03", body)
    everybody = ["市场部", "技术部", "运营部"]
    assert {part: sorted(names) for part, names in asked(matter).items()} == {
        "commitments/w1": ["市场部", "运营部"], "commitments/w2": everybody, "commitments/w3": everybody,
        "criteria/c1": ["技术部"], "criteria/c2": everybody,
    }  # fmt: skip
    for post in ("市场部负责人", "技术部负责人"):
        matter.decide("F03", "CONSENSUS", post)

    revised(matter, lambda draft: draft["criteria"][0].update(metric_or_check="上线前一周全部测试用例通过"))
    assert asked(matter) == {
        "commitments/w1": ["运营部"], "commitments/w2": ["运营部"], "commitments/w3": ["运营部"],
        "criteria/c1": ["技术部"], "criteria/c2": ["运营部"],
    }  # fmt: skip

    revised(matter, lambda draft: draft["criteria"][0].update(binds=[cast.technology, cast.marketing]))
    assert sorted(asked(matter)["criteria/c1"]) == ["市场部", "技术部"]
    matter.decide("F03", "CONSENSUS", "技术部负责人")
    revised(matter, lambda draft: draft["criteria"][0].update(binds=[]))
    assert sorted(asked(matter)["criteria/c1"]) == ["市场部", "运营部"]
    for post in ("市场部负责人", "运营部负责人"):
        matter.decide("F03", "CONSENSUS", post)
    assert (matter.step, matter.latest("F03").record.status) == ("PLAN", "APPROVED")


def test_a_line_that_binds_nobody_is_not_handed_in(at_consensus):
    body = samples.consensus(at_consensus.cast, at_consensus.start)
    body["commitments"][0]["binds"] = [at_consensus.cast.product]
    record = at_consensus.fill("F03", body)
    wrong = ("collaborations.line_leaves_out_who_is_in_charge", "collaborations.line_binds_nobody")
    with refused(Refused, *wrong):
        submit(at_consensus, record)
    assert at_consensus.step == "ALIGN"
    assert not Signoff.objects.filter(route="CONSENSUS").exists()


def test_acceptance_shows_exactly_these_criteria_and_cannot_drop_one(at_consensus):
    at_consensus.reach_consensus()
    at_consensus.carry_to("ACCEPT")
    body = samples.acceptance(at_consensus.cast, at_consensus.start, at_consensus.today)
    record = at_consensus.fill("F16", body)
    checked = [row["id"] for row in record.draft["items"] if row["id"].startswith("c-")]
    assert checked == ["c-c1", "c-c2"]
    strange = [*body["items"], {"id": "c-c3", "verdict": "MET"}]
    for items in (body["items"][1:], strange):
        with refused(Refused, "records.fixed_rows"):
            records.save_draft(
                record,
                body=body | {"items": items},
                seen_revision=record.revision,
                actor=at_consensus.actor("产品经理"),
                at=at_consensus.at,
            )
