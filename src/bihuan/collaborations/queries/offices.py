"""What waits for an office, whoever holds it."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime

from bihuan.collaborations.enums import LoopKind
from bihuan.collaborations.models import Collaboration, Loop
from bihuan.collaborations.policy.playbook_check import IMPORTED
from bihuan.organisation import queries as organisation


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
