"""The time rules of domain §4.2 as data. Rooms bind their facts to a rule with `deadlines.registry`.

`limits` name the usual limit under "" and others under what they are asked by; a rule without limits runs to an
instant that somebody typed, or that comes round. Facts are named as the ledger names them. Hours are elapsed hours;
where `may_count_work` the company may choose that they are working time (Q1).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bihuan.clock import Limit, Profile, parse_limit, profile_for
from bihuan.clock.days import Names
from bihuan.clock.explaining import RECEIVED
from bihuan.deadlines.enums import Level

URGENT = "URGENT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule. `moving` facts set another instant for the same promise, `reclassing` ones let it run by the limit of
    another class, `cancelling` ones end it without an answer, `handing` ones give it to somebody else. What nobody owes
    is no deadline: there a `guard` holds the matter until the time has passed. `begun` says what happened at its start,
    in Chinese and in English. `is_by_instant`: people type the instant itself, not a day that is over at close of
    business. `executive_from`: the rung from which on the executive hears of it."""

    id: str
    who: str
    limits: Mapping[str, str] = field(default_factory=dict)
    ladder: str = "L"
    is_urgent: bool = False
    may_count_work: bool = False
    may_pause: bool = False
    starting: tuple[str, ...] = ()
    stopping: tuple[str, ...] = ()
    cancelling: tuple[str, ...] = ()
    moving: tuple[str, ...] = ()
    reclassing: tuple[str, ...] = ()
    handing: tuple[str, ...] = ()
    guard: str = ""
    begun: Names = RECEIVED
    is_by_instant: bool = False
    executive_from: Level = Level.RED_PLUS

    @property
    def is_bound(self) -> bool:
        return bool(self.starting)

    @property
    def facts(self) -> frozenset[str]:
        return frozenset(
            (*self.starting, *self.stopping, *self.cancelling, *self.moving, *self.reclassing, *self.handing)
        )

    def limit(self, kind: str = "") -> Limit:
        """The limit for a kind of matter, else the usual one."""
        return parse_limit(self.limits.get(kind) or self.limits[""])

    def profile_of(self, chosen: Profile | None, *, urgent: bool = False) -> Profile:
        """Hours are elapsed hours unless the company chose otherwise for this rule (Q1)."""
        return profile_for(Profile.LITERAL, override=chosen, urgent=urgent or self.is_urgent)


MEETING = ("会议结束", "meeting ended")
ENDED = "collaborations.collaboration.ended"
LEFT = "collaborations.step.left"
OPENED, VOIDED = "approvals.signoff.opened", "approvals.signoff.voided"
OPENED_CHANNEL = "issues.channel.opened"
LEAD, ELSEWHERE = "collaborations.lead.changed", "collaborations.department.replaced"
ENTERED = "collaborations.step.entered"
SENT = "records.record.sent"
SUBMITTED, RECLASSED = "records.record.submitted", "collaborations.problem.reclassified"
TAKEN_IN, KEPT_APART = "collaborations.problem.taken_in", "collaborations.problem.kept_apart"
WAIVER_ASKED, WAIVER_DROPPED = "collaborations.waiver.asked", "collaborations.waiver.dropped"
WAIVER_ANSWERED = "collaborations.waiver.answered"
LEAD_ASKED = ("collaborations.problem.lead_claimed", "collaborations.problem.lead_refused")
LEAD_DECIDED = "collaborations.problem.lead_decided"
DECIDED = ("approvals.slot.decided", "approvals.parts.decided")
PROMISED = ("commitments.commitment.made", "commitments.commitment.assigned", "commitments.commitment.returned")
REORDERED = (
    "approvals.signer.added", "approvals.signer.removed", "approvals.decision.taken_back", "approvals.signoff.returned",
)  # fmt: skip
AMENDING = ("approvals.amendment.declined", "approvals.amendment.taken")
ASKED_ELSEWHERE = (
    "approvals.slots.handed_over", "approvals.slots.placed", "approvals.slots.transferred", "approvals.slots.consulted",
    "approvals.slots.given_back",
)  # fmt: skip

