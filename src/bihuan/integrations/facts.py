"""What is recorded about an import as a whole; each row that comes in records a fact of its own."""

from dataclasses import dataclass
from typing import Any, ClassVar

from bihuan.kernel.facts import Fact


@dataclass(frozen=True, kw_only=True)
class ImportBegun(Fact):
    """Files were handed in; `files` says each name and digest."""

    name: ClassVar[str] = "integrations.import.begun"
    run_id: int
    files: list[dict[str, str]]


@dataclass(frozen=True, kw_only=True)
class ImportFilesThrownAway(Fact):
    """The files handed in are not kept any more; what was counted and remarked stays."""

    name: ClassVar[str] = "integrations.import.files_thrown_away"
    run_id: int
    files: int


@dataclass(frozen=True, kw_only=True)
class GroupKept(Fact):
    """A named group of another system came in, or says something else now; `digest` is of its words."""

    name: ClassVar[str] = "integrations.group.kept"
    group_id: int
    digest: str


@dataclass(frozen=True, kw_only=True)
class ImportStarted(Fact):
    """What was checked comes in from now on."""

    name: ClassVar[str] = "integrations.import.started"
    run_id: int
    total: int


@dataclass(frozen=True, kw_only=True)
class ImportEnded(Fact):
    """The last row was looked at, or the import stopped (`why`)."""

    name: ClassVar[str] = "integrations.import.ended"
    run_id: int
    counts: dict[str, Any]
    problems: int
    why: str = ""
