"""What a loan of a person makes of its steps, and the time rule it ends by (T25)."""

from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from bihuan import clock
from bihuan.collaborations import facts
from bihuan.collaborations.models import Collaboration
from bihuan.collaborations.operations.loans import hold_person, owe_during_loan
from bihuan.collaborations.policy.playbook import JUDGED, WORK, leave
from bihuan.collaborations.policy.secondment import Loan, loan_of
from bihuan.collaborations.queries.loans import AGREED, SECONDMENT, loans_in, secondment_of
from bihuan.collaborations.timing import is_of_a_matter, matter_of
from bihuan.commitments.facts import CommitmentVerified
from bihuan.commitments.models import Commitment
from bihuan.deadlines import operations as deadlines
from bihuan.deadlines import queries
from bihuan.deadlines.enums import State
from bihuan.deadlines.models import Deadline
from bihuan.deadlines.registry import Anew, bind, register_round
from bihuan.kernel import principals
from bihuan.kernel.actor import Actor
from bihuan.ledger.subscriptions import Recorded, subscribe
from bihuan.organisation import queries as organisation
from bihuan.records.models import Record

RETURN, PART = "T25", "loan"
LOAN_ENDS = ("借用期满", "loan ends")
ENDS = _("%(person)s returns from the loan")


def subscribe_to_loans() -> None:
    """Called in `apps.ready()` before the rules are bound."""
    subscribe(facts.StepEntered, on_entered, room="collaborations")


def bind_rules_of_loans() -> None:
    bind(
        [RETURN],
        {facts.StepEntered: on_begun, CommitmentVerified: on_returned},
        room="collaborations",
    )
    register_round([RETURN], moves=returns_moved, move=move_returns, explain=explain_return)


def on_entered(fact: facts.StepEntered, context: Recorded) -> None:
    """All have agreed: nobody else borrows the person. The loan begins: what is owed meanwhile is promised."""
    if fact.step not in (AGREED, WORK):
        return
    version = secondment_of(context.root)
    if version is None:
        return
    if fact.step == AGREED:
        hold_person(version)
    else:
        owe_during_loan(matter_of(context), version, actor=context.actor, at=context.at)


def on_begun(fact: facts.StepEntered, context: Recorded) -> None:
    """The return is due a working day after the last day; an extension moves it."""
    version = secondment_of(context.root) if fact.step == WORK else None
    loan = loan_of(version.data) if version is not None else None
    if loan is None:
        return
    matter = matter_of(context)
    due = _due(loan, organisation.schedule_of_department(matter.lead_department_id))
    standing = queries.of_subjects([(context.root.kind, context.root.id, PART)], rule_id=RETURN)
    if standing:
        instants = {row.pk: due.at for row in standing.values()}
        unsure = instants if due.provisional else ()
        deadlines.move(
            instants, root=context.root, reason="", actor=context.actor, at=context.at, provisional=unsure
        )  # fmt: skip
        return
    with override(settings.LANGUAGE_CODE):
        what = str(ENDS) % {"person": loan.person.name}
    owner = principals.head(matter.lead_department_id or 0)
    wanted = [
        deadlines.Start(
            subject=context.root, part=PART, owner=owner, what=what, due_at=due.at, is_provisional=due.provisional
        )
    ]  # fmt: skip
    deadlines.start(RETURN, wanted, root=context.root, scope_id=context.scope_id, actor=context.actor, at=context.at)


def _due(loan: Loan, schedule: clock.Schedule) -> clock.Due:
    return clock.add(schedule, clock.close_on(schedule, loan.end), clock.parse_limit("1wd"), clock.Profile.LITERAL)


def returns_moved(at: datetime) -> list[Anew]:
    """Returns still ahead whose working day after the last day is another one by the calendar of the borrowing
    department, or is certain by now. A fixed number of queries."""
    running = Deadline.objects.filter(rule=RETURN, state=State.RUNNING, due_at__gt=at)
    rows = {row.root_id: row for row in running.order_by("pk")}
    loans = loans_in(rows)
    matters = Collaboration.objects.filter(pk__in=loans).select_related("lead_department__site").order_by("pk")
    found = list(matters)
    leads = {matter.pk: matter.lead_department_id or 0 for matter in found}
    sites = organisation.sites_of_departments(leads.values()) if found else {}
    schedules = organisation.schedules_of_sites({None, *sites.values()}) if found else {}
    moved = []
    for matter in found:
        row, due = rows[matter.pk], _due(loans[matter.pk], schedules[sites.get(leads[matter.pk])])
        if (due.at, due.provisional) != (row.due_at, row.is_provisional):
            moved.append(Anew(row, due.at, due.provisional))
    return moved


def explain_return(deadline: Deadline) -> Mapping[str, str] | None:
    """A working day after the last day of the loan; None where loan or calendar are others by now."""
    loan = loans_in([deadline.root_id]).get(deadline.root_id)
    matter = Collaboration.objects.select_related("lead_department__site").filter(pk=deadline.root_id).first()
    if loan is None or matter is None:
        return None
    schedule = organisation.schedule_of_department(matter.lead_department_id)
    due = _due(loan, schedule)
    return clock.explain(schedule, due, begun=LOAN_ENDS).sentences() if due.at == deadline.due_at else None


def move_returns(limit: int, *, reason: str, actor: Actor, at: datetime) -> int:
    """Let some of these loans end when their calendar says; who brings somebody back is told. Returns how many."""
    chosen = returns_moved(at)[:limit]
    for each in chosen:
        row, before = each.deadline, each.deadline.due_at
        unsure = [row.pk] if each.is_provisional else []
        deadlines.move(
            {row.pk: each.due_at}, root=row.root, reason=reason, actor=actor, at=at, provisional=unsure
        )  # fmt: skip
        row.refresh_from_db()
        if row.due_at != before:
            deadlines.tell_moved([(row, before)], at)
    return len(chosen)


def on_returned(fact: CommitmentVerified, context: Recorded) -> None:
    """The lending side has confirmed that its person is back."""
    if not is_of_a_matter(context):
        return
    promised = Commitment.objects.filter(pk=fact.commitment_id, source_kind="record", gate=leave(JUDGED))
    lent = Record.objects.filter(pk__in=promised.values("source_id"), form_code=SECONDMENT)
    if lent.exists():
        deadlines.fulfil(
            context.root, rules=[RETURN], parts=[PART], root=context.root, actor=context.actor, at=context.at
        )
