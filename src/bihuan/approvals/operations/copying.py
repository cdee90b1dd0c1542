"""Copies a route promises (抄送): sent when their moment comes, by the machine, to who holds the office then."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bihuan.approvals import facts, policy
from bihuan.approvals.enums import SignoffState
from bihuan.approvals.models import Copy, Signoff, Slot
from bihuan.approvals.operations import recording
from bihuan.approvals.operations.placing import let_read, may_be_told
from bihuan.approvals.policy.routes import At
from bihuan.kernel import principals
from bihuan.kernel.actor import SYSTEM
from bihuan.organisation.queries.receiving import holders_of


def send_due(signoff: Signoff, slots: Sequence[Slot], at: datetime) -> None:
    """Send what is due after an act on the sign-off, which is locked. Records `CopiesSent`.

    Each is sent once, to nobody who wrote it or has a copy; of what is secret only to who reads it anyway.
    """
    if not signoff.copies_due:
        return
    moments = _moments(signoff, slots)
    due = [each for each in signoff.copies_due if (each["group"], each["at"]) in moments]
    if not due:
        return
    signoff.copies_due = [each for each in signoff.copies_due if each not in due]
    signoff.save(update_fields=["copies_due"])
    people = _people(signoff, due, at)
    readers = [pk for pk in people if may_be_told(signoff, [pk], at)]
    Copy.objects.bulk_create(Copy(signoff=signoff, person_id=pk, sent_at=at) for pk in readers)
    for pk in readers:
        let_read(signoff, principals.person(pk), at)
    if people:
        fact = facts.CopiesSent(
            signoff_id=signoff.pk, route=signoff.route, person_ids=tuple(readers), by_route=True,
            left_out=tuple(pk for pk in people if pk not in readers),
        )  # fmt: skip
        recording.record(signoff, fact, SYSTEM, at)


def _moments(signoff: Signoff, slots: Sequence[Slot]) -> set[tuple[str, str]]:
    """What has come to pass, by step. What ended without an answer sends nothing more."""
    if signoff.state == SignoffState.VOID:
        return set()
    asked, passed = policy.steps_reached(slot.standing for slot in slots)
    has_ended = signoff.state != SignoffState.OPEN
    return {
        *((group, At.ASKED) for group in asked),
        *((group, At.PASSED) for group in passed),
        *((each["group"], At.ENDED) for each in signoff.copies_due if has_ended),
    }


def _people(signoff: Signoff, due: Sequence[Mapping[str, str]], at: datetime) -> list[int]:
    held = holders_of({each["principal"] for each in due}, at)
    standing = set(Copy.objects.filter(signoff=signoff).values_list("person", flat=True))
    return sorted({pk for holders in held.values() for pk in holders} - standing - {signoff.author_id or 0})
