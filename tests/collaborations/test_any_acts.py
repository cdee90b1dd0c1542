"""Whatever people do, in whatever order: a matter stands in a step of its playbook, came there by a way the playbook
has, and nothing of it is open once it has ended.

Acts are drawn by hypothesis: those of the step, those of other steps, decisions of every kind by who may and by who may
not, withdrawals, rests, early ends. Refused acts are acts too. The draw is the same in every run.
"""

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from typing import Any, ClassVar

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from bihuan.approvals import operations as approvals
from bihuan.approvals.enums import Decision
from bihuan.approvals.models import Slot
from bihuan.collaborations import operations, queries
from bihuan.collaborations.enums import Outcome, Step
from bihuan.collaborations.models import Loop, StepRun
from bihuan.collaborations.policy.playbook import leave
from bihuan.collaborations.policy.proposals import after_early_end
from bihuan.collaborations.queries.steps import outlives
from bihuan.kernel.errors import DomainError
from bihuan.organisation import queries as organisation
from tests.campaign import Campaign
from tests.emergency import Emergency
from tests.loan import Loan
from tests.problem import SeedD
from tests.recurring import Monthly
from tests.scenes import STAGE
from tests.seeds import Project, Seed

WALKED = {
    "SEED_A": Seed, "SEED_B": Campaign, "SEED_C": Seed, "SEED_D": SeedD, "PROJECT": Project, "RESOURCE": Loan,
    "EMERGENCY": Emergency, "RECURRING": Monthly,
}  # fmt: skip
IMPOSSIBLE = (DomainError, LookupError, ValueError, AssertionError, ObjectDoesNotExist)
"""What the words of the tests answer where there is nothing to act upon, besides what the product refuses."""
EXAMPLES = 3
"""Of each playbook; a hundred now and then, by hand."""
SOME = st.integers(0, 9)
STEPS = (
    "ASSESS", "REQUEST", "FIRST_REVIEW", "ALIGN", "PLAN", "APPROVAL", "FILING", "RESOURCE", "KICKOFF", "EXECUTE",
    "ACCEPT", "RETRO", "ARCHIVE",
)  # fmt: skip

OF_A_PERIOD = {
    "EXECUTE": {"ACCEPT"},
    "ACCEPT": {"EXECUTE", "RETRO", "ARCHIVE", "CLOSED"},
    "RETRO": {"EXECUTE", "ARCHIVE", "CLOSED"},
    "ARCHIVE": {"EXECUTE", "CLOSED"},
}
"""Where what comes round goes on from a step that is done: a month, a quarter, a year or all of it may be over."""


