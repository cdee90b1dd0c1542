"""A department that is asked about a line puts it otherwise; the project lead takes it over or says why not."""

import re
from html import unescape

import pytest

from bihuan.approvals import operations as approvals
from bihuan.approvals.enums import Decision
from bihuan.approvals.errors import AuthorSigns, NotTheSignatory, SignoffClosed, StaleSlot
from bihuan.approvals.operations import AmendmentAnswer, PartDecision
from bihuan.collaborations import operations
from bihuan.collaborations.models import Loop, Petition
from bihuan.collaborations.operations.joining import grant_join
from bihuan.collaborations.queries.consensus import agreement_of
from bihuan.deadlines.models import Deadline
from bihuan.evidence.verify import digests_of_rows
from bihuan.kernel.canonical import digest
from bihuan.kernel.errors import NotAllowed, NotFound, Refused
from bihuan.notifications.models import Notice
from bihuan.organisation import operations as organisation
from bihuan.records import operations as records
from tests import forms_samples as samples
from tests.api.conftest import ALL, Program
from tests.campaign import HEADS
from tests.witness import facts_since, last_entry, refused

LINE, OTHER = "criteria/c1", "commitments/w2"
SOONER = {"metric_or_check": "上线前一周全部测试用例通过，无高等级缺陷"}


@pytest.fixture
def asked(campaign):
    campaign.carry_to("ALIGN")
    campaign.talk_it_over()
    campaign.submit("F03", samples.consensus(campaign.cast, campaign.start))
    return campaign


def slot_of(matter, post, part=LINE):
    department = next(name for name in ("市场部", "技术部", "运营部") if post.startswith(name))
    return matter.signoff("F03", "CONSENSUS").slots.get(part=part, label=department)


def amend(matter, post="技术部负责人", part=LINE, said=SOONER, reason="测试要留出一周"):
    """The head puts one line otherwise, and agrees to all others."""
    signoff, mine = matter.signoff("F03", "CONSENSUS"), slot_of(matter, post, part)
    others = signoff.slots.filter(key=mine.key, state="PENDING").exclude(pk=mine.pk)
    wanted = PartDecision(mine.pk, Decision.AMEND, reason, amendment=said)
    approvals.decide_many(
        signoff, decisions=[wanted, *(PartDecision(each.pk, Decision.APPROVE) for each in others)],
        seen_digest=signoff.digest, actor=matter.actor(post), at=matter.at,
    )  # fmt: skip
    mine.refresh_from_db()
    return mine


def answer(matter, slot, *, take, reason="", post="产品经理", seen=None):
    given = AmendmentAnswer(slot.pk, seen or slot.amendment["digest"], take, reason)
    return operations.answer_amendments(matter.collaboration, [given], actor=matter.actor(post), at=matter.at)


def open_loops(matter):
    loops = Loop.objects.filter(collaboration=matter.collaboration, closed_at=None).order_by("part")
    return {loop.part: (loop.kind, loop.owner, loop.due_at is not None) for loop in loops}


def waiting(matter):
    pending = matter.signoff("F03", "CONSENSUS").slots.filter(state="PENDING").order_by("part", "key")
    found: dict[str, list[str]] = {}
    for slot in pending:
        found.setdefault(slot.part, []).append(slot.label)
    return found


def of(matter, part=LINE):
    return next(line for line in agreement_of(matter.collaboration).lines if line.part == part)


def test_what_a_department_wants_otherwise_waits_for_the_lead_with_an_owner_and_a_time(asked):
    before = last_entry()
    slot = amend(asked)
    assert (slot.state, slot.amendment["state"], slot.decided_by_name) == ("AMENDED", "OPEN", "陈志远")
    assert slot.amendment["row"]["metric_or_check"] == SOONER["metric_or_check"]
    (fact,) = facts_since(before, "approvals.parts.decided")
    wanted = [each for each in fact["decisions"] if each["decision"] == "AMEND"]
    assert [(each["part"], each["amendment"]["digest"]) for each in wanted] == [(LINE, slot.amendment["digest"])]
    technology, lead = str(asked.cast.technology), asked.actor("产品经理").person_id
    loops = open_loops(asked)
    assert technology not in loops
    assert loops[f"amended:{technology}"] == ("AMENDMENT", f"p:{lead}", True)
    running = Deadline.objects.filter(rule="T29", state="RUNNING", part=f"amended:{technology}")
    assert [row.owner for row in running] == [f"p:{lead}"]
    for post in ("市场部负责人", "运营部负责人"):
        asked.decide("F03", "CONSENSUS", post)
    assert (asked.step, asked.signoff("F03", "CONSENSUS").state) == ("ALIGN", "OPEN")
    assert ("AMENDMENT", f"amended:{technology}") in asked.desk("产品经理")
    assert asked.in_the_way() == [("collaborations.open_amendment", "技术部")]


