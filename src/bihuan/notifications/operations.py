"""Telling people, and what they do with it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet

from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import NotFound, Refused, Stale
from bihuan.kernel.findings import Finding, error
from bihuan.kernel.subjects import SubjectRef
from bihuan.ledger import operations as ledger
from bihuan.ledger.handlers import LIVE, transaction_token
from bihuan.ledger.subscriptions import Recorded
from bihuan.notifications import registry
from bihuan.notifications.channels import channels
from bihuan.notifications.enums import INBOX, Urgency
from bihuan.notifications.errors import LinkOver
from bihuan.notifications.facts import WishesChanged
from bihuan.notifications.models import Hours, Notice, Preference
from bihuan.notifications.policy import findings_of_hours
from bihuan.notifications.queries import readable_by, shown_to
from bihuan.notifications.rules import read_token
from bihuan.organisation.queries.receiving import holders_of
from bihuan.outbox import operations as outbox

ROUTE = "notifications.route"
AT_ONCE, ROUTED_AT_ONCE, FORGOTTEN_AT_ONCE = 200, 500, 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """One thing to tell everybody behind some principals. `key` tells it once to each; `besides` know it already.

    `tell_by` is when it would be told in vain: a warning is not held up over days of rest until that has passed.
    """

    kind: str
    principals: Sequence[str]
    subject: SubjectRef
    root: SubjectRef
    scope_id: int | None
    key: str
    urgency: Urgency = Urgency.NORMAL
    params: Mapping[str, Any] = field(default_factory=dict)
    besides: frozenset[int] = frozenset()
    tell_by: datetime | None = None


def tell(
    kind: str,
    keys: Sequence[str],
    context: Recorded,
    *,
    key: str,
    params: Mapping[str, Any],
    urgency: Urgency = Urgency.NORMAL,
    subject: SubjectRef | None = None,
) -> None:
    """Tell of a recorded fact everybody but who did it; it leads to the subject of the fact where no other is named."""
    acting = context.actor.person_id
    news = News(
        kind=kind, principals=keys, subject=subject or context.subject, root=context.root, scope_id=context.scope_id,
        key=key, params=params, urgency=urgency, besides=frozenset() if acting is None else frozenset({acting}),
    )  # fmt: skip
    notify_all([news], at=context.at)


def notify_all(news: Iterable[News], *, at: datetime) -> None:
    """Tell everybody who answers to the principals now, once for each key and person.

    Writes rows in the caller's transaction, whose fact tells the story; what leaves the process does so afterwards.
    Who may read the scope is asked when it is shown and when it leaves, not here: a matter may be opened to somebody
    in the same transaction, and closed to him before a mail goes. The number of queries grows with the groups named,
    not with the news.
    """
    told = list(news)
    for one in told:
        registry.ensure_known(one.kind)
    if not any(one.principals for one in told):
        return
    holders = holders_of((principal for one in told for principal in one.principals), at)
    rows = [
        _row(one, person_id, at)
        for one in told
        for person_id in sorted({pk for principal in one.principals for pk in holders[principal]} - one.besides)
    ]
    if rows:
        Notice.objects.bulk_create(rows, ignore_conflicts=True, batch_size=AT_ONCE)
        outbox.post_unless_posted(ROUTE, {}, key=f"{ROUTE}:{transaction_token()}", at=at)


def _row(one: News, person_id: int, at: datetime) -> Notice:
    return Notice(
        person_id=person_id,
        kind=one.kind,
        key=one.key,
        urgency=one.urgency,
        subject_kind=one.subject.kind,
        subject_id=one.subject.id,
        root_kind=one.root.kind,
        root_id=one.root.id,
        scope_id=one.scope_id,
        params=dict(one.params),
        noted_at=at,
        tell_by=one.tell_by,
    )


def settle(subject_kind: str, ids: Iterable[int] | QuerySet[Any], *, at: datetime) -> int:
    """What was told about these things needs no reading any more: somebody has acted. One statement."""
    unread = Notice.objects.filter(subject_kind=subject_kind, subject_id__in=ids, read_at__isnull=True)
    return unread.update(read_at=at)


@transaction.atomic
def mark_read(notice: Notice, *, at: datetime) -> None:
    """The person has read it. Reading again changes nothing; what somebody reads is no fact (domain.md §2.0)."""
    if Notice.objects.filter(pk=notice.pk, read_at__isnull=True).update(read_at=at):
        tell_pages([notice.person_id], at)


@transaction.atomic
def enter(token: str, *, actor: Actor, at: datetime) -> Notice:
    """Follow the link of a message, once; nothing else is done by it.

    Raises NotFound for what we did not sign, for anybody but the person it was sent to, and for what he may not read
    any more; LinkOver the second time, and after two weeks.
    """
    entry = read_token(token)
    if actor.person_id is None or actor.person_id != entry.person_id:
        raise NotFound
    notice = Notice.objects.filter(readable_by(actor, at), pk=entry.notice_id, person=actor.person_id).first()
    if notice is None:
        raise NotFound
    unused = Notice.objects.filter(pk=notice.pk, entered_at__isnull=True)
    if entry.is_over(at) or not unused.update(entered_at=at):
        raise LinkOver
    return notice


@transaction.atomic
def mark_all_read(actor: Actor, *, newest: int, at: datetime) -> int:
    """Everything up to the newest one seen; what came since stays unread. Returns how many there were."""
    unread = shown_to(actor, at).filter(pk__lte=newest, read_at__isnull=True)
    count = unread.update(read_at=at)
    if count and actor.person_id is not None:
        tell_pages([actor.person_id], at)
    return count


@transaction.atomic
def forget_read(*, before: datetime) -> int:
    """Delete notices that were read before the instant, the oldest first, so many at once. Returns how many.

    What happened stands in the ledger; who was told of it is no fact. What nobody has read stays.
    """
    old = Notice.objects.filter(read_at__lt=before).order_by("read_at").values("pk")[:FORGOTTEN_AT_ONCE]
    return Notice.objects.filter(pk__in=old).delete()[1].get(Notice._meta.label, 0)


def tell_pages(person_ids: Iterable[int], at: datetime) -> None:
    """Open pages of these people look again. Nobody else hears of it."""
    token = transaction_token()
    payloads = {
        f"{LIVE}:{token}:inbox:{pk}": {"id": f"inbox:{pk}", "scope_id": None, "person_id": pk} for pk in person_ids
    }
    outbox.post_each_unless_posted(LIVE, payloads, at=at)


@transaction.atomic
def change_wishes(
    *,
    opens: time | None,
    closes: time | None,
    unwanted: Iterable[tuple[str, str]],
    seen_revision: int,
    actor: Actor,
    at: datetime,
) -> None:
    """Choose in which hours one is reached, and which kinds do not come by which channel. Fact ``WishesChanged``.

    What is urgent comes at any hour by every channel. Raises ``Refused`` for hours that leave less than an hour and for
    kinds and channels that do not exist, ``Stale`` when the wishes were changed meanwhile.
    """
    wanted_not = sorted(set(unwanted))
    found = [*findings_of_hours(opens, closes), *_findings_of(wanted_not)]
    if found or opens is None or closes is None or actor.person_id is None:
        raise Refused(found)
    _set_hours(actor.person_id, opens, closes, seen_revision)
    Preference.objects.filter(person=actor.person_id).delete()
    rows = [Preference(person_id=actor.person_id, kind=kind, channel=channel) for kind, channel in wanted_not]
    Preference.objects.bulk_create(rows)
    fact = WishesChanged(opens=f"{opens:%H:%M}", closes=f"{closes:%H:%M}", unwanted=tuple(wanted_not))
    ledger.record(fact, actor=actor, root=SubjectRef("person", actor.person_id), scope_id=None, at=at)


def _findings_of(unwanted: Iterable[tuple[str, str]]) -> list[Finding]:
    known = {INBOX, *(channel.key for channel in channels())}
    return [
        error("notifications.kind_unknown" if registry.kind_called(kind) is None else "notifications.channel_unknown")
        for kind, channel in unwanted
        if registry.kind_called(kind) is None or channel not in known
    ]


def _set_hours(person_id: int, opens: time, closes: time, seen_revision: int) -> None:
    said = {"opens": opens, "closes": closes}
    mine = Hours.objects.filter(person=person_id, revision=seen_revision)
    if mine.update(revision=F("revision") + 1, **said):
        return
    if seen_revision or not Hours.objects.get_or_create(person_id=person_id, defaults=said)[1]:
        raise Stale
