"""The drafts that only their filler may touch, made known to the registry of duties."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from bihuan.organisation import duties
from bihuan.organisation.duties import Duty, Holding
from bihuan.organisation.enums import DeputyKind
from bihuan.records.enums import EDITABLE
from bihuan.records.models import Record
from bihuan.records.operations import pass_on_draft
from bihuan.records.registry import only_the_filler, registered

KIND = "records.draft"


def register_duties() -> None:
    duties.register(
        Holding(
            kind=KIND,
            label=_("form being filled in"),
            relations=("records.Record.filler",),
            held_by=filled_in_by,
            hand_over=pass_on_draft,
            order=40,
            stands_in=DeputyKind.MATTERS,
        )
    )


def filled_in_by(person_id: int, at: datetime) -> list[Duty]:
    """Forms that belong to an office are filled in by its next holder and are not named. One query."""
    own = [code for code, form_type in registered().items() if form_type.may_fill is only_the_filler]
    mine = Record.objects.filter(filler=person_id, status__in=EDITABLE, form_code__in=own)
    return [
        Duty(
            kind=KIND,
            id=row.pk,
            root=row.root,
            number=row.number or row.form_code,
            what=str(registered()[row.form_code].form.title),
            scope_id=row.scope_id,
        )
        for row in mine
    ]
