"""From notices to a message: what somebody may still read, in his language, by his clock."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone, translation
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bihuan.kernel.subjects import SubjectRef
from bihuan.notifications import queries
from bihuan.notifications.channels import Channel, Message, Receiver
from bihuan.notifications.models import Notice
from bihuan.notifications.queries import NoticeCard
from bihuan.organisation import queries as organisation
from bihuan.organisation.models import Person
from bihuan.organisation.queries.receiving import zones_of_people

MOST = 50
LONGEST_SUBJECT = 180
PAGE = (
    '<!DOCTYPE html><html><head><meta charset="utf-8"></head><body><ul>{}</ul>{}'
    '<p><small>{} <a href="{}">{}</a></small></p></body></html>'
)


def receivers_of(person_ids: set[int], at: datetime) -> dict[int, Receiver]:
    """The active ones among these people. Five queries."""
    people = Person.objects.filter(pk__in=person_ids, is_active=True)
    zones = zones_of_people(person_ids, at)
    return {
        person.pk: Receiver(
            id=person.pk,
            name=person.name,
            email=person.email,
            language=person.language or settings.LANGUAGE_CODE,
            zone=person.time_zone or zones[person.pk],
        )
        for person in people
    }


def message_for(person_id: int, delivery_id: str, channel: Channel, *, at: datetime) -> Message | None:
    """What the delivery tells the person now; None when he has left, has no address, has read it all or may not.

    The scope is asked here, at the moment of sending, whatever he was allowed when it was written.
    """
    receiver = receivers_of({person_id}, at).get(person_id)
    if receiver is None or not channel.reaches(receiver):
        return None
    notices = _sendable(person_id, delivery_id, at)
    if not notices:
        return None
    with translation.override(receiver.language), timezone.override(ZoneInfo(receiver.zone)):
        links = {notice.pk: address(queries.link_of(notice, at=at)) for notice in notices}
        return composed(receiver, queries.cards_of(notices), links, delivery_id)


def _sendable(person_id: int, delivery_id: str, at: datetime) -> list[Notice]:
    """The unread ones of the bundle that he may read, urgent ones first."""
    actor = organisation.actor_for(organisation.person_for(person_id), at)
    readable = Notice.objects.filter(queries.readable_by(actor, at), person=person_id, read_at__isnull=True)
    mine = readable.filter(sendings__bundle=delivery_id).select_related("scope").distinct()
    return list(mine.order_by("-urgency", "pk"))


def composed(receiver: Receiver, cards: Sequence[NoticeCard], links: Mapping[int, str], delivery_id: str) -> Message:
    """`links`: by the id of the card, where it leads from outside."""
    roots = {card.root for card in cards}
    return Message(
        delivery_id=delivery_id,
        receiver=receiver,
        subject=_subject(cards),
        text=_text(cards, links),
        html=_html(cards, links),
        thread=_thread(roots, receiver) if len(roots) == 1 else "",
    )


def _thread(roots: set[SubjectRef], receiver: Receiver) -> str:
    (root,) = roots
    return f"{root} {receiver.id}"


def _subject(cards: Sequence[NoticeCard]) -> str:
    """One line without control characters, whatever stands in a title."""
    first = cards[0]
    said = ngettext("%(num)s notice", "%(num)s notices", len(cards)) % {"num": len(cards)}
    whole = first.text if len(cards) == 1 else said
    matter = first.number if len({card.root for card in cards}) == 1 else ""
    line = " ".join(f"[{matter}] {whole}".split() if matter else whole.split())
    clean = "".join(letter for letter in line if letter.isprintable())
    return clean if len(clean) <= LONGEST_SUBJECT else f"{clean[: LONGEST_SUBJECT - 1]}…"


def _text(cards: Sequence[NoticeCard], links: Mapping[int, str]) -> str:
    said = [f"{card.text}\n{_about(card)}\n{links[card.id]}" for card in cards[:MOST]]
    return "\n\n".join([*said, *_more(cards), _foot(), address(_settings())]) + "\n"


def _html(cards: Sequence[NoticeCard], links: Mapping[int, str]) -> str:
    rows = format_html_join(
        "",
        '<li style="margin-bottom:12px"><a href="{}">{}</a><br><small>{}</small></li>',
        ((links[card.id], card.text, _about(card)) for card in cards[:MOST]),
    )
    more = format_html_join("", "<p>{}</p>", ((text,) for text in _more(cards)))
    return format_html(PAGE, rows, more, _foot(), address(_settings()), _("Choose what reaches you"))


def _about(card: NoticeCard) -> str:
    """The matter and when, by the reader's clock."""
    when = timezone.localtime(card.noted_at)
    return " · ".join(part for part in (card.number, card.title, f"{when:%Y-%m-%d %H:%M} {when.tzname()}") if part)


def _more(cards: Sequence[NoticeCard]) -> list[str]:
    left = len(cards) - MOST
    said = ngettext("%(num)s more stands in your inbox.", "%(num)s more stand in your inbox.", left) % {"num": left}
    return [said] if left > 0 else []


def _foot() -> str:
    return _("Opening a link changes nothing; you act on the page, signed in.")


def _settings() -> str:
    return queries.settings_address()


def address(path: str) -> str:
    """The path under the address people type."""
    options = settings.OPTIONS
    return (options.public_url.rstrip("/") or f"http://{options.host}:{options.port}") + path
