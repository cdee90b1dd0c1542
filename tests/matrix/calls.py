"""How each route is called: on which thing, with which words. The words are such that whoever may, succeeds."""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from bihuan.access import operations as access
from bihuan.collaborations import operations as collaborations
from bihuan.collaborations.models import Acknowledgement, Collaboration, Problem
from bihuan.collaborations.operations.members import sync_members
from bihuan.collaborations.queries import current_run
from bihuan.commitments import operations as commitments
from bihuan.deadlines import operations as deadlines
from bihuan.organisation import operations as organisation
from bihuan.organisation.models import Absence, Department, Deputy, DutyTurn, Person, PlannedChange, Post
from bihuan.organisation.operations import DayValues
from bihuan.plans import operations as plans
from bihuan.records import policy, registry
from bihuan.resources import operations as resources
from bihuan.resources.enums import Answer
from bihuan.web.collaborations.sections import SECTIONS
from tests.matrix.world import SECRET, TODAY, Side, department_of

Words = dict[str, Any]
DAY = TODAY.date().isoformat()
COMPANY: tuple[Words, ...] = ({"pk": 0},)
COMPANY_BY_API: tuple[Words, ...] = ({"calendar_id": 0},)


def nothing(side: Side) -> Any:
    return {}


@dataclass(frozen=True, slots=True)
class Call:
    """`thing` names what the address points at; `things` what it is in another relation. `more` are further parts of
    the address, one call for each; `before` happens first, once, on the roles' own side."""

    thing: str = ""
    body: Callable[[Side], Words] = nothing
    more: tuple[Words, ...] = ({},)
    before: Callable[[Side], Any] = nothing
    things: tuple[tuple[str, str], ...] = ()

    def name_in(self, relation: str) -> str:
        return dict(self.things).get(relation, self.thing)


def seen(thing: str, **words: Any) -> Callable[[Side], Words]:
    return lambda side: {"seen_revision": getattr(side, thing).revision, **words}


def claimed(side: Side) -> None:
    commitments.claim(side.condition, evidence="已写入", actor=side.actor("lead"), at=TODAY)


def asked_today(side: Side) -> None:
    """The question whose clock ran out long ago is asked once more."""
    old, who = side.decision, {"actor": side.actor("initiator"), "at": TODAY}
    deadlines.cancel(old.subject, rules=["T29"], parts=[old.part], root=old.root, **who)
    again = deadlines.Start(
        subject=old.subject, part=old.part, owner=old.owner, asked_by=old.asked_by, what=old.what
    )  # fmt: skip
    deadlines.start("T29", [again], root=old.root, scope_id=old.scope_id, **who)


def stopped(side: Side) -> None:
    asked_today(side)
    who = {"actor": side.actor("head"), "at": TODAY}
    deadlines.pause(side.decision, reason="等供应商报价", seen_revision=side.decision.revision, **who)


def blocked(side: Side) -> None:
    task = side.task
    plans.block_task(task, blocker="等待设计稿", seen_revision=task.revision, actor=side.actor("contact"), at=TODAY)


def started(side: Side) -> None:
    plans.start_task(side.task, seen_revision=side.task.revision, actor=side.actor("contact"), at=TODAY)


def countered(side: Side) -> None:
    need = side.asked_need
    resources.answer_need(
        need,
        answer=Answer.COUNTER,
        offer="两人",
        seen_revision=need.revision,
        actor=side.actor("head"),
        at=TODAY,
    )


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


def end_asked(side: Side) -> None:
    side.matters["executing"].submit("F28", {"reason": "公司战略调整，不再投入", "reached": "完成需求调研"})


def filed(side: Side) -> None:
    side.matters["filing"].file_plan()


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


def told_week(side: Side) -> Words:
    report = side.report
    rows = {f"rows.{index}.percent": row.planned_percent for index, row in enumerate(report.rows.all())}
    return {**rows, "next_plan": "继续", "seen_revision": report.revision}