TABLE: tuple[Rule, ...] = (
    Rule(id="T01", who="lead department", limits={"": "2h"}, may_count_work=True, may_pause=True),
    Rule(id="T02", who="lead department", limits={"": "24h"}, may_count_work=True, may_pause=True),
    Rule(
        id="T03", who="lead department", limits={"": "2h"}, is_urgent=True, executive_from=Level.RED,
        starting=(OPENED_CHANNEL,), stopping=(SUBMITTED,), cancelling=(ENDED,), handing=(LEAD, ELSEWHERE),
    ),
    Rule(
        id="T04", who="recorder and lead department", limits={"": "24h"}, may_count_work=True, begun=MEETING,
        starting=(SENT,), stopping=(SENT,),
    ),
    Rule(
        id="T05", who="recorder", limits={"": "24h"}, may_count_work=True, begun=MEETING,
        starting=(SENT,), stopping=(SENT,),
    ),
    Rule(
        id="T06", who="lead and related departments", limits={"": "24h"}, is_urgent=True,
        starting=(SUBMITTED, RECLASSED, TAKEN_IN, *LEAD_ASKED),
        stopping=(SUBMITTED, KEPT_APART, TAKEN_IN, LEAD_DECIDED),
        cancelling=(RECLASSED, TAKEN_IN, *LEAD_ASKED, ENDED), handing=(LEAD, ELSEWHERE),
    ),
    Rule(
        id="T07", who="lead department", limits={"": "3wd"}, may_pause=True,
        starting=(SUBMITTED, RECLASSED, TAKEN_IN, *LEAD_ASKED),
        stopping=(LEFT, KEPT_APART, TAKEN_IN, LEAD_DECIDED),
        cancelling=(RECLASSED, TAKEN_IN, *LEAD_ASKED, ENDED), handing=(LEAD, ELSEWHERE),
    ),
    Rule(
        id="T08", who="lead department", limits={"": "5wd"}, may_pause=True,
        starting=(SUBMITTED, RECLASSED, TAKEN_IN, *LEAD_ASKED),
        stopping=(LEFT, KEPT_APART, TAKEN_IN, LEAD_DECIDED),
        cancelling=(RECLASSED, TAKEN_IN, *LEAD_ASKED, ENDED), handing=(LEAD, ELSEWHERE),
    ),
    Rule(id="T09", who="lead department", limits={"": "2wd", "IMPORTANT": "1wd"}),
    Rule(id="T10", who="chair", ladder="NONE"),
    Rule(
        id="T11", who="lead department",
        starting=("progress.table.opened", ENTERED), stopping=("progress.table.filed",), reclassing=(RECLASSED,),
        cancelling=("progress.table.locked", LEFT, ENDED), handing=("progress.reporter.changed", LEAD, ELSEWHERE),
    ),
    Rule(id="T12", who="lead department", ladder="WEEK"),
    Rule(
        id="T13", who="reporter of each department", ladder="WEEK",
        starting=("progress.period.opened", ENTERED), stopping=("progress.report.submitted",),
        cancelling=("progress.period.locked", LEFT, ENDED), handing=("progress.reporter.changed", ELSEWHERE),
    ),
    Rule(id="T14", who="lead department", ladder="WEEK"),
    Rule(id="T15", who="departments", ladder="WEEK"),
    Rule(id="T16", who="executive"),
    Rule(id="T17", who="initiating department", ladder="WEEK"),
    Rule(
        id="T18", who="department of the finder", limits={"": "24h"}, begun=("发现", "found"),
        starting=("issues.risk.filed",), stopping=("issues.risk.filed",),
    ),
    Rule(id="T19", who="lead department", ladder="WEEK"),
    Rule(id="T20", who="convenor", ladder="NONE"),
    Rule(
        id="T21", who="owner", ladder="DAY",
        starting=(ENTERED,), stopping=("plans.task.done",), moving=("plans.task.reported",),
        cancelling=("plans.task.cancelled", LEFT, ENDED), handing=("plans.task.handed_over",),
    ),
    Rule(
        id="T22", who="after-sales with the departments concerned", limits={"": "24h"}, is_urgent=True,
        ladder="CUSTOMER", executive_from=Level.ORANGE,
        starting=(OPENED_CHANNEL, ENTERED, SUBMITTED), stopping=(SUBMITTED,),
        cancelling=(ENDED, SUBMITTED), handing=(LEAD, ELSEWHERE),
    ),
    Rule(
        id="T23", who="named owner", is_by_instant=True,
        starting=PROMISED, stopping=("commitments.commitment.claimed",), moving=("commitments.commitment.assigned",),
        cancelling=("commitments.commitment.cancelled", ENDED),
        handing=("commitments.commitment.handed_over", LEAD, ELSEWHERE),
    ),
    Rule(
        id="T24", who="lead department", limits={"": "72h"}, begun=("申请批准", "application approved"),
        starting=("records.record.settled",), stopping=(LEFT,), cancelling=(ENDED,),
    ),
    Rule(
        id="T25", who="both heads", ladder="LOAN",
        starting=(ENTERED,), moving=(ENTERED,), stopping=("commitments.commitment.verified",), cancelling=(ENDED,),
    ),
    Rule(id="T26", who="initiating department", limits={"": "30d"}, ladder="NONE", guard="G23"),
    Rule(id="T27", who="responsible department", limits={"": "2h"}, may_count_work=True),
    Rule(
        id="T28", who="PMO", limits={"": "2wd", "HIGH": "1wd"},
        starting=("issues.risk.filed",), stopping=("issues.risk.closed",), cancelling=(ENDED,),
    ),
    Rule(
        id="T29", who="signatory", limits={"": "2wd", "EXECUTIVE": "3wd", URGENT: "1wd"}, may_pause=True,
        starting=(OPENED, WAIVER_ASKED, *DECIDED, *REORDERED, *AMENDING),
        stopping=(WAIVER_ANSWERED, *DECIDED, *AMENDING), reclassing=(RECLASSED,),
        cancelling=(OPENED, VOIDED, WAIVER_DROPPED, *DECIDED, *REORDERED, ENDED),
        handing=(*ASKED_ELSEWHERE, ELSEWHERE),
    ),
    Rule(
        id="T30", who="heads", limits={"": "1wd", URGENT: "4h"},
        starting=(OPENED, *DECIDED, *REORDERED, *AMENDING), stopping=(*DECIDED, *AMENDING), reclassing=(RECLASSED,),
        cancelling=(OPENED, VOIDED, *DECIDED, *REORDERED, ENDED), handing=(*ASKED_ELSEWHERE, ELSEWHERE),
    ),
    Rule(
        id="T31", who="project lead", limits={"": "5wd"}, may_pause=True, begun=("进入复盘", "review begun"),
        starting=(ENTERED,), stopping=(SUBMITTED,), cancelling=(LEFT, ENDED), handing=(LEAD,),
    ),
    Rule(
        id="T32", who="project lead", limits={"": "5wd"}, may_pause=True, begun=("进入归档", "archiving begun"),
        starting=(ENTERED,), stopping=(SUBMITTED,), cancelling=(LEFT, ENDED), handing=(LEAD,),
    ),
    Rule(id="T33", who="executive", limits={"": "2wd", URGENT: "4h"}),
    Rule(
        id="T34", who="lead department", limits={"": "24h"}, is_urgent=True, begun=("开启通道", "channel opened"),
        starting=(OPENED_CHANNEL,), stopping=("records.record.settled",), cancelling=(ENDED,),
        handing=(LEAD, ELSEWHERE),
    ),
    Rule(
        id="T35", who="owner", limits={"": "4h"}, may_count_work=True, ladder="NONE",
        starting=("plans.task.reported", "plans.task.done"), stopping=("plans.task.reported",),
    ),
    Rule(id="T36", who="person on duty", ladder="NONE", is_urgent=True),
    Rule(
        id="T37", who="contact persons", limits={"": "4wh"}, ladder="NONE",
        starting=("collaborations.problem.synced", TAKEN_IN), stopping=("collaborations.problem.acknowledged",),
        cancelling=(ENDED,), handing=("collaborations.contact.changed", ELSEWHERE),
    ),
    Rule(
        id="T38", who="owner", ladder="DAY", begun=("周期结束", "period ended"),
        starting=PROMISED,
        stopping=("commitments.commitment.claimed",), moving=("commitments.commitment.assigned",),
        cancelling=("commitments.commitment.cancelled",),
        handing=("commitments.commitment.handed_over", LEAD, ELSEWHERE),
    ),
)  # fmt: skip
RULES: Mapping[str, Rule] = {rule.id: rule for rule in TABLE}
