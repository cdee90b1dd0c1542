"""Views of the portfolio that somebody keeps, for himself or for others."""

from datetime import datetime

from django.db import transaction

from bihuan.collaborations import facts
from bihuan.collaborations.models import SavedView
from bihuan.collaborations.rules import may_remove_view
from bihuan.kernel import principals
from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import NotAllowed, Refused
from bihuan.kernel.findings import error
from bihuan.ledger import operations as ledger

NAME_LENGTH, ASKED_LENGTH = 60, 2000


@transaction.atomic
def save_view(*, name: str, asked: str, shared_with: str, actor: Actor, at: datetime) -> SavedView:
    """Keep an address of the portfolio under a name; the same name again replaces it. Records ``ViewSaved``, unless
    the view is kept just so already.

    `shared_with`: nobody, everybody, or a department of the actor. A view shows each reader what that reader may see.
    Raises ``Refused`` for a name that is missing or too long, ``NotAllowed`` for a department that is not the actor's.
    """
    called = " ".join(name.split())
    if not 0 < len(called) <= NAME_LENGTH:
        raise Refused([error("collaborations.view_name", "name", limit=NAME_LENGTH)])
    if actor.person_id is None or shared_with not in {"", *may_share_with(actor)}:
        raise NotAllowed
    kept = SavedView.objects.filter(owner_id=actor.person_id, name=called).first()
    if kept is not None and (kept.asked, kept.shared_with) == (asked[:ASKED_LENGTH], shared_with):
        return kept
    view, _created = SavedView.objects.update_or_create(
        owner_id=actor.person_id,
        name=called,
        defaults={"asked": asked[:ASKED_LENGTH], "shared_with": shared_with, "saved_at": at},
    )
    fact = facts.ViewSaved(view_id=view.pk, called=called, asked=view.asked, shared_with=shared_with)
    ledger.record(fact, actor=actor, root=view.subject, scope_id=None, at=at)
    return view


@transaction.atomic
def remove_view(view: SavedView, *, actor: Actor, at: datetime) -> None:
    """Keep it no longer. Records ``ViewRemoved``; raises ``NotAllowed`` for another than its owner, and than those who
    look after what a leaver shared."""
    if not may_remove_view(actor, view):
        raise NotAllowed
    root = view.subject
    SavedView.objects.filter(pk=view.pk).delete()
    ledger.record(facts.ViewRemoved(view_id=root.id, called=view.name), actor=actor, root=root, scope_id=None, at=at)


def may_share_with(actor: Actor) -> list[str]:
    """Everybody, and each department in which the actor holds a post."""
    return [principals.EVERYONE, *(principals.department(pk) for pk in sorted(actor.department_ids))]
