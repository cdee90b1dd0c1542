"""RESOURCE from the request to the closed loop: 技术部 lends its development lead to 产品部 for three months (AS23)."""

from datetime import date, datetime

import pytest

from bihuan.collaborations import queries
from bihuan.deadlines.models import Deadline
from bihuan.kernel.errors import Refused
from bihuan.organisation import operations as organisation
from bihuan.web import middleware
from tests.loan import FOUR, SHANGHAI, Loan
from tests.witness import everything, facts_since, last_entry, refused

STEPS = ["ALIGN", "APPROVAL", "RESOURCE", "EXECUTE", "ACCEPT", "ARCHIVE", "CLOSED"]


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
