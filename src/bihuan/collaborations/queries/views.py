"""Views of the portfolio that were kept."""

from django.db.models import Q, QuerySet

from bihuan.collaborations.models import SavedView
from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import NotFound


def views_for(actor: Actor) -> QuerySet[SavedView]:
    """One's own views and those shared with an office the actor answers to, by name. One query."""
    open_to = Q(owner=actor.person_id) | Q(shared_with__in=sorted(actor.principals))
    return SavedView.objects.filter(open_to).select_related("owner").order_by("name", "pk")


def view_for(actor: Actor, pk: int) -> SavedView:
    """One of them; raises ``NotFound`` when it is not open to the actor."""
    found = views_for(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found
