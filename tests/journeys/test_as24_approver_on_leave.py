"""AS24: the executive is away; his deputy signs within the limits, never his own paper; without one time does it."""

from datetime import timedelta

import pytest

from bihuan.approvals import operations as approvals
from bihuan.approvals.errors import NotTheSignatory
from bihuan.approvals.models import Slot
from bihuan.deadlines import operations as deadlines
from bihuan.kernel import principals
from bihuan.organisation.queries import day_of
from bihuan.outbox import operations as outbox
from bihuan.worker import jobs
from tests import forms_samples as samples
from tests.campaign import PLAN_TESTS
from tests.witness import facts_since, last_entry, refused

DIRECTOR, EXECUTIVE = "产品部负责人", "分管副总"


@pytest.fixture
def on_leave(campaign, doors, request):
    """The executive says that he is on leave for a week, and that the director of 产品部 signs plans up to ¥100,000, or
    less."""
    campaign.carry_to("PLAN")
    campaign.promise_needs()
    company, day = campaign.company, day_of(campaign.at)
    days = {"starts_on": day.isoformat(), "ends_on": (day + timedelta(days=7)).isoformat()}
    own, path = doors.program(EXECUTIVE), f"/people/{company[EXECUTIVE].pk}"
    limits = {
        "deputy_id": company[DIRECTOR].pk,
        "forms": ["F04"],
        "amount_limit": str(getattr(request, "param", 100_000)),
    }
    assert own.post(f"{path}/deputies", {**limits, **days}).status_code == 201
    assert own.post(f"{path}/absences", days).status_code == 201
    return campaign


def work(at) -> None:
    """What the worker does until nothing is owed any more."""
    while outbox.run_once(at=at, limit=50):
        pass


def submit_plan(campaign, post: str = "产品经理") -> Slot:
    """The plan asks for ¥50,000."""
    campaign.submit("F05", samples.duty_table(campaign.cast, campaign.start), post)
    campaign.submit("F04", samples.plan(campaign.cast, campaign.start), post)
    return campaign.signoff("F04", "EXECUTIVE_PLAN").slots.get()


def test_within_the_amount_it_goes_to_the_deputy_and_is_marked(on_leave, doors) -> None:
    slot = submit_plan(on_leave)
    assert (slot.principal, slot.moved) == (on_leave.company.principal(DIRECTOR), "DEPUTY")
    assert ("SIGNOFF", "executive") in on_leave.desk(DIRECTOR)
    assert f"/sign/{slot.pk}/" in doors.page(DIRECTOR).get("/").content.decode()
    before = last_entry()
    answers = {f"test-{key}": "yes" for key in PLAN_TESTS}
    signed = doors.sign_on_page(slot, DIRECTOR, decision="APPROVE", opinion="同意", **answers)
    assert signed.status_code == 302
    slot.refresh_from_db()
    assert (slot.decided_by_name, slot.by_rule["forms"]) == ("周建国 代 徐国栋", ["F04"])
    (fact,) = facts_since(before, "approvals.slot.decided")
    assert (fact["by_rule"]["amount_limit"], fact["instead_of"]) == ("100000.00", slot.instead_of)
    assert on_leave.step == "FILING"
    record = slot.signoff.subject_id
    for address in (f"/sign/{slot.pk}/", f"/records/{record}", f"/records/{record}/print"):
        assert "周建国 代 徐国栋" in doors.page("产品经理").get(address).content.decode(), address
    (told,) = doors.program("产品经理").get(f"/signoffs/{slot.signoff_id}").json()["slots"]
    assert (told["decided_by_name"], told["by_rule"]["absent"]) == ("周建国 代 徐国栋", "徐国栋")


@pytest.mark.parametrize("on_leave", [49_999], indirect=True)
def test_above_the_amount_it_waits_for_the_superior(on_leave, doors) -> None:
    slot = submit_plan(on_leave)
    assert (slot.principal, slot.moved) == (principals.PMO, "SUPERIOR")
    refused_at_both_doors(doors, slot, "approvals.not_the_signatory")
    signed = doors.sign_by_program(slot, "PMO专员", decision="APPROVE", opinion="同意", tests=PLAN_TESTS)
    assert signed.json()["state"] == "APPROVED"