def test_taken_over_it_is_the_next_version_to_which_who_wanted_it_agrees(asked):
    asked.decide("F03", "CONSENSUS", "市场部负责人")
    slot = amend(asked)
    before = last_entry()
    version = answer(asked, slot, take=True)
    assert (version.version, version.data["criteria"][0]["metric_or_check"]) == (2, SOONER["metric_or_check"])
    names = [fact["what"] for fact in facts_since(before, "approvals.amendment.taken")]
    assert names == ["活动页面可用"]
    assert waiting(asked) == {
        "commitments/w1": ["运营部"], "commitments/w2": ["运营部"], "commitments/w3": ["运营部"],
        "criteria/c1": ["市场部", "运营部"], "criteria/c2": ["运营部"],
    }  # fmt: skip
    agreed = slot_of(asked, "技术部负责人")
    assert (agreed.state, agreed.decided_by_name, agreed.digest) == ("APPROVED", "陈志远", slot.amendment["digest"])
    line = of(asked)
    assert (line.now.since, [(said.label, said.state) for said in line.now.said]) == (
        2, [("市场部", "PENDING"), ("技术部", "APPROVED"), ("运营部", "PENDING")]
    )  # fmt: skip
    assert [(one.since, [(said.label, said.state) for said in one.said]) for one in line.before] == [
        (1, [("市场部", "APPROVED"), ("技术部", "AMENDED")])
    ]
    assert not [part for part in open_loops(asked) if part.startswith("amended:")]
    assert Deadline.objects.get(part=f"amended:{slot.key}").state == "KEPT"
    for post in ("市场部负责人", "运营部负责人"):
        asked.decide("F03", "CONSENSUS", post)
    assert (asked.step, asked.latest("F03").record.status) == ("PLAN", "APPROVED")
    asked.carry_to("ACCEPT")
    sheet = asked.fill("F16", samples.acceptance(asked.cast, asked.start, asked.today))
    assert "c-c1" in {row["id"] for row in sheet.draft["items"]}


def test_declined_the_department_is_asked_again_with_the_reason(asked):
    slot = amend(asked)
    before = last_entry()
    version = answer(asked, slot, take=False, reason="上线日期已对外公布")
    slot.refresh_from_db()
    assert (version.version, slot.state, slot.decided_by_id) == (1, "PENDING", None)
    assert (slot.amendment["state"], slot.amendment["reason"]) == ("DECLINED", "上线日期已对外公布")
    (fact,) = facts_since(before, "approvals.amendment.declined")
    assert (fact["part"], fact["reason"]) == (LINE, "上线日期已对外公布")
    loops = open_loops(asked)
    assert loops[slot.key][0] == "SIGNOFF"
    assert f"amended:{slot.key}" not in loops
    head = asked.actor("技术部负责人").person_id
    told = Notice.objects.filter(person=head, kind="collaborations.answered")
    assert [notice.params["reason"] for notice in told] == ["上线日期已对外公布"]
    with refused(Refused, "approvals.amendment_declined_before"):
        amend(asked)
    asked.decide("F03", "CONSENSUS", "技术部负责人")
    slot.refresh_from_db()
    assert (slot.state, slot.amendment["state"]) == ("APPROVED", "DECLINED")


def test_another_amendment_stands_while_its_line_does_and_lapses_with_it(asked):
    first = amend(asked)
    second = amend(asked, "运营部负责人", LINE, {"due": samples.on(asked.start, 20)}, "人手未到位")
    third = amend(asked, "市场部负责人", OTHER, {"qty": "4"}, "三人不够")
    answer(asked, first, take=True)
    lapsed, kept = slot_of(asked, "运营部负责人"), slot_of(asked, "市场部负责人", OTHER)
    assert (lapsed.state, lapsed.amendment["state"]) == ("PENDING", "LAPSED")
    assert (kept.state, kept.amendment["state"], kept.carried_from_id) == ("AMENDED", "OPEN", third.pk)
    assert second.digest != lapsed.digest
    assert open_loops(asked)[f"amended:{kept.key}"][0] == "AMENDMENT"
    answer(asked, kept, take=True)
    assert asked.latest("F03").version == 3
    assert asked.latest("F03").data["commitments"][1]["qty"] == "4"


