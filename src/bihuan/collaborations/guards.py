"""Guards by id. Each looks at one matter and says what stands in the way; higher rooms add theirs."""

from collections.abc import Callable
from datetime import datetime

from bihuan.collaborations.models import Collaboration
from bihuan.kernel.findings import Finding

Guard = Callable[[Collaboration, datetime], list[Finding]]
_GUARDS: dict[str, list[Guard]] = {}


def register(guard_id: str, guard: Guard) -> None:
    """Add a look-out under a guard id (G01 …). Several rooms may watch one guard."""
    watchers = _GUARDS.setdefault(guard_id, [])
    if guard not in watchers:
        watchers.append(guard)


def look(guard_id: str, collaboration: Collaboration, at: datetime) -> list[Finding]:
    """Everything the guard has to say now."""
    return [finding for guard in _GUARDS[guard_id] for finding in guard(collaboration, at)]


def known() -> frozenset[str]:
    return frozenset(_GUARDS)
