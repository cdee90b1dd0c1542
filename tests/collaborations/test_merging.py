"""Two reports of one problem: the PMO is asked, merges them or keeps them apart (AS19, playbooks.md §3.12)."""

from datetime import timedelta

import pytest

from bihuan.collaborations import operations
from bihuan.collaborations.errors import HasEnded
from bihuan.collaborations.models import Collaboration, Loop, Problem, StepRun
from bihuan.collaborations.operations.merging import keep_apart, merge_problem
from bihuan.collaborations.operations.problems import reclassify_problem
from bihuan.collaborations.queries import merging
from bihuan.deadlines.enums import OPEN
from bihuan.deadlines.models import Deadline
from bihuan.kernel.errors import NotAllowed, Refused
from bihuan.notifications.models import Notice
from bihuan.records.models import Record
from tests.problem import PLAYBOOK, REPORTER, Trouble, running
from tests.scenes import STAGE
from tests.witness import facts_since, last_entry, refused

PMO, SECOND = "PMO专员", "推广经理"


def second_of(trouble: Trouble, *, hours: int = 1) -> Trouble:
    """An hour later 市场部 begins a matter about the same delay."""

    def begun() -> Collaboration:
        return operations.start_collaboration(
            title="订单迟迟不出库", department_id=trouble.department("市场部"), playbook=str(PLAYBOOK["key"]),
            actor=trouble.actor(SECOND), at=trouble.at,
        )  # fmt: skip

    trouble.wait(hours=hours)
    return Trouble(trouble.company, trouble.at, STAGE.play(("second", trouble.at), begun))


def report(second: Trouble, **said: object) -> None:
    body = second.assessment(
        lead_dept=second.department("市场部"), initiator=second.company[SECOND].pk,
        related_depts=[{"id": "r1", "dept": second.department("产品部")}],
        description="华东地区的订单支付后无法按时出库，客户投诉。", **said,
    )  # fmt: skip
    second.submit("F13", body, SECOND)


@pytest.fixture
def first(trouble: Trouble) -> Trouble:
    trouble.assess()
    return trouble


@pytest.fixture
def second(first: Trouble) -> Trouble:
    second = second_of(first)
    report(second)
    return second


def merge(matter: Trouble, into: Trouble, post: str = PMO, reason: str = "同一接口故障") -> None:
    merge_problem(matter.refreshed(), into=into.refreshed(), reason=reason, actor=matter.actor(post), at=matter.at)


def apart(matter: Trouble, other: Trouble, post: str = PMO, reason: str = "两处原因不同") -> None:
    keep_apart(matter.refreshed(), other=other.refreshed(), reason=reason, actor=matter.actor(post), at=matter.at)


def questions(matter: Trouble) -> list[tuple[str, str, str]]:
    rows = matter.collaboration.loops.filter(kind="DUPLICATE", closed_at__isnull=True).order_by("pk")
    return [(loop.owner, loop.gate, loop.params["what"]) for loop in rows]


class TestAsking:
    def test_the_pmo_is_asked_within_the_limit_of_the_urgency(self, first: Trouble, second: Trouble) -> None:
        assert questions(first) == []
        assert questions(second) == [("g:pmo", "leave:ASSESS", first.refreshed().number)]
        until = second.collaboration.loops.get(kind="PROBLEM").due_at
        assert second.collaboration.loops.get(kind="DUPLICATE").due_at == until
        assert (
            second.company.principal("PMO专员") in {owner for owner, _due in running(second.collaboration, "T07")}
        ) is False
        assert ("g:pmo", until) in running(second.collaboration, "T07")
        assert Notice.objects.filter(kind="waits.decision", person=second.company[PMO]).exists()

    def test_nothing_goes_on_before_the_answer(self, second: Trouble) -> None:
        second.decide("F13", "ASSESSMENT", "市场部负责人")
        second.acknowledge("产品部", "产品部负责人")
        assert second.step == "ASSESS"
        assert ("collaborations.open_duplicate", "XZ-2026-0001") in second.in_the_way()

    def test_another_version_asks_nobody_twice(self, first: Trouble, second: Trouble) -> None:
        apart(second, first)
        for matter, post, again in ((second, SECOND, report), (first, REPORTER, Trouble.assess)):
            operations.revise_form(
                matter.refreshed(), form_code="F13", reason="补充", actor=matter.actor(post), at=matter.at
            )
            again(matter)
            assert questions(matter) == []

    def test_what_sounds_otherwise_is_not_asked_about(self, first: Trouble) -> None:
        second = second_of(first)
        report(second)
        assert len(questions(second)) == 1
        assert merging.lookalikes(first.refreshed(), "财务报表导出时偶发超时") == []


