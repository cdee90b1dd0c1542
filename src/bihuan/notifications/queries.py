"""What somebody was told and may still read; what he wishes to be told."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.access import queries as access
from bihuan.access.enums import Secrecy
from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import NotFound
from bihuan.kernel.subjects import SubjectRef
from bihuan.notifications import registry
from bihuan.notifications.enums import INBOX, Urgency
from bihuan.notifications.models import CLOSES, OPENS, Hours, Notice, Preference
from bihuan.notifications.registry import RootCard
from bihuan.notifications.rules import token_of

PAGE = 50
WISHES = "wishes"
MOST_COUNTED = 100
LONGEST_PARAM = 200
ENTRY = "entry"
HIDDEN = (Secrecy.SECRET, Secrecy.CONFIDENTIAL)
NAMELESS = RootCard("", "")


@dataclass(frozen=True, slots=True)
class NoticeCard:
    """A notice as it is shown, in the active language. Of what is secret only that there is something."""

    id: int
    kind: str
    label: str
    text: str
    href: str
    root: SubjectRef
    number: str
    title: str
    urgency: Urgency
    noted_at: datetime
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class InboxPage:
    """`before` goes on after the last card; None at the end. `newest` is the id up to which "all" means."""

    cards: list[NoticeCard]
    before: int | None
    newest: int


@dataclass(frozen=True, slots=True)
class Wishes:
    """`unwanted`: what does not come by which channel, as kind and channel."""

    opens: time
    closes: time
    revision: int
    unwanted: frozenset[tuple[str, str]]


def shown_to(actor: Actor, at: datetime) -> QuerySet[Notice]:
    """What the inbox of the actor shows: his, of scopes he may still read, of kinds he wants; urgent ones always."""
    unwanted = Preference.objects.filter(person=OuterRef("person"), kind=OuterRef("kind"), channel=INBOX)
    wanted = Q(urgency=Urgency.URGENT) | ~Exists(unwanted)
    return Notice.objects.filter(readable_by(actor, at), wanted, person=actor.person_id)


def readable_by(actor: Actor, at: datetime) -> Q:
    """What is about nothing closed, or about a scope the actor may read now."""
    return Q(scope__isnull=True) | access.visible(actor, at=at)


def unread_count(actor: Actor, at: datetime) -> int:
    """How many wait to be read, counted no further than a hundred. One query."""
    return len(shown_to(actor, at).filter(read_at__isnull=True).values_list("pk")[:MOST_COUNTED])


def inbox(
    actor: Actor,
    *,
    at: datetime,
    unread: bool = False,
    kind: str = "",
    root: SubjectRef | None = None,
    before: int | None = None,
    size: int = PAGE,
) -> InboxPage:
    """A page of notices, newest first. A fixed number of queries."""
    rows = shown_to(actor, at).select_related("scope")
    if unread:
        rows = rows.filter(read_at__isnull=True)
    if kind:
        rows = rows.filter(kind=kind)
    if root is not None:
        rows = rows.filter(root_kind=root.kind, root_id=root.id)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-pk")[: size + 1])
    shown = found[:size]
    newest = shown[0].pk if shown else 0
    return InboxPage(cards_of(shown), shown[-1].pk if len(found) > size else None, newest)


def notice_for(actor: Actor, pk: int, *, at: datetime) -> Notice:
    """One notice of the actor; raises ``NotFound`` for those of others and of what he may not read any more."""
    found = shown_to(actor, at).select_related("scope").filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def cards_of(notices: Sequence[Notice]) -> list[NoticeCard]:
    """The cards in the active language; whoever calls has asked who may read them."""
    names = registry.root_cards({notice.root for notice in notices})
    return [_card(notice, names.get(notice.root, NAMELESS)) for notice in notices]


def _card(notice: Notice, name: RootCard) -> NoticeCard:
    kind = registry.kind_called(notice.kind)
    is_hidden = notice.scope is not None and notice.scope.secrecy in HIDDEN
    return NoticeCard(
        id=notice.pk,
        kind=notice.kind,
        label=str(kind.label) if kind else "",
        text=_("There is something for you in a secret matter.") if is_hidden else text_of(notice, kind),
        href=address_of(notice),
        root=notice.root,
        number=name.number,
        title="" if is_hidden else name.title,
        urgency=Urgency(notice.urgency),
        noted_at=notice.noted_at,
        read_at=notice.read_at,
    )


def text_of(notice: Notice, kind: registry.Kind | None) -> str:
    """The sentence. A kind whose room is gone is told without words of its own."""
    return kind.say(_clipped(notice.params)) if kind else _("Something happened here.")


def _clipped(params: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _clip(value) if isinstance(value, str) else value for name, value in params.items()}


def _clip(text: str) -> str:
    """One line; long texts are read on their own page."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_PARAM else f"{line[: LONGEST_PARAM - 1]}…"


def address_of(notice: Notice) -> str:
    """The page of what it is about: named by the teller, else of the subject, else of the matter; else the inbox."""
    shown = _shown_by(notice)
    return reverse(registry.route_of(shown[0]), args=[shown[1]]) if shown else _place(INBOX)


def _shown_by(notice: Notice) -> tuple[str, int] | None:
    page = notice.params.get("page")
    places = [(str(page[0]), int(page[1]))] if page else []
    places += [(notice.subject_kind, notice.subject_id), (notice.root_kind, notice.root_id)]
    return next(((kind, pk) for kind, pk in places if registry.route_of(kind)), None)


def link_of(notice: Notice, *, at: datetime) -> str:
    """The address that leaves in a message: of a decision one for this person and one entry, else the page itself."""
    shown, route = _shown_by(notice), registry.route_of(ENTRY)
    if shown is None or not route or not registry.is_decided_on(shown[0]):
        return address_of(notice)
    return reverse(route, args=[token_of(notice.pk, notice.person_id, at=at)])


def settings_address() -> str:
    """The page on which one chooses what one is told."""
    return _place(WISHES)


def _place(name: str) -> str:
    route = registry.route_of(name)
    return reverse(route) if route else "/"


def wishes_of(person_id: int) -> Wishes:
    """What a person wishes; as everybody without a word said. Two queries."""
    hours = Hours.objects.filter(person=person_id).first()
    unwanted = frozenset(Preference.objects.filter(person=person_id).values_list("kind", "channel"))
    if hours is None:
        return Wishes(OPENS, CLOSES, 0, unwanted)
    return Wishes(hours.opens, hours.closes, hours.revision, unwanted)


def wishes_of_people(person_ids: Iterable[int]) -> dict[int, Wishes]:
    """The same of many people. Two queries."""
    wanted = set(person_ids)
    hours = {row.person_id: row for row in Hours.objects.filter(person__in=wanted)}
    unwanted: dict[int, set[tuple[str, str]]] = {}
    for person_id, kind, channel in Preference.objects.filter(person__in=wanted).values_list(
        "person", "kind", "channel"
    ):
        unwanted.setdefault(person_id, set()).add((kind, channel))
    return {
        pk: Wishes(
            hours[pk].opens if pk in hours else OPENS,
            hours[pk].closes if pk in hours else CLOSES,
            hours[pk].revision if pk in hours else 0,
            frozenset(unwanted.get(pk, ())),
        )
        for pk in wanted
    }
