"""What a department leads, owes and waits for: the part of its page that knows matters."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bihuan.collaborations import queries
from bihuan.kernel import principals
from bihuan.organisation.enums import PostKind
from bihuan.web.collaborations.loops import LoopRow, rows_of, step_name
from bihuan.web.http import Request

SIZE = 10
SPEAKING = (PostKind.HEAD, PostKind.CONTACT)


@dataclass(frozen=True, slots=True)
class DepartmentMatters:
    """`next_…` are the keys of the pages after, None at the end."""

    led: Sequence[Any]
    next_led: int | None
    owed: Sequence[LoopRow]
    next_owed: int | None
    waited: Sequence[LoopRow]
    next_waited: int | None
    step_name: Any = step_name


def matters_of(request: Request, page: Any) -> DepartmentMatters:
    """Only what the reader may see; in a fixed number of queries."""
    actor, at = request.actor, request.at
    led = queries.portfolio(
        actor, queries.Filters(led_by_id=page.card.id), before=_start(request, "led") or None, at=at, size=SIZE
    )
    spoken_for = {principals.head(page.card.id), *_people(page)}
    owed, next_owed = _loops(request, spoken_for, "owner", "owed")
    waited, next_waited = _loops(request, spoken_for, "asked_by", "waited")
    rows = rows_of([*owed, *waited], at)
    return DepartmentMatters(
        led=led.rows, next_led=led.next_before,
        owed=rows[: len(owed)], next_owed=next_owed,
        waited=rows[len(owed) :], next_waited=next_waited,
    )  # fmt: skip


def _people(page: Any) -> set[str]:
    return {principals.person(holder.person_id) for kind in SPEAKING for holder in page.of_kind(kind)}


def _loops(request: Request, spoken_for: set[str], side: str, name: str) -> tuple[list[Any], int | None]:
    start = _start(request, name)
    found = queries.concerning(spoken_for, request.actor, side=side, at=request.at, start=start, size=SIZE)
    return found[:SIZE], (start + SIZE if len(found) > SIZE else None)


def _start(request: Request, name: str) -> int:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
