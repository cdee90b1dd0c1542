"""From notices to deliveries: by which channel, when, and which together."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Max, Min

from bihuan.notifications import channels, policy
from bihuan.notifications.channels import Channel, Receiver
from bihuan.notifications.composing import message_for, receivers_of
from bihuan.notifications.enums import Urgency
from bihuan.notifications.models import Notice, Sending
from bihuan.notifications.operations import AT_ONCE, ROUTE, ROUTED_AT_ONCE, tell_pages
from bihuan.notifications.queries import Wishes, wishes_of_people
from bihuan.organisation.queries.receiving import zones_of_people
from bihuan.outbox import operations as outbox

SEND = "notifications.send"
PAUSE = timedelta(minutes=10)
PEOPLE_AT_ONCE = 500


@transaction.atomic
def route_new(*, at: datetime) -> int:
    """Let the open pages of those told look again, and plan what leaves by other channels. Returns how many."""
    fresh = _taken()
    Notice.objects.filter(pk__in=[notice.pk for notice in fresh]).update(routed_at=at)
    tell_pages({notice.person_id for notice in fresh}, at)
    plan(fresh, at=at)
    if len(fresh) == ROUTED_AT_ONCE:
        outbox.post(ROUTE, {}, at=at)
    return len(fresh)


def _taken() -> list[Notice]:
    """What nobody has routed and no other worker has in hand."""
    new = Notice.objects.select_for_update(skip_locked=True).filter(routed_at=None)
    return list(new.order_by("pk")[:ROUTED_AT_ONCE])


def plan(fresh: Sequence[Notice], *, at: datetime) -> None:
    """A sending for each channel the person has and wants; urgent ones leave at once, whatever he wishes."""
    ready = channels.channels()
    if not ready or not fresh:
        return
    ids = {notice.person_id for notice in fresh}
    receivers, wishes, zones = receivers_of(ids, at), wishes_of_people(ids), zones_of_people(ids, at)
    rows = [
        Sending(notice=notice, person_id=notice.person_id, channel=channel.key, due_at=due)
        for notice in fresh
        if notice.person_id in receivers
        for channel in _wanted(notice, receivers[notice.person_id], wishes[notice.person_id], ready)
        for due in [_due(notice, wishes[notice.person_id], zones[notice.person_id], at)]
    ]
    Sending.objects.bulk_create(rows, ignore_conflicts=True, batch_size=AT_ONCE)
    urgent = {row.person_id for row in rows if row.notice.urgency == Urgency.URGENT}
    if urgent:
        _bundle(urgent, at=at)


def _wanted(notice: Notice, receiver: Receiver, wishes: Wishes, ready: Sequence[Channel]) -> list[Channel]:
    is_urgent = notice.urgency == Urgency.URGENT
    return [
        channel
        for channel in ready
        if channel.reaches(receiver) and (is_urgent or (notice.kind, channel.key) not in wishes.unwanted)
    ]


def _due(notice: Notice, wishes: Wishes, zone: str, at: datetime) -> datetime:
    reach = policy.Reach(wishes.opens, wishes.closes, ZoneInfo(zone))
    return policy.speaks_at(Urgency(notice.urgency), at, reach)


@transaction.atomic
def bundle_due(*, at: datetime) -> int:
    """Put together what is due for each person and channel into one message. Returns how many messages are owed.

    However often it runs, a sending belongs to one bundle. Besides urgent ones nobody gets two messages by one channel
    within ten minutes, so that a weekend's worth of notices does not become as many mails.
    """
    due = Sending.objects.filter(bundle="", due_at__lte=at)
    waiting = due.values("person").annotate(urgency=Max("notice__urgency"), first=Min("due_at"))
    people = [row["person"] for row in waiting.order_by("-urgency", "first")[:PEOPLE_AT_ONCE]]
    return _bundle(people, at=at)


def _bundle(people: Sequence[int] | set[int], *, at: datetime) -> int:
    due = Sending.objects.filter(bundle="", due_at__lte=at, person__in=people)
    told = Sending.objects.filter(person__in=people, bundled_at__gt=at - PAUSE).values_list("person", "channel")
    recently = set(told.distinct())
    payloads: dict[str, Mapping[str, Any]] = {}
    for row in due.values("person", "channel").annotate(urgency=Max("notice__urgency"), first=Min("pk")):
        person_id, channel = row["person"], row["channel"]
        if row["urgency"] < Urgency.URGENT and (person_id, channel) in recently:
            continue
        key = f"{SEND}:{channel}:{person_id}:{row['first']}"
        if due.filter(person=person_id, channel=channel).update(bundle=key, bundled_at=at):
            payloads[key] = {"channel": channel, "person_id": person_id}
    outbox.post_each_unless_posted(SEND, payloads, at=at)
    return len(payloads)


def send(payload: Mapping[str, Any], at: datetime, delivery_id: str) -> None:
    """Tell one person by one channel what is in the bundle, as far as he may read it now.

    Raises what the channel raises; then it is tried again under the same delivery id. Nothing is written here.
    """
    channel = channels.channel_called(payload["channel"])
    message = message_for(payload["person_id"], delivery_id, channel, at=at)
    if message is not None:
        channel.send(message)
