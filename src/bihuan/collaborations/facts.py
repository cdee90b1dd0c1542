"""What can happen to a matter."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

from bihuan.kernel.facts import Fact


@dataclass(frozen=True, kw_only=True)
class PlaybookPublished(Fact):
    name: ClassVar[str] = "collaborations.playbook.published"
    key: str
    version: int
    digest: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class ViewSaved(Fact):
    """Somebody kept a view of the portfolio."""

    name: ClassVar[str] = "collaborations.view.saved"
    view_id: int
    called: str
    asked: str
    shared_with: str


@dataclass(frozen=True, kw_only=True)
class ViewRemoved(Fact):
    name: ClassVar[str] = "collaborations.view.removed"
    view_id: int
    called: str


@dataclass(frozen=True, kw_only=True)
class CollaborationStarted(Fact):
    name: ClassVar[str] = "collaborations.collaboration.started"
    title: str
    playbook: str
    playbook_version: int
    department_id: int


@dataclass(frozen=True, kw_only=True)
class Tied(Fact):
    """Something between this matter and another, told in the scope of the other: only who reads both is told."""

    other_id: int
    other: str


@dataclass(frozen=True, kw_only=True)
class FollowUpBegun(Tied):
    """The other matter takes up this ended one."""

    name: ClassVar[str] = "collaborations.follow_up.begun"


@dataclass(frozen=True, kw_only=True)
class FollowsUp(Tied):
    """This matter takes up the other one, which has ended."""

    name: ClassVar[str] = "collaborations.follow_up.of"


@dataclass(frozen=True, kw_only=True)
class ParentSet(Tied):
    """This matter is part of the other one from now on."""

    name: ClassVar[str] = "collaborations.parent.set"


@dataclass(frozen=True, kw_only=True)
class ParentUnset(Tied):
    """This matter is part of the other one no longer."""

    name: ClassVar[str] = "collaborations.parent.unset"


@dataclass(frozen=True, kw_only=True)
class ChildAdded(Tied):
    """The other matter is part of this one from now on."""

    name: ClassVar[str] = "collaborations.child.added"


@dataclass(frozen=True, kw_only=True)
class ChildRemoved(Tied):
    """The other matter is part of this one no longer."""

    name: ClassVar[str] = "collaborations.child.removed"


@dataclass(frozen=True, kw_only=True)
class CollaborationImported(Fact):
    name: ClassVar[str] = "collaborations.collaboration.imported"
    source_key: str
    digest: str
    title: str
    changed: bool


@dataclass(frozen=True, kw_only=True)
class CollaborationAdopted(Fact):
    """An imported matter goes on here. `carried_out` are the steps that, on this `ground`, were done elsewhere."""

    name: ClassVar[str] = "collaborations.collaboration.adopted"
    playbook: str
    playbook_version: int
    step: str
    lead_id: int
    initiator_id: int
    carried_out: tuple[str, ...] = ()
    ground: str = ""


@dataclass(frozen=True, kw_only=True)
class CollaborationMigrated(Fact):
    """A matter goes on by another version of its playbook; what it did by the one before stays as it was."""

    name: ClassVar[str] = "collaborations.collaboration.migrated"
    playbook: str
    before: int
    after: int
    step: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class StepEntered(Fact):
    name: ClassVar[str] = "collaborations.step.entered"
    step: str
    round: int
    step_run_id: int


@dataclass(frozen=True, kw_only=True)
class StepLeft(Fact):
    name: ClassVar[str] = "collaborations.step.left"
    step: str
    round: int
    step_run_id: int
    outcome: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class CollaborationEnded(Fact):
    name: ClassVar[str] = "collaborations.collaboration.ended"
    ending: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class WorkStopped(Fact):
    """The executive agreed to end the work early, on the request of this number; it is still reviewed and archived."""

    name: ClassVar[str] = "collaborations.work.stopped"
    step: str
    number: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ChangeApproved(Fact):
    """A change of the plan under way was approved, on the request of this number; the matter goes back to this step."""

    name: ClassVar[str] = "collaborations.change.approved"
    number: str
    step: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ItemsHandedOver(Fact):
    """The executive agreed that open items outlive the matter; each of `items` with its new owner and day."""

    name: ClassVar[str] = "collaborations.items.handed_over"
    number: str
    items: tuple[dict[str, Any], ...]

    def ids(self, kind: str) -> list[int]:
        """What of one kind was handed over."""
        return [item["id"] for item in self.items if item["kind"] == kind]


@dataclass(frozen=True, kw_only=True)
class CollaborationSuspended(Fact):
    """The matter rests until a day, on the request of this number."""

    name: ClassVar[str] = "collaborations.collaboration.suspended"
    until: str
    number: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class CollaborationResumed(Fact):
    """The matter goes on after so many days."""

    name: ClassVar[str] = "collaborations.collaboration.resumed"
    rested_days: int
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class LeadChanged(Fact):
    name: ClassVar[str] = "collaborations.lead.changed"
    before: int | None
    after: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class InitiatorChanged(Fact):
    """Another person stands for who began the matter and has left."""

    name: ClassVar[str] = "collaborations.initiator.changed"
    before: int
    after: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class ContactChanged(Fact):
    name: ClassVar[str] = "collaborations.contact.changed"
    department_id: int
    before: int
    after: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class FilerNamed(Fact):
    """The executive let one person of the filing office read a secret matter, to file its plan."""

    name: ClassVar[str] = "collaborations.filer.named"
    filer_id: int
    before: int | None


@dataclass(frozen=True, kw_only=True)
class DepartmentReplaced(Fact):
    """After a reorganisation another department stands in the matter; what was signed and reported stays."""

    name: ClassVar[str] = "collaborations.department.replaced"
    department_before: int
    department_id: int
    reorganisation_id: int


@dataclass(frozen=True, kw_only=True)
class LinesProjected(Fact):
    """The lines of a frozen record became rows that can be measured, reached and judged."""

    name: ClassVar[str] = "collaborations.lines.projected"
    form_code: str
    version: int
    counts: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class MetricMeasured(Fact):
    name: ClassVar[str] = "collaborations.metric.measured"
    metric_id: int
    metric: str
    value: str
    measured_on: str
    evidence: str


@dataclass(frozen=True, kw_only=True)
class MilestoneReached(Fact):
    name: ClassVar[str] = "collaborations.milestone.reached"
    milestone_id: int
    milestone: str
    reached_on: str
    evidence: str


@dataclass(frozen=True, kw_only=True)
class Urged(Fact):
    name: ClassVar[str] = "collaborations.loop.urged"
    loop_id: int
    kind: str
    owner: str
    times: int
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ProblemSynced(Fact):
    """Its head has signed the assessment: the related departments read the problem and are asked to acknowledge it."""

    name: ClassVar[str] = "collaborations.problem.synced"
    number: str
    version: int
    departments: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class ProblemAcknowledged(Fact):
    name: ClassVar[str] = "collaborations.problem.acknowledged"
    department_id: int


@dataclass(frozen=True, kw_only=True)
class AcknowledgementsPassed(Fact):
    """These departments had their time to acknowledge (T37) and did not; the problem goes on without them."""

    name: ClassVar[str] = "collaborations.acknowledgements.passed"
    departments: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class ProblemMerged(Fact):
    """This problem is the same as another one, where it is solved; its own matter ends."""

    name: ClassVar[str] = "collaborations.problem.merged"
    into_id: int
    into_number: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ProblemTakenIn(Fact):
    """Another report of the same problem was merged into this one.

    `runs_from` is the instant of the other report where it is the earlier one and the clock runs from it now.
    """

    name: ClassVar[str] = "collaborations.problem.taken_in"
    from_id: int
    from_number: str
    reason: str
    runs_from: str = ""


@dataclass(frozen=True, kw_only=True)
class ProblemKeptApart(Fact):
    """The PMO looked at a problem that sounds like another one: they are two."""

    name: ClassVar[str] = "collaborations.problem.kept_apart"
    other_id: int
    other_number: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ProblemReclassified(Fact):
    """A problem is more or less urgent than was thought; its clock runs anew from here."""

    name: ClassVar[str] = "collaborations.problem.reclassified"
    before: str
    after: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class PeriodOpened(Fact):
    """A period is over, and what it needs is owed. `given` are what, who and until when."""

    name: ClassVar[str] = "collaborations.period.opened"
    period_id: int
    key: str
    given: tuple[dict[str, Any], ...]


@dataclass(frozen=True, kw_only=True)
class ContributionGiven(Fact):
    """Somebody handed in what a period needs, in words or as files; of several `file` and `sha256` are the first."""

    name: ClassVar[str] = "collaborations.contribution.given"
    contribution_id: int
    key: str
    what: str
    file: str = ""
    sha256: str = ""
    files: tuple[dict[str, str], ...] = ()
    late_minutes: int = 0


@dataclass(frozen=True, kw_only=True)
class PeriodGathered(Fact):
    """The consolidation of a period may begin; what is `missing` is named."""

    name: ClassVar[str] = "collaborations.period.gathered"
    period_id: int
    key: str
    missing: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, kw_only=True)
class PeriodAccepted(Fact):
    """The period is complete or waived, and every check holds. `late` came after its day."""

    name: ClassVar[str] = "collaborations.period.accepted"
    period_id: int
    key: str
    checks: tuple[dict[str, str], ...]
    late: tuple[str, ...] = ()
    waived: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class WaiverAsked(Fact):
    name: ClassVar[str] = "collaborations.waiver.asked"
    contribution_id: int
    key: str
    what: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class WaiverAnswered(Fact):
    name: ClassVar[str] = "collaborations.waiver.answered"
    contribution_id: int
    key: str
    what: str
    granted: bool
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class WaiverDropped(Fact):
    """What was to be waived has come after all."""

    name: ClassVar[str] = "collaborations.waiver.dropped"
    contribution_id: int
    key: str
    what: str


@dataclass(frozen=True, kw_only=True)
class LeadClaimed(Fact):
    """The head of a department says that it should lead the problem."""

    name: ClassVar[str] = "collaborations.problem.lead_claimed"
    department_id: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class LeadRefused(Fact):
    """The head of a department says that it should not lead the problem."""

    name: ClassVar[str] = "collaborations.problem.lead_refused"
    department_id: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class LeadDecided(Fact):
    """The PMO has said which department leads a problem that several wanted to lead, or none."""

    name: ClassVar[str] = "collaborations.problem.lead_decided"
    department_before: int
    department_id: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class JoinAsked(Fact):
    name: ClassVar[str] = "collaborations.join.asked"
    department_id: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class JoinGranted(Fact):
    """A department takes part from now on, with what is expected of it."""

    name: ClassVar[str] = "collaborations.join.granted"
    department_id: int
    expected: str


@dataclass(frozen=True, kw_only=True)
class JoinRefused(Fact):
    name: ClassVar[str] = "collaborations.join.refused"
    department_id: int
    reason: str
