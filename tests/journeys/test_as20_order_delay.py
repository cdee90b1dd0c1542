"""AS20, as far as its forms exist: what is asked of whom, who sees it, what is owed, what the report says."""

from datetime import datetime, timedelta
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
    trouble.accept_effect("97")
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
