"""What the caller was told."""

from datetime import datetime, time
from typing import Any

from ninja import Query

from bihuan.api.http import Request
from bihuan.api.routing import Routes
from bihuan.api.schemas import Code, Id, IdAsked, In, Keyed, Out, Page, Receipt, Seen, page
from bihuan.kernel.subjects import SubjectRef
from bihuan.notifications import channels, operations, queries, registry
from bihuan.notifications.enums import INBOX
from bihuan.notifications.queries import NoticeCard

routes = Routes("notifications")
HREF = "/api/v1/notices"


class NoticeOut(Out):
    id: int
    kind: str
    text: str
    href: str
    root: str
    number: str
    title: str
    urgency: str
    noted_at: datetime
    read_at: datetime | None


class NoticeQuery(Keyed):
    unread: bool = False
    kind: str = ""
    collaboration: IdAsked | None = None


class UpTo(In):
    newest: Id


@routes.read("/notices", Page[NoticeOut])
def notices(request: Request, asked: Query[NoticeQuery]) -> dict[str, Any]:
    """What the caller was told and may still read, newest first. `href` is the page of what it is about."""
    root = SubjectRef("collaboration", asked.collaboration) if asked.collaboration else None
    found = queries.inbox(
        request.actor, at=request.at, unread=asked.unread, kind=asked.kind, root=root, before=asked.before
    )
    return page(map(_notice, found.cards), found.before)


def _notice(card: NoticeCard) -> dict[str, Any]:
    taken = {name: getattr(card, name) for name in NoticeOut.model_fields}
    return {**taken, "root": str(card.root), "urgency": card.urgency.name}


@routes.act("/notices/{int:notice_id}/read")
def read(request: Request, notice_id: int) -> Receipt:
    """The caller has read it."""
    operations.mark_read(queries.notice_for(request.actor, notice_id, at=request.at), at=request.at)
    return Receipt(kind="notice", id=notice_id, href=HREF, state="READ")


@routes.act("/notices/read")
def read_all(request: Request, body: UpTo) -> Receipt:
    """Everything up to this id is read; what came since stays unread. `id` of the receipt says how many there were."""
    count = operations.mark_all_read(request.actor, newest=body.newest, at=request.at)
    return Receipt(kind="notices", id=count, href=HREF, state="READ")


class Unwanted(In):
    kind: Code
    channel: Code


class WishesIn(Seen):
    opens: Code
    closes: Code
    unwanted: list[Unwanted]


class UnwantedOut(Out):
    kind: str
    channel: str


class WishesOut(Out):
    opens: str
    closes: str
    unwanted: list[UnwantedOut]
    kinds: list[str]
    channels: list[str]
    revision: int


@routes.read("/notices/wishes", WishesOut)
def wishes(request: Request) -> dict[str, Any]:
    """In which hours the caller is reached, and what does not come by which channel. Hours are those of his site."""
    now = queries.wishes_of(request.actor.person_id or 0)
    return {
        "opens": f"{now.opens:%H:%M}",
        "closes": f"{now.closes:%H:%M}",
        "unwanted": [{"kind": kind, "channel": channel} for kind, channel in sorted(now.unwanted)],
        "kinds": [kind.key for kind in registry.kinds()],
        "channels": [INBOX, *(channel.key for channel in channels.channels())],
        "revision": now.revision,
    }


@routes.act("/notices/wishes", method="PUT")
def change_wishes(request: Request, body: WishesIn) -> Receipt:
    """Choose both anew. Hours are written 08:30."""
    operations.change_wishes(
        opens=_clock(body.opens), closes=_clock(body.closes), seen_revision=body.seen_revision, actor=request.actor,
        unwanted=[(one.kind, one.channel) for one in body.unwanted], at=request.at,
    )  # fmt: skip
    person_id = request.actor.person_id or 0
    revision = queries.wishes_of(person_id).revision
    return Receipt(kind="wishes", id=person_id, href=f"{HREF}/wishes", state="KEPT", revision=revision)


def _clock(text: str) -> time | None:
    try:
        return time.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return None
