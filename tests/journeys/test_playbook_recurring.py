"""RECURRING from the request to the closed loop: four months, a review each quarter, an archive each year."""

import pytest

from bihuan.collaborations import operations
from bihuan.collaborations.models import Loop
from bihuan.kernel.errors import Refused
from bihuan.knowledge.models import Archive
from bihuan.knowledge.queries import checklist_of, is_unchanged
from bihuan.organisation.models import Person
from bihuan.records.models import Record, Version
from bihuan.resources import operations as needs
from bihuan.resources.models import Need
from tests.recurring import BEGUN, GIVERS, LEAD, RECEIVER, SALES, Monthly, open_periods
from tests.witness import facts_since, last_entry, refused


@pytest.fixture
def monthly(company, at) -> Monthly:
    return Monthly.on("RECURRING", company, BEGUN)


def test_the_way_from_the_request_to_the_closed_loop(monthly):
    before = last_entry()
    monthly.ask()
    assert (monthly.step, dict(monthly.desk("财务专员"))) == ("REQUEST", {"FORM": "F27"})
    monthly.say()
    monthly.approve()
    monthly.kick_off()
    monthly.do_actions()
    assert monthly.stands() == ("EXECUTE", "2026-09")
    assert monthly.in_the_way() == [("collaborations.period_running", "")]
    assert monthly.come_to(2026, 10, 1) == 1
    monthly.come_to(2026, 10, 8)
    monthly.finish("2026-09")
    assert monthly.stands() == ("RETRO", "2026-09")
    monthly.review()
    assert monthly.stands() == ("EXECUTE", "2026-10")
    for month, key in ((11, "2026-10"), (12, "2026-11")):
        assert monthly.come_to(2026, month, 1) == 1
        monthly.finish(key)
    assert monthly.come_to(2027, 1, 4) == 1
    monthly.finish("2026-12")
    assert monthly.stands() == ("RETRO", "2026-12")
    monthly.review()
    assert monthly.stands() == ("ARCHIVE", "2026-12")
    monthly.archive()
    assert monthly.stands() == ("EXECUTE", "2027-01")
    steps = [fact["step"] for fact in facts_since(before, "collaborations.step.entered")]
    month = ["EXECUTE", "ACCEPT"]
    assert steps == ["APPROVAL", "KICKOFF", *month, "RETRO", *month, *month, *month, "RETRO", "ARCHIVE", "EXECUTE"]
    filed = [(part.form, part.number.split("-")[-2:]) for part in checklist_of(Archive.objects.get())]
    assert [form for form, _number in filed] == ["F01", *["F27"] * 5, "F07", "F06", "F23", "F17", "F17"]

    plan = revise(monthly, last_on="2027-02-28")
    assert (plan.version, monthly.stands()) == (2, ("EXECUTE", "2027-01"))
    for month, key in ((2, "2027-01"), (3, "2027-02")):
        assert monthly.come_to(2027, month, 1) == 1
        monthly.finish(key)
    assert open_periods(monthly.at.replace(month=6)) == 0
    assert monthly.stands() == ("RETRO", "2027-02")
    monthly.review()
    actor = monthly.actor(LEAD)
    operations.revise_form(monthly.refreshed(), form_code="F27", reason="不再需要", actor=actor, at=monthly.at)
    monthly.archive()
    assert monthly.refreshed().ending == "CLOSED"
    left = Loop.objects.filter(collaboration=monthly.collaboration, closed_at__isnull=True)
    assert {(loop.kind, loop.params["kind"]) for loop in left} == {("COMMITMENT", "IMPROVEMENT")}
    first, second = Archive.objects.order_by("pk")
    assert (is_unchanged(first), is_unchanged(second), first.number != second.number) == (True, True, True)
    reviews = Record.objects.filter(form_code="F17").order_by("pk").values_list("number", "status")
    assert [(number[-2:], status) for number, status in reviews] == [
        ("01", "SUPERSEDED"), ("02", "SUPERSEDED"), ("03", "SUBMITTED"),
    ]  # fmt: skip


def revise(monthly: Monthly, **said: str) -> Version:
    """What comes round is said anew while it does, without asking for approval again."""
    actor = monthly.actor(LEAD)
    operations.revise_form(monthly.refreshed(), form_code="F27", reason="明年改由系统出具", actor=actor, at=monthly.at)
    return monthly.say(**said)


