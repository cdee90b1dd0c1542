"""Promises of a matter as open loops, and the promises its forms make."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from bihuan.clock import ClockError
from bihuan.collaborations.enums import LoopKind
from bihuan.collaborations.models import Collaboration
from bihuan.collaborations.operations.loops import close_loops, open_loop, root_of
from bihuan.collaborations.policy.playbook import WORK, leave
from bihuan.collaborations.queries.asks import ask_text, instant_of_ask, reply_by
from bihuan.collaborations.queries.desk import instant_so_far
from bihuan.collaborations.queries.recurrence import due_of_contribution
from bihuan.commitments import operations as commitments
from bihuan.commitments.enums import CommitmentKind
from bihuan.commitments.models import Commitment
from bihuan.deadlines.queries import closes_on
from bihuan.kernel import principals
from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import Refused
from bihuan.kernel.findings import Finding
from bihuan.kernel.subjects import SubjectRef
from bihuan.records.models import Version

Owing = tuple[str, date | None]


def end_of(day: date | None, owner: str, collaboration: Collaboration, *, at: datetime) -> datetime | None:
    """`ends_of` for one."""
    return ends_of([(owner, day)], collaboration, at=at).get((owner, day))


def ends_of(owing: Iterable[Owing], collaboration: Collaboration, *, at: datetime) -> Mapping[Owing, datetime]:
    """Close of business of typed days where each owner works, else at the lead department (domain §4.1). It is found
    when the day is typed and stays: neither a calendar nor another owner moves it. A fixed number of queries.

    Raises ``Refused`` for a day out of the reach of the clock.
    """
    typed = {(owner, day) for owner, day in owing if day is not None}
    lead = collaboration.lead_department_id
    try:
        ends = closes_on(typed, at, otherwise=principals.department(lead) if lead is not None else "")
    except ClockError as refused:
        raise Refused([Finding(refused.code, "", refused.params)]) from None
    return dict(ends.items())


def zone_of(collaboration: Collaboration) -> ZoneInfo:
    """The clock of the lead department."""
    department = collaboration.lead_department
    zone = department.site.time_zone if department is not None and department.site is not None else settings.TIME_ZONE
    return ZoneInfo(zone)


def track_promise(
    collaboration: Collaboration, commitment: Commitment, *, is_day_typed: bool, at: datetime
) -> None:  # fmt: skip
    """Whoever owes or must verify a promise sees it on his desk until it is verified or no longer needed.

    With `is_day_typed` its instant is found, else it stays.
    """
    if commitment.state not in ("OPEN", "CLAIMED"):
        close_loops(subject=commitment.ref, at=at)
        return
    due_at = None if is_day_typed else instant_so_far(commitment.ref)
    due_at = due_at or _instant_of(collaboration, commitment, at)
    if commitment.state == "OPEN":
        close_loops(subject=commitment.ref, kind=LoopKind.VERIFY, at=at)
        _wait_for(collaboration, commitment, LoopKind.COMMITMENT, owner_of(collaboration, commitment), due_at, at=at)
    else:
        close_loops(subject=commitment.ref, kind=LoopKind.COMMITMENT, at=at)
        _wait_for(collaboration, commitment, LoopKind.VERIFY, commitment.verifier, due_at, at=at)


def owner_of(collaboration: Collaboration, commitment: Commitment) -> str:
    """The principal who owes a promise."""
    if commitment.owner_id is not None:
        return principals.person(commitment.owner_id)
    if commitment.department_id is not None:
        return principals.head(commitment.department_id)
    return principals.person(collaboration.lead_id) if collaboration.lead_id else principals.PMO


def _wait_for(
    collaboration: Collaboration, commitment: Commitment, kind: LoopKind, owner: str, due_at: datetime | None, *,
    at: datetime,
) -> None:  # fmt: skip
    open_loop(
        collaboration,
        kind=kind,
        subject=commitment.ref,
        owner=owner,
        asked_by=commitment.asked_by,
        gate=commitment.gate,
        due_at=due_at,
        params={"what": commitment.text, "kind": commitment.kind, **_returned(commitment)},
        at=at,
    )


def _instant_of(collaboration: Collaboration, commitment: Commitment, at: datetime) -> datetime | None:
    """By the clock of who owes it, by the instant it was asked for, else the end of its day where its owner is."""
    exact = due_of_contribution(commitment) or instant_of_ask(commitment)
    return exact or end_of(commitment.due_on, owner_of(collaboration, commitment), collaboration, at=at)


def _returned(commitment: Commitment) -> dict[str, str]:
    """Why it is owed again, for who owes it."""
    return {"returned": commitment.note} if commitment.state == "OPEN" and commitment.times_returned else {}


def promise_rectifications(
    collaboration: Collaboration, version: Version, *, blocking: str, actor: Actor, at: datetime
) -> None:
    """What acceptance found missing is owed by a named person; the lead department's head looks whether it is done."""
    for row in version.data["rectifications"]:
        _promise(
            collaboration,
            version,
            kind=CommitmentKind.RECTIFICATION,
            text=f"{row['item']}: {row['measure']}",
            owner_id=row["owner"]["id"],
            due=row["due"],
            gate=leave(blocking) if blocking else "",
            verifier=verifier_besides(collaboration, row["owner"]["id"]),
            actor=actor,
            at=at,
        )


