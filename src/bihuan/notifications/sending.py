"""From notices to deliveries: by which channel, when, and which together."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max, Min

from bihuan.clock import Schedule
from bihuan.notifications import channels, policy
from bihuan.notifications.channels import Channel, Receiver
from bihuan.notifications.composing import message_for, receivers_of
from bihuan.notifications.enums import Urgency
from bihuan.notifications.models import Notice, Sending
from bihuan.notifications.operations import AT_ONCE, ROUTE, ROUTED_AT_ONCE, tell_pages
from bihuan.notifications.queries import Wishes, wishes_of_people
from bihuan.organisation.queries import schedules_of_sites
from bihuan.organisation.queries.receiving import sites_of_people
from bihuan.outbox import operations as outbox
from bihuan.outbox.errors import NotNow

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
    receivers, wishes = receivers_of(ids, at), wishes_of_people(ids)
    reaches = reaches_of(ids, wishes, at)
    rows = [
        Sending(notice=notice, person_id=notice.person_id, channel=channel.key, due_at=due)
        for notice in fresh
        if notice.person_id in receivers
        for channel in _wanted(notice, receivers[notice.person_id], wishes[notice.person_id], ready)
        for due in [_due(notice, reaches[notice.person_id], at)]
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


def reaches_of(person_ids: Collection[int], wishes: Mapping[int, Wishes], at: datetime) -> dict[int, policy.Reach]:
    """When each person may be told, by the calendar of the site he works at. Some ten queries, however many people."""
    sites = sites_of_people(person_ids, at)
    schedules = schedules_of_sites(set(sites.values()))
    return {pk: _reach(wishes[pk], schedules[sites[pk]], at) for pk in person_ids}


def _reach(wishes: Wishes, schedule: Schedule, at: datetime) -> policy.Reach:
    def rests(day: date) -> bool:
        return not schedule.calendar_on(day.toordinal()).plan(day).shifts

    zone = schedule.calendar_on(at.toordinal()).zone.info
    return policy.Reach(wishes.opens, wishes.closes, zone, rests)


def _due(notice: Notice, reach: policy.Reach, at: datetime) -> datetime:
    return policy.speaks_at(Urgency(notice.urgency), at, reach, by=notice.tell_by)


@transaction.atomic
def bundle_due(*, at: datetime) -> int:
    """Put together what is due for each person and channel into one message. Returns how many messages are owed.

    However often it runs, a sending belongs to one bundle. Besides urgent ones nobody gets two messages by one channel
    within ten minutes, so that a weekend's worth of notices does not become as many mails. What is not urgent and was
    held up until the receiver's quiet hours, by those ten minutes or by a worker that was away, waits for their end.
    """
    due = Sending.objects.filter(bundle="", due_at__lte=at)
    waiting = due.values("person").annotate(urgency=Max("notice__urgency"), first=Min("due_at"))
    rows = list(waiting.order_by("-urgency", "first")[:PEOPLE_AT_ONCE])
    _put_off({row["person"] for row in rows if row["urgency"] < Urgency.URGENT}, at)
    return _bundle([row["person"] for row in rows], at=at)


def _put_off(people: Collection[int], at: datetime) -> None:
    """To when each of these people may be told. Some ten queries, and one for each instant."""
    if not people:
        return
    reaches = reaches_of(people, wishes_of_people(people), at)
    later: dict[datetime, list[int]] = {}
    held = Sending.objects.filter(bundle="", due_at__lte=at, person__in=people)
    for pk, person_id, by in held.values_list("pk", "person", "notice__tell_by"):
        told = policy.speaks_at(Urgency.NORMAL, at, reaches[person_id], by=by)
        if told > at:
            later.setdefault(told, []).append(pk)
    for told, pks in later.items():
        Sending.objects.filter(pk__in=pks, bundle="").update(due_at=told)


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

    Raises what the channel raises; then it is tried again under the same delivery id, within the receiver's hours
    unless it is urgent. Nothing is written here.
    """
    person_id: int = payload["person_id"]
    if (until := _waits_until(person_id, delivery_id, at)) > at:
        raise NotNow(until)
    channel = channels.channel_called(payload["channel"])
    message = message_for(person_id, delivery_id, channel, at=at)
    if message is not None:
        channel.send(message)


def _waits_until(person_id: int, delivery_id: str, at: datetime) -> datetime:
    """When a message may be tried again that was put together a while ago; one put together just now was looked at."""
    rows = Sending.objects.filter(bundle=delivery_id).values_list("bundled_at", "notice__urgency", "notice__tell_by")
    held = [(Urgency(urgency), by) for bundled_at, urgency, by in rows if bundled_at and bundled_at <= at - PAUSE]
    if not held or any(urgency is Urgency.URGENT for urgency, _by in held):
        return at
    reach = reaches_of({person_id}, wishes_of_people({person_id}), at)[person_id]
    return min(policy.speaks_at(Urgency.NORMAL, at, reach, by=by) for _urgency, by in held)
