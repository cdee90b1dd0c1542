"""How promises came out, by the month in which they were due, by rule and by department."""

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Count, Q
from django.db.models.functions import TruncMonth
from django.utils import timezone

from bihuan.deadlines.enums import State
from bihuan.deadlines.policy.outcomes import Tally, months_until
from bihuan.deadlines.queries.listing import readable
from bihuan.kernel.actor import Actor
from bihuan.organisation.queries import day_of

MOST_MONTHS = 36


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of the promises of one rule in one department that were due in one month."""

    month: date
    rule: str
    department_id: int | None
    tally: Tally


def outcomes(actor: Actor, *, months: int, at: datetime) -> list[Outcome]:
    """Of the matters the actor reads, the last so many months up to this one, oldest first. One query.

    What is not due yet, stands still or is no longer owed does not count. Months are those of the company's own zone.
    """
    zone = timezone.get_default_timezone()
    first = months_until(day_of(at), min(max(months, 1), MOST_MONTHS))[0]
    late, running = Q(state=State.LATE), Q(state=State.RUNNING)
    due = readable(actor, at).filter(due_at__gte=datetime.combine(first, time(), zone), due_at__lt=at)
    rows = (
        due.filter(Q(state=State.KEPT) | late | running)
        .order_by()
        .annotate(month=TruncMonth("due_at", tzinfo=zone))
        .values("month", "rule", "department")
        .annotate(
            kept=Count("pk", filter=Q(state=State.KEPT)),
            done_late=Count("pk", filter=late & Q(kept_at__isnull=False)),
            missed=Count("pk", filter=late & Q(kept_at__isnull=True)),
            overdue=Count("pk", filter=running),
        )
        .order_by("month", "rule", "department")
    )
    return [
        Outcome(
            row["month"].date(), row["rule"], row["department"],
            Tally(row["kept"], row["done_late"], row["missed"], row["overdue"]),
        )
        for row in rows
    ]  # fmt: skip
