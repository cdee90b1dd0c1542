"""What sounds like something else: requests and problems that may be the same."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice

from bihuan.collaborations.policy.body import Body, normal, text
from bihuan.kernel.findings import Finding, warning

ALIKE_FROM = 0.5
"""Share of the shorter text's pairs of letters that another one must have, to be shown."""
SHOWN, ENOUGH = 3, 4


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """Another matter that the filler may read and that still runs; `goal` is empty where it has none yet."""

    id: int
    number: str
    title: str
    goal: str = ""


@dataclass(frozen=True, slots=True)
class OpenProblem:
    """Another problem that the filler may read and nobody has solved yet."""

    id: int
    number: str
    title: str
    description: str


def alike(one: str, other: str) -> bool:
    """Whether two texts share half of the pairs of letters that the shorter one has."""
    return like(one)(other)


def like(one: str) -> Callable[[str], bool]:
    """Tells of each of many texts whether it is alike; of too short a text nothing is."""
    first = _pairs(one)

    def is_alike(other: str) -> bool:
        second = _pairs(other)
        shorter = min(len(first), len(second))
        return shorter >= ENOUGH and len(first & second) >= ALIKE_FROM * shorter

    return is_alike if len(first) >= ENOUGH else lambda _other: False


def _pairs(said: str) -> set[str]:
    bare = re.sub(r"\W+", "", normal(said))
    return {bare[index : index + 2] for index in range(len(bare) - 1)}


def requests_alike(body: Body, others: Iterable[OpenRequest]) -> list[Finding]:
    """The first few whose title or goal sounds like that of this request."""
    has_title_like, has_goal_like = like(text(body, "title")), like(text(body, "goal_text"))
    found = (other for other in others if has_title_like(other.title) or has_goal_like(other.goal))
    return [
        warning("collaborations.request_alike", "title", number=other.number, title=other.title, matter=other.id)
        for other in islice(found, SHOWN)
    ]


def problems_alike(body: Body, others: Iterable[OpenProblem]) -> list[Finding]:
    """The first few that are described like this one."""
    is_like = like(text(body, "description"))
    found = (other for other in others if is_like(other.description))
    return [
        warning("collaborations.problem_alike", "description", number=other.number, title=other.title, matter=other.id)
        for other in islice(found, SHOWN)
    ]