def promise_asks(collaboration: Collaboration, version: Version, *, gate: str, actor: Actor, at: datetime) -> None:
    """What an approved application asks of the departments is owed by the named owners; who leads looks whether it is
    done."""
    for row in version.data["dept_asks"]:
        _promise(
            collaboration,
            version,
            kind=CommitmentKind.ACTION,
            text=ask_text(row),
            owner_id=row["owner"]["id"],
            due=reply_by(row).date().isoformat(),
            gate=gate,
            verifier=verifier_besides(collaboration, row["owner"]["id"]),
            actor=actor,
            at=at,
            department_id=row["dept"]["id"],
        )


def promise_actions(collaboration: Collaboration, version: Version, *, actor: Actor, at: datetime) -> None:
    """What the minutes say is done next (F22) is owed before the work is over; newer minutes replace older ones."""
    source = SubjectRef("record", version.record_id)
    commitments.cancel_of([source], reason=f"v{version.version}", actor=actor, at=at)
    for row in version.data.get("actions") or ():
        _promise(
            collaboration,
            version,
            kind=CommitmentKind.ACTION,
            text=row["text"],
            owner_id=row["owner"]["id"],
            due=row["due"],
            gate=leave(WORK),
            verifier=verifier_besides(collaboration, row["owner"]["id"]),
            actor=actor,
            at=at,
        )


def promise_improvements(
    collaboration: Collaboration, version: Version, *, key: str = "improvements", actor: Actor, at: datetime
) -> None:
    """What the review wants to be better next time is tracked after closing too."""
    for row in version.data[key]:
        _promise(
            collaboration,
            version,
            kind=CommitmentKind.IMPROVEMENT,
            text=row["text"],
            owner_id=row["owner"]["id"],
            due=row["due"],
            gate="",
            verifier=principals.person(row["verifier"]["id"]),
            actor=actor,
            at=at,
        )


def verifier_besides(collaboration: Collaboration, owner_id: int) -> str:
    """Who verifies: the initiator, unless he owes it himself; then the head of the lead department."""
    if collaboration.initiator_id is not None and collaboration.initiator_id != owner_id:
        return principals.person(collaboration.initiator_id)
    department_id = collaboration.lead_department_id
    return principals.head(department_id) if department_id is not None else principals.PMO


def _promise(
    collaboration: Collaboration,
    version: Version,
    *,
    kind: CommitmentKind,
    text: str,
    owner_id: int,
    due: str,
    gate: str,
    verifier: str,
    actor: Actor,
    at: datetime,
    department_id: int | None = None,
) -> None:
    commitments.promise(
        kind=kind,
        text=text,
        owner_id=owner_id,
        department_id=department_id or collaboration.lead_department_id,
        due_on=date.fromisoformat(due),
        gate=gate,
        source=SubjectRef("record", version.record_id),
        root=root_of(collaboration),
        scope_id=collaboration.scope_id,
        asked_by=principals.person(collaboration.lead_id) if collaboration.lead_id else "",
        verifier=verifier,
        actor=actor,
        at=at,
    )
