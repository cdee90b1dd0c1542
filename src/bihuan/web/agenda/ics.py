"""An agenda as an iCalendar text (RFC 5545): every loop and milestone an event that keeps its identity."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from unicodedata import category

from django.utils.translation import gettext as _
from icalendar import Calendar, Event, Timezone

from bihuan.access.enums import Secrecy
from bihuan.web.agenda.pages import Item

HIDDEN = {Secrecy.SECRET.value, Secrecy.CONFIDENTIAL.value}
UNREADABLE = {"Cc", "Zl", "Zp"}
PRODUCT = "-//Bihuan//Agenda//EN"
SHOWN_BEFORE = timedelta(minutes=30)
ASK_EVERY = timedelta(hours=1)
Grown = Mapping[int, tuple[int, datetime]]


@dataclass(frozen=True, slots=True)
class Place:
    """Where the text is read: the host that makes identities unique, the address of our pages, the reader's zone."""

    host: str
    site: str
    zone: tzinfo


def calendar_of(title: str, items: Iterable[Item], grown: Grown, place: Place) -> bytes:
    """The text. It changes only when something in it does: no instant of writing stands in it."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", title)
    calendar.add("refresh-interval", ASK_EVERY, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for item in items:
        calendar.add_component(_event(item, grown, place))
    calendar.add_missing_timezones()
    if not calendar.subcomponents:  # a calendar without any is none (RFC 5545, 3.6)
        calendar.add_component(Timezone.from_tzinfo(place.zone))
    return bytes(calendar.to_ical())


def _event(item: Item, grown: Grown, place: Place) -> Event:
    """An instant is the end of half an hour in the reader's zone, a day is a whole day; nobody is busy by it."""
    changes, changed_at = grown.get(item.matter.pk, (0, item.since))
    event = Event()
    event.add("uid", f"{item.key}@{place.host}")
    event.add("sequence", changes)
    event.add("dtstamp", max(changed_at, item.since))
    event.add("last-modified", max(changed_at, item.since))
    if item.at is None:
        event.add("dtstart", item.day)
        event.add("dtend", item.day + timedelta(days=1))
    else:
        for name, instant in zip(("dtstart", "dtend"), _half_an_hour(item.at, place.zone), strict=True):
            event.add(name, instant)
    event.add("transp", "TRANSPARENT")
    for name, text in _words(item, place).items():
        event.add(name, _readable(text))
    return event


def _readable(text: str) -> str:
    """Without what no line of such a text may hold, or some programs take for the end of one."""
    return "".join(sign if sign == "\n" or category(sign) not in UNREADABLE else " " for sign in text)


def _half_an_hour(ends: datetime, zone: tzinfo) -> tuple[datetime, datetime]:
    """In the zone; in UTC where the clocks show the hour a second time, which a local time cannot say."""
    local = (ends - SHOWN_BEFORE).astimezone(zone), ends.astimezone(zone)
    if any(instant.fold for instant in local):
        return local[0].astimezone(UTC), local[1].astimezone(UTC)
    return local


def _words(item: Item, place: Place) -> dict[str, str]:
    """What a calendar program is told. Of a secret matter, since others may run that program, only that it waits."""
    if item.matter.secrecy in HIDDEN:
        return {"summary": _("Something is due in a secret matter"), "url": place.site}
    matter = " ".join(filter(None, [item.matter.number, item.matter.title]))
    summary = _("Milestone: %(name)s") % {"name": item.what} if item.is_milestone else item.what
    told = [matter, item.owner, _("reached") if item.is_reached else ""]
    return {
        "summary": f"{summary} · {item.matter.short_name or item.matter.title}",
        "description": "\n".join(filter(None, told)),
        "url": place.site + item.href,
    }
