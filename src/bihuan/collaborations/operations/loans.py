"""A loan under way: what it makes its people owe, anew when it is extended."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from bihuan.collaborations.models import Collaboration
from bihuan.collaborations.operations.loops import root_of
from bihuan.collaborations.operations.members import sync_members
from bihuan.collaborations.operations.promises import verifier_besides
from bihuan.collaborations.policy.body import Ref
from bihuan.collaborations.policy.playbook import JUDGED, WORK, leave
from bihuan.collaborations.policy.secondment import Loan, Owed, loan_of, owed_during
from bihuan.commitments import operations as commitments
from bihuan.commitments.enums import UNFINISHED, CommitmentKind, CommitmentState
from bihuan.commitments.models import Commitment
from bihuan.kernel.actor import Actor
from bihuan.organisation import queries as organisation
from bihuan.organisation.models import Person
from bihuan.records.models import Version

TEXTS = {
    Owed.REPORT: _("Report of the loan of %(person)s until %(on)s"),
    Owed.APPRAISAL: _("Appraisal of %(person)s on %(on)s"),
    Owed.RETURN: _("Return of %(person)s after %(on)s, with what was handed back"),
}
GATES = {Owed.REPORT: leave(WORK), Owed.APPRAISAL: leave(WORK), Owed.RETURN: leave(JUDGED)}


def take_secondment(
    collaboration: Collaboration, _body: Mapping[str, Any], *, version: int, actor: Actor, at: datetime
) -> None:
    """Who is to be lent reads the matter, because nobody is lent without consenting."""
    sync_members(collaboration, at=at)


def hold_person(version: Version) -> None:
    """Of two loans of one person whose parties agree at the same time, one sees the other (G21)."""
    loan = loan_of(version.data)
    if loan is not None:
        Person.objects.select_for_update().filter(pk=loan.person.id).first()


@transaction.atomic
def owe_during_loan(collaboration: Collaboration, version: Version, *, actor: Actor, at: datetime) -> None:
    """A report for each month, each appraisal and the return are owed (F22); those of an earlier term that hold no
    longer are owed no more. Recorded as ``CommitmentMade`` and ``CommitmentCancelled``; again changes nothing.
    """
    loan = loan_of(version.data)
    if loan is None:
        return
    source = version.record.subject
    wanted = {(_said(what, loan, on), on): what for what, on in owed_during(loan)}
    promised = Commitment.objects.filter(source_kind=source.kind, source_id=source.id)
    standing = list(promised.exclude(state=CommitmentState.CANCELLED))
    gone = [one.pk for one in standing if one.state in UNFINISHED and (one.text, one.due_on) not in wanted]
    commitments.cancel_these(gone, root=root_of(collaboration), reason=f"v{version.version}", actor=actor, at=at)
    kept = {(one.text, one.due_on) for one in standing}
    for (text, on), what in wanted.items():
        if (text, on) not in kept:
            owner, department_id, verifier = _parties(collaboration, loan, what, at)
            commitments.promise(
                kind=CommitmentKind.ACTION,
                text=text,
                owner_id=owner.id,
                department_id=department_id,
                due_on=on,
                gate=GATES[what],
                source=source,
                root=root_of(collaboration),
                scope_id=collaboration.scope_id,
                verifier=verifier,
                actor=actor,
                at=at,
            )


def _said(what: Owed, loan: Loan, on: date) -> str:
    """In the company's language, since it is kept as it was written."""
    with override(settings.LANGUAGE_CODE):
        return str(TEXTS[what]) % {"person": loan.person.name, "on": on.isoformat()}


def _parties(collaboration: Collaboration, loan: Loan, what: Owed, at: datetime) -> tuple[Ref, int | None, str]:
    """Who owes it, for which department, and who verifies it. The lending side confirms that its person is back."""
    owner = {Owed.REPORT: loan.person, Owed.APPRAISAL: loan.appraiser, Owed.RETURN: loan.coordinator}[what]
    if what is Owed.RETURN:
        return owner, loan.lender.id, organisation.signatory_for(loan.lender.id, at, besides=owner.id)
    return owner, collaboration.lead_department_id, verifier_besides(collaboration, owner.id)
