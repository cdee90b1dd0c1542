"""Guards by id. Each looks at one matter and says what stands in the way; higher rooms add theirs."""

from collections.abc import Callable
from datetime import datetime

from bihuan.collaborations.models import Collaboration
from bihuan.kernel.findings import Finding

Guard = Callable[[Collaboration, datetime], list[Finding]]
_GUARDS: dict[str, list[Guard]] = {}
HELD = frozenset({
    "G01", "G02", "G03", "G04", "G05", "G07", "G08", "G09", "G10", "G11", "G17", "G18", "G22", "G25", "G26", "G30",
})  # fmt: skip
"""Guards held by what is there anyway: the checks of a form, the answers of a route, an open loop.

They say nothing of their own. A playbook names them so that it reads whole, and is refused where what holds them is
missing (`playbook_check`); G08 makes the minutes of its step those of a kick-off,
G30 its solution one that every head confirms.
"""


def register(guard_id: str, guard: Guard) -> None:
    """Add a look-out under a guard id (G01 …). Several rooms may watch one guard."""
    watchers = _GUARDS.setdefault(guard_id, [])
    if guard not in watchers:
        watchers.append(guard)


def look(guard_id: str, collaboration: Collaboration, at: datetime) -> list[Finding]:
    """Everything the guard has to say now."""
    return [finding for guard in _GUARDS.get(guard_id, ()) for finding in guard(collaboration, at)]


def known() -> frozenset[str]:
    return HELD | frozenset(_GUARDS)
