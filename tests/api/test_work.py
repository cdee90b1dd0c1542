"""The work on a matter through the API, what is kept of it, and the organisation."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.access.models import Member
from bihuan.approvals.enums import Decision
from bihuan.approvals.policy import Condition
from bihuan.collaborations.models import Measurement, Metric, Milestone
from bihuan.commitments.models import Commitment
from bihuan.issues.models import Risk
from bihuan.knowledge.models import Archive
from bihuan.plans.models import Task
from bihuan.progress.models import Report
from bihuan.records.models import Record
from bihuan.resources.models import Need
from tests import forms_samples as samples
from tests.api.conftest import codes
from tests.witness import facts_since


@pytest.fixture
def executing(campaign):
    campaign.carry_to("EXECUTE")
    return campaign


def test_a_need_is_answered_and_put_in_place(campaign, program, refuses):
    campaign.carry_to("ALIGN")
    need = Need.objects.filter(provider=campaign.company.departments["市场部"], state="ASKED").first()
    head, lead, path = program("市场部负责人"), program("产品经理"), f"/needs/{need.pk}"
    seen = {"seen_revision": need.revision}
    assert head.get(path).json()["provider"]["name"] == "市场部"
    refuses(404, program("财务专员").post, f"{path}/answer", {"answer": "PROMISE", **seen})
    refuses(403, program("技术部负责人").post, f"{path}/answer", {"answer": "PROMISE", **seen})
    refuses(422, head.post, f"{path}/answer", {"answer": "REFUSE", **seen})
    offered = head.post(f"{path}/answer", {"answer": "COUNTER", "offer": "下月起", "text": "本月满额", **seen}).json()
    assert (offered["state"], offered["revision"]) == ("COUNTERED", need.revision + 1)
    assert facts_since(0, "resources.need.answered")[-1]["offer"] == "下月起"
    refuses(409, lead.post, f"{path}/accept-offer", seen)
    taken = lead.post(f"{path}/accept-offer", {"seen_revision": offered["revision"]}).json()
    assert taken["state"] == "PROMISED"
    refuses(409, head.post, f"{path}/put-in-place", {"evidence": "已到位", "seen_revision": taken["revision"]})
    campaign.carry_to("RESOURCE")
    placed = head.post(f"{path}/put-in-place", {"evidence": "已到位", "seen_revision": taken["revision"]}).json()
    assert placed["state"] == "IN_PLACE"
    assert head.post(f"{path}/release", {"seen_revision": placed["revision"]}).json()["state"] == "RELEASED"
    need.refresh_from_db()
    assert (need.state, need.evidence) == ("RELEASED", "已到位")
    assert len(facts_since(0, "resources.need.released")) == 1


def test_a_need_is_dropped(campaign, program):
    campaign.request()
    need = Need.objects.filter(state="ASKED").first()
    body = {"reason": "不再需要", "seen_revision": need.revision}
    assert program("产品经理").post(f"/needs/{need.pk}/drop", body).json()["state"] == "DROPPED"
    assert facts_since(0, "resources.need.dropped")[0]["reason"] == "不再需要"


def test_a_task_goes_its_way(executing, program, refuses):
    task = Task.objects.select_related("owner").filter(owner=executing.company["运营经理"]).first()
    owner, lead, path = program("运营经理"), program("产品经理"), f"/tasks/{task.pk}"
    listed = owner.get(f"/collaborations/{executing.collaboration.pk}/tasks").json()["items"]
    assert [row["id"] for row in listed] == list(Task.objects.values_list("pk", flat=True))

    def act(caller, name, **said):
        task.refresh_from_db()
        return caller.post(f"{path}/{name}", {"seen_revision": task.revision, **said})

    refuses(404, program("财务专员").post, f"{path}/start", {"seen_revision": task.revision})
    refuses(409, owner.post, f"{path}/start", {"seen_revision": task.revision + 7})
    assert act(owner, "start").json()["state"] == "IN_PROGRESS"
    assert act(owner, "report", percent=40).json()["state"] == "IN_PROGRESS"
    assert owner.get(path).json()["percent"] == 40
    assert act(owner, "block", blocker="缺素材").json()["state"] == "BLOCKED"
    assert act(owner, "resume").json()["state"] == "IN_PROGRESS"
    task.refresh_from_db()
    finish = {"output": " ", "seen_revision": task.revision}
    assert codes(refuses(422, owner.post, f"{path}/finish", finish)) == [("plans.output_missing", "output")]
    unknown = {"owner_id": 2**40, "reason": "调岗", "seen_revision": task.revision}
    assert codes(refuses(422, lead.post, f"{path}/hand-over", unknown)) == [("plans.owner_unknown", "owner")]
    assert act(lead, "hand-over", owner_id=executing.company["运营部负责人"].pk, reason="调岗").status_code == 200
    assert act(program("运营部负责人"), "finish", output="活动页已上线").json()["state"] == "DONE"
    task.refresh_from_db()
    assert (task.state, task.output, task.owner_id) == ("DONE", "活动页已上线", executing.company["运营部负责人"].pk)
    assert len(facts_since(0, "plans.task.done")) == 1


def test_a_task_is_cancelled_by_who_carries_the_matter(executing, program, refuses):
    task = Task.objects.filter(owner=executing.company["运营经理"]).first()
    body = {"reason": "并入其他任务", "seen_revision": task.revision}
    refuses(403, program("运营经理").post, f"/tasks/{task.pk}/cancel", body)
    assert program("产品经理").post(f"/tasks/{task.pk}/cancel", body).json()["state"] == "CANCELLED"
    assert facts_since(0, "plans.task.cancelled")[0]["reason"] == "并入其他任务"


def told_of(report, executing, **changes):
    due = (executing.today + timedelta(days=3)).isoformat()
    behind = {"variance_reason": "等待设计稿", "measure": "加派一人", "measure_due": due,
              "measure_owner_id": executing.company["产品经理"].pk}  # fmt: skip
    rows = [{"row_id": row.pk, "percent": min(row.planned_percent, 99), **behind} for row in report.rows.all()]
    return {"rows": rows, "next_plan": "继续推进", "seen_revision": report.revision, **changes}


def test_a_week_is_reported(executing, program, refuses):
    report = Report.objects.filter(department=executing.company.departments["市场部"]).first()
    other = Report.objects.exclude(pk=report.pk).first()
    contact, path = program("推广经理"), f"/reports/{report.pk}"
    (period,) = contact.get(f"/collaborations/{executing.collaboration.pk}/reports").json()["items"]
    assert report.pk in {one["id"] for one in period["reports"]}
    assert contact.get(path).json()["department"]["name"] == "市场部"

    refuses(404, program("财务专员").post, f"{path}/submit", told_of(report, executing))
    foreign = [*told_of(report, executing)["rows"], {"row_id": other.rows.first().pk, "percent": 50}]
    refuses(404, contact.post, f"{path}/submit", told_of(report, executing, rows=foreign))
    refuses(422, contact.post, f"{path}/submit", told_of(report, executing, rows=[]))
    gone = told_of(report, executing)
    gone["rows"][0] |= {"measure_owner_id": 2**40, "percent": 0}
    refuses(422, contact.post, f"{path}/submit", gone)

    receipt = contact.post(f"{path}/submit", told_of(report, executing)).json()
    report.refresh_from_db()
    assert (receipt["state"], receipt["revision"]) == ("SUBMITTED", report.revision)
    assert (report.next_plan, report.submitted_by_id) == ("继续推进", executing.company["推广经理"].pk)
    (fact,) = facts_since(0, "progress.report.submitted")
    assert fact["report_id"] == report.pk


def test_a_risk_is_begun_filed_and_closed(campaign, program, refuses):
    campaign.request()
    finder, pmo = program("开发组长"), program("PMO专员")
    begun = finder.post(f"/collaborations/{campaign.collaboration.pk}/risks")
    assert begun.status_code == 201
    path = begun.json()["href"].removeprefix("/api/v1")
    body = samples.risk(campaign.cast, campaign.start, "2026-11-17T09:00:00+08:00")
    saved = finder.put(f"{path}/draft", {"body": body, "seen_revision": begun.json()["revision"]}).json()
    finder.post(f"{path}/submit", {"seen_revision": saved["revision"]})
    risk = Risk.objects.get()
    (listed,) = pmo.get(f"/collaborations/{campaign.collaboration.pk}/risks").json()["items"]
    assert (listed["number"], listed["state"]) == (risk.number, "REPORTED")
    refuses(403, finder.post, f"/risks/{risk.pk}/close", {"outcome": "没事了"})
    refuses(404, program("财务专员").post, f"/risks/{risk.pk}/close", {"outcome": "没事了"})
    refuses(422, pmo.post, f"/risks/{risk.pk}/close", {"outcome": ""})
    assert pmo.post(f"/risks/{risk.pk}/close", {"outcome": "替补已到位"}).json()["state"] == "CLOSED"
    assert pmo.get(f"/risks/{risk.pk}").json()["outcome"] == "替补已到位"
    assert facts_since(0, "issues.risk.closed")[0]["outcome"] == "替补已到位"


@pytest.fixture
def promised(campaign):
    """Marketing agreed on a condition nobody owns yet."""
    campaign.request()
    conditions = (Condition("渠道优先级须先确定", department_id=campaign.cast.product),)
    campaign.decide(
        "F01",
        "OPINIONS",
        "市场部负责人",
        decision=Decision.APPROVE_WITH_CONDITION,
        opinion="同意",
        conditions=conditions,
    )
    return Commitment.objects.get()


def test_a_promise_is_assigned_claimed_returned_and_verified(promised, campaign, company, program, refuses):
    giver, lead, path = program("市场部负责人"), program("产品经理"), f"/commitments/{promised.pk}"
    day = (campaign.today + timedelta(days=7)).isoformat()
    assign = {"owner_id": company["产品经理"].pk, "due_on": day, "seen_revision": promised.revision}
    refuses(404, program("财务专员").post, f"{path}/assign", assign)
    refuses(422, giver.post, f"{path}/assign", {**assign, "due_on": 1_800_000_000})
    for typed in ("2026-02-30", "2026-W47-5", "9999-12-31", "", 1764115200, None):
        refused = refuses(422, giver.post, f"{path}/assign", {**assign, "due_on": typed}).json()["findings"]
        assert [(one["code"], one["place"]) for one in refused] == [("api.no_day", "due_on")]
        assert refused[0]["what"] == "“due_on” is no day the calendar knows."
        assert refused[0]["mend"] == "Write year, month and day, 2026-11-30, between 1900 and 2200."
    refuses(422, giver.post, f"{path}/assign", {**assign, "owner_id": 2**40})
    past = (campaign.today - timedelta(days=1)).isoformat()
    refused = refuses(422, giver.post, f"{path}/assign", {**assign, "due_on": past})
    assert codes(refused) == [("commitments.due_in_past", "due_on")]
    assert giver.post(f"{path}/assign", assign).json()["state"] == "OPEN"
    assert [one["id"] for one in lead.get("/commitments").json()["items"]] == [promised.pk]

    refuses(403, giver.post, f"{path}/claim", {"evidence": "会议纪要"})
    assert lead.post(f"{path}/claim", {"evidence": "会议纪要"}).json()["state"] == "CLAIMED"
    refuses(403, lead.post, f"{path}/verify", {"accepted": True})
    refuses(422, giver.post, f"{path}/verify", {"accepted": "yes"})
    assert giver.post(f"{path}/verify", {"accepted": False, "note": "未排定"}).json()["state"] == "OPEN"
    lead.post(f"{path}/claim", {"evidence": "新的纪要"})
    assert giver.post(f"{path}/verify", {"accepted": True}).json()["state"] == "VERIFIED"
    promised.refresh_from_db()
    assert (promised.state, promised.times_returned, promised.due_on.isoformat()) == ("VERIFIED", 1, day)
    assert [len(facts_since(0, f"commitments.commitment.{name}")) for name in ("returned", "verified")] == [1, 1]
    (listed,) = lead.get(f"/collaborations/{campaign.collaboration.pk}/commitments").json()["items"]
    assert (listed["id"], listed["evidence"]) == (promised.pk, "新的纪要")


def test_a_promise_is_handed_over_and_cancelled(promised, campaign, company, program):
    giver, path = program("市场部负责人"), f"/commitments/{promised.pk}"
    revision = giver.get(path).json()["revision"]
    body = {"owner_id": company["产品部负责人"].pk, "reason": "休假", "seen_revision": revision}
    assert program("产品经理").post(f"{path}/hand-over", body).status_code == 200
    assert facts_since(0, "commitments.commitment.handed_over")[0]["owner_id"] == body["owner_id"]
    assert giver.post(f"{path}/cancel", {"reason": "渠道取消"}).json()["state"] == "CANCELLED"
    assert program("市场部负责人").get(path).json()["note"] == "渠道取消"


def test_metrics_are_measured_and_milestones_reached(executing, program, refuses):
    caller = program("产品经理")
    metric, milestone = (
        Metric.objects.filter(form_code="F04").first(),
        Milestone.objects.filter(form_code="F04").first(),
    )
    today = executing.today.isoformat()
    path, body = f"/metrics/{metric.pk}/measurements", {"value": "1234.5", "measured_on": today, "evidence": "用户中心"}
    refuses(404, program("财务专员").post, path, body)
    for value in ("1e400", "NaN", True, "1.1234567", "x"):
        refuses(422, caller.post, path, {**body, "value": value})
    assert codes(refuses(422, caller.post, path, {**body, "evidence": ""})) == [
        ("collaborations.evidence_missing", "evidence")
    ]
    assert caller.post(path, body).status_code == 201
    assert str(Measurement.objects.get().value) == "1234.500000"
    listed = caller.get(f"/collaborations/{executing.collaboration.pk}/metrics").json()["items"]
    assert [one["value"] for row in listed for one in row["measurements"]] == ["1234.500000"]

    path, body = f"/milestones/{milestone.pk}/reach", {"reached_on": today, "evidence": "里程碑文件夹"}
    refuses(404, program("财务专员").post, path, body)
    assert caller.post(path, body).json()["state"] == "REACHED"
    refuses(409, caller.post, path, body)
    listed = caller.get(f"/collaborations/{executing.collaboration.pk}/milestones").json()["items"]
    assert {row["id"]: row["reached_on"] for row in listed}[milestone.pk] == today
    assert len(facts_since(0, "collaborations.milestone.reached")) == 1


def test_lists_of_the_work_ask_the_database_a_fixed_number_of_times(executing, program):
    caller, costs = program("产品经理"), {}
    for name in ("tasks", "needs", "reports", "risks", "metrics", "milestones", "commitments", "loops", "timeline"):
        with CaptureQueriesContext(connection) as asked:
            caller.get(f"/collaborations/{executing.collaboration.pk}/{name}")
        costs[name] = len(asked)
    most = {"reports": 10, "loops": 12}
    assert {name: cost for name, cost in costs.items() if cost > most.get(name, 8)} == {}


def test_the_library_shows_what_may_be_read(campaign, program):
    campaign.carry_to("ARCHIVE")
    campaign.release_needs()
    campaign.archive()
    archive, caller = Archive.objects.get(), program("产品经理")
    (listed,) = caller.get("/library", text="增长").json()["items"]
    assert (listed["id"], listed["number"]) == (archive.pk, archive.number)
    detail = caller.get(f"/library/{archive.pk}").json()
    assert (detail["is_unchanged"], len(detail["lessons"])) == (True, archive.lessons.count())
    assert caller.get("/library", text="没有这个").json() == {"items": [], "next": None}
    Archive.objects.filter(pk=archive.pk).update(frozen_hash="0" * 64)
    assert caller.get(f"/library/{archive.pk}").json()["is_unchanged"] is False
    record = Record.objects.get(form_code="F20")
    assert caller.get(f"/records/{record.pk}").json()["may_edit"] is False


def test_an_archive_is_invisible_to_who_may_not_read_it(campaign, program):
    campaign.carry_to("ARCHIVE")
    campaign.release_needs()
    campaign.archive()
    archive = Archive.objects.get()
    Member.objects.filter(scope=archive.scope, principal="all").delete()
    stranger = program("财务专员")
    assert stranger.get(f"/library/{archive.pk}").content == stranger.get("/library/999999").content
    assert stranger.get("/library").json() == {"items": [], "next": None}


# The organisation -------------------------------------------------------------------------------------------------


def test_people_are_found_and_listed_by_key(company, program):
    caller = program("产品经理")
    assert [one["name"] for one in caller.get("/people", text="zhaosiyuan").json()["items"]] == ["赵思远"]
    listed = caller.get("/people").json()
    assert (len(listed["items"]), listed["next"]) == (len(company.people), None)
    third = listed["items"][2]
    rest = caller.get("/people", before=f"{third['name']}~{third['id']}").json()
    assert rest["items"] == listed["items"][3:]


def test_addresses_are_for_colleagues_only(company, program):
    path = f"/people/{company['推广经理'].pk}"
    seen = {office: program(office).get(path).json()["username"] for office in ("推广经理", "市场部负责人", "无岗位")}
    assert seen == {"推广经理": "zhao", "市场部负责人": "zhao", "无岗位": None}
    assert program("推广经理").get("/people/999999").status_code == 404


def test_departments_and_oneself(company, program):
    caller = program("市场部负责人")
    names = [one["name"] for one in caller.get("/departments").json()["items"]]
    assert sorted(names) == sorted({department.name for department in company.departments.values()})
    detail = caller.get(f"/departments/{company.departments['市场部'].pk}").json()
    assert (detail["name"], detail["holders"][0]["name"], detail["executive"]["name"]) == ("市场部", "王敏", "徐国栋")
    me = caller.get("/me").json()
    assert me["principals"] == sorted(company.actor("市场部负责人").principals)
    assert caller.get("/departments", text="shichang").json()["items"][0]["name"] == "市场部"
