"""The monthly financial report in the words of the domain: 财务部 makes it of what three departments give."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from bihuan.collaborations import operations
from bihuan.collaborations.models import Contribution, RecurringPeriod
from bihuan.collaborations.policy.recurrence import Checked
from bihuan.collaborations.queries.recurrence import contribution_for, period_for
from bihuan.commitments import operations as commitments
from bihuan.commitments.models import Commitment
from bihuan.kernel.actor import SYSTEM
from bihuan.records.models import Record, Version
from tests import forms_samples as samples
from tests.seeds import Seed

SHANGHAI = ZoneInfo("Asia/Shanghai")
BEGUN = datetime(2026, 9, 1, 9, tzinfo=SHANGHAI)
SALES, STOCK, COST = "区域销售数据", "供应链库存数据", "人力成本"
GIVERS = {SALES: "推广经理", STOCK: "运营经理", COST: "开发组长"}
WHOLE = "月度财务报表"
LEAD, HEAD, RECEIVER = "财务专员", "财务部负责人", "分管副总"
HOLDS = Checked(holds=True)


def open_periods(at: datetime) -> int:
    """What the worker does every hour, without the worker; how many periods were opened."""
    due = operations.periods_to_open(at)
    return sum(operations.open_due_period(pk, actor=SYSTEM, at=at) is not None for pk in due)


@dataclass
class Monthly(Seed):
    LEADING: ClassVar[str] = LEAD

    @classmethod
    def begin(cls, company: Any, at: datetime, playbook: str = "RECURRING") -> "Monthly":
        collaboration = operations.start_collaboration(
            title="月度财务报表编制", department_id=company.departments["财务部"].pk, playbook=playbook,
            actor=company.actor(LEAD, at), at=at,
        )  # fmt: skip
        return cls(company, at, collaboration)

    @property
    def cast(self) -> samples.Cast:
        departments, people = self.company.departments, self.company.people
        return samples.Cast(
            product=departments["财务部"].pk, marketing=departments["市场部"].pk, technology=departments["技术部"].pk,
            operations=departments["运营部"].pk, product_manager=people[LEAD].pk, product_head=people[HEAD].pk,
            promotion_manager=people["推广经理"].pk, development_lead=people["开发组长"].pk,
            operations_manager=people["运营经理"].pk,
        )  # fmt: skip

    def draft(self, form_code: str, post: str = LEAD) -> Record:
        return super().draft(form_code, LEAD)

    def fill(self, form_code: str, body: dict[str, Any], post: str = LEAD) -> Record:
        return super().fill(form_code, body, LEAD)

    def submit(self, form_code: str, body: dict[str, Any], post: str = LEAD) -> Version:
        return super().submit(form_code, body, LEAD)

    def paper(self, form_code: str, post: str = LEAD, **more: Any) -> Version:
        return super().paper(form_code, LEAD, **more)

    def come_to(self, *when: int, hour: int = 9, minute: int = 0) -> int:
        """A day comes, and the worker looks which periods are over."""
        self.at = datetime(*when, hour, minute, tzinfo=SHANGHAI)
        return open_periods(self.at)

    # what was agreed ---------------------------------------------------------------------------------------------

    def ask(self, **said: Any) -> None:
        body = samples.request(self.cast, self.start)
        body |= {
            "title": f"{self.start.year}年月度财务报表编制",
            "resources": [],
            "resources_none_reason": "无需其他资源",
        }
        self.submit("F01", body | {"scene_type": "RECURRING", "expected_finish": "2027-12-31"} | said)

    def plan(self, **said: Any) -> dict[str, Any]:
        cast, people = self.cast, self.company.people
        givers = ((SALES, cast.marketing), (STOCK, cast.operations), (COST, cast.technology))
        return {
            "cadence": "MONTH", "first_on": "2026-09-01", "last_on": "", "gap_rule": "NAMED", "result": WHOLE,
            "contributions": [
                {"id": f"c{index}", "dept": dept, "data": data, "owner": people[GIVERS[data]].pk, "working_day": "3",
                 "given_as": "FILE" if data == SALES else "TEXT", "layout": "按区域分表"}
                for index, (data, dept) in enumerate(givers, 1)
            ],
            "consolidator": people[LEAD].pk, "consolidated_on": "5", "receiver": people[RECEIVER].pk,
            "checks": [{"id": "k1", "text": "各区域合计与总账一致"}, {"id": "k2", "text": "环比超过两成的都有说明"}],
            **said,
        }  # fmt: skip

    def say(self, **said: Any) -> Version:
        return self.submit("F27", self.plan(**said))

    def approve(self) -> None:
        self.decide("F01", "COLLAB_MANAGER", HEAD, opinion="同意")
        if self.signoff("F01", "COLLAB_MANAGER").state == "OPEN":
            self.decide("F01", "COLLAB_MANAGER", "分管副总", opinion="同意")

    def say_for_two_months(self) -> None:
        first = self.start.replace(day=1)
        last = (first + timedelta(days=62)).replace(day=1) - timedelta(days=1)
        self.say(first_on=first.isoformat(), last_on=last.isoformat())

    def kick_off(self) -> None:
        self.minutes()
        self.matrix()
        self.paper("F23")

    def matrix(self) -> Version:
        version = self.submit("F06", samples.matrix(self.cast, self.start, self.draft("F06").draft))
        self.sign_all("F06", "RACI")
        return version

    def do_actions(self) -> None:
        """What the kick-off settled is done, and the initiator has looked."""
        for one in Commitment.objects.filter(root_id=self.collaboration.pk, kind="ACTION", state="OPEN"):
            owner = next(post for post, person in self.company.people.items() if person.pk == one.owner_id)
            claimed = commitments.claim(one, evidence="已完成", actor=self.actor(owner), at=self.at)
            commitments.verify(claimed, accepted=True, actor=self.actor(LEAD), at=self.at)

    def carry_to_work(self, **said: Any) -> None:
        self.ask()
        self.say(**said)
        self.approve()
        self.kick_off()
        self.do_actions()

    # a period ----------------------------------------------------------------------------------------------------

    def period(self, key: str) -> RecurringPeriod:
        return period_for(self.actor(LEAD), self.refreshed(), key)

    def owed(self, key: str, data: str) -> Contribution:
        row = Contribution.objects.get(period=self.period(key), data=data)
        return contribution_for(self.actor(LEAD), row.pk, at=self.at)

    def give(self, key: str, data: str, *, post: str = "") -> None:
        handed = [(f"{data}.xlsx", [b"PK"])] if data == SALES else []
        operations.hand_in(
            self.owed(key, data), text="见附件" if handed else "合计 1200 万元", handed=handed,
            actor=self.actor(post or GIVERS.get(data, LEAD)), at=self.at,
        )  # fmt: skip

    def look_at(self, key: str, data: str, *, accepted: bool = True, note: str = "") -> None:
        promise = self.owed(key, data).commitment
        commitments.verify(promise, accepted=accepted, note=note, actor=self.actor(LEAD), at=self.at)

    def accept(self, key: str, *, post: str = RECEIVER, **checks: Checked) -> None:
        said = checks or {"k1": HOLDS, "k2": HOLDS}
        period = self.period(key)
        operations.accept_period(period, checks=said, seen_revision=period.revision, actor=self.actor(post), at=self.at)

    def finish(self, key: str) -> None:
        """A month in which everything comes in time."""
        self.give_all(key)
        self.give(key, WHOLE)
        self.accept(key)

    def give_all(self, key: str) -> None:
        for data in GIVERS:
            self.give(key, data)
            self.look_at(key, data)

    def reach_its_end(self) -> None:
        """The month the matter stands in is over."""
        over = self.period(self.stands()[1]).ends_on + timedelta(days=1)
        if self.at.date() < over:
            self.come_to(over.year, over.month, over.day)

    @property
    def _ways(self) -> dict[str, tuple[Callable[[], Any], ...]]:
        return super()._ways | {
            "REQUEST": (self.ask, self.say_for_two_months),
            "APPROVAL": (self.approve,),
            "KICKOFF": (self.minutes, self.matrix, lambda: self.paper("F23"), self.do_actions),
            "EXECUTE": (self.reach_its_end, lambda: self.give_all(self.stands()[1])),
            "ACCEPT": (lambda: self.give(self.stands()[1], WHOLE), lambda: self.accept(self.stands()[1])),
        }

    def stands(self) -> tuple[str, str]:
        run = self.refreshed().step_runs.get(left_at__isnull=True)
        return run.step, run.period
