"""What follows what, and what is part of what. Each tie is told in both chains, in the scope of the other end."""

from datetime import datetime

from django.db import transaction

from bihuan.access import operations as access
from bihuan.access import queries as access_queries
from bihuan.collaborations.errors import HasEnded, NotEnded
from bihuan.collaborations.facts import ChildAdded, ChildRemoved, FollowsUp, FollowUpBegun, ParentSet, ParentUnset, Tied
from bihuan.collaborations.models import Collaboration
from bihuan.collaborations.operations.loops import root_of
from bihuan.collaborations.operations.matters import start_collaboration
from bihuan.collaborations.policy.members import HIDDEN
from bihuan.collaborations.queries.relations import LEVELS, above, depth_below
from bihuan.collaborations.rules import may_set_parent, may_unset_parent
from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import NotAllowed, Refused, Stale
from bihuan.kernel.findings import Finding, error
from bihuan.ledger import operations as ledger


@transaction.atomic
def begin_follow_up(
    ended: Collaboration, *, title: str, department_id: int, playbook: str, actor: Actor, at: datetime
) -> Collaboration:
    """Begin a matter that takes up an ended one, which stays as it is. The caller checked that the actor may read it.

    Its first forms start with what the ended one said (`prefill`); one that follows a secret matter is secret from the
    start. Records what `start_collaboration` does, ``FollowsUp`` there and ``FollowUpBegun`` in the ended one. Raises
    ``NotEnded``, and what `start_collaboration` raises.
    """
    ledger.lock_chain(root_of(ended))
    if not Collaboration.objects.filter(pk=ended.pk, ended_at__isnull=False).exists():
        raise NotEnded
    begun = start_collaboration(
        title=title.strip() or ended.title, department_id=department_id, playbook=playbook, actor=actor, at=at
    )
    begun.follows = ended
    if ended.secrecy in HIDDEN:
        begun.secrecy = ended.secrecy
        access.classify(begun.scope_id, begun.secrecy)
    begun.save(update_fields=["follows", "secrecy"])
    _tie(begun, ended, FollowsUp, FollowUpBegun, actor=actor, at=at)
    return begun


@transaction.atomic
def set_parent(collaboration: Collaboration, *, parent: Collaboration, actor: Actor, at: datetime) -> None:
    """Make a matter a part of another one, instead of what it was part of before. To where it belongs: nothing.

    The caller checked that the actor may read both. Records ``ParentSet`` and ``ChildAdded``, and for the one before
    ``ParentUnset`` and ``ChildRemoved``. Raises ``NotAllowed``, ``HasEnded`` for an ended one of the two, ``Refused``
    where it would stand in a circle or too deep, ``Stale`` when it was moved meanwhile.
    """
    if not may_set_parent(actor, collaboration, parent):
        raise NotAllowed
    before = _hold(collaboration, parent.pk)
    if before is not None and before.pk == parent.pk:
        return
    running = Collaboration.objects.filter(pk__in=[collaboration.pk, parent.pk], ended_at__isnull=True)
    findings = _refusals(collaboration, parent)
    if findings:
        raise Refused(findings)
    if running.count() < 2:
        raise HasEnded
    _move(collaboration, before=before, after=parent)
    if before is not None:
        _tie(collaboration, before, ParentUnset, ChildRemoved, actor=actor, at=at)
    _tie(collaboration, parent, ParentSet, ChildAdded, actor=actor, at=at)


def _refusals(collaboration: Collaboration, parent: Collaboration) -> list[Finding]:
    upwards = above(parent.pk)
    if collaboration.pk in upwards:
        return [error("collaborations.parent_circle", "parent")]
    if len(upwards) + 1 + depth_below(collaboration.pk) > LEVELS:
        return [error("collaborations.parent_too_deep", "parent", levels=LEVELS)]
    return []


@transaction.atomic
def unset_parent(collaboration: Collaboration, *, actor: Actor, at: datetime) -> None:
    """End that a matter is part of another one. Records ``ParentUnset`` and ``ChildRemoved``.

    Raises ``Refused`` when it is part of none that the actor may read, ``NotAllowed``, ``HasEnded``.
    """
    before = _hold(collaboration, None)
    seen = Collaboration.objects.filter(access_queries.visible(actor, at=at), pk=before.pk if before else 0)
    if before is None or not seen.exists():
        raise Refused([error("collaborations.no_parent", "parent")])
    if not may_unset_parent(actor, collaboration, before):
        raise NotAllowed
    if collaboration.ended_at is not None:
        raise HasEnded
    _move(collaboration, before=before, after=None)
    _tie(collaboration, before, ParentUnset, ChildRemoved, actor=actor, at=at)


def _hold(collaboration: Collaboration, parent_id: int | None) -> Collaboration | None:
    """Hold the matter, what it is part of, and everything above where it goes: two at once never make a circle."""
    upwards = above(parent_id) if parent_id is not None else []
    before = Collaboration.objects.filter(children=collaboration.pk).first()
    held = {collaboration.pk, *upwards, *([before.pk] if before else [])}
    rows = Collaboration.objects.filter(pk__in=held)
    ledger.lock_chains([root_of(row) for row in rows])
    if parent_id is not None and above(parent_id) != upwards:
        raise Stale
    return before


def _move(collaboration: Collaboration, *, before: Collaboration | None, after: Collaboration | None) -> None:
    standing = Collaboration.objects.filter(pk=collaboration.pk, parent=before)
    if not standing.update(parent=after):
        raise Stale
    collaboration.parent = after


def _tie(
    collaboration: Collaboration,
    other: Collaboration,
    here: type[Tied],
    there: type[Tied],
    *,
    actor: Actor,
    at: datetime,
) -> None:
    """Tell both ends, each in the scope of the other: who may not read both learns nothing of the tie."""
    for one, fact, another in ((collaboration, here, other), (other, there, collaboration)):
        named = " ".join(part for part in (another.number, another.title) if part)
        ledger.record(
            fact(other_id=another.pk, other=named), actor=actor, root=root_of(one), scope_id=another.scope_id, at=at
        )
