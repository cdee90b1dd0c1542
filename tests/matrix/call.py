"""One call of a route: on which thing, with which words, after what."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.matrix.world import TODAY, Side

Words = dict[str, Any]


DAY = TODAY.date().isoformat()


def nothing(side: Side) -> Any:
    return {}


@dataclass(frozen=True, slots=True)
class Call:
    """`thing` names what the address points at; `things` what it is in another relation. `more` are further parts of
    the address, one call for each; `before` happens first, once, on the roles' own side."""

    thing: str = ""
    body: Callable[[Side], Words] = nothing
    more: tuple[Words, ...] = ({},)
    before: Callable[[Side], Any] = nothing
    things: tuple[tuple[str, str], ...] = ()

    def name_in(self, relation: str) -> str:
        return dict(self.things).get(relation, self.thing)


def seen(thing: str, **words: Any) -> Callable[[Side], Words]:
    return lambda side: {"seen_revision": getattr(side, thing).revision, **words}
