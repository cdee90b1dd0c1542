"""The delay of orders in the words of the domain: a problem that 运营部 notices and three others help to solve."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest

from bihuan.collaborations import operations
from bihuan.collaborations.models import Collaboration
from bihuan.collaborations.operations import problems
from bihuan.deadlines.models import Deadline
from bihuan.kernel.actor import SYSTEM
from bihuan.records.models import Version
from tests.campaign import Campaign, scene
from tests.scenes import STAGE

PLAYBOOK = {
    "key": "ORDER_TROUBLE", "name": "问题解决", "name_en": "Solving a problem", "condition_gate": "enter:EXECUTE",
    "steps": [
        {"key": "ASSESS", "auto": True, "forms": [{"code": "F13", "filler": "INITIATOR"}],
         "routes": [{"code": "ASSESSMENT", "form": "F13"}]},
        {"key": "REQUEST", "auto": True, "forms": [{"code": "F01", "filler": "INITIATOR"}]},
        {"key": "EXECUTE", "auto": False},
        {"key": "ACCEPT", "auto": True, "forms": [{"code": "F16", "filler": "LEAD"}], "back_to": "EXECUTE"},
        {"key": "CLOSED"},
    ],
}  # fmt: skip
REPORTER, HEAD = "运营经理", "运营部负责人"
RELATED = ("技术部", "市场部", "财务部")


@dataclass
class Trouble(Campaign):
    """`Campaign` lends its ways of filling in, signing and looking."""

    @classmethod
    def begin(cls, company: Any, at: datetime) -> "Trouble":
        collaboration = operations.start_collaboration(
            title="华东订单延迟",
            department_id=company.departments["运营部"].pk,
            playbook=PLAYBOOK["key"],
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

    def acknowledge(self, department: str, post: str) -> None:
        problems.acknowledge_problem(
            self.refreshed(), department_id=self.department(department), actor=self.actor(post), at=self.at
        )


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