def test_a_plan_that_cannot_be_kept_is_not_filed(monthly):
    monthly.ask()
    people = monthly.company.people
    rows = monthly.plan()["contributions"]
    twice = [*rows, rows[0] | {"id": "c9"}]
    with refused(Refused, "collaborations.given_twice"):
        monthly.say(contributions=twice)
    with refused(Refused, "collaborations.given_after_consolidation"):
        monthly.say(consolidated_on="2")
    with refused(Refused, "collaborations.receives_own_work"):
        monthly.say(receiver=people[LEAD].pk)
    with refused(Refused, "collaborations.ends_before_start"):
        monthly.say(last_on="2026-08-31")
    with refused(Refused, "collaborations.person_elsewhere"):
        monthly.say(contributions=[rows[0] | {"owner": people["运营经理"].pk}])
    with refused(Refused, "collaborations.department_not_involved"):
        monthly.say(contributions=[rows[0] | {"dept": monthly.company.departments["行政部"].pk}])
    with refused(Refused, "records.too_few_rows"):
        monthly.say(checks=[])
    monthly.say()
    monthly.approve()
    monthly.kick_off()
    with refused(Refused, "collaborations.cadence_fixed"):
        revise(monthly, cadence="WEEK")
    with refused(Refused, "collaborations.recurrence_ended_before"):
        revise(monthly, first_on="2026-08-01", last_on="2026-08-20")


def test_a_period_that_is_over_is_asked_for_though_the_one_before_waits(monthly):
    monthly.carry_to_work()
    monthly.come_to(2026, 10, 1)
    assert monthly.come_to(2026, 11, 1) == 1
    assert monthly.stands() == ("EXECUTE", "2026-09")
    for data in GIVERS:
        monthly.give("2026-10", data)
    assert monthly.stands() == ("EXECUTE", "2026-09")
    monthly.finish("2026-09")
    monthly.review()
    assert monthly.stands() == ("ACCEPT", "2026-10")


def test_what_ends_early_is_opened_no_more_and_what_rests_waits(monthly):
    monthly.carry_to_work()
    monthly.come_to(2026, 10, 1)
    monthly.submit("F28", {"reason": "改由共享中心出具，不再需要各部门提供", "reached": "九月的数据已收到一半"})
    monthly.decide("F28", "EARLY_END", RECEIVER, opinion="同意")
    assert monthly.stands() == ("RETRO", "2026-09")
    assert monthly.desk("推广经理") == []
    assert monthly.come_to(2026, 11, 1) == 0
    monthly.review()
    monthly.archive()
    assert monthly.refreshed().ending == "TERMINATED"


def test_who_left_owes_nothing_and_the_department_names_somebody(monthly):
    monthly.carry_to_work()
    Person.objects.filter(pk=monthly.company["推广经理"].pk).update(is_active=False)
    monthly.come_to(2026, 10, 1)
    sales = monthly.owed("2026-09", SALES)
    assert (sales.commitment.owner_id, sales.commitment.department.name) == (None, "市场部")
    assert dict(monthly.desk("市场部负责人")) == {"COMMITMENT": ""}


def test_what_is_used_from_year_to_year_goes_back_at_the_end(monthly):
    """Resources hold the closing of what comes round, not the archive of each of its years (G26)."""
    need = {
        "id": "n1", "dept": monthly.cast.technology, "type": "DATA", "spec": "报表只读账号", "qty": "1", "unit": "个",
        "start": "2026-09-02", "end": "2027-12-01", "purpose": "每月取数核对",
    }  # fmt: skip
    monthly.ask(resources=[need], resources_none_reason="")
    monthly.say(first_on="2026-12-01")
    monthly.approve()
    monthly.promise_needs()
    monthly.kick_off()
    monthly.do_actions()
    monthly.put_needs_in_place()
    monthly.come_to(2026, 12, 5)
    assert monthly.stands() == ("EXECUTE", "2026-12")
    assert monthly.come_to(2027, 1, 4) == 1
    monthly.finish("2026-12")
    monthly.review()
    monthly.archive()
    assert monthly.stands() == ("EXECUTE", "2027-01")
    revise(monthly, last_on="2027-01-31")
    monthly.come_to(2027, 2, 1)
    monthly.finish("2027-01")
    monthly.review()
    monthly.archive()
    assert (monthly.step, [code for code, _ in monthly.in_the_way()]) == (
        "ARCHIVE",
        ["collaborations.open_need_release"],
    )
    for found in Need.objects.filter(collaboration=monthly.collaboration, state="IN_PLACE"):
        needs.release_need(found, seen_revision=found.revision, actor=monthly.actor(LEAD), at=monthly.at)
    assert monthly.refreshed().ending == "CLOSED"
