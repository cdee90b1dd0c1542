"""The consensus of a matter line by line: texts, answers, amendments."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from bihuan.approvals import queries as approvals
from bihuan.approvals.enums import SignoffState
from bihuan.approvals.models import Signoff, Slot
from bihuan.collaborations.models import Collaboration
from bihuan.collaborations.policy.agreement import Frozen, Line, Said, lines_of, unbound
from bihuan.kernel import principals
from bihuan.kernel.subjects import SubjectRef
from bihuan.records import queries as records
from bihuan.records.models import Record

FORM = "F03"


@dataclass(frozen=True, slots=True)
class Agreement:
    """`record` and `signoff` are None until the form is begun, and handed in; `unbound` are departments that take part
    and that no line binds."""

    record: Record | None
    signoff: Signoff | None
    lines: list[Line]
    unbound: list[str]


def agreement_of(collaboration: Collaboration) -> Agreement:
    """Every line of the consensus. Five queries, however many versions, lines and departments."""
    record = records.record_of(SubjectRef("collaboration", collaboration.pk), FORM)
    if record is None or record.current_version is None:
        return Agreement(record, None, [], [])
    versions = [Frozen(each.version, each.parts, each.data) for each in reversed(records.versions(record))]
    signoffs = [each for each in approvals.signoffs_of(record.subject) if each.by_part]
    parties = collaboration.parties.exclude(department=collaboration.lead_department_id).order_by("pk")
    involved = dict(parties.values_list("department_id", "department__name"))
    is_asked = bool(signoffs) and signoffs[0].state != SignoffState.VOID
    lines = lines_of(versions, (_said(slot, involved) for slot in _slots(signoffs)), involved, is_asked=is_asked)
    return Agreement(record, signoffs[0] if signoffs else None, lines, unbound(lines, involved))


def _slots(signoffs: Iterable[Signoff]) -> Iterable[Slot]:
    return (slot for signoff in signoffs for slot in signoff.slots.all())


def _said(slot: Slot, involved: Collection[int]) -> Said:
    return Said(
        slot_id=slot.pk, signoff_id=slot.signoff_id, key=slot.key, label=slot.label, part=slot.part,
        digest=slot.digest, state=slot.state, name=slot.decided_by_name, at=slot.decided_at, opinion=slot.opinion,
        conditions=tuple(each["text"] for each in slot.conditions), amendment=slot.amendment,
        department=_department(slot, involved),
    )  # fmt: skip


def _department(slot: Slot, involved: Collection[int]) -> int | None:
    """The department that is asked: the party itself, whoever signs for it, or the one that took its place since."""
    key = slot.key.partition("@")[0]
    own = int(key) if key.isdigit() else None
    _kind, after = principals.split(slot.office)
    return after if own not in involved and after in involved else own
