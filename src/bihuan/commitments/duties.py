"""What a person owes or must verify, made known to the registry of duties."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bihuan.commitments.enums import UNFINISHED
from bihuan.commitments.models import Commitment
from bihuan.commitments.operations import pass_on, pass_on_verification
from bihuan.kernel import principals
from bihuan.organisation import duties
from bihuan.organisation.duties import Duty, Holding
from bihuan.organisation.enums import DeputyKind

OWED, VERIFIED = "commitments.owed", "commitments.verified"
LABEL: str | Promise = _("promise to keep")


def register_duties() -> None:
    duties.register(
        Holding(
            kind=OWED,
            label=LABEL,
            relations=("commitments.Commitment.owner",),
            held_by=owed_by,
            hand_over=pass_on,
            order=20,
            stands_in=DeputyKind.WORK,
        )
    )
    duties.register(
        Holding(
            kind=VERIFIED,
            label=_("promise to verify"),
            relations=("commitments.Commitment.verifier",),
            held_by=verified_by,
            hand_over=pass_on_verification,
            order=21,
            stands_in=DeputyKind.WORK,
        )
    )


def owed_by(person_id: int, at: datetime) -> list[Duty]:
    """One query."""
    return [_duty(OWED, row) for row in _unfinished().filter(owner=person_id)]


def verified_by(person_id: int, at: datetime) -> list[Duty]:
    """Only what names the person; what names his office goes on with the office. One query."""
    return [_duty(VERIFIED, row) for row in _unfinished().filter(verifier=principals.person(person_id))]


def _unfinished() -> QuerySet[Commitment]:
    return Commitment.objects.filter(state__in=[state.value for state in UNFINISHED])


def _duty(kind: str, row: Commitment) -> Duty:
    return Duty(
        kind=kind, id=row.pk, root=row.root, number=f"#{row.pk}", what=row.text, scope_id=row.scope_id,
        due_on=row.due_on,
    )  # fmt: skip
