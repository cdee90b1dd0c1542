"""A calendar changes: first which running deadlines that would move, then the change, then the deadlines, by chunks."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from bihuan.access import queries as access
from bihuan.access.enums import Level
from bihuan.agenda.errors import CalendarsInUse, PreviewStale
from bihuan.agenda.facts import RecountBegun, RecountFinished
from bihuan.agenda.models import Recount
from bihuan.agenda.queries.recounting import Moved, Preview, by_rule, chunks, counted, moved_by
from bihuan.clock.errors import ClockError
from bihuan.deadlines import operations as deadlines
from bihuan.deadlines import registry
from bihuan.deadlines.models import Deadline
from bihuan.kernel.actor import Actor
from bihuan.kernel.canonical import digest
from bihuan.kernel.errors import Refused
from bihuan.kernel.facts import Fact
from bihuan.kernel.findings import Finding
from bihuan.kernel.subjects import SubjectRef
from bihuan.ledger import operations as ledger
from bihuan.organisation.queries import schedules_of_sites
from bihuan.outbox import operations as outbox

TOPIC = "agenda.recount"
CHUNK, LOOKED, SHOWN = 200, 5000, 200
MOST_BOUND = 50
"""So many looks at one change bind it at most: a quarter of a million deadlines, counted once more when it is made."""


@dataclass(frozen=True, slots=True)
class Change:
    """A change of a calendar: the operation, what it says (part of what is previewed), whose calendar it is (without a
    site everybody's), and the change in a few words, for the ledger."""

    act: Callable[[], object]
    said: Mapping[str, Any]
    site_id: int | None
    reason: str


@transaction.atomic
def preview_change(
    change: Change, *, actor: Actor, at: datetime, after: int = 0, previewed: str = ""
) -> Preview:  # fmt: skip
    """Which running deadlines the change would move; the change is made, looked at and taken back. Keeps nothing.

    So many are looked at, however many run; the next ones `after` the last of the look whose digest is `previewed`: the
    new digest holds both. Raises what the change raises: a refusal is said before anybody looks at a list.
    """
    with transaction.atomic():
        change.act()
        found = _preview(change, actor, at, after, previewed)
        transaction.set_rollback(True)
    return found


@transaction.atomic
def change_calendar(change: Change, *, seen: str | None, actor: Actor, at: datetime) -> Recount | None:
    """Make the change, and owe the deadlines that move by it. Records the fact of the change, RecountBegun if any move,
    or if somebody is counting one by the calendar as it was.

    `seen` is the digest of the last look at it; None when nobody looked. All that was looked at is counted once more:
    raises PreviewStale when of those deadlines others would move by now, then nothing is kept; and what the change
    raises. What nobody looked at moves by the same calendar, whose own revision the change names.
    """
    change.act()
    found = _preview(change, actor, at)
    if seen is not None and seen != _looked_at_again(found, _looks(seen), change, actor, at):
        raise PreviewStale
    if found.is_nothing and not deadlines.is_anybody_counting():
        return None
    total = counted(change.site_id).count() + sum(1 for _ in registry.moved_of_all(at))
    recount = Recount.objects.create(site_id=change.site_id, reason=change.reason[:200], total=total, begun_at=at)
    fact = RecountBegun(
        recount_id=recount.pk,
        site_id=change.site_id,
        reason=recount.reason,
        expected=found.count,
        preview=seen or found.digest,
    )
    _record(recount, fact, actor, at)
    _owe(recount.pk, 0, at)
    return recount


@transaction.atomic
def follow_recount(work: Mapping[str, Any], *, actor: Actor, at: datetime) -> int:
    """Count one chunk anew and owe the next; RecountFinished after the last. Run again, it does nothing.

    Returns how many moved. Raises CalendarsInUse before the first chunk while an instant counted by the old calendar
    may still be committed, then it is tried again: what begins later reads the new one.
    """
    if not work["after"] and deadlines.is_anybody_counting():
        raise CalendarsInUse
    mine = Recount.objects.filter(pk=work["id"], last_id=work["after"], finished_at=None)
    recount = mine.select_for_update().first()
    if recount is None:
        return 0
    chunk = next(chunks(recount.site_id, CHUNK, after=work["after"]), [])
    if not chunk:
        return _follow_rounds(recount, work.get("round", 0), actor, at)
    moved = _recompute(chunk, recount.reason, actor, at)
    mine.update(done=F("done") + len(chunk), moved=F("moved") + moved, last_id=chunk[-1].pk)
    _owe(recount.pk, chunk[-1].pk, at)
    return moved


def _follow_rounds(recount: Recount, number: int, actor: Actor, at: datetime) -> int:
    """What comes round, some at a time: what has moved is not found again."""
    moved = registry.move_some(CHUNK, reason=recount.reason, actor=actor, at=at)
    if moved:
        Recount.objects.filter(pk=recount.pk).update(done=F("done") + moved, moved=F("moved") + moved)
        _owe(recount.pk, recount.last_id, at, number=number + 1)
    else:
        _finish(recount, actor, at)
    return moved


def _preview(change: Change, actor: Actor, at: datetime, after: int = 0, previewed: str = "") -> Preview:
    """What comes round stands before what is counted, so many of each at a look; the digest holds all that was looked
    at, and the change."""
    looks = _looks(previewed) if after else 0
    running = counted(change.site_id).filter(pk__gt=after)
    rows = list(running[:LOOKED])
    rest = 0 if len(rows) < LOOKED else running.count() - LOOKED
    round_ones = [_of_a_round(each) for each in registry.moved_of_all(at)]
    listed_round = round_ones[looks * SHOWN : (looks + 1) * SHOWN]
    schedules = schedules_of_sites({row.site_id for row in rows}) if rows else {}
    try:
        moved = list(moved_by(rows, schedules))
    except ClockError as refused:
        raise Refused([Finding(refused.code, "", refused.params)]) from None
    listed = [*listed_round, *moved[:SHOWN]]
    shown = _readable(listed, actor, at)
    fresh = moved if after else [*round_ones, *moved]
    return Preview(
        count=len(fresh), shown=tuple(shown), hidden=len(listed) - len(shown),
        digest=_bound(change, fresh, previewed if after else "", looks), looked=len(rows), rest=rest,
        following=_following(rows, moved, rest, after, is_round_listed=len(round_ones) <= (looks + 1) * SHOWN),
        rules=by_rule(fresh), is_bound=looks < MOST_BOUND,
    )  # fmt: skip


def _bound(change: Change, moved: list[Moved], previewed: str, looks: int) -> str:
    """The number of looks and a digest over all of them; further ones than are bound leave it as it was."""
    if looks >= MOST_BOUND:
        return previewed
    said = {
        "said": dict(change.said), "site": change.site_id, "moved": [_said(each) for each in moved],
        "before": previewed,
    }  # fmt: skip
    return f"{looks + 1}.{digest(said)}"


def _looks(previewed: str) -> int:
    """After how many looks the digest was given; none for what is no digest of a look."""
    number = previewed.partition(".")[0]
    return min(int(number), MOST_BOUND) if number.isascii() and number.isdigit() and len(number) < 4 else 0


def _looked_at_again(first: Preview, looks: int, change: Change, actor: Actor, at: datetime) -> str:
    """The digest of so many looks, one behind the other, by now."""
    found = first
    for _number in range(1, looks):
        if found.following is None:
            return ""
        found = _preview(change, actor, at, found.following, found.digest)
    return found.digest


def _following(
    rows: list[Deadline], moved: list[Moved], rest: int, after: int, *, is_round_listed: bool
) -> int | None:  # fmt: skip
    """Behind the last one listed where more move than are listed, else behind the last one looked at, as long as any
    are left that are counted or come round."""
    if len(moved) > SHOWN:
        return moved[SHOWN - 1].deadline.pk
    if rest:
        return rows[-1].pk
    if is_round_listed:
        return None
    return rows[-1].pk if rows else max(after, 1)


def _of_a_round(each: registry.Anew) -> Moved:
    return Moved(each.deadline, each.deadline.due_at, each.due_at, each.is_provisional)


def _said(moved: Moved) -> list[Any]:
    return [moved.deadline.pk, _spell(moved.before), _spell(moved.after), moved.is_provisional]


def _readable(listed: list[Moved], actor: Actor, at: datetime) -> list[Moved]:
    """Those whose matters the actor reads; of others only the number is told."""
    scopes = {each.deadline.scope_id for each in listed if each.deadline.scope_id is not None}
    levels = access.levels(actor, scopes, at=at) if scopes else {}
    return [each for each in listed if levels.get(each.deadline.scope_id or 0, 0) >= Level.READ]


def _recompute(chunk: list[Deadline], reason: str, actor: Actor, at: datetime) -> int:
    """Matter by matter in one order, so that two of us never wait for each other."""
    schedules = schedules_of_sites({row.site_id for row in chunk})
    roots: dict[tuple[str, int], list[int]] = defaultdict(list)
    for each in moved_by(chunk, schedules):
        roots[each.deadline.root_kind, each.deadline.root_id].append(each.deadline.pk)
    return sum(
        deadlines.recompute(ids, root=SubjectRef(*root), reason=reason, actor=actor, at=at)
        for root, ids in sorted(roots.items())
    )


def _finish(recount: Recount, actor: Actor, at: datetime) -> None:
    Recount.objects.filter(pk=recount.pk).update(finished_at=at)
    fact = RecountFinished(recount_id=recount.pk, counted=recount.done, moved=recount.moved)
    _record(recount, fact, actor, at)


def _owe(recount_id: int, after: int, at: datetime, *, number: int = 0) -> None:
    work = {"id": recount_id, "after": after, "round": number}
    outbox.post(TOPIC, work, key=f"{TOPIC}:{recount_id}:{after}:{number}", at=at)


def _record(recount: Recount, fact: Fact, actor: Actor, at: datetime) -> None:
    ledger.record(fact, actor=actor, root=recount.subject, scope_id=None, at=at)


def _spell(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat()