def told_rows(side: Side) -> Words:
    report = side.report
    rows = [{"row_id": row.pk, "percent": row.planned_percent} for row in report.rows.all()]
    return {"rows": rows, "next_plan": "继续", "seen_revision": report.revision}


def next_step(side: Side) -> Words:
    run = current_run(side.matter)
    return {"seen_step_run_id": run.pk if run else 1}


def next_lead(side: Side) -> Words:
    return {"lead": side.person("lead_head").pk, "reason": "方可休假"}


def adopted(side: Side) -> Words:
    return {"playbook": "SEED_B", "lead": side.person("lead").pk}


def handed_in(side: Side) -> Words:
    return {"files": SimpleUploadedFile("matters.csv", "编号,标题\nby-hand,一件事\n".encode())}


def handed_paper() -> SimpleUploadedFile:
    return SimpleUploadedFile("纪要.pdf", b"%PDF-1.7 minutes")


def looked_at(side: Side) -> Words:
    return {"revision": 1, "s0": "collaborations", "s0.was": "collaborations", "s0.0": "id", "s0.1": "title"}


def sent_in(side: Side) -> Words:
    content = b64encode("编号,标题\nby-program,一件事\n".encode()).decode()
    return {"files": [{"name": "matters.csv", "content": content}]}


def columns_said(side: Side) -> Words:
    return {"seen_revision": 1, "sheets": [{"table": "collaborations", "fields": ["id", "title"]}]}


def with_lead_id(words: Callable[[Side], Words]) -> Callable[[Side], Words]:
    """The same for the API, which calls an id an id."""
    return lambda side: {"lead_id" if key == "lead" else key: value for key, value in words(side).items()}


def new_department(side: Side) -> Words:
    return {"name": "法务部", "function": "NONE"}


def changed_department(side: Side) -> Words:
    return {**new_department(side), "revision": Department.objects.get(pk=side.market.pk).revision}


def handed_over(side: Side) -> Words:
    return {"to_all": side.person("recorder").pk, "reason": "离职"}


def handed_over_by_line(side: Side) -> Words:
    post = Post.objects.get(person=side.person("contact"), kind="CONTACT")
    successions = [{"key": f"organisation.post.{post.pk}", "successor_id": side.person("recorder").pk}]
    return {"successions": successions, "reason": "离职"}


def part_of_department(side: Side) -> Words:
    post = Post.objects.get(person=side.person("staff"))
    return {"name": "品牌部", "posts": [post.pk], "revision": Department.objects.get(pk=side.market.pk).revision}


def part_by_api(side: Side) -> Words:
    words = part_of_department(side)
    return {"name": words["name"], "post_ids": words["posts"], "seen_revision": words["revision"]}


def part_planned(side: Side) -> Words:
    words = part_by_api(side)
    return {"begins_on": "2027-06-01", "name": words["name"], "post_ids": words["post_ids"]}


def change_planned(side: Side) -> None:
    who = {"actor": side.actor("administrator"), "at": TODAY}
    day = TODAY.date() + timedelta(days=30)
    row = organisation.plan_change(side.market.pk, begins_on=day, name="品牌市场部", parent_id=None, **who)
    PlannedChange.objects.filter(pk=row.pk).update(id=1)


def on_duty(side: Side) -> None:
    who = {"actor": side.actor("administrator"), "at": TODAY}
    row = organisation.put_on_duty(side.person("pmo").pk, **who)
    DutyTurn.objects.filter(pk=row.pk).update(id=1)


def deputy_named(side: Side) -> None:
    who = {"deputy_id": side.person("recorder").pk, "actor": side.actor("administrator"), "at": TODAY}
    row = organisation.name_deputy(side.person("contact").pk, **who)
    Deputy.objects.filter(pk=row.pk).update(id=1)


def absence_noted(side: Side) -> None:
    day = TODAY.date() + timedelta(days=3)
    who = {"starts_on": None, "ends_on": day, "actor": side.actor("administrator"), "at": TODAY}
    row = organisation.note_absence(side.person("contact").pk, **who)
    Absence.objects.filter(pk=row.pk).update(id=1)


