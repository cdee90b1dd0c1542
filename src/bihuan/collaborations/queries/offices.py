"""What waits for an office, whoever holds it."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from bihuan.collaborations.enums import LoopKind
from bihuan.collaborations.models import Collaboration, Loop
from bihuan.collaborations.policy.playbook import IMPORTED
from bihuan.collaborations.queries.matters import visible_to
from bihuan.kernel import principals
from bihuan.kernel.findings import Finding, error
from bihuan.organisation import queries as organisation
from bihuan.organisation.queries import EndingPost


@dataclass(frozen=True, slots=True)
class Reach:
    """How many matters the holder of a post reads, and who decides for its department."""

    matters: int
    decides: str


def reach_of(post: EndingPost) -> Reach:
    """At the first instant at which the post is to be none any more, as the database stands."""
    actor = organisation.actor_now(post.person_id, post.instant)
    matters = visible_to(actor, at=post.instant).count() if actor else 0
    office = organisation.signatory_for(post.department_id, post.instant, besides=None)
    return Reach(matters, organisation.name_of(office, post.instant))


def waiting_with(post: EndingPost) -> Counter[str]:
    """What is open with the offices of the post itself, without the departments above, in which others stay."""
    own = principals.department(post.department_id)
    return open_with([key for key in post.offices if key == own or principals.split(key)[0] != "d"])


def open_with(offices: Collection[str]) -> Counter[str]:
    """How many open things of each kind are owed by these principals. One query."""
    return Counter(Loop.objects.filter(owner__in=offices, closed_at=None).values_list("kind", flat=True))


def left_alone(offices: Collection[str], at: datetime) -> Counter[str]:
    """How many open things each of these principals owes that nobody answers to at the moment.

    Decisions are not among them: they follow their routes to the next superior (`approvals`). One query, and up to
    four for each principal that owes something.
    """
    rows = Loop.objects.filter(owner__in=offices, closed_at=None).exclude(kind=LoopKind.SIGNOFF)
    owed = Counter(rows.values_list("owner", flat=True))
    return Counter({key: count for key, count in owed.items() if not organisation.people_holding(key, at)})


def count_led_by(department_id: int) -> int:
    """How many matters under way the department leads; of what only came in from elsewhere the PMO takes care. One
    query."""
    led = Collaboration.objects.filter(lead_department=department_id, ended_at=None)
    return led.exclude(playbook_version__playbook__key=IMPORTED).count()


def why_not_emptied(offices: Collection[str], at: datetime) -> list[Finding]:
    """One finding for each of these principals that something waits for and nobody answers to at the moment."""
    alone = left_alone(offices, at)
    names = organisation.names_of(alone, at) if alone else {}
    return [error("collaborations.office_left_empty", office=names[key], count=count) for key, count in alone.items()]


def why_not_closed(department_id: int, at: datetime) -> list[Finding]:
    """Why a department cannot be closed: it leads what is under way, or something waits for it alone."""
    if led := count_led_by(department_id):
        return [error("collaborations.department_leads", count=led)]
    kinds = (principals.department, principals.head, principals.executive)
    return why_not_emptied([key(department_id) for key in kinds], at)


def why_not_ended(post_id: int, at: datetime, *, ends_on: date | None = None) -> list[Finding]:
    """Why a post cannot end on the day named, else on the one that stands in its row: on that day, or when another one
    beside it ends later, something waits for its offices alone."""
    ending = organisation.ending_post(post_id, at, ends_on=ends_on)
    emptied = (why_not_emptied(ending.offices, instant) for instant in (ending.instant, *ending.later))
    return next(filter(None, emptied), [])
