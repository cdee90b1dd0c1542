"""A loan in the words of the domain: 技术部 lends its development lead to 产品部 for three months."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bihuan.collaborations.operations import matters_to_settle, settle_waiting
from bihuan.commitments import operations as commitments
from bihuan.commitments.models import Commitment
from bihuan.deadlines.models import Deadline
from bihuan.kernel.actor import SYSTEM
from bihuan.records.models import Version
from tests import forms_samples as samples
from tests.seeds import Seed

FOUR = ("开发组长", "技术部负责人", "产品部负责人", "PMO专员")
SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass
class Loan(Seed):
    """The loan in the words of the domain; whatever is not said stays as the two departments agreed."""

    def ask(self) -> None:
        """Only the lending department takes part, and nothing else is needed."""
        body = samples.request(self.cast, self.start)
        technology = self.cast.technology
        body["involved_depts"] = [row for row in body["involved_depts"] if row["dept"] == technology]
        body["title"] += f" {self.collaboration.pk}"
        body |= {"resources": [], "resources_none_reason": "只借一人", "expected_finish": "2027-12-31"}
        for row in body["milestones"]:
            row["owner_dept"] = technology
        self.submit("F01", body)

    def agree(self) -> None:
        self.wait_until(self.start.replace(day=self.start.day + 3))
        body = samples.consensus(self.cast, self.start)
        for part in ("talks", "goal_understanding", "feasibility", "commitments", "feedback"):
            body[part] = [row for row in body.get(part, ()) if row["dept"] == self.cast.technology]
        body["criteria"] = body["criteria"][:1]
        self.submit("F03", body)
        self.decide("F03", "CONSENSUS", "技术部负责人")

    def terms(self, **said: Any) -> dict[str, Any]:
        people = self.company.people
        return {
            "person": people["开发组长"].pk, "post": "资深开发工程师", "level": "P7",
            "lending_dept": self.cast.technology, "borrowing_dept": self.cast.product,
            "start": "2026-12-01", "end": "2027-02-28", "reason": "产品部缺少资深开发，活动改版需要支援三个月",
            "work_site": "上海总部三楼", "coordinator": people["产品经理"].pk,
            "duties": [{"id": "d1", "text": "主持活动页改版的技术方案"}],
            "standards": [{"id": "s1", "text": "改版按期上线且首月无一级故障"}],
            "appraisal": {"appraiser": people["产品部负责人"].pk, "weight_borrowing": "70", "weight_lending": "30"},
            "appraisal_dates": [{"id": "a1", "on": "2027-01-15"}],
            "support": {
                "travel": "无需差旅", "lodging": "无需住宿", "equipment": "产品部配备电脑", "access": "开通需求库权限",
                "training": "首周产品培训", "contact": people["产品经理"].pk,
            },
            "cost": "薪酬由技术部承担，绩效按权重结算",
            "handover_out": [{"id": "h1", "text": "支付接口值班", "to": people["技术部负责人"].pk}],
            **said,
        }  # fmt: skip

    def lend(self, **said: Any) -> Version:
        return self.submit("F19", self.terms(**said))

    def consent(self, *posts: str) -> None:
        for post in posts or FOUR:
            self.decide("F19", "LOAN_FOUR", post, opinion="同意")

    def carry_to_consent(self) -> None:
        self.ask()
        self.agree()

    def come_to(self, year: int, month: int, day: int) -> None:
        """A day comes, and the worker looks which matters waited for it."""
        self.at = datetime(year, month, day, 9, tzinfo=SHANGHAI)
        for pk in matters_to_settle():
            settle_waiting(pk, actor=SYSTEM, at=self.at)

    def owed(self) -> list[tuple[str, date]]:
        rows = Commitment.objects.filter(root_id=self.collaboration.pk, state="OPEN").order_by("due_on", "pk")
        return [(row.owner.username, row.due_on) for row in rows.select_related("owner")]

    def keep(self, *, gate: str) -> None:
        for one in Commitment.objects.filter(root_id=self.collaboration.pk, state="OPEN", gate=gate):
            owner = next(post for post, person in self.company.people.items() if person.pk == one.owner_id)
            verifier = "技术部负责人" if gate == "leave:ACCEPT" else "产品经理"
            claimed = commitments.claim(one, evidence="已提交", actor=self.actor(owner), at=self.at)
            commitments.verify(claimed, accepted=True, actor=self.actor(verifier), at=self.at)

    def judged(self) -> Version:
        given = self.draft("F16", "产品经理").draft
        said = samples.judged(self.cast, self.today, given["items"], m1="102000", m2="15.8")
        return self.submit("F16", said | {"participants": given["participants"]})

    def returns(self) -> list[tuple[str, str, str]]:
        rows = Deadline.objects.filter(root_id=self.collaboration.pk, rule="T25").order_by("pk")
        return [(row.state, row.owner, f"{row.due_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}") for row in rows]

    def come_into_force(self) -> None:
        """The first day of the loan, unless it is past."""
        if self.at < datetime(2026, 12, 1, 9, tzinfo=SHANGHAI):
            self.come_to(2026, 12, 1)

    def end_of_term(self) -> None:
        self.keep(gate="leave:EXECUTE")
        if self.at < datetime(2027, 3, 1, 9, tzinfo=SHANGHAI):
            self.come_to(2027, 3, 1)

    def hand_back(self) -> None:
        for post in ("产品部负责人", "技术部负责人"):
            self.decide("F16", "ACCEPTANCE", post)
        self.keep(gate="leave:ACCEPT")

    @property
    def _ways(self) -> dict[str, tuple[Callable[[], Any], ...]]:
        return {
            "REQUEST": (self.ask,),
            "ALIGN": (self.agree,),
            "APPROVAL": (self.lend, self.consent),
            "RESOURCE": (self.come_into_force,),
            "EXECUTE": (self.end_of_term, self.go_on),
            "ACCEPT": (self.judged, self.hand_back),
            "ARCHIVE": (self.archive,),
        }