def refused_at_both_doors(doors, slot, code) -> None:
    """The director is told no, and nothing is written."""
    doors.program(DIRECTOR)
    before = last_entry()
    answers = {f"test-{key}": "yes" for key in PLAN_TESTS}
    assert doors.sign_on_page(slot, DIRECTOR, decision="APPROVE", **answers).status_code == 403
    answer = doors.sign_by_program(slot, DIRECTOR, decision="APPROVE", tests=PLAN_TESTS)
    assert (answer.status_code, answer.json()["code"]) == (403, code)
    slot.refresh_from_db()
    assert (slot.state, last_entry()) == ("PENDING", before)


def test_his_own_plan_does_not_go_to_the_deputy(on_leave, doors) -> None:
    slot = submit_plan(on_leave, DIRECTOR)
    assert (slot.principal, slot.moved) == (principals.PMO, "SUPERIOR")
    refused_at_both_doors(doors, slot, "approvals.author_signs")


def test_when_the_deputyship_has_ended_it_is_no_right_and_the_plan_goes_back(on_leave, doors) -> None:
    """Whoever loaded the page while he was deputy is told no as well, before the worker has looked."""
    slot = submit_plan(on_leave)
    seen = on_leave.actor(DIRECTOR)
    on_leave.wait(days=7)
    with refused(NotTheSignatory):
        approvals.decide(
            slot, decision="APPROVE", tests=PLAN_TESTS, seen_digest=slot.digest, actor=seen, at=on_leave.at
        )
    refused_at_both_doors(doors, slot, "approvals.not_the_signatory")
    jobs.owe_placing(on_leave.at)
    work(on_leave.at)
    slot.refresh_from_db()
    assert (slot.principal, slot.moved) == (principals.executive(on_leave.company.departments["产品部"].pk), "")
    assert ("SIGNOFF", "executive") in on_leave.desk(EXECUTIVE)
    refused_at_both_doors(doors, slot, "approvals.not_the_signatory")
    answers = {f"test-{key}": "yes" for key in PLAN_TESTS}
    assert doors.sign_on_page(slot, EXECUTIVE, decision="APPROVE", **answers).status_code == 302
    slot.refresh_from_db()
    assert (slot.state, slot.decided_by_name) == ("APPROVED", "徐国栋")


def test_with_nobody_named_it_is_urged_then_the_superior_then_the_pmo_and_never_approved(campaign, doors) -> None:
    campaign.request()
    office = campaign.company.head("市场部")
    slot = Slot.objects.get(principal=office)
    asked = []
    for hours in (57, 24):
        campaign.wait(hours=hours)
        deadlines.scan(at=campaign.at, limit=100)
        work(campaign.at)
        slot.refresh_from_db()
        asked.append((slot.principal, slot.moved, slot.state))
    above = principals.executive(campaign.company.departments["市场部"].pk)
    assert asked == [(above, "LATE", "PENDING"), (principals.PMO, "LATE", "PENDING")]
    assert ("SIGNOFF", slot.key) in campaign.desk("PMO专员")
    address = f"/sign/{slot.pk}/"
    assert [address in doors.page(post).get("/").content.decode() for post in ("PMO专员", "财务专员")] == [True, False]
    history = doors.page("产品经理").get(f"/matters/{campaign.collaboration.pk}/timeline").content.decode()
    assert history.count("逾期") >= 2
    told = doors.program("产品经理").get(f"/signoffs/{slot.signoff_id}").json()
    assert (told["state"], {one["state"] for one in told["slots"]}) == ("OPEN", {"PENDING"})
    signed = doors.sign_by_program(slot, "市场部负责人", decision="APPROVE", opinion="同意")
    assert signed.json()["state"] == "APPROVED"
    slot.refresh_from_db()
    assert (slot.state, slot.decided_by_name) == ("APPROVED", "王敏")