class AnyActs(RuleBasedStateMachine):
    """One matter in the company of the tests."""

    company: ClassVar[Any]
    at: ClassVar[Any]
    playbook: ClassVar[str]

    def __init__(self) -> None:
        super().__init__()
        self.before = transaction.savepoint()
        STAGE.behind = None

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.before)

    @initialize(steps=st.integers(1, 10))
    def begin(self, steps: int) -> None:
        """Somewhere on its way, so that the acts meet every step."""
        kind = WALKED[self.playbook]
        if kind is Emergency:
            self.matter = Emergency.at_night(self.company)
        else:
            begun = kind.begin(self.company, self.at, self.playbook).collaboration
            self.matter = kind(self.company, self.at, begun)
        self.do_what_is_asked(steps)

    def attempt(self, act: Callable[[], Any]) -> None:
        try:
            with transaction.atomic():
                act()
        except IMPOSSIBLE:
            self.matter.refreshed()

    def way(self, step: str) -> tuple[Callable[[], Any], ...]:
        return self.matter._ways.get(step, ())

    @rule()
    def do_the_step(self) -> None:
        self.do_what_is_asked(1)

    def do_what_is_asked(self, steps: int) -> None:
        for _ in range(steps):
            for act in self.way(self.matter.step):
                self.attempt(act)

    @rule(pick=SOME)
    def do_one_thing_of_the_step(self, pick: int) -> None:
        acts = self.way(self.matter.step)
        if acts:
            self.attempt(acts[pick % len(acts)])

    @rule(step=st.sampled_from(STEPS), pick=SOME)
    def do_something_of_another_step(self, step: str, pick: int) -> None:
        acts = self.way(step)
        if acts:
            self.attempt(acts[pick % len(acts)])

    @rule(
        pick=SOME,
        decision=st.sampled_from(sorted(Decision)),
        is_asked=st.sampled_from([True, True, False]),
    )
    def answer(self, pick: int, decision: Decision, is_asked: bool) -> None:
        self.decide(pick, decision, is_asked=is_asked)

    @rule(pick=SOME)
    def refuse(self, pick: int) -> None:
        self.decide(pick, Decision.REFUSE, is_asked=True)

    def decide(self, pick: int, decision: Decision, *, is_asked: bool) -> None:
        slot = self.open_slot(pick)
        if slot is None:
            return
        asked = [card.id for card in organisation.people_holding(slot.principal, self.matter.at)] if is_asked else []
        person = next(iter(asked), self.company.outsider.pk)
        self.attempt(lambda: approvals.decide(
            slot, decision=decision, opinion="说明理由", tests=dict.fromkeys(slot.tests, True), seen_digest=slot.digest,
            actor=organisation.actor_now(person, self.matter.at), at=self.matter.at,
        ))  # fmt: skip

    @rule(pick=SOME)
    def send_back_to_the_author(self, pick: int) -> None:
        slot = self.open_slot(pick)
        if slot is None:
            return
        for card in organisation.people_holding(slot.principal, self.matter.at):
            actor = organisation.actor_now(card.id, self.matter.at)
            self.attempt(lambda actor=actor: approvals.return_to(
                slot, to_step=0, reason="请补充", actor=actor, at=self.matter.at
            ))  # fmt: skip

    @rule()
    def go_on(self) -> None:
        self.attempt(self.matter.go_on)

    @rule()
    def a_day_passes(self) -> None:
        self.matter.at += timedelta(days=1)

    @rule(body=st.sampled_from([
        ("F28", {"reason": "公司战略调整，不再投入", "reached": "完成需求调研"}),
        ("F29", {"reason": "等待监管部门批复结果", "until": "2027-01-15", "waits_for": "批复"}),
    ]))  # fmt: skip
    def ask_to_end_or_to_rest(self, body: tuple[str, dict[str, str]]) -> None:
        self.attempt(lambda: self.matter.submit(*body, self.matter.LEADING))

    @rule()
    def resume(self) -> None:
        self.attempt(lambda: operations.resume_collaboration(
            self.matter.refreshed(), note="继续", actor=self.matter.actor(self.matter.LEADING), at=self.matter.at
        ))  # fmt: skip

    @rule(post=st.sampled_from(["产品经理", "运营经理", "推广经理"]), reason=st.sampled_from(["", "不做了"]))
    def withdraw(self, post: str, reason: str) -> None:
        """Rarely by who may, so that most matters go on."""
        self.attempt(lambda: operations.withdraw_collaboration(
            self.matter.refreshed(), reason=reason, actor=self.matter.actor(post), at=self.matter.at
        ))  # fmt: skip

    def open_slot(self, pick: int) -> Slot | None:
        slots = Slot.objects.filter(
            signoff__root_kind="collaboration", signoff__root_id=self.matter.collaboration.pk, signoff__state="OPEN",
            state="PENDING",
        )  # fmt: skip
        found = list(slots.select_related("signoff").order_by("pk"))
        return found[pick % len(found)] if found else None

    @invariant()
    def it_came_by_a_way_the_playbook_has(self) -> None:
        plan = queries.plan_of(self.matter.collaboration)
        runs = list(StepRun.objects.filter(collaboration=self.matter.collaboration).order_by("pk"))
        assert runs[0].step == plan.first().key
        for run, following in pairwise(runs):
            step, after = plan.step(run.step), plan.after(run.step)
            done = OF_A_PERIOD[run.step] if run.period else {after.key if after else ""}
            ways = {
                Outcome.DONE: done, Outcome.RETURNED: {step.back_to}, Outcome.FAILED: {step.back_to},
                Outcome.STOPPED: {after_early_end(plan)},
            }  # fmt: skip
            assert following.step in ways.get(run.outcome, ()), (run.step, run.outcome, following.step)
            assert following.step == Step.CLOSED or run.outcome != Outcome.DONE or following.period >= run.period
        is_open = [run.left_at is None for run in runs]
        assert is_open == [False] * (len(runs) - 1) + [self.ended() is None]

    @invariant()
    def what_held_a_step_is_done_once_it_was_left(self) -> None:
        runs = list(StepRun.objects.filter(collaboration=self.matter.collaboration).order_by("-pk")[:2])
        if len(runs) < 2 or runs[1].outcome != Outcome.DONE or runs[0].left_at is not None:
            return
        held = Loop.objects.filter(
            collaboration=self.matter.collaboration, gate=leave(runs[1].step), closed_at__isnull=True
        )
        assert [(loop.kind, loop.gate) for loop in held] == []

    @invariant()
    def what_has_ended_has_nothing_open(self) -> None:
        if self.ended() is None:
            return
        loops = Loop.objects.filter(collaboration=self.matter.collaboration, closed_at__isnull=True)
        assert [loop.kind for loop in loops if not outlives(loop)] == []
        assert self.open_slot(0) is None

    def ended(self) -> Any:
        return self.matter.refreshed().ended_at


@pytest.mark.alike
@pytest.mark.django_db
def test_no_order_of_acts_leads_outside_the_playbook_or_leaves_something_open_at_the_end(company, playbooks, at):
    AnyActs.company, AnyActs.at = company, at
    for AnyActs.playbook in WALKED:
        run_state_machine_as_test(AnyActs, settings=settings(
            max_examples=EXAMPLES, stateful_step_count=10, derandomize=True, database=None, deadline=None,
            phases=[Phase.generate], suppress_health_check=list(HealthCheck),
        ))  # fmt: skip