class TestMerging:
    def test_the_later_ends_and_points_to_the_surviving_one(self, first: Trouble, second: Trouble) -> None:
        before = last_entry()
        merge(second, first)
        into, gone = first.refreshed(), second.refreshed()
        assert (gone.ending, gone.ended_at, gone.merged_into_id) == ("MERGED", second.at, into.pk)
        assert (into.ended_at, first.step) == (None, "ASSESS")
        told = [fact for fact in facts_since(before) if fact["name"].startswith("collaborations.")]
        assert told == [
            {"name": "collaborations.problem.taken_in", "from_id": gone.pk, "from_number": gone.number,
             "reason": "同一接口故障", "runs_from": ""},
            {"name": "collaborations.problem.merged", "into_id": into.pk, "into_number": into.number,
             "reason": "同一接口故障"},
            {"name": "collaborations.collaboration.ended", "ending": "MERGED", "reason": "同一接口故障"},
        ]  # fmt: skip
        assert not Loop.objects.filter(collaboration=gone, closed_at__isnull=True).exists()
        assert running(gone, "T07") == []
        assert Record.objects.get(root_id=gone.pk, form_code="F13").status == "SUPERSEDED"
        party = into.parties.get()
        assert (party.department_id, party.contact_id) == (second.department("市场部"), second.company[SECOND].pk)

    def test_who_reported_it_reads_on_there_and_others_only_know_its_number(
        self, first: Trouble, second: Trouble
    ) -> None:
        merge(second, first)
        into = first.refreshed()
        mine = merging.merged_into(second.refreshed(), second.actor(SECOND), at=second.at)
        assert mine is not None
        assert (mine.number, mine.id) == (into.number, into.pk)
        clerk = merging.merged_into(second.refreshed(), second.actor("市场专员"), at=second.at)
        assert clerk is not None
        assert (clerk.number, clerk.id, clerk.title) == (into.number, None, "")
        (there,) = merging.taken_in(into, second.actor(PMO), at=second.at)
        assert there.id == second.collaboration.pk

    def test_the_clock_of_the_earlier_report_runs_whichever_goes(self, first: Trouble, second: Trouble) -> None:
        earlier = Problem.objects.get(collaboration=first.collaboration).reported_at
        limit = first.collaboration.loops.get(kind="PROBLEM").due_at
        before = last_entry()
        merge(first, second)
        problem = Problem.objects.get(collaboration=second.collaboration)
        assert (problem.reported_at, problem.classed_at) == (earlier, earlier)
        assert [due for _owner, due in running(second.collaboration, "T07")] == [limit]
        assert second.collaboration.loops.get(kind="PROBLEM").due_at == limit
        (fact,) = facts_since(before, "collaborations.problem.taken_in")
        assert fact["runs_from"] == earlier.isoformat()
        assert questions(second) == []

    def test_what_was_classed_anew_runs_from_that_act(self, first: Trouble, second: Trouble) -> None:
        second.wait(hours=1)
        reclassify_problem(
            second.refreshed(), urgency="URGENT", reason="投诉激增", actor=second.actor(PMO), at=second.at
        )
        merge(first, second)
        problem = Problem.objects.get(collaboration=second.collaboration)
        assert (problem.classed_at, problem.reported_at) == (second.at, second.at - timedelta(hours=2))
        assert [due for _owner, due in running(second.collaboration, "T06")] == [second.at + timedelta(hours=24)]

    def test_the_more_urgent_of_both_classes_stays_with_the_clock_that_runs_by_it(self, first: Trouble) -> None:
        second = second_of(first)
        report(second, urgency="URGENT")
        limit = second.collaboration.loops.get(kind="PROBLEM").due_at
        before = last_entry()
        merge(second, first)
        problem = Problem.objects.get(collaboration=first.collaboration)
        assert (problem.urgency, problem.classed_at) == ("URGENT", second.at)
        assert [due for _owner, due in running(first.collaboration, "T06")] == [limit]
        assert running(first.collaboration, "T07") == []
        assert first.collaboration.loops.get(kind="PROBLEM").due_at == limit
        (fact,) = facts_since(before, "collaborations.problem.reclassified")
        assert (fact["before"], fact["after"], fact["reason"]) == ("IMPORTANT", "URGENT", "同一接口故障")

    def test_an_urgent_problem_that_takes_in_an_earlier_one_stays_urgent(self, first: Trouble) -> None:
        second = second_of(first)
        report(second, urgency="URGENT")
        earlier = Problem.objects.get(collaboration=first.collaboration).reported_at
        merge(first, second)
        problem = Problem.objects.get(collaboration=second.collaboration)
        assert (problem.urgency, problem.classed_at) == ("URGENT", earlier)
        assert [due for _owner, due in running(second.collaboration, "T06")] == [earlier + timedelta(hours=24)]

    def test_nothing_that_is_merged_runs_on_and_what_it_brings_runs_where_it_is_solved(
        self, first: Trouble, second: Trouble
    ) -> None:
        apart(second, first)
        for matter, head in ((second, "市场部负责人"), (first, "运营部负责人")):
            matter.at = second.at
            matter.decide("F13", "ASSESSMENT", head)
        assert running(second.collaboration, "T37") != []
        merge(second, first)
        assert not Deadline.objects.filter(root_id=second.collaboration.pk, state__in=OPEN).exists()
        assert len(running(first.collaboration, "T37")) == first.collaboration.acknowledgements.count()
        assert {due for _owner, due in running(first.collaboration, "T37")} == {
            loop.due_at for loop in first.collaboration.loops.filter(kind="ACKNOWLEDGE", closed_at=None)
        }

    def test_a_limit_that_the_earlier_report_has_missed_is_missed_where_it_is_solved(self, first: Trouble) -> None:
        limit = first.collaboration.loops.get(kind="PROBLEM").due_at
        second = second_of(first, hours=24 * 14)
        report(second)
        merge(first, second)
        assert limit < second.at
        assert [due for _owner, due in running(second.collaboration, "T07")] == [limit]
        assert second.collaboration.loops.get(kind="PROBLEM").due_at == limit

    def test_whom_the_merged_report_named_is_told_as_well(self, first: Trouble, second: Trouble) -> None:
        first.at = second.at
        first.sign()
        merge(second, first)
        asked = first.collaboration.acknowledgements.order_by("pk").values_list("department__name", flat=True)
        assert list(asked) == ["技术部", "市场部", "财务部", "产品部"]

    def test_it_is_told_with_the_signature_where_it_was_merged_before(self, first: Trouble, second: Trouble) -> None:
        merge(second, first)
        first.at = second.at
        first.sign()
        asked = first.collaboration.acknowledgements.order_by("pk").values_list("department__name", flat=True)
        assert list(asked) == ["技术部", "财务部", "产品部"]

    def test_what_is_refused(self, first: Trouble, second: Trouble) -> None:
        for post in (REPORTER, SECOND, "运营部负责人", "分管副总"):
            with refused(NotAllowed):
                merge(second, first, post)
        with refused(Refused, "collaborations.reason_missing"):
            merge(second, first, reason=" ")
        with refused(Refused, "collaborations.merged_with_itself"):
            merge(second, second)
        apart(second, first)
        second.decide("F13", "ASSESSMENT", "市场部负责人")
        second.acknowledge("产品部", "产品部负责人")
        assert second.step == "REQUEST"
        for one, other in ((second, first), (first, second)):
            with refused(Refused, "collaborations.not_in_assessment"):
                merge(one, other)

    def test_merged_twice_is_once(self, first: Trouble, second: Trouble) -> None:
        merge(second, first)
        with refused(HasEnded):
            merge(second, first)
        with refused(Refused, "collaborations.not_in_assessment"):
            merge(first, second)


