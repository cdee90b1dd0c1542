"""A problem is reported, signed, told to the departments it touches, acknowledged and classed."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bihuan.access import queries as access
from bihuan.collaborations import operations
from bihuan.collaborations.models import Acknowledgement, Loop, Problem
from bihuan.collaborations.operations import problems
from bihuan.collaborations.operations.reorganising import replace_department
from bihuan.collaborations.queries import problems as asked
from bihuan.kernel.actor import SYSTEM
from bihuan.kernel.errors import NotAllowed, NotFound, Refused, Stale
from tests.problem import HEAD, RELATED, REPORTER, Trouble, running
from tests.witness import facts_since, last_entry, refused

SHANGHAI = ZoneInfo("Asia/Shanghai")


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def readers(trouble: Trouble) -> list[str]:
    posts = ("运营部负责人", "技术部负责人", "开发组长", "市场专员", "财务部负责人", "产品部负责人", "PMO专员")
    scope = trouble.refreshed().scope_id
    return [post for post in posts if access.levels(trouble.actor(post), [scope], at=trouble.at).get(scope, 0) >= 2]


def waiting(trouble: Trouble) -> list[tuple[str, str]]:
    """Who is asked to acknowledge, and which gate that holds."""
    rows = trouble.collaboration.loops.filter(kind="ACKNOWLEDGE", closed_at__isnull=True).order_by("pk")
    return list(rows.values_list("owner", "gate"))


class TestReporting:
    def test_the_report_has_a_number_of_its_day_and_gives_the_matter_one(self, trouble: Trouble) -> None:
        version = trouble.assess()
        matter = trouble.refreshed()
        assert (version.record.number, matter.number) == ("XC20261117001", "XZ-2026-0001")
        assert (version.data["users_count"], version.data["users_at_least"]) == (500, True)
        problem = Problem.objects.get(collaboration=matter)
        assert (problem.number, problem.urgency, problem.reported_at, problem.classed_at, problem.synced_at) == (
            "XC20261117001", "IMPORTANT", trouble.at, trouble.at, None,
        )  # fmt: skip

    def test_until_the_head_has_signed_only_the_own_department_reads_it(self, trouble: Trouble) -> None:
        trouble.assess()
        assert readers(trouble) == ["运营部负责人", "PMO专员"]
        trouble.sign()
        assert readers(trouble) == [
            "运营部负责人", "技术部负责人", "开发组长", "市场专员", "财务部负责人", "PMO专员",
        ]  # fmt: skip

    def test_who_may_not_read_the_other_problem_is_not_told_of_it(self, trouble: Trouble) -> None:
        trouble.assess()
        readable, hidden = trouble.company["运营部负责人"].pk, trouble.company["产品经理"].pk
        (other,) = asked.open_problems(readable, besides=0, at=trouble.at)
        assert (other.number, other.title) == ("XC20261117001", "华东订单延迟")
        assert asked.open_problems(hidden, besides=0, at=trouble.at) == ()
        assert asked.open_problems(readable, besides=trouble.collaboration.pk, at=trouble.at) == ()

    def test_an_important_problem_is_to_be_solved_in_three_working_days(self, trouble: Trouble) -> None:
        trouble.assess()
        owner = trouble.company.principal(REPORTER)
        assert running(trouble.collaboration, "T07") == [(owner, local("2026-11-20 18:00"))]
        assert trouble.collaboration.loops.get(kind="PROBLEM").due_at == local("2026-11-20 18:00")

    def test_another_urgency_in_the_next_version_runs_from_the_first_report(self, trouble: Trouble) -> None:
        first = trouble.at
        trouble.assess()
        trouble.wait(hours=3)
        operations.revise_form(
            trouble.refreshed(), form_code="F13", reason="影响扩大", actor=trouble.actor(REPORTER), at=trouble.at
        )
        trouble.assess(urgency="URGENT")
        assert running(trouble.collaboration, "T07") == []
        assert [due for _owner, due in running(trouble.collaboration, "T06")] == [first + timedelta(hours=24)]


class TestSigning:
    def test_with_the_signature_the_related_departments_take_part_and_are_asked(self, trouble: Trouble) -> None:
        trouble.assess()
        before = last_entry()
        trouble.sign()
        ids = tuple(trouble.department(name) for name in RELATED)
        (fact,) = facts_since(before, "collaborations.problem.synced")
        assert fact == {
            "name": "collaborations.problem.synced", "number": "XC20261117001", "version": 1, "departments": list(ids),
        }  # fmt: skip
        parties = trouble.collaboration.parties.order_by("pk").values_list("department_id", "contact_id", "role")
        company = trouble.company
        contacts = (company["开发组长"].pk, company["推广经理"].pk, None)
        assert list(parties) == [(pk, who, "SUPPORT") for pk, who in zip(ids, contacts, strict=True)]
        assert waiting(trouble) == [
            (company.principal("开发组长"), "leave:ASSESS"),
            (company.principal("推广经理"), "leave:ASSESS"),
            (company.head("财务部"), "leave:ASSESS"),
        ]
        assert trouble.step == "ASSESS"

    def test_four_working_hours_are_given_for_it(self, trouble: Trouble) -> None:
        trouble.tell()
        assert {due for _owner, due in running(trouble.collaboration, "T37")} == {local("2026-11-17 15:00")}

    def test_the_lead_department_named_as_related_is_not_asked_of_itself(self, trouble: Trouble) -> None:
        names = ("运营部", "技术部")
        trouble.assess(related_depts=[{"id": name, "dept": trouble.department(name)} for name in names])
        trouble.sign()
        assert len(waiting(trouble)) == 1


class TestAcknowledging:
    @pytest.fixture
    def told(self, trouble: Trouble) -> Trouble:
        trouble.tell()
        return trouble

    def test_the_contact_or_the_head_acknowledges_and_the_last_one_lets_it_go_on(self, told: Trouble) -> None:
        before = last_entry()
        told.acknowledge("技术部", "开发组长")
        row = Acknowledgement.objects.get(department=told.department("技术部"))
        assert (row.given_at, row.given_by_id) == (told.at, told.company["开发组长"].pk)
        assert facts_since(before) == [
            {"name": "collaborations.problem.acknowledged", "department_id": told.department("技术部")}
        ]
        told.acknowledge("市场部", "市场部负责人")
        assert told.step == "ASSESS"
        told.acknowledge("财务部", "财务部负责人")
        assert told.step == "REQUEST"
        assert running(told.collaboration, "T37") == []

    def test_nobody_acknowledges_for_another_department(self, told: Trouble) -> None:
        for post in ("市场专员", "推广经理", REPORTER, "PMO专员"):
            with refused(NotAllowed):
                told.acknowledge("技术部", post)

    def test_a_department_that_was_not_told_has_nothing_to_acknowledge(self, told: Trouble) -> None:
        with refused(NotFound):
            told.acknowledge("产品部", "产品部负责人")

    def test_the_second_of_two_is_told_that_it_is_done(self, told: Trouble) -> None:
        told.acknowledge("技术部", "开发组长")
        with refused(Stale):
            told.acknowledge("技术部", "技术部负责人")

    def test_silence_holds_back_four_hours_and_is_told(self, told: Trouble) -> None:
        told.acknowledge("技术部", "开发组长")
        due = told.collaboration.loops.filter(kind="ACKNOWLEDGE", closed_at__isnull=True).first().due_at
        assert problems.matters_waiting_in_vain(due) == []
        assert problems.go_on_unacknowledged(told.collaboration.pk, actor=SYSTEM, at=due) == 0
        told.at = due + timedelta(minutes=1)
        assert problems.matters_waiting_in_vain(told.at) == [told.collaboration.pk]
        before = last_entry()
        assert problems.go_on_unacknowledged(told.collaboration.pk, actor=SYSTEM, at=told.at) == 2
        silent = [told.department(name) for name in ("市场部", "财务部")]
        assert facts_since(before)[0] == {
            "name": "collaborations.acknowledgements.passed", "departments": silent,
        }  # fmt: skip
        assert told.step == "REQUEST"
        passed = Acknowledgement.objects.filter(passed_at=told.at).order_by("pk")
        assert [row.department_id for row in passed] == silent
        assert {gate for _owner, gate in waiting(told)} == {""}
        assert problems.go_on_unacknowledged(told.collaboration.pk, actor=SYSTEM, at=told.at) == 0
        told.acknowledge("市场部", "推广经理")
        assert len(waiting(told)) == 1

    def test_what_is_over_asks_nobody(self, told: Trouble) -> None:
        operations.withdraw_collaboration(told.refreshed(), reason="误报", actor=told.actor(REPORTER), at=told.at)
        assert not Loop.objects.filter(collaboration=told.collaboration, closed_at__isnull=True).exists()


class TestClassing:
    def reclassify(self, trouble: Trouble, post: str = HEAD, urgency: str = "URGENT", reason: str = "投诉激增") -> None:
        problems.reclassify_problem(
            trouble.refreshed(), urgency=urgency, reason=reason, actor=trouble.actor(post), at=trouble.at
        )

    def test_the_clock_runs_anew_from_the_moment_of_classing(self, trouble: Trouble) -> None:
        trouble.assess()
        trouble.wait(hours=2)
        before = last_entry()
        self.reclassify(trouble)
        assert facts_since(before) == [
            {
                "name": "collaborations.problem.reclassified",
                "before": "IMPORTANT",
                "after": "URGENT",
                "reason": "投诉激增",
            }
        ]
        problem = Problem.objects.get()
        assert (problem.urgency, problem.classed_at) == ("URGENT", trouble.at)
        assert running(trouble.collaboration, "T07") == []
        assert [due for _owner, due in running(trouble.collaboration, "T06")] == [trouble.at + timedelta(hours=24)]

    def test_another_version_does_not_undo_it(self, trouble: Trouble) -> None:
        trouble.assess()
        trouble.wait(hours=2)
        self.reclassify(trouble, "PMO专员")
        operations.revise_form(
            trouble.refreshed(), form_code="F13", reason="补充", actor=trouble.actor(REPORTER), at=trouble.at
        )
        trouble.assess()
        assert Problem.objects.get().urgency == "URGENT"

    def test_others_do_not_class_and_a_reason_and_another_class_are_needed(self, trouble: Trouble) -> None:
        with refused(NotFound):
            self.reclassify(trouble)
        trouble.assess()
        with refused(NotAllowed):
            self.reclassify(trouble, "技术部负责人")
        with refused(Refused, "collaborations.reason_missing", "collaborations.urgency_same"):
            self.reclassify(trouble, urgency="IMPORTANT", reason=" ")
        with refused(Refused, "collaborations.urgency_same"):
            self.reclassify(trouble, urgency="PANIC")


def test_two_departments_that_became_one_are_asked_once(trouble: Trouble) -> None:
    trouble.tell()
    technology, market = trouble.department("技术部"), trouble.department("市场部")
    for before in (technology, trouble.department("财务部")):
        replace_department(
            trouble.collaboration.pk, before=before, after=market, reorganisation_id=1, actor=SYSTEM, at=trouble.at
        )
    rows = Acknowledgement.objects.filter(collaboration=trouble.collaboration)
    assert list(rows.values_list("department", flat=True)) == [market]
    assert Loop.objects.filter(kind="ACKNOWLEDGE", closed_at__isnull=True).count() == 1
    trouble.acknowledge("市场部", "推广经理")
    assert trouble.step == "REQUEST"