def test_who_writes_the_wanted_text_himself_needs_no_second_answer(asked):
    slot = amend(asked)
    actor = asked.actor("产品经理")
    operations.revise_form(asked.collaboration, form_code="F03", reason="改期", actor=actor, at=asked.at)
    draft = asked.latest("F03").record.draft
    draft["criteria"][0] |= SOONER
    asked.submit("F03", draft)
    assert (slot_of(asked, "技术部负责人").state, slot.state) == ("APPROVED", "AMENDED")


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"metric_or_check": "上线当日全部测试用例通过，无高等级缺陷"}, "approvals.amendment_changes_nothing"),
        ({}, "approvals.amendment_changes_nothing"),
        ({"due": "2029-01-01"}, "collaborations.after_finish"),
        ({"due": "下周吧"}, "records.not_a_date"),
        ({"item": ""}, "records.required"),
        ({"owner": 1}, "records.unknown_field"),
        ({"owner_dept": 10**9}, "records.unknown_department"),
        ({"owner_dept": "", "owner_dept__text": "无此部门"}, "records.unknown_department"),
        ({"binds": "技术部"}, "records.not_departments"),
        ({"binds": [10**9]}, "records.unknown_department"),
        ({"item": ["x"]}, "records.not_a_value"),
    ],
)
def test_what_the_form_would_refuse_cannot_be_wanted(asked, said, code):
    with refused(Refused, code):
        amend(asked, said=said)


def revised(matter, *, owner="technology", binds=()):
    """A version whose first line is in charge of one department and binds these; every head agrees to the rest."""
    actor, cast = matter.actor("产品经理"), matter.cast
    operations.revise_form(matter.collaboration, form_code="F03", reason="写明约束谁", actor=actor, at=matter.at)
    draft = matter.latest("F03").record.draft
    draft["criteria"][0] |= {"owner_dept": getattr(cast, owner), "binds": [getattr(cast, name) for name in binds]}
    matter.submit("F03", draft)


def test_another_department_in_charge_is_wanted_checked_and_taken_over_and_then_asked(asked):
    cast = asked.cast
    revised(asked, binds=["technology"])
    with refused(Refused, "collaborations.line_leaves_out_who_is_in_charge"):
        amend(asked, said={"owner_dept": cast.operations})
    both = [cast.technology, cast.operations]
    slot = amend(asked, said={"owner_dept": str(cast.operations), "binds": list(map(str, both))}, reason="由运营部牵头")
    wanted = slot.amendment
    assert (wanted["was"]["owner_dept"]["name"], wanted["row"]["owner_dept"]["name"]) == ("技术部", "运营部")
    assert {each["id"] for each in wanted["row"]["binds"]} == set(both)
    assert wanted["signed"] != wanted["digest"]
    answer(asked, slot, take=True)
    row = asked.latest("F03").data["criteria"][0]
    assert (row["owner_dept"]["id"], {each["id"] for each in row["binds"]}) == (cast.operations, set(both))
    assert waiting(asked)[LINE] == ["运营部"]
    assert slot_of(asked, "技术部负责人").state == "APPROVED"


def test_whom_a_line_binds_is_wanted_otherwise_though_its_words_stay(asked):
    """What is signed of the line stays the same: it waits for the author until he answers, and asks only who is new."""
    cast = asked.cast
    revised(asked, binds=["technology"])
    slot = amend(asked, said={"binds": [cast.technology, cast.marketing]}, reason="市场部也要在场")
    assert (slot.state, slot.amendment["signed"]) == ("AMENDED", slot.digest)
    actor = asked.actor("产品经理")
    operations.revise_form(asked.collaboration, form_code="F03", reason="另一条", actor=actor, at=asked.at)
    draft = asked.latest("F03").record.draft
    draft["criteria"][1]["metric_or_check"] += "，按周"
    asked.submit("F03", draft)
    kept = slot_of(asked, "技术部负责人")
    assert (kept.state, kept.amendment["state"]) == ("AMENDED", "OPEN")
    answer(asked, kept, take=True)
    assert slot_of(asked, "技术部负责人").state == "APPROVED"
    assert waiting(asked)[LINE] == ["市场部"]


def test_who_wants_a_line_to_bind_him_no_more_is_not_asked_when_it_is_taken_over(asked):
    slot = amend(asked, "市场部负责人", LINE, {"binds": [asked.cast.technology, asked.cast.operations]}, "与我部无关")
    answer(asked, slot, take=False, reason="要你们到场")
    slot.refresh_from_db()
    assert slot.state == "PENDING"
    with refused(Refused, "approvals.amendment_declined_before"):
        amend(asked, "市场部负责人", LINE, {"binds": [asked.cast.technology, asked.cast.operations]})
    slot = amend(asked, "市场部负责人", LINE, {"binds": [asked.cast.technology]}, "与我部无关")
    answer(asked, slot, take=True)
    assert of(asked).binds == (asked.cast.technology,)
    assert waiting(asked)[LINE] == ["技术部"]


