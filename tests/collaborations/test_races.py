"""Two people, or one person twice, at the same moment. Each check is also run with a fault planted (tests/planted)."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import connection

from bihuan.approvals import operations as approvals
from bihuan.approvals.enums import Decision
from bihuan.approvals.models import Signoff
from bihuan.approvals.operations import AmendmentAnswer
from bihuan.collaborations import operations
from bihuan.collaborations.models import Collaboration, Metric, StepRun
from bihuan.collaborations.operations.merging import merge_problem
from bihuan.collaborations.queries import current_run
from bihuan.kernel.actor import SYSTEM
from bihuan.kernel.errors import DomainError
from bihuan.ledger.models import Entry
from bihuan.ledger.verification import verify
from bihuan.records import operations as records
from bihuan.records.models import Version
from bihuan.resources import operations as resources
from bihuan.resources.models import Need
from tests import forms_samples as samples
from tests.campaign import HEADS, Campaign
from tests.cast import make_company
from tests.collaborations.test_merging import SECOND, report, second_of
from tests.problem import PLAYBOOK, Trouble

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2026, 11, 17, 2, 0, tzinfo=UTC)


def make_campaign() -> Campaign:
    operations.publish_shipped_playbooks(at=AT)
    return Campaign.begin(make_company(AT), AT)


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Run all acts at the same moment in threads of their own; what each came to, in their order."""
    start = threading.Barrier(len(acts))
    results = [""] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        try:
            start.wait(timeout=20)
            act()
            results[place] = "done"
        except DomainError as refusal:
            results[place] = type(refusal).__name__
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


def entered(step: str) -> int:
    return StepRun.objects.filter(step=step).count()


def check_two_who_go_on_at_once_take_one_step(campaign: Campaign) -> None:
    """The lead and his head both press the button; one step is taken, one fact tells it."""
    campaign.carry_to("EXECUTE")
    campaign.report_week()
    campaign.finish_tasks()
    live = campaign.collaboration.milestones.get(form_code="F04", name="活动上线")
    operations.reach_milestone(
        live, reached_on=campaign.today, evidence="线上地址", actor=campaign.actor("产品经理"), at=campaign.at
    )
    for metric in Metric.objects.filter(form_code="F04"):
        operations.measure_metric(
            metric,
            value=Decimal(100000),
            measured_on=campaign.today,
            evidence="数据平台",
            actor=campaign.actor("产品经理"),
            at=campaign.at,
        )
    run = current_run(campaign.refreshed())
    assert run is not None

    def go_on(post: str) -> Callable[[], object]:
        matter, actor = Collaboration.objects.get(pk=campaign.collaboration.pk), campaign.actor(post)
        return lambda: operations.advance(matter, seen_step_run_id=run.pk, actor=actor, at=campaign.at)

    assert sorted(at_once(go_on("产品经理"), go_on("产品部负责人"))) == ["HasMovedOn", "done"]
    assert entered("ACCEPT") == 1
    assert Entry.objects.filter(name="collaborations.step.left", subject_id=campaign.collaboration.pk).count() == 7
    assert verify().problems == []


def check_two_who_submit_at_once_freeze_one_version(campaign: Campaign) -> None:
    """Two tabs submit the same request: one version, one number, one question to each department."""
    record = campaign.fill("F01", samples.request(campaign.cast, campaign.start))
    actor = campaign.actor("产品经理")

    def submit() -> None:
        records.submit(record, seen_revision=record.revision, actor=actor, at=campaign.at)

    assert sorted(at_once(submit, submit)) == ["NotADraft", "done"]
    assert Version.objects.count() == 1
    assert Signoff.objects.count() == 1
    assert campaign.refreshed().number == "XZ-2026-0001"


def check_a_last_consent_and_a_withdrawal_do_not_both_win(campaign: Campaign) -> None:
    """Either the matter goes on to the consensus and is withdrawn there, or it ends and the consent is told."""
    campaign.request()
    for post in list(HEADS.values())[:2]:
        campaign.decide("F01", "OPINIONS", post, opinion="同意")
    initiator, matter = campaign.actor("产品经理"), campaign.refreshed()
    results = at_once(
        campaign.deciding("F01", "OPINIONS", "运营部负责人", opinion="同意"),
        lambda: operations.withdraw_collaboration(matter, reason="预算取消", actor=initiator, at=campaign.at),
    )
    matter = campaign.refreshed()
    assert results[1] == "done"
    assert (matter.ending, current_run(matter)) == ("WITHDRAWN", None)
    agreed = results[0] == "done"
    assert Signoff.objects.get().state == ("APPROVED" if agreed else "VOID")
    assert entered("ALIGN") == (1 if agreed else 0)
    assert not matter.loops.filter(closed_at=None).exists()
    assert verify().problems == []


def check_two_answers_to_one_need_are_one(campaign: Campaign) -> None:
    """The head and the contact person answer at once; the second is told."""
    campaign.request()
    need = Need.objects.get(type="BUDGET")

    def answer(post: str) -> Callable[[], object]:
        mine, actor = Need.objects.get(pk=need.pk), campaign.actor(post)
        return lambda: resources.answer_need(
            mine, answer="PROMISE", seen_revision=mine.revision, actor=actor, at=campaign.at
        )

    assert sorted(at_once(answer("市场部负责人"), answer("推广经理"))) == ["StaleNeed", "done"]
    assert Entry.objects.filter(name="resources.need.answered").count() == 1


