"""What a leaver holds, as the one who hands it over may know it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bihuan.access import queries as access
from bihuan.access.enums import Level
from bihuan.collaborations.queries.matters import numbers_of
from bihuan.kernel.actor import Actor
from bihuan.organisation.duties import Duty

ROOT_KIND = "collaboration"


@dataclass(frozen=True, slots=True)
class DutyLine:
    """`matter` is the number of the matter, or the office; `what` is empty where the matter is not open to the reader.

    `matter_id` only where there is a page for him.
    """

    duty: Duty
    matter: str
    what: str
    matter_id: int | None


def duties_shown(actor: Actor, duties: Iterable[Duty], *, at: datetime) -> list[DutyLine]:
    """That something must be handed over, and of which matter, is told; the text only to readers. Two queries."""
    found = list(duties)
    levels = access.levels(actor, {duty.scope_id for duty in found if duty.scope_id is not None}, at=at)
    numbers = numbers_of({duty.root.id for duty in found if duty.root.kind == ROOT_KIND})
    return [_line(duty, numbers, is_open=levels.get(duty.scope_id or 0, 0) >= Level.READ) for duty in found]


def _line(duty: Duty, numbers: Mapping[int, str], *, is_open: bool) -> DutyLine:
    if duty.scope_id is None:
        return DutyLine(duty, duty.number, duty.what, None)
    matter = numbers.get(duty.root.id, "") if duty.root.kind == ROOT_KIND else duty.number
    return DutyLine(duty, matter, duty.what if is_open else "", duty.root.id if is_open else None)
