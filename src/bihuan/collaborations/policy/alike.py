"""What sounds like something else: requests and problems that may be the same."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bihuan.collaborations.policy.body import Body, normal, text
from bihuan.kernel.findings import Finding, warning

ALIKE_FROM = 0.5
"""Share of the shorter text's pairs of letters that another one must have, to be shown."""
SHOWN = 3


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
    first, second = _pairs(one), _pairs(other)
    shorter = min(len(first), len(second))
    return shorter >= 4 and len(first & second) >= ALIKE_FROM * shorter


def _pairs(said: str) -> set[str]:
    bare = re.sub(r"\W+", "", normal(said))
    return {bare[index : index + 2] for index in range(len(bare) - 1)}


def requests_alike(body: Body, others: Iterable[OpenRequest]) -> list[Finding]:
    """The first few whose title or goal sounds like that of this request."""
    title, goal = text(body, "title"), text(body, "goal_text")
    return [
        warning("collaborations.request_alike", "title", number=other.number, title=other.title, matter=other.id)
        for other in others
        if alike(title, other.title) or alike(goal, other.goal)
    ][:SHOWN]


def problems_alike(body: Body, others: Iterable[OpenProblem]) -> list[Finding]:
    """The first few that are described like this one."""
    said = text(body, "description")
    return [
        warning("collaborations.problem_alike", "description", number=other.number, title=other.title, matter=other.id)
        for other in others
        if alike(said, other.description)
    ][:SHOWN]