def two_reports(campaign: Campaign) -> tuple[Trouble, Trouble]:
    """运营部 and 市场部 report the same delay."""
    operations.publish_playbook(PLAYBOOK, actor=SYSTEM, at=AT)
    first = Trouble.begin(campaign.company, AT)
    first.assess()
    second = second_of(first)
    report(second)
    return first, second


def merging(gone: Trouble, into: Trouble) -> Callable[[], object]:
    one, other = gone.refreshed(), into.refreshed()
    pmo = gone.actor("PMO专员")
    return lambda: merge_problem(one, into=other, reason="同一故障", actor=pmo, at=into.at)


def check_two_problems_merged_into_each_other_leave_one(campaign: Campaign) -> None:
    """Two of the PMO merge them at once, each into the other: one survives, one points to it."""
    first, second = two_reports(campaign)
    first.at = second.at
    results = at_once(merging(first, second), merging(second, first))
    assert sorted(results) == ["Refused", "done"]
    endings = {first.refreshed().ending, second.refreshed().ending}
    assert endings == {"", "MERGED"}
    assert verify().problems == []


def check_a_report_handed_in_anew_while_it_is_merged_leaves_nothing_open(campaign: Campaign) -> None:
    """The next version comes just before, or is told that it is too late; the problem is merged either way."""
    first, second = two_reports(campaign)
    actor = second.actor(SECOND)
    operations.revise_form(second.refreshed(), form_code="F13", reason="补充", actor=actor, at=second.at)
    draft = second.draft("F13", SECOND)
    results = at_once(
        lambda: records.submit(draft, seen_revision=draft.revision, actor=actor, at=second.at), merging(second, first)
    )
    assert (results[0] in {"done", "NotADraft", "HasEnded"}, results[1]) == (True, "done")
    matter = second.refreshed()
    assert (matter.ending, current_run(matter)) == ("MERGED", None)
    assert not matter.loops.filter(closed_at=None).exists()
    assert verify().problems == []


def check_two_matters_made_parts_of_each_other_at_once_make_no_circle(campaign: Campaign) -> None:
    """Each becomes a part of the other: one is, the other one is told no."""
    actor, at = campaign.actor("产品经理"), campaign.at
    product = campaign.company.departments["产品部"].pk
    other = operations.start_collaboration(title="渠道", department_id=product, playbook="SEED_B", actor=actor, at=at)
    pairs = [(campaign.collaboration.pk, other.pk), (other.pk, campaign.collaboration.pk)]

    def joining(child: int, parent: int) -> Callable[[], object]:
        one, above = (Collaboration.objects.get(pk=pk) for pk in (child, parent))
        return lambda: operations.set_parent(one, parent=above, actor=actor, at=at)

    results = at_once(*(joining(*pair) for pair in pairs))
    tied = list(Collaboration.objects.filter(parent__isnull=False).values_list("pk", "parent"))
    assert (results.count("done"), tied) == (1, [pairs[results.index("done")]])
    assert set(results) <= {"done", "Stale", "Refused"}
    assert Entry.objects.filter(name="collaborations.parent.set").count() == 1
    assert verify().problems == []


CHECKS = [
    check_two_matters_made_parts_of_each_other_at_once_make_no_circle,
    check_two_problems_merged_into_each_other_leave_one,
    check_a_report_handed_in_anew_while_it_is_merged_leaves_nothing_open,
    check_two_who_go_on_at_once_take_one_step,
    check_two_who_submit_at_once_freeze_one_version,
    check_a_last_consent_and_a_withdrawal_do_not_both_win,
    check_two_answers_to_one_need_are_one,
]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_who_comes_first_decides(check):
    check(make_campaign())


def check_an_amendment_is_answered_once(campaign: Campaign) -> None:
    """The lead takes over what a department wants, while the head of the lead department declines it."""
    campaign.carry_to("ALIGN")
    campaign.talk_it_over()
    campaign.submit("F03", samples.consensus(campaign.cast, campaign.start))
    slot = campaign.signoff("F03", "CONSENSUS").slots.get(part="criteria/c1", key=str(campaign.cast.technology))
    slot = approvals.decide(
        slot, decision=Decision.AMEND, amendment={"item": "活动页面与后台可用"}, seen_digest=slot.digest,
        actor=campaign.actor("技术部负责人"), at=campaign.at,
    )  # fmt: skip

    def answer(post: str, *, take: bool) -> None:
        given = AmendmentAnswer(slot.pk, slot.amendment["digest"], take, "" if take else "日期已公布")
        matter = Collaboration.objects.get(pk=campaign.collaboration.pk)
        operations.answer_amendments(matter, [given], actor=campaign.actor(post), at=campaign.at)

    results = at_once(lambda: answer("产品经理", take=True), lambda: answer("产品部负责人", take=False))
    assert results.count("done") == 1
    answered = Entry.objects.filter(name__startswith="approvals.amendment.").count()
    assert (answered, campaign.latest("F03").version) == (1, 2 if results[0] == "done" else 1)
    assert verify().problems == []


def test_an_amendment_is_answered_once() -> None:
    check_an_amendment_is_answered_once(make_campaign())