def test_what_another_word_of_a_line_makes_wrong_elsewhere_is_said_when_it_is_wanted(asked):
    """技术部 would be in charge of nothing; two lines would say the same."""
    actor, cast = asked.actor("产品经理"), asked.cast
    operations.revise_form(asked.collaboration, form_code="F03", reason="调整", actor=actor, at=asked.at)
    draft = asked.latest("F03").record.draft
    for row, key in [
        *((row, "owner_dept") for row in draft["criteria"]),
        *((row, "dept") for row in draft["commitments"]),
    ]:
        row[key] = cast.operations if row[key] == cast.technology else row[key]
    draft["criteria"][0]["owner_dept"] = cast.technology
    asked.submit("F03", draft)
    with refused(Refused, "collaborations.nothing_to_confirm"):
        amend(asked, said={"owner_dept": cast.operations})
    second = asked.latest("F03").data["criteria"][1]["item"]
    with refused(Refused, "collaborations.name_twice"):
        amend(asked, said={"item": second})


def test_only_who_is_asked_amends_and_only_who_fills_it_in_answers(asked):
    slot = slot_of(asked, "技术部负责人")
    wanted = {"decision": Decision.AMEND, "amendment": SOONER, "seen_digest": slot.digest, "at": asked.at}
    with refused(NotTheSignatory):
        approvals.decide(slot, actor=asked.actor("市场部负责人"), **wanted)
    with refused(AuthorSigns):
        approvals.decide(slot, actor=asked.actor("产品经理"), **wanted)
    with refused(Refused, "approvals.amendment_unwanted"):
        approvals.decide(slot, actor=asked.actor("技术部负责人"), **(wanted | {"decision": Decision.APPROVE}))
    slot = amend(asked)
    for post in ("技术部负责人", "市场部负责人"):
        with refused(NotAllowed):
            answer(asked, slot, take=True, post=post)
    with refused(Refused, "approvals.words_missing"):
        answer(asked, slot, take=False)
    with refused(StaleSlot):
        answer(asked, slot, take=True, seen="0" * 64)
    stranger = AmendmentAnswer(10**9, slot.amendment["digest"], True)
    with refused(NotFound):
        operations.answer_amendments(asked.collaboration, [stranger], actor=asked.actor("产品经理"), at=asked.at)
    with refused(Refused, "approvals.amendments_unanswered"):
        operations.answer_amendments(asked.collaboration, [], actor=asked.actor("产品经理"), at=asked.at)


def test_of_two_answers_the_first_counts_and_two_texts_for_a_line_are_not_both_taken(asked):
    first, second = amend(asked), amend(asked, "运营部负责人", LINE, {"item": "活动页面与后台可用"}, "后台也要")
    both = [AmendmentAnswer(each.pk, each.amendment["digest"], True) for each in (first, second)]
    with refused(Refused, "approvals.amendments_collide"):
        operations.answer_amendments(asked.collaboration, both, actor=asked.actor("产品经理"), at=asked.at)
    mixed = [both[0], AmendmentAnswer(second.pk, second.amendment["digest"], False, "后台另行约定")]
    operations.answer_amendments(asked.collaboration, mixed, actor=asked.actor("产品经理"), at=asked.at)
    with refused(NotFound):
        answer(asked, first, take=True)
    for post in HEADS.values():
        if "SIGNOFF" in dict(asked.desk(post)):
            asked.decide("F03", "CONSENSUS", post)
    assert asked.step == "PLAN"
    kept = slot_of(asked, "技术部负责人")
    kept.amendment["digest"] = kept.digest
    with refused(SignoffClosed):
        answer(asked, kept, take=True)


def test_taken_back_it_waits_for_nobody(asked):
    slot = amend(asked)
    approvals.take_back(slot, reason="先问清楚", actor=asked.actor("技术部负责人"), at=asked.at)
    slot.refresh_from_db()
    assert (slot.state, slot.amendment) == ("PENDING", {})
    assert f"amended:{slot.key}" not in open_loops(asked)


