"""What a loan of a person makes of its steps, and the time rule it ends by (T25)."""

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from bihuan import clock
from bihuan.collaborations import facts
from bihuan.collaborations.models import Collaboration
from bihuan.collaborations.operations.loans import hold_person, owe_during_loan
from bihuan.collaborations.operations.promises import close_of
from bihuan.collaborations.policy.playbook import JUDGED, WORK, leave
from bihuan.collaborations.policy.secondment import Loan, loan_of
from bihuan.collaborations.queries.loans import AGREED, SECONDMENT, secondment_of
from bihuan.collaborations.timing import is_of_a_matter, matter_of
from bihuan.commitments.facts import CommitmentVerified
from bihuan.commitments.models import Commitment
from bihuan.deadlines import operations as deadlines
from bihuan.deadlines import queries
from bihuan.deadlines.registry import bind
from bihuan.kernel import principals
from bihuan.ledger.subscriptions import Recorded, subscribe
from bihuan.organisation import queries as organisation
from bihuan.records.models import Record

RETURN, PART = "T25", "loan"
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
    due_at = _due(loan, matter)
    standing = queries.of_subjects([(context.root.kind, context.root.id, PART)], rule_id=RETURN)
    if standing:
        instants = {row.pk: due_at for row in standing.values()}
        deadlines.move(instants, root=context.root, reason="", actor=context.actor, at=context.at)
        return
    with override(settings.LANGUAGE_CODE):
        what = str(ENDS) % {"person": loan.person.name}
    owner = principals.head(matter.lead_department_id or 0)
    wanted = [deadlines.Start(subject=context.root, part=PART, owner=owner, what=what, due_at=due_at)]
    deadlines.start(RETURN, wanted, root=context.root, scope_id=context.scope_id, actor=context.actor, at=context.at)


def _due(loan: Loan, matter: Collaboration) -> datetime:
    schedule = organisation.schedule_of_department(matter.lead_department_id)
    last = close_of(loan.end, matter)
    return clock.add(schedule, last, clock.parse_limit("1wd"), clock.Profile.LITERAL).at


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
