"""RESOURCE from the request to the closed loop: 技术部 lends its development lead to 产品部 for three months (AS23)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bihuan.collaborations import queries
from bihuan.collaborations.operations import matters_to_settle, settle_waiting
from bihuan.commitments import operations as commitments
from bihuan.commitments.models import Commitment
from bihuan.deadlines.models import Deadline
from bihuan.kernel.actor import SYSTEM
from bihuan.kernel.errors import Refused
from bihuan.organisation import operations as organisation
from bihuan.records.models import Version
from bihuan.web import middleware
from tests import forms_samples as samples
from tests.seeds import Seed
from tests.witness import everything, facts_since, last_entry, refused

STEPS = ["ALIGN", "APPROVAL", "RESOURCE", "EXECUTE", "ACCEPT", "ARCHIVE", "CLOSED"]
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


@pytest.fixture
def loan(company, at) -> Loan:
    return Loan.on("RESOURCE", company, at)


def test_the_way_from_the_request_to_the_closed_loop(loan):
    before = last_entry()
    loan.carry_to_consent()
    loan.lend()
    assert loan.latest("F19").data["months"] == 3
    loan.consent(*FOUR[:3])
    assert (loan.step, len(loan.in_the_way())) == ("APPROVAL", 1)
    loan.consent(FOUR[3])
    assert (loan.step, loan.in_the_way()) == ("RESOURCE", [("collaborations.loan_not_begun", "")])
    loan.come_to(2026, 12, 1)
    assert loan.step == "EXECUTE"
    assert loan.owed() == [
        ("sun", date(2026, 12, 31)), ("zhou", date(2027, 1, 15)), ("sun", date(2027, 1, 31)),
        ("sun", date(2027, 2, 28)), ("lin", date(2027, 2, 28)),
    ]  # fmt: skip
    assert loan.returns() == [("RUNNING", loan.company.head("产品部"), "2027-03-01 18:00")]
    told = Deadline.objects.get(root_id=loan.collaboration.pk, rule="T25").ladder
    days = [datetime.fromisoformat(instant).astimezone(SHANGHAI).date() for _level, instant in told]
    assert days == [date(2027, 2, 12), date(2027, 2, 25), date(2027, 2, 26), date(2027, 3, 1), date(2027, 3, 2)]
    loan.keep(gate="leave:EXECUTE")
    with refused(Refused, "collaborations.loan_not_over"):
        loan.go_on()

    loan.come_to(2027, 3, 1)
    loan.go_on()
    items = [row["id"] for row in loan.draft("F16", "产品经理").draft["items"]]
    assert items[-2:] == ["c-duties-d1", "c-standards-s1"]
    loan.judged()
    loan.decide("F16", "ACCEPTANCE", "产品部负责人")
    loan.decide("F16", "ACCEPTANCE", "技术部负责人")
    assert (loan.step, [code for code, _ in loan.in_the_way()]) == ("ACCEPT", ["collaborations.open_commitment"])
    loan.keep(gate="leave:ACCEPT")
    assert [state for state, *_ in loan.returns()] == ["KEPT"]
    loan.archive()
    assert loan.refreshed().ending == "CLOSED"
    assert [fact["step"] for fact in facts_since(before, "collaborations.step.entered")] == STEPS
    assert [row["form_type"] for row in loan.latest("F20").data["checklist"]] == ["F01", "F03", "F19", "F16"]


def test_an_extension_needs_new_consents_and_over_six_months_the_executive(loan, client_for, monkeypatch):
    monkeypatch.setattr(middleware, "now", lambda: loan.at)
    address = f"/matters/{loan.collaboration.pk}"
    lead, lent = client_for(loan.company["产品经理"]), client_for(loan.company["开发组长"])
    loan.carry_to_consent()
    loan.lend()
    asked = lead.get(f"/records/{loan.signoff('F19', 'LOAN_FOUR').subject_id}").content.decode()
    assert ("人力资源或总部" in asked, "分管领导" in asked) == (True, False)
    loan.consent()
    loan.come_to(2026, 12, 1)
    loan.come_to(2027, 2, 1)
    page = lead.get(f"{address}/resources").content.decode()
    assert ("人力资源或总部 同意" in page, f"{address}/forms/F19/revise" in page) == (True, True)
    assert f"{address}/forms/F19/revise" not in lent.get(f"{address}/resources").content.decode()
    before = everything()
    assert lent.post(f"{address}/forms/F19/revise", {"reason": "改版延期"}).status_code == 403
    assert lead.post(f"{address}/forms/F19/revise", {"reason": ""}).status_code == 422
    assert everything() == before
    assert lead.post(f"{address}/forms/F19/revise", {"reason": "改版延期"}).status_code == 302
    assert (loan.step, dict(loan.desk("产品经理"))["FORM"]) == ("APPROVAL", "F19")
    loan.lend(end="2027-06-30")
    assert loan.latest("F19").data["months"] == 7
    loan.consent()
    assert (loan.step, loan.desk("分管副总")) == ("APPROVAL", [("SIGNOFF", "executive")])
    loan.consent("分管副总")
    assert loan.step == "EXECUTE"
    reports = [on for owner, on in loan.owed() if owner == "sun"]
    assert reports == [
        date(2026, 12, 31), date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31), date(2027, 4, 30),
        date(2027, 5, 31), date(2027, 6, 30),
    ]  # fmt: skip
    assert [owner for owner, on in loan.owed() if owner == "lin"] == ["lin"]
    assert loan.returns() == [("RUNNING", loan.company.head("产品部"), "2027-07-01 18:00")]


def test_a_loan_that_leaves_something_open_is_not_filed(loan):
    loan.carry_to_consent()
    with refused(Refused, "records.too_few_rows"):
        loan.lend(standards=[])
    with refused(Refused, "records.too_few_rows"):
        loan.lend(duties=[])
    with refused(Refused, "collaborations.outside_the_loan"):
        loan.lend(appraisal_dates=[{"id": "a1", "on": "2027-03-15"}])
    with refused(Refused, "collaborations.ends_before_start"):
        loan.lend(end="2026-11-30")
    with refused(Refused, "records.required"):
        loan.lend(support={**loan.terms()["support"], "access": ""})
    lent = loan.terms()["person"]
    mine = {"appraiser": lent, "weight_borrowing": "70", "weight_lending": "40"}
    codes = ("weights_not_whole", "appraises_himself", "lent_to_itself", "person_elsewhere")
    with refused(Refused, *(f"collaborations.{code}" for code in codes)):
        loan.lend(appraisal=mine, lending_dept=loan.cast.product)
    with refused(Refused, "collaborations.borrower_leads_not", "collaborations.department_not_involved"):
        loan.lend(borrowing_dept=loan.cast.marketing, lending_dept=loan.cast.operations)


def test_nobody_is_lent_twice(loan):
    other = Loan.on("RESOURCE", loan.company, loan.at)
    for each in (loan, other):
        each.carry_to_consent()
        each.lend()
    loan.consent()
    other.consent()
    loan.come_to(2026, 12, 1)
    other.at = loan.at
    number = loan.refreshed().number
    assert (loan.step, other.step) == ("EXECUTE", "RESOURCE")
    (finding,) = queries.findings_to_leave(other.refreshed(), other.at)
    assert (finding.code, finding.params["number"]) == ("collaborations.on_loan_elsewhere", number)
    third = Loan.on("RESOURCE", loan.company, loan.at)
    third.carry_to_consent()
    with refused(Refused, "collaborations.on_loan_elsewhere"):
        third.lend()


def test_a_loan_waits_for_whom_is_away(loan):
    loan.carry_to_consent()
    loan.lend()
    loan.consent()
    lent = loan.company["开发组长"]
    organisation.note_absence(
        lent.pk, starts_on=date(2026, 11, 30), ends_on=date(2026, 12, 3), actor=loan.actor("技术部负责人"), at=loan.at
    )
    loan.come_to(2026, 12, 1)
    assert (loan.step, loan.in_the_way()) == ("RESOURCE", [("collaborations.lent_person_away", "")])
    loan.come_to(2026, 12, 3)
    assert loan.step == "EXECUTE"
