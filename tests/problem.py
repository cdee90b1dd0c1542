"""The delay of orders in the words of the domain: a problem that 运营部 notices and three others help to solve."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from bihuan.collaborations import operations
from bihuan.collaborations.models import Collaboration
from bihuan.collaborations.operations import problems
from bihuan.commitments import operations as commitments
from bihuan.commitments.models import Commitment
from bihuan.deadlines.models import Deadline
from bihuan.kernel.actor import SYSTEM
from bihuan.records.models import Version
from tests import forms_samples as samples
from tests.campaign import Campaign, scene
from tests.scenes import STAGE

PLAYBOOK = {
    "key": "ORDER_TROUBLE", "name": "问题解决", "name_en": "Solving a problem", "condition_gate": "enter:EXECUTE",
    "steps": [
        {"key": "ASSESS", "auto": True, "forms": [{"code": "F13", "filler": "INITIATOR"}],
         "routes": [{"code": "ASSESSMENT", "form": "F13"}]},
        {"key": "REQUEST", "auto": True, "forms": [{"code": "F02", "filler": "INITIATOR"}]},
        {"key": "APPROVAL", "auto": True, "routes": [{"code": "INITIATING_HEAD_CC", "form": "F02"}],
         "back_to": "REQUEST"},
        {"key": "EXECUTE", "auto": False},
        {"key": "ACCEPT", "auto": True, "forms": [{"code": "F16", "filler": "LEAD"}], "back_to": "EXECUTE"},
        {"key": "RETRO", "auto": True, "forms": [{"code": "F18", "filler": "LEAD"}]},
        {"key": "CLOSED"},
    ],
}  # fmt: skip
REPORTER, HEAD = "运营经理", "运营部负责人"
RELATED = ("技术部", "市场部", "财务部")

FEEDBACK = (
    ("技术部", "开发组长", "接口文档不全，排查多花半天"),
    ("市场部", "推广经理", "投诉口径前后不一"),
    ("财务部", "财务专员", "赔付清单重复两行"),
)


@dataclass
class Trouble(Campaign):
    """`Campaign` lends its ways of filling in, signing and looking."""

    LEADING = REPORTER

    @classmethod
    def begin(cls, company: Any, at: datetime, playbook: str = PLAYBOOK["key"]) -> "Trouble":
        collaboration = operations.start_collaboration(
            title="华东订单延迟",
            department_id=company.departments["运营部"].pk,
            playbook=playbook,
            actor=company.actor(REPORTER, at),
            at=at,
        )
        return cls(company, at, collaboration)

    def department(self, name: str) -> int:
        pk: int = self.company.departments[name].pk
        return pk

    def assessment(self, **said: Any) -> dict[str, Any]:
        return {
            "lead_dept": self.department("运营部"),
            "initiator": self.company[REPORTER].pk,
            "problem_scene": "CUSTOMER",
            "description": "华东地区订单在支付后无法按时出库，客户集中投诉。",
            "occurred_at": "2026-11-17 08:30",
            "figures": [{"id": "g1", "what": "延迟订单占比", "value": "15", "unit": "%", "source": "订单系统日报"}],
            "impact_depts": [{"id": "i1", "dept": self.department("技术部")}],
            "impact_users": "500+",
            "impact_region": "华东",
            "impact_business": "",
            "related_depts": [{"id": f"r{index}", "dept": self.department(name)} for index, name in enumerate(RELATED)],
            "urgency": "IMPORTANT",
            "initial_cause": "系统接口数据同步异常",
            **said,
        }

    def assess(self, **said: Any) -> Version:
        return self.submit("F13", self.assessment(**said), REPORTER)

    @scene
    def tell(self) -> None:
        """Reported and signed: the related departments are asked to acknowledge."""
        self.assess()
        self.sign()

    def sign(self) -> None:
        self.decide("F13", "ASSESSMENT", HEAD)

    def application(self, **said: Any) -> dict[str, Any]:
        asks = (
            ("技术部", "排查系统接口数据同步异常", "排查结论与修复说明", "开发组长", "24小时内"),
            ("市场部", "提供近三个月投诉清单", "投诉清单", "推广经理", "明日12:00"),
            ("财务部", "核对延迟订单的赔付金额", "赔付核对表", "财务专员", "今日17:00前"),
        )
        return {
            "goal_text": "订单准时率恢复到 95%",
            "metrics": [
                {
                    "id": "m1", "name": "订单准时率", "definition": "准时出库订单数除以订单总数，取自订单系统",
                    "direction": "AT_LEAST", "target": "95", "unit": "PCT_LEVEL", "baseline": "85",
                    "baseline_at": "2026-11-17", "window_hours": "72",
                }
            ],
            "resolution_due": "2026-11-20 17:00",
            "dept_asks": [
                {"id": f"a{index}", "dept": self.department(name), "ask": ask, "deliverable": result,
                 "owner": self.company[owner].pk, "reply_due": due}
                for index, (name, ask, result, owner, due) in enumerate(asks)
            ],
            "resources": [],
            **said,
        }  # fmt: skip

    @scene
    def all_acknowledge(self) -> None:
        for department, post in (("技术部", "开发组长"), ("市场部", "推广经理"), ("财务部", "财务部负责人")):
            self.acknowledge(department, post)

    def apply(self, **said: Any) -> Version:
        return self.submit("F02", self.application(**said), REPORTER)

    def lead_goes_on(self) -> None:
        self.go_on()

    def keep_asks(self) -> None:
        """Everybody delivers what he was asked for, and who leads confirms it."""
        for row in Commitment.objects.filter(kind="ACTION", state="OPEN"):
            post = next(post for post, person in self.company.people.items() if person.pk == row.owner_id)
            claimed = commitments.claim(row, evidence="已交付", actor=self.actor(post), at=self.at)
            commitments.verify(claimed, accepted=True, actor=self.actor(REPORTER), at=self.at)

    def accept_effect(self, actual: str, **said: Any) -> Version:
        """Verified: the level that was reached, with everybody there."""
        record = self.draft("F16", REPORTER)
        body = {
            "meeting_on": self.today.isoformat(),
            "participants": record.draft["participants"],
            "items": [
                {**row, "actual": actual, "evidence": "订单系统日报", "judged_by": self.company[REPORTER].pk}
                for row in record.draft["items"]
            ],
            "dept_feedback": [
                {"id": f"d{index}", "dept": self.department(name), "person": self.company[post].pk, "text": text}
                for index, (name, post, text) in enumerate(FEEDBACK)
            ],
            "conclusion": "PASS", "rectifications": [], "left_over": [], **said,
        }  # fmt: skip
        return self.submit("F16", body, REPORTER)

    def report(self, **said: Any) -> Version:
        body = {
            "process": "定位接口同步异常后回滚并补跑数据，三日内恢复。",
            "lessons": [{"id": "l1", "text": "接口变更须提前通知仓储"}],
            "root_cause": "接口升级后字段缺失，同步任务静默失败",
            "prevention": [
                {
                    "id": "p1", "text": "为接口同步增加监控告警", "owner": self.company["开发组长"].pk,
                    "due": (self.today + timedelta(days=14)).isoformat(), "verification": "演练一次告警",
                    "verifier": self.company[REPORTER].pk,
                }
            ],
            "to_management": "no", **said,
        }  # fmt: skip
        return self.submit("F18", body, REPORTER)

    def archive(self) -> Version:
        lines = [row["id"] for row in self.draft("F20", REPORTER).draft["checklist"]]
        copies = [{"id": f"x{index}", "dept": self.department(name)} for index, name in enumerate(RELATED)]
        filed = samples.archive(self.cast, lines)
        return self.submit("F20", {**filed, "original_with": self.department("运营部"), "copies_to": copies}, REPORTER)

    def solution(self, *nodes: datetime, **said: Any) -> Version:
        """The paper of the solution, its time nodes among it."""
        body = {
            "milestones": [
                {"id": f"n{index}", "name": f"第{index}个节点", "at": node.isoformat()}
                for index, node in enumerate(nodes or (self.at + timedelta(hours=48),), 1)
            ],
            "contingencies": [
                {"id": "c1", "risk": "回滚后订单重复", "response": "按单号去重", "rollback": "恢复升级前的接口"}
            ],
            **said,
        }
        return self.paper("F15", REPORTER, **body)

    def approve(self) -> None:
        self.decide("F02", "INITIATING_HEAD_CC", HEAD)
        self.decide("F02", "INITIATING_HEAD_CC", "分管副总")

    def acknowledge(self, department: str, post: str) -> None:
        problems.acknowledge_problem(
            self.refreshed(), department_id=self.department(department), actor=self.actor(post), at=self.at
        )


@dataclass
class SeedD(Trouble):
    """The way of SEED_D, act by act."""

    def everybody(self, form: str, route: str) -> Callable[[], None]:
        def signs() -> None:
            for post in (HEAD, *(f"{name}负责人" for name in RELATED)):
                self.decide(form, route, post, opinion="同意")

        return signs

    def work_it_off(self) -> None:
        self.keep_asks()
        self.paper("F10", REPORTER)
        self.at = max(self.at, datetime(2026, 11, 20, 9, tzinfo=self.at.tzinfo))

    @property
    def _ways(self) -> dict[str, tuple[Callable[[], Any], ...]]:
        return {
            "ASSESS": (self.assess, self.sign, self.all_acknowledge),
            "REQUEST": (self.apply,),
            "APPROVAL": (self.approve,),
            "KICKOFF": (lambda: self.paper("F07", REPORTER), self.everybody("F07", "MINUTES")),
            "PLAN": (self.solution, self.everybody("F15", "WRITTEN_CONFIRM")),
            "EXECUTE": (self.work_it_off, self.go_on),
            "ACCEPT": (lambda: self.accept_effect("97"), self.everybody("F16", "ACCEPTANCE")),
            "RETRO": (self.report,),
            "ARCHIVE": (self.archive,),
        }


@pytest.fixture
def trouble(company: Any, at: datetime) -> Trouble:
    """A problem that was begun a moment ago."""

    def begun() -> Collaboration:
        operations.publish_shipped_playbooks(at=at)
        operations.publish_playbook(PLAYBOOK, actor=SYSTEM, at=at)
        return Trouble.begin(company, at).collaboration

    return Trouble(company, at, STAGE.play(("trouble", at), begun))


def running(matter: Collaboration, rule: str) -> list[tuple[str, datetime]]:
    """Deadlines of a rule that run in the matter: whose, and until when."""
    rows = Deadline.objects.filter(root_kind="collaboration", root_id=matter.pk, rule=rule, state="RUNNING")
    return list(rows.order_by("pk").values_list("owner", "due_at"))
