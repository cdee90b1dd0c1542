"""F31: the written word of a head that came by mail, before it may count (AS21)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bihuan.collaborations.policy.body import Body, day, ref, rows
from bihuan.kernel.findings import Finding, error


@dataclass(frozen=True, slots=True)
class LetterContext:
    """`asked` are the departments whose word is still waited for, each with the people who may give it; `confirms`
    names the version they are asked about."""

    today: date
    asked: Mapping[int, frozenset[int]] = field(default_factory=dict)
    confirms: Mapping[str, Any] | None = None


def check(body: Body, context: LetterContext) -> Iterator[Finding]:
    department, person, written = ref(body, "department"), ref(body, "person"), day(body, "written_on")
    if department is not None and department.id not in context.asked:
        yield error("collaborations.letter_not_asked", "department", department=department.name)
    elif department and person and person.id not in context.asked[department.id]:
        names = {"person": person.name, "department": department.name}
        yield error("collaborations.letter_not_the_head", "person", **names)
    if written is not None and written > context.today:
        yield error("collaborations.paper_not_yet", "written_on")
    if not rows(body, "files"):
        yield error("collaborations.letter_without_file", "files")


def spoken(body: Body, *, number: str, registered_by: str, countersigned_by: str) -> str:
    """What stands beside the signature for good, whatever language it is read in."""
    person = ref(body, "person")
    return (
        f"邮件确认 by mail: {person.name if person else ''}; {number}; 登记 registered by {registered_by}; "
        f"会签 countersigned by {countersigned_by}"
    )
