"""A dry run: who would sign, and by when, if a route were opened on a day for such a matter. Nothing is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from bihuan.approvals.policy.resolving import Asked
from bihuan.approvals.policy.routes import At, RoutePlan, StepPlan, Value
from bihuan.approvals.routing import resolve_now
from bihuan.collaborations.queries.routes import parties_for, values_for
from bihuan.deadlines.policy.counting import Counting, due_of
from bihuan.deadlines.policy.table import RULES
from bihuan.deadlines.policy.terms import RULES_ALONE, Terms
from bihuan.deadlines.queries.choices import chosen_profile
from bihuan.deadlines.queries.sites import whereabouts_of
from bihuan.kernel.findings import Finding
from bihuan.organisation import queries as organisation

DECISION, SIGNATURE, EXECUTIVE = RULES["T29"], RULES["T30"], "executive"


@dataclass(frozen=True, slots=True)
class Supposed:
    """The matter that is imagined: who files it for which department, who else takes part, and for how much."""

    author_id: int
    department_id: int
    involved: tuple[int, ...] = ()
    amount: Decimal = Decimal(0)
    playbook: str = ""
    conclusion: str = ""


@dataclass(frozen=True, slots=True)
class Signer:
    """One signature: the party, who would be asked now, and the last instant if everybody before took all the time."""

    label: str
    who: str
    due_at: datetime
    waits: bool


@dataclass(frozen=True, slots=True)
class Reader:
    """A copy that would go out, to whom and when."""

    who: str
    at: At


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """A step of the route: who signs in it; left out when its conditions do not hold."""

    step: StepPlan
    is_asked: bool
    signers: tuple[Signer, ...]
    copies: tuple[Reader, ...] = ()


@dataclass(frozen=True, slots=True)
class Rehearsal:
    steps: tuple[Rehearsed, ...]
    findings: tuple[Finding, ...]
    due_at: datetime | None


def rehearse(
    route: RoutePlan, supposed: Supposed, at: datetime, terms: Terms = RULES_ALONE, *, minutes: bool = False
) -> Rehearsal:
    """Who signs, by the organisation and the calendars of the day, and by when, as the `terms` of a playbook say
    of decisions or of `minutes`.

    Queries do not grow with the parties.
    """
    departments = [supposed.department_id, *(pk for pk in supposed.involved if pk != supposed.department_id)]
    parties = parties_for(
        (supposed.department_id, ""), [(pk, "") for pk in departments[1:]], initiator_id=supposed.author_id,
        lead_id=supposed.author_id,
    )  # fmt: skip
    values = values_for(
        amount=supposed.amount, department_ids=departments, playbook=supposed.playbook,
        conclusion=supposed.conclusion, fields=route.fields,
    )  # fmt: skip
    lines = {f"{part}/1": "-" for step in route.steps for part in step.parts}
    resolved = resolve_now(route, parties, values, author_id=supposed.author_id, digest="-", parts=lines, at=at)
    signers = _signers(resolved.asked, terms, at, minutes=minutes)
    names = organisation.names_of({copy.principal for copy in resolved.copies}, at) if resolved.copies else {}
    steps = tuple(
        replace(
            _rehearsed(step, values, resolved.asked, signers),
            copies=tuple(Reader(names[each.principal], each.at) for each in resolved.copies if each.group == step.key),
        )
        for step in route.steps
    )
    return Rehearsal(steps, resolved.findings, max((each.due_at for each in signers.values()), default=None))


def _rehearsed(
    step: StepPlan, values: Mapping[str, Value], asked: Sequence[Asked], signers: Mapping[Asked, Signer]
) -> Rehearsed:
    mine = dict.fromkeys(signers[slot] for slot in asked if slot.group == step.key)
    return Rehearsed(step, step.when.holds(values), tuple(mine))


def _signers(asked: Sequence[Asked], terms: Terms, at: datetime, *, minutes: bool) -> dict[Asked, Signer]:
    """Each step begins when the one before had to be through."""
    keys = {slot.principal for slot in asked}
    names = organisation.names_of(keys, at)
    places = whereabouts_of(keys, at)
    schedules = organisation.schedules_of_sites({place.site_id for place in places.values()})
    rule = SIGNATURE if minutes else DECISION
    profile = rule.profile_of(chosen_profile(rule))
    found: dict[Asked, Signer] = {}
    begins = at
    for step in sorted({slot.step for slot in asked}):
        dues: list[datetime] = []
        for slot in (slot for slot in asked if slot.step == step):
            limit = terms.limit_of(rule, "EXECUTIVE" if slot.key == EXECUTIVE else "")
            due = due_of(Counting(begins, limit, profile), schedules[places[slot.principal].site_id]).at
            found[slot] = Signer(slot.label, names[slot.principal], due, slot.waits)
            dues.append(due)
        begins = max(dues)
    return found