def changed_site(side: Side) -> Words:
    site = side.site
    seen = {"seen_name": site.name, "seen_time_zone": site.time_zone}
    return {"name": "成都二部", "time_zone": "Asia/Shanghai", **seen}


def changed_person(side: Side) -> Words:
    return {"name": "单雨薇薇", "revision": Person.objects.get(pk=side.colleague.pk).revision}


def day_closed(side: Side) -> None:
    organisation.set_day(
        None, day=TODAY.date(), values=DayValues(kind="CLOSED"), seen_revision=0, actor=side.actor("pmo"), at=TODAY
    )


def issued(side: Side) -> None:
    organisation.issue_token(name="机器", scopes=["read"], expires_at=None, actor=side.actor("initiator"), at=TODAY)


def kept(side: Side) -> None:
    collaborations.save_view(name="我的", asked="", shared_with="", actor=side.actor("initiator"), at=TODAY)


DELAY_RULE = ({"rule_id": "T35"},)
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
    "signin:login": Call(body=lambda s: {"username": "lin", "password": "not this one"}),
    "signin:logout": Call(),
    "signin:theme": Call(body=lambda s: {"theme": "dark"}),
    "signin:demo": Call(body=lambda s: {"person": s.person("administrator").pk}),
    "signin:clock": Call(body=lambda s: {"hours": "1"}),
    "set_language": Call(body=lambda s: {"language": "en"}),
    "desk:desk": Call(),
    "desk:waited": Call(),
    "collaborations:portfolio": Call(),
    "collaborations:count": Call(),
    "collaborations:export": Call(more=({"form": "csv"}, {"form": "xlsx"})),
    "agenda:mine": Call(),
    "agenda:department": Call("market"),
    "agenda:matter": Call("matter", things=(("draft", "begun"),)),
    "agenda:day": Call(),
    "agenda:month": Call(),
    "agenda:feeds": Call(),
    "agenda:issue_feed": Call(body=lambda s: {"kind": "MINE"}),
    "agenda:rotate_feed": Call("feed", lambda s: {"seen_prefix": s.feed.prefix}),
    "agenda:revoke_feed": Call("feed"),
    "inbox:enter": Call(more=({"token": "WzEsMSwxXQ:c2lnbmVkIGJ5IG5vYm9keQ"},)),
    "agenda:read_feed": Call(more=({"secret": SECRET},)),
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
    "imports:imports": Call(),
    "imports:add": Call(body=handed_in),
    "imports:run": Call("brought"),
    "imports:check": Call("brought", looked_at),
    "imports:start": Call("brought", looked_at),
    "imports:stop": Call("brought"),
    "imports:report": Call("brought"),
    "imports:source": Call("imported"),
    "imports:adopt_many": Call(body=lambda s: {**adopted(s), "matter": s.imported.pk}),
    "collaborations:start_risk": Call("matter"),
    "collaborations:measure": Call("metric", lambda s: {"value": "120", "day": DAY, "evidence": "日报"}),
    "collaborations:reach": Call("milestone", lambda s: {"day": DAY, "evidence": "验收单"}),
    "collaborations:urge": Call("loop"),
    "approvals:several": Call(),
    "approvals:agree": Call(body=lambda s: {"chosen": [s.slot.pk], f"digest-{s.slot.pk}": s.slot.digest}),
    "approvals:sign": Call("slot"),
    "approvals:decision": Call("slot"),
    "approvals:decide": Call("slot", decided("slot", request_key="k" * 16)),
    "approvals:decide_lines": Call("line_slot", agreed_lines),
    "approvals:ask": Call("slot", lambda s: {"act": "TRANSFER", "person": s.person("contact").pk, "reason": "出差"}),
    "approvals:return": Call("slot", lambda s: {"to_step": "0", "reason": "金额有误"}),
    "approvals:advise": Call("slot", lambda s: {"text": "可行"}),
    "approvals:undo": Call("slot", lambda s: {"act": "TAKE_BACK", "reason": "看错"}),
    "approvals:copy": Call("slot", lambda s: {"person": s.person("contact").pk}),
    "approvals:remark": Call("slot", lambda s: {"kind": "COMMENT", "text": "请看附表"}),
    "commitments:commitment": Call("condition"),
    "deadlines:list": Call(),
    "deadlines:outcomes": Call(),
    "deadlines:export_outcomes": Call(more=({"form": "xlsx"}, {"form": "csv"})),
    "deadlines:rules": Call(),
    "deadlines:choose_profile": Call(body=lambda s: {"profile": "work-aware", "seen_revision": 0}, more=DELAY_RULE),
    "deadlines:show": Call("deadline"),
    "deadlines:pause": Call("decision", seen("decision", reason="等供应商报价"), before=asked_today),
    "deadlines:resume": Call("decision", seen("decision"), before=stopped),
    "commitments:assign": Call(
        "condition", lambda s: {"owner": s.person("contact").pk, **seen("condition", due_on="2027-04-01")(s)}
    ),
    "commitments:claim": Call("condition", lambda s: {"evidence": "已写入方案"}),
    "commitments:verify": Call("condition", lambda s: {"accepted": "yes"}, before=claimed),
    "commitments:hand_over": Call(
        "condition", lambda s: {"owner": s.person("contact").pk, **seen("condition", reason="换人")(s)}
    ),
    "commitments:cancel": Call("condition", lambda s: {"reason": "不再需要"}),
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
    "plans:task": Call("task"),
    "plans:start": Call("task", seen("task")),
    "plans:report": Call("task", seen("task", percent="50"), before=started),
    "plans:block": Call("task", seen("task", blocker="缺少接口文档")),
    "plans:resume": Call("task", seen("task"), before=blocked),
    "plans:finish": Call("task", seen("task", output="活动页面已上线")),
    "plans:cancel": Call("task", seen("task", reason="不再需要")),
    "plans:hand_over": Call("task", lambda s: {"owner": s.person("recorder").pk, **seen("task", reason="换人")(s)}),
    "resources:need": Call("need"),
    "resources:answer": Call(
        "asked_need",
        lambda s: {"answer": "PROMISE", "named_person": s.person("contact").pk, **seen("asked_need")(s)},
    ),
    "resources:accept": Call("asked_need", seen("asked_need"), before=countered),
    "resources:drop": Call("asked_need", seen("asked_need", reason="不再需要")),
    "resources:put_in_place": Call("promised_need", seen("promised_need", evidence="已到岗"), before=filed),
    "resources:release": Call("need", seen("need")),
    "progress:report": Call("report"),
    "progress:submit": Call("report", told_week),
    "progress:week": Call("matter"),
    "progress:print": Call("matter"),
    "issues:risk": Call("risk"),
    "issues:close": Call("risk", lambda s: {"outcome": "已调配替补"}),
    "knowledge:library": Call(),
    "search:results": Call(),
    "search:suggest": Call(),
    "inbox:inbox": Call(),
    "inbox:bell": Call(),
    "inbox:wishes": Call(body=lambda s: {"revision": 0, "opens": "08:00", "closes": "20:00"}),
    "inbox:read": Call("notice"),
    "inbox:read_all": Call(body=lambda s: {"newest": s.notice.pk}),
    "exports:show": Call(),
    "exports:ask": Call(body=lambda s: {"form": "json"}),
    "exports:fetch": Call("parcel"),
    "knowledge:archive": Call("archive"),
    "organisation:departments": Call(),
    "organisation:search_departments": Call(),
    "organisation:add_department": Call(body=new_department),
    "organisation:department": Call("market"),
    "organisation:change_department": Call("market", changed_department),
    "organisation:close_department": Call("finance", lambda s: {"revision": s.finance.revision}),
    "organisation:guide": Call(),
    "organisation:history": Call(),
    "organisation:merge_department": Call(
        "finance", lambda s: {"into": s.market.pk, "revision": Department.objects.get(pk=s.finance.pk).revision}
    ),
    "organisation:split_department": Call("market", part_of_department),
    "organisation:plan_change": Call("market", lambda s: {"begins_on": "2027-06-01", "name": "品牌市场部"}),
    "organisation:cancel_planned": Call(more=({"pk": 1},), before=change_planned),
    "organisation:appoint": Call(
        "market", lambda s: {"person": s.person("postless").pk, "title": "策划", "kind": "STAFF", "starts_on": DAY}
    ),
    "organisation:put_in_charge": Call("market", lambda s: {"person": s.person("lead_head").pk}),
    "organisation:end_post": Call("post", lambda s: {"ends_on": DAY}),
    "organisation:add_site": Call(body=lambda s: {"name": "成都", "time_zone": "Asia/Shanghai"}),
    "organisation:calendars": Call(),
    "routes:list": Call(),
    "routes:show": Call(more=({"key": "OPINIONS"},)),
    "routes:try": Call(more=({"key": "OPINIONS"},)),
    "playbooks:try": Call(more=SEED_B),
    "routes:version": Call(more=FIRST_OF_OPINIONS),
    "routes:text": Call(more=FIRST_OF_OPINIONS),
    "routes:write": Call(),
    "routes:retire": Call(more=({"key": "EMERGENCY_ANYONE"},)),
    "routes:restore": Call(more=({"key": "EMERGENCY_ANYONE"},)),
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
    "playbooks:publish": Call(body=lambda s: {"text": A_PLAYBOOK, "note": "试用", "seen_version": 0}),
    "organisation:duty_list": Call(),
    "organisation:put_on_duty": Call(body=lambda s: {"person": s.person("pmo").pk}),
    "organisation:end_turn": Call(more=({"pk": 1},), before=on_duty),
    "organisation:calendar": Call(more=COMPANY),
    "organisation:set_hours": Call(
        body=lambda s: {"starts_on": DAY, "hours": "08:00-17:00", "country": "CN", "revision": 0}, more=COMPANY
    ),
    "organisation:set_day": Call(
        body=lambda s: {"day": DAY, "kind": "CLOSED", "name": "盘点", "revision": 0}, more=COMPANY
    ),
    "organisation:clear_day": Call(body=lambda s: {"day": DAY, "revision": 1}, more=COMPANY, before=day_closed),
    "organisation:load_official": Call(
        body=lambda s: {"country": "DE", "text": "date,is_workday,name\n2027-05-06,0,Himmelfahrt\n"}
    ),
    "organisation:change_site": Call("site", changed_site),
    "organisation:people": Call(),
    "organisation:search_people": Call(),
    "organisation:add_person": Call(body=lambda s: {"username": "new", "name": "新人"}),
    "organisation:person": Call("colleague"),
    "organisation:change_person": Call("colleague", changed_person),
    "organisation:set_password": Call("colleague", lambda s: {"password": "long enough 7 words"}),
    "organisation:name_deputy": Call("subordinate", lambda s: {"deputy": s.person("recorder").pk}),
    "organisation:end_deputy": Call("subordinate", more=({"row": 1},), before=deputy_named),
    "organisation:note_absence": Call("subordinate", lambda s: {"away_until": "2027-06-01"}),
    "organisation:end_absence": Call("subordinate", more=({"row": 1},), before=absence_noted),
    "organisation:hand_over": Call("subordinate", handed_over),
    "organisation:deactivate_person": Call("colleague"),
    "organisation:settings": Call(),
    "organisation:change_settings": Call(body=lambda s: {"language": "en"}),
    "organisation:change_password": Call(body=lambda s: {"present": "", "password": "long enough 7 words"}),
    "organisation:issue_token": Call(body=lambda s: {"name": "机器", "scopes": ["read"], "expires_on": "2027-06-01"}),
    "organisation:revoke_token": Call("token", before=issued),
}