@pytest.mark.parametrize("as_typed", [int, str])
def test_a_draft_binds_the_department_that_took_the_place_of_another(asked, as_typed):
    """Programs send numbers, pages texts."""
    matter, cast = asked, asked.cast
    actor = matter.actor("产品经理")
    record = operations.revise_form(matter.collaboration, form_code="F03", reason="合并", actor=actor, at=matter.at)
    draft = dict(record.draft)
    draft["criteria"][0] |= {"owner_dept": as_typed(cast.technology), "binds": [as_typed(cast.technology)]}
    draft["criteria"][1]["binds"] = [as_typed(pk) for pk in (cast.technology, cast.marketing)]
    records.save_draft(record, body=draft, seen_revision=record.revision, actor=actor, at=matter.at)
    records.change_department(record.root, before=cast.technology, after=cast.marketing)
    record.refresh_from_db()
    first, second = record.draft["criteria"]
    assert (first["owner_dept"], first["binds"], second["binds"]) == (
        cast.marketing,
        [cast.marketing],
        [cast.marketing],
    )


def join(matter, department="财务部", post="财务专员"):
    """Its contact person asks, the lead lets it in."""
    matter.collaboration.refresh_from_db()
    department = matter.company.departments[department]
    petition = Petition.objects.create(
        collaboration=matter.collaboration, department=department, asking="JOIN", reason="预算由我们核",
        asked_by=matter.company[post], asked_at=matter.at,
    )  # fmt: skip
    grant_join(petition, expected="核定活动预算", due_on=None, actor=matter.actor("产品经理"), at=matter.at)
    return department


def with_finance(matter):
    """What the agreement has to say of who joined, besides its first line."""
    draft, finance = dict(matter.latest("F03").record.draft), matter.company.departments["财务部"].pk
    person = matter.company["财务专员"].pk
    draft["talks"].append({**draft["talks"][0], "id": "tf", "dept": finance, "person": person})
    draft["goal_understanding"].append({"id": "gf", "dept": finance, "text": "按预算支撑活动，不超支"})
    draft["feasibility"].append({"id": "ff", "dept": finance, "verdict": "FEASIBLE", "text": ""})
    draft["commitments"].append({**draft["commitments"][0], "id": "wf", "dept": finance, "what": "三日内核定活动预算"})
    return draft


def test_who_joins_while_it_is_agreed_gets_its_lines_and_nobody_is_asked_twice(asked, client_for):
    asked.decide("F03", "CONSENSUS", "市场部负责人")
    slot = amend(asked)
    before = last_entry()
    finance = join(asked)
    record = asked.latest("F03").record
    assert (record.status, asked.step) == ("RETURNED", "ALIGN")
    assert [fact["reason"] for fact in facts_since(before, "records.record.returned")] == ["JOINED"]
    assert ("FORM", "F03") in asked.desk("产品经理")
    assert not [kind for kind, *_rest in open_loops(asked).values() if kind == "SIGNOFF"]
    with refused(Refused, "collaborations.understanding_missing", "collaborations.nothing_to_confirm"):
        asked.submit("F03", record.draft)
    line = of(asked)
    assert (line.is_agreed, finance.pk in line.binds, asked.cast.operations in line.binds) == (False, True, True)
    assert agreement_of(asked.collaboration).unbound == []
    shown = page(client_for(asked.company.people["产品经理"]), f"/matters/{asked.collaboration.pk}/consensus")
    assert "这份表正在修改" in shown
    assert "全部同意的有 0 条" in shown
    asked.submit("F03", with_finance(asked))
    assert waiting(asked) == {
        "commitments/w1": ["运营部", "财务部"], "commitments/w2": ["运营部", "财务部"],
        "commitments/w3": ["运营部", "财务部"],
        "criteria/c1": ["运营部", "财务部"], "criteria/c2": ["运营部", "财务部"],
        "commitments/wf": ["市场部", "技术部", "运营部", "财务部"],
    }  # fmt: skip
    kept = slot_of(asked, "技术部负责人")
    assert (kept.state, kept.amendment["state"], kept.amendment["digest"]) == (
        "AMENDED",
        "OPEN",
        slot.amendment["digest"],
    )
    assert open_loops(asked)[str(finance.pk)][:2] == ("SIGNOFF", f"h:{finance.pk}")
    assert agreement_of(asked.collaboration).unbound == []


