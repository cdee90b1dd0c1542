"""Who agreed to which text of which line, from the versions of the consensus and the signatures on them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bihuan.approvals.enums import SIGNED, Answer, SlotState
from bihuan.collaborations.policy.body import Body, rows, text
from bihuan.collaborations.policy.consensus import SIGNED_LISTS, bound_by

TAKEN_OVER, JOINED = "AMENDED", "JOINED"
"""Why the form is opened again; pages say it in words."""


@dataclass(frozen=True, slots=True)
class Frozen:
    """One version of the form: the digest of each line, and what it says."""

    number: int
    parts: Mapping[str, str]
    body: Body


@dataclass(frozen=True, slots=True)
class Said:
    """How one party stands to one text of a line. `department` is that of the office which is asked, also when it took
    the place of another."""

    slot_id: int
    signoff_id: int
    key: str
    label: str
    part: str
    digest: str
    state: str
    name: str = ""
    at: datetime | None = None
    opinion: str = ""
    conditions: tuple[str, ...] = ()
    department: int | None = None
    amendment: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wording:
    """One text of a line: the version it came with, and what each department said to it last."""

    since: int
    row: Body
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it stands, what it said before (newest first), and whom it binds; `is_gone` when the newest version
    has it no more."""

    part: str
    list_key: str
    now: Wording
    before: tuple[Wording, ...]
    binds: tuple[int, ...]
    binds_all: bool
    is_gone: bool = False

    @property
    def is_agreed(self) -> bool:
        """Whether everybody whom it binds has agreed to it as it stands."""
        agreed = {said.department for said in self.now.said if said.state in SIGNED}
        return bool(agreed) and set(self.binds) <= agreed and all(said.state in SIGNED for said in self.now.said)


def lines_of(
    versions: Sequence[Frozen], signatures: Iterable[Said], involved: Mapping[int, str], *, is_asked: bool = True
) -> list[Line]:
    """Every line that any version had, in the order of the newest one, those that are gone last.

    `versions` oldest first. Of several answers of a department to one text the last one counts: a later sign-off
    repeats the answers to lines that did not change, and what was left unanswered in an earlier one says nothing.
    Unless it `is_asked` now, as while the form is written anew, a line binds whom its row names.
    """
    if not versions:
        return []
    answers = _answers(signatures)
    newest = versions[-1]
    return [
        _line(part, versions, answers, involved, is_gone=part not in newest.parts, is_asked=is_asked)
        for part in _parts(versions)
    ]


def unbound(lines: Iterable[Line], involved: Mapping[int, str]) -> list[str]:
    """The departments that take part, and that no line of the agreement binds: they came later."""
    bound = {pk for line in lines if not line.is_gone for pk in line.binds}
    return [name for pk, name in involved.items() if pk not in bound]


def _parts(versions: Sequence[Frozen]) -> list[str]:
    """Newest version first, in the order of its lists."""
    found: dict[str, None] = {}
    for version in reversed(versions):
        for key in SIGNED_LISTS:
            found |= dict.fromkeys(f"{key}/{text(row, 'id')}" for row in rows(version.body, key))
    return list(found)


def _answers(signatures: Iterable[Said]) -> dict[tuple[str, str], dict[str, Said]]:
    """Line and text → what each department said to it last."""
    found: dict[tuple[str, str], dict[str, Said]] = {}
    for said in sorted(signatures, key=lambda one: (one.signoff_id, one.slot_id)):
        if said.state == SlotState.VOID:
            continue
        found.setdefault((said.part, said.digest), {})[said.key] = said
    return found


def _line(
    part: str,
    versions: Sequence[Frozen],
    answers: Mapping[tuple[str, str], Mapping[str, Said]],
    involved: Mapping[int, str],
    *,
    is_gone: bool,
    is_asked: bool,
) -> Line:
    key, _slash, row_id = part.partition("/")
    wordings: list[Wording] = []
    row: Body = {}
    last = ""
    for version in versions:
        digest = version.parts.get(part)
        if digest is None:
            continue
        row = next(each for each in rows(version.body, key) if text(each, "id") == row_id)
        if digest == last:
            continue
        last = digest
        wordings.append(Wording(version.number, row, tuple(answers.get((part, digest), {}).values())))
    now, before = wordings[-1], tuple(reversed(wordings[:-1]))
    newest = max((said.signoff_id for said in now.said), default=0)
    asked = tuple(said for said in now.said if said.signoff_id == newest)
    departments = dict.fromkeys(said.department for said in asked if said.department is not None)
    bound = tuple(departments) if asked and is_asked else tuple(bound_by(row, involved))
    return Line(part, key, Wording(now.since, row, asked), before, bound, not row.get("binds"), is_gone)


def waiting(lines: Iterable[Line]) -> Collection[Said]:
    """The amendments that nobody has answered yet, in the order of the lines."""
    return [
        said
        for line in lines
        for said in line.now.said
        if said.state == SlotState.AMENDED and said.amendment.get("state") == Answer.OPEN and not line.is_gone
    ]