class TestKeepingApart:
    def test_the_pmo_says_that_they_are_two_and_both_go_on(self, first: Trouble, second: Trouble) -> None:
        before = last_entry()
        apart(second, first)
        assert facts_since(before) == [
            {
                "name": "collaborations.problem.kept_apart", "other_id": first.collaboration.pk,
                "other_number": first.refreshed().number, "reason": "两处原因不同",
            }
        ]  # fmt: skip
        assert questions(second) == []
        assert [owner for owner, _due in running(second.collaboration, "T07")] == [second.company.principal(SECOND)]

    def test_what_is_refused(self, first: Trouble, second: Trouble) -> None:
        with refused(NotAllowed):
            apart(second, first, SECOND)
        with refused(Refused, "collaborations.reason_missing"):
            apart(second, first, reason="")
        with refused(Refused, "collaborations.not_asked_about"):
            apart(first, second)


class TestTooLate:
    def test_into_one_that_was_merged_itself_nothing_is_merged_and_it_says_where_to(
        self, first: Trouble, second: Trouble
    ) -> None:
        merge(second, first)
        third = second_of(second, hours=2)
        report(third)
        with refused(Refused, "collaborations.merged_itself") as caught:
            merge(third, second)
        (said,) = caught.value.findings
        assert said.params == {"number": second.refreshed().number, "instead": first.refreshed().number}

    def test_who_is_asked_about_one_that_went_on_is_told_that_nothing_is_merged_into_it(
        self, first: Trouble, second: Trouble
    ) -> None:
        told = {"actor": second.actor(PMO), "at": second.at}
        (other,) = merging.asked_about(second.refreshed(), **told)
        assert not other.is_past
        StepRun.objects.filter(collaboration=first.collaboration, left_at=None).update(step="REQUEST")
        (other,) = merging.asked_about(second.refreshed(), **told)
        assert (other.is_past, merging.mergeable(second.collaboration, **told)) == (True, [])
        apart(second, first)
        assert merging.asked_about(second.refreshed(), **told) == []