@pytest.mark.parametrize("said", ["APPROVE", "AMEND", "REFUSE"])
def test_who_joins_after_the_agreement_is_asked_too_and_holds_the_step(asked, said):
    for post in HEADS.values():
        asked.decide("F03", "CONSENSUS", post)
    assert asked.step == "PLAN"
    finance = join(asked)
    (loop,) = Loop.objects.filter(collaboration=asked.collaboration, closed_at=None, owner=f"h:{finance.pk}")
    assert (loop.kind, loop.gate, loop.due_at is not None) == ("SIGNOFF", "leave:PLAN", True)
    assert [names for names in waiting(asked).values() if names != ["财务部"]] == []
    signoff = asked.signoff("F03", "CONSENSUS")
    mine = list(signoff.slots.filter(key=str(finance.pk)).order_by("part"))
    line = next(slot for slot in mine if slot.part == LINE)
    decided = [PartDecision(slot.pk, Decision.APPROVE) for slot in mine if slot != line]
    wanted = {"amendment": SOONER} if said == "AMEND" else {}
    decided.append(PartDecision(line.pk, Decision(said), "" if said == "APPROVE" else "预算未核", **wanted))
    approvals.decide_many(
        signoff, decisions=decided, seen_digest=signoff.digest, actor=asked.actor("财务部负责人"), at=asked.at
    )
    if said == "APPROVE":
        assert (asked.step, asked.latest("F03").record.status) == ("PLAN", "APPROVED")
        assert not Loop.objects.filter(collaboration=asked.collaboration, closed_at=None, kind="SIGNOFF").exists()
    elif said == "REFUSE":
        assert (asked.step, asked.latest("F03").record.status) == ("ALIGN", "RETURNED")
        assert ("FORM", "F03") in asked.desk("产品经理")
    else:
        line.refresh_from_db()
        answer(asked, line, take=True)
        record = asked.latest("F03").record
        assert (asked.step, record.status) == ("ALIGN", "RETURNED")
        assert record.draft["criteria"][0]["metric_or_check"] == SOONER["metric_or_check"]
        asked.submit("F03", with_finance(asked))
        everybody = ["市场部", "技术部", "运营部"]
        assert waiting(asked) == {LINE: everybody, "commitments/wf": [*everybody, "财务部"]}


def test_who_joins_during_the_work_and_refuses_leads_it_back_through_the_plan(campaign):
    """Nobody is asked twice, and the new department stands in the duty table before the work goes on."""
    campaign.carry_to("EXECUTE")
    finance = join(campaign)
    (loop,) = Loop.objects.filter(collaboration=campaign.collaboration, closed_at=None, owner=f"h:{finance.pk}")
    assert (loop.kind, loop.gate) == ("SIGNOFF", "leave:EXECUTE")
    signoff = campaign.signoff("F03", "CONSENSUS")
    first, *others = signoff.slots.filter(key=str(finance.pk)).order_by("part")
    refusal = PartDecision(first.pk, Decision.REFUSE, "预算未核")
    approvals.decide_many(
        signoff, decisions=[refusal, *(PartDecision(slot.pk, Decision.APPROVE) for slot in others)],
        seen_digest=signoff.digest, actor=campaign.actor("财务部负责人"), at=campaign.at,
    )  # fmt: skip
    assert (campaign.step, campaign.latest("F03").record.status) == ("ALIGN", "RETURNED")
    campaign.submit("F03", with_finance(campaign))
    assert waiting(campaign) == {
        first.part: ["财务部"], "commitments/wf": ["市场部", "技术部", "运营部", "财务部"],
    }  # fmt: skip
    for post in (*HEADS.values(), "财务部负责人"):
        campaign.decide("F03", "CONSENSUS", post)
    assert (campaign.step, campaign.in_the_way()) == ("PLAN", [("plans.department_without_duty", "")])
    actor = campaign.actor("产品经理")
    operations.revise_form(campaign.collaboration, form_code="F05", reason="财务部加入", actor=actor, at=campaign.at)
    draft = campaign.latest("F05").record.draft
    row = {**draft["rows"][0], "id": "df", "dept": finance.pk, "owner": campaign.company["财务专员"].pk}
    campaign.submit("F05", {**draft, "rows": [*draft["rows"], {**row, "duty": "核定预算", "deliverable": "预算表"}]})
    assert [code for code, _what in campaign.in_the_way()] == ["plans.duty_table_changed"]


def test_declined_the_office_is_asked_that_took_the_place_of_who_wanted_it(asked):
    """技术部 goes into 运营部 while its amendment waits."""
    slot, cast = amend(asked), asked.cast
    after = {f"h:{cast.technology}": f"h:{cast.operations}"}
    asked.collaboration.parties.filter(department=cast.technology).delete()
    assert approvals.change_principals(asked.root, after) > 0
    answer(asked, slot, take=False, reason="部门已合并，请新部门表态")
    slot.refresh_from_db()
    assert (slot.state, slot.principal) == ("PENDING", f"h:{cast.operations}")
    assert open_loops(asked)[slot.key][:2] == ("SIGNOFF", f"h:{cast.operations}")
    assert sorted(set(of(asked).binds)) == sorted([cast.marketing, cast.operations])


