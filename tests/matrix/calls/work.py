"""Calls of what is done in a matter and told of it: plans, progress, resources, promises, risks, deadlines."""

from collections.abc import Callable
from typing import Any

from bihuan.collaborations import operations as collaborations
from bihuan.commitments import operations as commitments
from bihuan.deadlines import operations as deadlines
from bihuan.plans import operations as plans
from bihuan.resources import operations as resources
from bihuan.resources.enums import Answer
from tests.matrix.call import Call, Words, seen
from tests.matrix.world import SECRET, TODAY, Side


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


def filed(side: Side) -> None:
    side.matters["filing"].file_plan()


def told_week(side: Side) -> Words:
    report = side.report
    rows = {f"rows.{index}.percent": row.planned_percent for index, row in enumerate(report.rows.all())}
    return {**rows, "next_plan": "继续", "seen_revision": report.revision}


def told_rows(side: Side) -> Words:
    report = side.report
    rows = [{"row_id": row.pk, "percent": row.planned_percent} for row in report.rows.all()]
    return {"rows": rows, "next_plan": "继续", "seen_revision": report.revision}


def waiver_asked(side: Side) -> None:
    collaborations.ask_waiver(side.contribution, reason="系统切换", actor=side.actor("initiator"), at=TODAY)


def of_period(**words: Any) -> Callable[[Side], Words]:
    return lambda side: {"seen_revision": side.contribution.period.revision, **words}


DELAY_RULE = ({"rule_id": "T35"},)


PAGES: dict[str, Call] = {
    "desk:desk": Call(),
    "desk:waited": Call(),
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
    "commitments:commitment": Call("condition"),
    "collaborations:contribution": Call("contribution"),
    "collaborations:contribution_file": Call("contribution", more=({"number": 1},)),
    "collaborations:give": Call("contribution", lambda s: {"text": "合计 1200 万元"}),
    "collaborations:begin_incomplete": Call("contribution", of_period()),
    "collaborations:accept_period": Call("contribution", of_period()),
    "collaborations:ask_waiver": Call("contribution", lambda s: {"reason": "系统切换"}),
    "collaborations:answer_waiver": Call("contribution", lambda s: {"granted": "yes"}, before=waiver_asked),
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
}


API: dict[str, Call] = {
    "agenda_mine": Call(),
    "agenda_department": Call("market"),
    "agenda_matter": Call("matter", things=(("draft", "begun"),)),
    "agenda_feeds": Call(),
    "agenda_issue": Call(body=lambda s: {"kind": "MINE"}),
    "agenda_address": Call("feed"),
    "agenda_revoke": Call("feed"),
    "desk_waiting": Call(),
    "desk_waited": Call(),
    "files_attach": Call(
        "draft", lambda _: {"name": "纪要.pdf", "content": "JVBERg=="}, things=(("own", "record"), ("other", "record"))
    ),
    "files_remove": Call("draft", lambda _: {"file_id": 1}, things=(("own", "record"), ("other", "record"))),
    "files_of_record": Call("record", things=(("draft", "draft"),)),
    "files_fetch": Call("paper_file"),
    "recurrence_of_collaboration": Call("matter", things=(("draft", "begun"),)),
    "recurrence_contribution": Call("contribution"),
    "recurrence_file": Call("contribution", more=({"number": 1},)),
    "recurrence_give": Call("contribution", lambda s: {"text": "合计 1200 万元"}),
    "recurrence_begin_incomplete": Call("contribution", of_period()),
    "recurrence_accept_period": Call("contribution", of_period(checks=[])),
    "recurrence_ask_waiver": Call("contribution", lambda s: {"reason": "系统切换"}),
    "recurrence_answer_waiver": Call("contribution", lambda s: {"granted": True}, before=waiver_asked),
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
}
