"""RESOURCE from the request to the closed loop: 技术部 lends its development lead to 产品部 for three months (AS23)."""

import json
from datetime import date, datetime, timedelta

import pytest

from bihuan.agenda import operations as agenda
from bihuan.agenda.operations import Change
from bihuan.clock.published import read_notices
from bihuan.collaborations import queries
from bihuan.deadlines.models import Deadline
from bihuan.deadlines.queries import explained
from bihuan.kernel.actor import SYSTEM
from bihuan.kernel.errors import Refused
from bihuan.ledger.verification import verify
from bihuan.notifications.models import Notice
from bihuan.organisation import operations as organisation
from bihuan.outbox import operations as outbox
from bihuan.outbox.models import Delivery
from bihuan.web import middleware
from bihuan.worker import jobs
from tests.loan import FOUR, SHANGHAI, Loan
from tests.web.test_calendars import NOTICE
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


def test_loans_of_one_person_that_follow_each_other_beyond_twelve_months_need_the_executive(loan, company):
    """Each of six months or fewer; the third one makes it more than a year in all (domain F19)."""
    ends = (("2026-12-01", "2027-05-31"), ("2027-06-01", "2027-11-30"), ("2027-12-01", "2028-01-31"))
    asked, told = [], []
    for number, (start, end) in enumerate(ends):
        if number:
            loan = type(loan).on("RESOURCE", company, loan.at)
        loan.carry_to_consent()
        loan.lend(start=start, end=end, appraisal_dates=[{"id": "a1", "on": start}])
        loan.consent()
        told.append(loan.latest("F19").data["months_in_all"])
        asked.append("executive" in {part for _kind, part in loan.desk("分管副总")})
    assert (told, asked) == ([6, 12, 14], [False, False, True])
    loan.consent("分管副总")
    assert loan.step == "RESOURCE"


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


def test_a_return_moves_with_the_calendar_of_its_year_and_is_provisional_until_that_is_published(loan):
    """The working day after the last day: another one where that day is closed, certain once the year is loaded."""
    loan.carry_to_consent()
    loan.lend()
    loan.consent()
    loan.come_to(2026, 12, 1)
    made, pmo = Deadline.objects.get(root_id=loan.collaboration.pk, rule="T25"), loan.actor("PMO专员")
    assert (made.is_provisional, loan.returns()[0][2]) == (True, "2027-03-01 18:00")

    def change(act, reason):
        found = Change(act, {}, None, reason)
        return agenda.preview_change(found, actor=pmo, at=loan.at), found

    def work_off():
        assert jobs.recount is not None
        while Delivery.objects.filter(topic=agenda.RECOUNT, state="PENDING").exists():
            outbox.run_once(at=loan.at, limit=50)
        made.refresh_from_db()

    closed = organisation.DayValues(kind="CLOSED", name="盘点")
    preview, asked = change(
        lambda: organisation.set_day(
            None, day=date(2027, 3, 1), values=closed, seen_revision=0, actor=SYSTEM, at=loan.at
        ),
        "盘点",
    )
    (row,) = [each for each in preview.shown if each.deadline.rule == "T25"]
    assert (row.before.isoformat(), row.after - row.before) == (made.due_at.isoformat(), timedelta(days=1))
    before = last_entry()
    agenda.change_calendar(asked, seen=preview.digest, actor=pmo, at=loan.at)
    work_off()
    assert (loan.returns()[0][2], made.is_provisional) == ("2027-03-02 18:00", True)
    way = "loan ends Sun 28 Feb 2027 18:00 + 1 working day → Tue 2 Mar 18:00"
    assert (explained(made)["en"].partition(";")[0], "Mon 1 Mar is off (盘点)" in explained(made)["en"]) == (way, True)
    (moved,) = [
        each
        for fact in facts_since(before, "deadlines.deadlines.moved")
        for each in fact["deadlines"]
        if each["rule"] == "T25"
    ]
    assert (moved["due_before"], moved["due_at"]) == ("2027-03-01T10:00:00+00:00", "2027-03-02T10:00:00+00:00")
    told = Notice.objects.filter(kind="deadlines.moved", params__rule="T25")
    assert {each.person_id for each in told} == {loan.company.people["产品部负责人"].pk}

    def load() -> None:
        notices = read_notices(json.dumps(NOTICE).encode())
        organisation.load_official_years(notices, country="CN", actor=SYSTEM, at=loan.at)

    agenda.change_calendar(change(load, "2027")[1], seen=None, actor=SYSTEM, at=loan.at)
    work_off()
    assert (loan.returns()[0][2], made.is_provisional) == ("2027-03-02 18:00", False)
    assert verify().problems == []
