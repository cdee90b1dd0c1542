"""AS20, as far as its forms exist: what is asked of whom, who sees it, what is owed, what the report says."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bihuan.approvals.models import Copy
from bihuan.collaborations.models import Metric
from bihuan.commitments.models import Commitment
from bihuan.kernel.errors import Refused
from bihuan.notifications.models import Notice
from tests.problem import REPORTER, Trouble, running
from tests.witness import facts_since, last_entry, refused

TOLD = ("刘雅琴", "陈志远", "王敏", "胡慧兰", "徐国栋")
SHANGHAI = ZoneInfo("Asia/Shanghai")


def test_an_order_delay_is_answered_by_everybody_who_is_involved(trouble: Trouble) -> None:
    trouble.tell()
    trouble.all_acknowledge()
    assert trouble.step == "REQUEST"
    asks = trouble.application()["dept_asks"]
    with refused(Refused, "collaborations.ask_missing"):
        trouble.submit("F02", trouble.application(dept_asks=asks[:2]), REPORTER)
    with refused(Refused, "collaborations.resolution_too_late"):
        trouble.submit("F02", trouble.application(resolution_due="2026-11-20 18:01"), REPORTER)

    before = last_entry()
    version = trouble.apply()
    assert version.record.number == "XZ-2026-0001-F02-01"
    assert [row["reply_due_at"] for row in version.data["dept_asks"]] == [
        "2026-11-18T02:00:00+00:00", "2026-11-18T04:00:00+00:00", "2026-11-17T09:00:00+00:00",
    ]  # fmt: skip
    heads = ["技术部负责人", "市场部负责人", "财务部负责人"]
    people = [trouble.company[post].pk for post in heads]
    assert [row["person"]["id"] for row in version.data["cc_heads"]] == people
    assert set(Copy.objects.values_list("person", flat=True)) == set(people)
    assert len(facts_since(before, "approvals.copies.sent")) == 1
    assert trouble.step == "APPROVAL"
    finance = trouble.collaboration.parties.get(department=trouble.department("财务部"))
    assert finance.contact_id == trouble.company["财务专员"].pk

    trouble.wait(hours=1)
    trouble.approve()
    assert trouble.step == "EXECUTE"
    lead = trouble.company.principal(REPORTER)
    assert running(trouble.collaboration, "T24") == [(lead, trouble.at + timedelta(hours=72))]
    assert Metric.objects.get(form_code="F02").deadline == (trouble.at + timedelta(hours=72)).date()
    owed = Commitment.objects.filter(kind="ACTION").order_by("pk")
    assert [(row.owner_id, row.gate, row.due_on.isoformat()) for row in owed] == [
        (trouble.company["开发组长"].pk, "leave:EXECUTE", "2026-11-18"),
        (trouble.company["推广经理"].pk, "leave:EXECUTE", "2026-11-18"),
        (trouble.company["财务专员"].pk, "leave:EXECUTE", "2026-11-17"),
    ]
    answers = [
        (trouble.company.principal(post), datetime.fromisoformat(instant))
        for post, instant in (
            ("开发组长", "2026-11-18T10:00+08:00"),
            ("推广经理", "2026-11-18T12:00+08:00"),
            ("财务专员", "2026-11-17T17:00+08:00"),
        )
    ]
    assert running(trouble.collaboration, "T23") == answers
    assert running(trouble.collaboration, "T38") == []
    assert owed[0].text == "排查系统接口数据同步异常: 排查结论与修复说明 (≤ 2026-11-18 10:00)"
    assert [code for code, _what in trouble.in_the_way()] == ["collaborations.open_commitment"] * 3


def test_what_was_solved_is_reported_with_before_and_after(trouble: Trouble) -> None:
    trouble.tell()
    trouble.all_acknowledge()
    trouble.apply()
    trouble.approve()
    trouble.keep_asks()
    trouble.at = datetime(2026, 11, 20, 9, tzinfo=SHANGHAI)
    trouble.lead_goes_on()
    with refused(Refused, "collaborations.feedback_missing") as caught:
        trouble.accept_effect("97", dept_feedback=[])
    asked = [each.params["department"] for each in caught.value.findings if each.code.endswith("feedback_missing")]
    assert sorted(asked) == ["市场部", "技术部", "财务部"]
    draft = trouble.draft("F16", REPORTER).draft
    assert (draft["items"][0]["before"], len(draft["dept_feedback"])) == ("85", 3)
    row = {
        **draft["items"][0],
        "actual": "97",
        "evidence": "日报",
        "judged_by": trouble.company[REPORTER].pk,
        "before": "",
    }
    with refused(Refused, "collaborations.before_missing"):
        trouble.accept_effect("97", items=[row])
    verified = trouble.accept_effect("97")
    assert [(one["before"], one["actual"], one["result"]) for one in verified.data["items"]] == [("85", "97", "MET")]
    assert [one["dept"]["name"] for one in verified.data["dept_feedback"]] == ["技术部", "市场部", "财务部"]
    assert trouble.step == "RETRO"
    assert running(trouble.collaboration, "T07") == running(trouble.collaboration, "T24") == []
    version = trouble.report(to_management="yes")
    (effect,) = version.data["effect"]
    assert (effect["before"], effect["target"], effect["after"], effect["result"]) == ("85", "95", "97", "MET")
    assert [row["person"]["name"] for row in version.data["heads"]] == ["刘雅琴", "陈志远", "王敏", "胡慧兰"]
    told = Notice.objects.filter(kind="collaborations.reported").values_list("person__name", "params")
    assert sorted(told) == [(name, {"number": version.record.number}) for name in sorted(TOLD)]
    assert version.data["problem"].startswith("华东地区订单")
    assert [row["step"] for row in version.data["course"]][:2] == ["评估", "需求"]
    assert Commitment.objects.get(kind="IMPROVEMENT").text == "为接口同步增加监控告警"
    assert trouble.refreshed().ending == "CLOSED"
    assert not trouble.collaboration.loops.filter(closed_at__isnull=True).exclude(kind="COMMITMENT").exists()


def planned(trouble: Trouble) -> None:
    """A problem on the shipped playbook whose solution is to be written; its goal runs until three days from here."""
    trouble.tell()
    trouble.all_acknowledge()
    trouble.apply()
    trouble.approve()
    trouble.paper("F07", REPORTER)
    for post in ("运营部负责人", "技术部负责人", "市场部负责人", "财务部负责人"):
        trouble.decide("F07", "MINUTES", post, opinion="同意")
    assert trouble.step == "PLAN"


def test_a_solution_ends_within_the_time_of_the_goal_unless_the_head_allows_more(company, playbooks, at) -> None:
    trouble = Trouble.begin(company, at, "SEED_D")
    planned(trouble)
    (due,) = [due for _owner, due in running(trouble.collaboration, "T24")]
    nodes = [due - timedelta(hours=hours) for hours in (48, 24, 0)]
    late = due + timedelta(minutes=1)
    with refused(Refused, "collaborations.node_after_goal"):
        trouble.solution(*nodes, late)
    head, other = company["运营部负责人"].pk, company["技术部负责人"].pk
    with refused(Refused, "collaborations.node_after_goal"):
        trouble.solution(late, later_allowed_by=head)
    with refused(Refused, "collaborations.later_not_by_head"):
        trouble.solution(late, later_allowed_by=other, later_reason="仓库盘点")
    with refused(Refused, "collaborations.solution_without_contingency"):
        trouble.solution(*nodes, contingencies=[])
    with refused(Refused, "collaborations.solution_without_node"):
        trouble.solution(milestones=[])
    version = trouble.solution(*nodes, late, later_allowed_by=head, later_reason="周日仓库盘点，无法切换")
    assert [row["at"] for row in version.data["milestones"]][2] == due.astimezone(UTC).isoformat()
    (doubt,) = version.doubts
    local = due.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
    assert (doubt.code, doubt.place) == ("collaborations.node_after_goal", "milestones.3.at")
    assert doubt.params["until"] == local
    assert trouble.step == "PLAN"