def test_a_dossier_knows_what_was_signed_of_a_line_that_binds_some(asked):
    actor = asked.actor("产品经理")
    operations.revise_form(asked.collaboration, form_code="F03", reason="只约束技术部", actor=actor, at=asked.at)
    draft = asked.latest("F03").record.draft
    draft["criteria"][0]["binds"] = [asked.cast.technology]
    asked.submit("F03", draft)
    answer(asked, amend(asked), take=True)
    parts, body = asked.latest("F03").parts, asked.latest("F03").data
    signed = set(digests_of_rows(body))
    assert set(parts.values()) <= signed
    assert parts[LINE] != digest(body["criteria"][0])


# Through the pages and the programming interface ---------------------------------------------------------------------


def page(client, address):
    response = client.get(address)
    assert response.status_code == 200, address
    return unescape(response.content.decode())


def typed(matter, slot, **said):
    signoff = matter.signoff("F03", "CONSENSUS")
    return {
        "slot": [slot.pk], "seen_digest": signoff.digest, f"decision-{slot.pk}": "AMEND", "send": "1",
        **{f"amend-{slot.pk}.{key}": value for key, value in said.items()},
    }  # fmt: skip


def test_a_head_puts_a_line_otherwise_on_its_page_and_the_lead_answers_on_his(asked, client_for):
    people = asked.company.people
    head, lead, market = (client_for(people[post]) for post in ("技术部负责人", "产品经理", "市场部负责人"))
    slot = slot_of(asked, "技术部负责人")
    row = asked.latest("F03").data["criteria"][0]
    shown = page(head, f"/sign/{slot.pk}/")
    assert f'name="amend-{slot.pk}.metric_or_check"' in shown
    assert f'name="amend-{slot.pk}.owner_dept"' in shown
    wrong = typed(asked, slot, item=row["item"], metric_or_check=row["metric_or_check"], due="2029-01-01")
    answer_ = head.post(f"/sign/{slot.pk}/decide-lines", wrong)
    assert answer_.status_code == 422
    assert "2029-01-01" in answer_.content.decode()
    said = typed(asked, slot, item=row["item"], due=row["due"], **SOONER)
    assert head.post(f"/sign/{slot.pk}/decide-lines", said).status_code == 302
    slot.refresh_from_db()
    assert slot.state == "AMENDED"
    stale = head.post(f"/sign/{slot.pk}/decide-lines", said | {f"amend-{slot.pk}.item": "另一段没有丢失的文字"})
    assert stale.status_code == 409
    assert "另一段没有丢失的文字" in stale.content.decode()

    address = f"/matters/{asked.collaboration.pk}/consensus"
    assert f'name="answer-{slot.pk}"' not in page(market, address)
    seen = page(lead, address)
    assert "<del>当日</del><ins>前一周</ins>" in seen
    assert "等待起草人答复" in page(head, f"/sign/{slot.pk}/")
    other = slot_of(asked, "技术部负责人", OTHER)
    left = page(head, f"/sign/{other.pk}/")
    assert [f'name="decision-{pk}"' in left for pk in (other.pk, slot.pk)] == [True, False]
    assert re.search(r"提出修改.{,80}1 条", left, re.DOTALL)
    assert address in page(lead, "/")
    assert "技术部对某一条提出了修改，林晓彤尚未答复" in page(lead, f"/matters/{asked.collaboration.pk}/")
    reply = {f"answer-{slot.pk}": "decline", f"seen-{slot.pk}": slot.amendment["digest"], f"reason-{slot.pk}": ""}
    empty = lead.post(f"{address}/answer", reply)
    assert (empty.status_code, unescape(empty.content.decode()).count("没有写明理由或内容。")) == (422, 1)
    assert market.post(f"{address}/answer", reply | {f"reason-{slot.pk}": "不行"}).status_code == 403
    old = lead.post(f"{address}/answer", reply | {f"seen-{slot.pk}": "0" * 64, f"reason-{slot.pk}": "日期已公布"})
    assert (old.status_code, "日期已公布" in old.content.decode()) == (409, True)
    taken = lead.post(f"{address}/answer", reply | {f"answer-{slot.pk}": "take"})
    assert (taken.status_code, asked.latest("F03").version) == (302, 2)
    again = slot_of(asked, "市场部负责人")
    assert "<del>当日</del><ins>前一周</ins>" in page(market, f"/sign/{again.pk}/")
    whole = page(market, address)
    assert "自第 2 版起的文字" in whole
    assert "提出此修改，已由林晓彤接受" in whole
    story = page(lead, f"/matters/{asked.collaboration.pk}/timeline")
    assert "接受了技术部的修改：活动页面可用" in story
    assert "按部门提出的修改重新提交" in story