API: dict[str, Call] = {
    "openapi-json": Call(),
    "agenda_mine": Call(),
    "agenda_department": Call("market"),
    "agenda_matter": Call("matter", things=(("draft", "begun"),)),
    "agenda_feeds": Call(),
    "agenda_issue": Call(body=lambda s: {"kind": "MINE"}),
    "agenda_address": Call("feed"),
    "agenda_revoke": Call("feed"),
    "calendars_calendars": Call(),
    "calendars_calendar": Call(more=COMPANY_BY_API),
    "calendars_due": Call(body=lambda s: {"start": DAY, "limit": "3wd"}, more=COMPANY_BY_API),
    "calendars_preview": Call(
        body=lambda s: {"day": {"day": DAY, "kind": "CLOSED", "seen_revision": 0}}, more=COMPANY_BY_API
    ),
    "calendars_set_hours": Call(
        body=lambda s: {"starts_on": DAY, "hours": "08:00-17:00", "country": "CN", "seen_revision": 0},
        more=COMPANY_BY_API,
    ),
    "calendars_set_day": Call(
        body=lambda s: {"day": DAY, "kind": "CLOSED", "seen_revision": 0}, more=COMPANY_BY_API
    ),
    "calendars_clear_day": Call(
        body=lambda s: {"day": DAY, "seen_revision": 1}, more=COMPANY_BY_API, before=day_closed
    ),
    "calendars_load_official": Call(
        body=lambda s: {"country": "DE", "year": 2027, "days": [{"date": "2027-05-06", "isOffDay": True}]}
    ),
    "organisation_me": Call(),
    "organisation_people": Call(),
    "organisation_person": Call("colleague"),
    "organisation_duties": Call("subordinate"),
    "organisation_hand_over": Call("subordinate", handed_over_by_line),
    "adoption_adoptable": Call(),
    "adoption_adopt_many": Call(body=lambda s: {**with_lead_id(adopted)(s), "matter_ids": [s.imported.pk]}),
    "imports_imports": Call(),
    "imports_tables": Call(),
    "imports_begin": Call(body=sent_in),
    "imports_show": Call("brought"),
    "imports_remarks": Call("brought"),
    "imports_changes": Call("brought"),
    "imports_report": Call("brought"),
    "imports_check": Call("brought", columns_said),
    "imports_start": Call("brought", lambda _: {"seen_revision": 1}),
    "imports_stop": Call("brought"),
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
    "playbooks_playbooks": Call(),
    "playbooks_suggested_playbooks": Call(),
    "playbooks_playbook_version": Call(more=FIRST_OF_SEED_B),
    "playbooks_check_playbook": PAGES["playbooks:check"],
    "playbooks_publish_playbook": PAGES["playbooks:publish"],
    "playbooks_playbook_matters": Call(more=SEED_B),
    "playbooks_migrate_matters": Call(
        body=lambda s: {"collaboration_ids": [1], "seen_version": 99, "reason": "试用"}, more=SEED_B
    ),
    "duty_turns": Call(),
    "duty_put": Call(body=lambda s: {"person_id": s.person("pmo").pk}),
    "duty_end": Call(more=({"turn_id": 1},), before=on_duty),
    "deputies_deputies": Call("colleague"),
    "deputies_name": Call("subordinate", lambda s: {"deputy_id": s.person("recorder").pk}),
    "deputies_end": Call(more=({"deputy_row_id": 1},), before=deputy_named),
    "deputies_note_absence": Call("subordinate", lambda s: {"ends_on": "2027-06-01"}),
    "deputies_end_absence": Call(more=({"absence_id": 1},), before=absence_noted),
    "reorganising_reorganisations": Call("market"),
    "reorganising_touched": Call("market"),
    "reorganising_merge": Call(
        "finance",
        lambda s: {"into_id": s.market.pk, "seen_revision": Department.objects.get(pk=s.finance.pk).revision},
    ),
    "reorganising_split": Call("market", part_by_api),
    "reorganising_preview": Call("market", lambda s: {"split": part_by_api(s)}),
    "reorganising_planned": Call(),
    "reorganising_planned_of": Call("market"),
    "reorganising_plan_change": Call("market", lambda s: {"begins_on": "2027-06-01", "name": "品牌市场部"}),
    "reorganising_plan_merger": Call("finance", lambda s: {"begins_on": "2027-06-01", "into_id": s.market.pk}),
    "reorganising_plan_split": Call("market", part_planned),
    "reorganising_cancel_planned": Call(more=({"planned_id": 1},), before=change_planned),
    "reorganising_deactivate": Call("colleague"),
    "organisation_history": Call(),
    "organisation_departments": Call(),
    "organisation_department": Call("market"),
    "desk_waiting": Call(),
    "desk_waited": Call(),
    "collaborations_portfolio": Call(),
    "collaborations_start": Call(
        body=lambda s: {"title": "新协作", "department_id": department_of(s, "产品部").pk, "playbook": "SEED_B"}
    ),
    "collaborations_advance": PAGES["collaborations:advance"],
    "collaborations_withdraw": PAGES["collaborations:withdraw"],
    "collaborations_change_lead": Call("matter", with_lead_id(next_lead), things=(("draft", "begun"),)),
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
    "files_attach": Call(
        "draft", lambda _: {"name": "纪要.pdf", "content": "JVBERg=="}, things=(("own", "record"), ("other", "record"))
    ),
    "files_remove": Call("draft", lambda _: {"file_id": 1}, things=(("own", "record"), ("other", "record"))),
    "files_of_record": Call("record", things=(("draft", "draft"),)),
    "files_fetch": Call("paper_file"),
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
    "commitments_mine": Call(),
    "deadlines_mine": Call(),
    "deadlines_outcomes": Call(),
    "deadlines_deadline": Call("deadline"),
    "deadlines_time_rules": Call(),
    "deadlines_choose_profile": PAGES["deadlines:choose_profile"],
    "deadlines_pause": PAGES["deadlines:pause"],
    "deadlines_resume": PAGES["deadlines:resume"],
    "commitments_commitment": Call("condition"),
    "commitments_assign": Call(
        "condition", lambda s: {"owner_id": s.person("contact").pk, **seen("condition", due_on="2027-04-01")(s)}
    ),
    "commitments_claim": PAGES["commitments:claim"],
    "commitments_verify": Call("condition", lambda s: {"accepted": True}, before=claimed),
    "commitments_hand_over": Call(
        "condition", lambda s: {"owner_id": s.person("contact").pk, **seen("condition", reason="换人")(s)}
    ),
    "commitments_cancel": PAGES["commitments:cancel"],
    "plans_task": Call("task"),
    "plans_start": PAGES["plans:start"],
    "plans_report": Call("task", seen("task", percent=50), before=started),
    "plans_block": PAGES["plans:block"],
    "plans_resume": PAGES["plans:resume"],
    "plans_finish": PAGES["plans:finish"],
    "plans_cancel": PAGES["plans:cancel"],
    "plans_hand_over": Call("task", lambda s: {"owner_id": s.person("recorder").pk, **seen("task", reason="换人")(s)}),
    "resources_need": Call("need"),
    "resources_answer": Call(
        "asked_need",
        lambda s: {"answer": "PROMISE", "named_person_id": s.person("contact").pk, **seen("asked_need")(s)},
    ),
    "resources_accept_offer": PAGES["resources:accept"],
    "resources_drop": PAGES["resources:drop"],
    "resources_put_in_place": PAGES["resources:put_in_place"],
    "resources_release": PAGES["resources:release"],
    "progress_report": Call("report"),
    "progress_submit": Call("report", told_rows),
    "issues_risk": Call("risk"),
    "issues_start": Call("matter"),
    "issues_close": PAGES["issues:close"],
    "knowledge_library": Call(),
    "search_search": Call(),
    "exports_mine": Call(),
    "exports_ask": Call(body=lambda s: {"form": "json"}),
    "notifications_notices": Call(),
    "notifications_read": Call("notice"),
    "notifications_wishes": Call(),
    "notifications_change_wishes": Call(
        body=lambda s: {"opens": "09:00", "closes": "18:00", "unwanted": [], "seen_revision": 0}
    ),
    "notifications_read_all": Call(body=lambda s: {"newest": s.notice.pk}),
    "exports_export": Call("parcel"),
    "exports_file": Call("parcel"),
    "knowledge_archive": Call("archive"),
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