def test_a_head_picks_another_department_on_his_page_and_sees_it_name_by_name(asked, client_for):
    people, cast = asked.company.people, asked.cast
    head, lead = client_for(people["技术部负责人"]), client_for(people["产品经理"])
    slot, row = slot_of(asked, "技术部负责人"), asked.latest("F03").data["criteria"][0]
    said = typed(
        asked, slot, item=row["item"], metric_or_check=row["metric_or_check"], due=row["due"], binds="",
        owner_dept="", owner_dept__text="运营",
    )  # fmt: skip
    wrong = head.post(f"/sign/{slot.pk}/decide-lines", said)
    assert (wrong.status_code, 'value="运营"' in wrong.content.decode()) == (422, True)
    said |= {f"amend-{slot.pk}.owner_dept__text": "运营部", f"amend-{slot.pk}.binds.{cast.operations}": "on"}
    assert head.post(f"/sign/{slot.pk}/decide-lines", said).status_code == 302
    seen = page(lead, f"/matters/{asked.collaboration.pk}/consensus")
    assert "<del>技术部</del><ins>运营部</ins>" in seen
    assert "<del>全部涉及部门</del><ins>运营部</ins>" in seen
    assert "<del>技术部</del><ins>运营部</ins>" in page(head, f"/sign/{slot.pk}/")


def test_among_several_papers_a_line_is_amended_beside_and_nothing_typed_is_lost(asked, client_for):
    head = client_for(asked.company.people["技术部负责人"])
    shown, first = (
        page(head, "/sign/"),
        asked.signoff("F03", "CONSENSUS").slots.filter(label="技术部").order_by("pk")[0],
    )
    assert f'<a href="/sign/{first.pk}/" target="_blank" rel="noopener">在它自己的页面修改某一条</a>' in shown
    sent = dict(re.findall(r'name="((?:digest|lines)-\d+|request_key)" value="([^"]*)"', shown))
    slot = amend(asked)
    answered = head.post(
        "/sign/several", {**sent, "act": "REFUSE", "chosen": [str(first.pk)], "reason": "三条都没谈妥"}
    )
    assert "三条都没谈妥" in answered.content.decode()
    slot.refresh_from_db()
    assert slot.state == "AMENDED"
    answer(asked, slot, take=False, reason="时间已对外公布")
    assert "没有照你的意见修改，理由是：时间已对外公布" in page(head, "/sign/")
    other = asked.signoff("F03", "CONSENSUS").slots.filter(label="技术部", state="APPROVED").first()
    assert f'name="decision-{slot_of(asked, "技术部负责人").pk}"' in page(head, f"/sign/{other.pk}/")


def test_the_interface_says_who_agreed_to_which_text_and_takes_the_answer(asked):
    def caller(post):
        actor = asked.actor(post)
        return Program(organisation.issue_token(name="test", scopes=ALL, actor=actor, at=asked.at)[1])

    head, lead = caller("技术部负责人"), caller("产品经理")
    slot, signoff = slot_of(asked, "技术部负责人"), asked.signoff("F03", "CONSENSUS")
    binds = {"binds": [asked.cast.technology, asked.cast.marketing, asked.cast.operations]}
    said = {"slot_id": slot.pk, "decision": "AMEND", "amendment": SOONER | binds}
    body = {"decisions": [said], "seen_digest": signoff.digest}
    assert head.post(f"/signoffs/{signoff.pk}/decide", body).status_code == 200
    slot.refresh_from_db()
    address = f"/collaborations/{asked.collaboration.pk}/consensus"
    found = head.get(address).json()
    line = next(each for each in found["lines"] if each["part"] == LINE)
    states = {each["label"]: (each["state"], each["amendment"].get("state")) for each in line["now"]["said"]}
    assert states == {"市场部": ("PENDING", None), "技术部": ("AMENDED", "OPEN"), "运营部": ("PENDING", None)}
    assert (found["version"], line["now"]["since"], line["binds_all"], found["unbound"]) == (1, 1, True, [])
    reply = {"slot_id": slot.pk, "seen_digest": slot.amendment["digest"], "take": True}
    assert head.post(f"{address}/answers", {"answers": [reply]}).status_code == 403
    taken = lead.post(f"{address}/answers", {"answers": [reply]})
    assert (taken.status_code, taken.json()["state"]) == (200, "2")
    line = next(each for each in lead.get(address).json()["lines"] if each["part"] == LINE)
    assert (line["now"]["since"], [text["since"] for text in line["before"]]) == (2, [1])
