"""What somebody typed on the sign page, read without losing a word of it."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from bihuan.approvals.enums import Decision
from bihuan.approvals.operations import PartDecision
from bihuan.approvals.policy import Condition
from bihuan.kernel.errors import Refused
from bihuan.kernel.findings import Finding, error
from bihuan.records.policy.rows import TEXT_OF
from bihuan.records.schema import Field

CHOICES = frozenset(decision.value for decision in Decision)
ANSWERS = {"yes": True, "no": False}
KEY_LIMIT = 64


@dataclass(frozen=True, slots=True)
class Typed:
    """One slot's fields as they stand on the page."""

    decision: str = ""
    opinion: str = ""
    conditions: tuple[str, ...] = ()
    tests: dict[str, bool] = field(default_factory=dict)
    amendment: dict[str, Any] = field(default_factory=dict)

    def said_of(self, column: Field) -> Any:
        """What was typed in a column, as its control shows it again: a name without a pick stays as it was typed."""
        said = self.amendment.get(column.key, "")
        text = self.amendment.get(column.key + TEXT_OF)
        return {"id": said, "name": text} if text else said

    def texts(self) -> list[str]:
        """The words of an amendment; a number behind a name is none."""
        said = self.amendment.items()
        return [text for key, text in said if isinstance(text, str) and text and key + TEXT_OF not in self.amendment]


@dataclass(frozen=True, slots=True)
class TypedLines:
    """Slot id → what was said to that line, and whether one button was to agree to all of them."""

    lines: dict[int, Typed]
    agrees_to_all: bool = False


def new_key() -> str:
    """A form token: the same one sent twice is one act."""
    return secrets.token_urlsafe(16)


def read_key(post: QueryDict) -> str:
    return post.get("request_key", "")[:KEY_LIMIT]


def read(post: QueryDict, tests: Sequence[str]) -> Typed:
    answers = {key: ANSWERS[said] for key in tests if (said := post.get(f"test-{key}", "")) in ANSWERS}
    return Typed(
        decision=post.get("decision", ""),
        opinion=post.get("opinion", ""),
        conditions=tuple(text for text in post.getlist("condition") if text.strip()),
        tests=answers,
    )


def read_lines(post: QueryDict, slots: Iterable[Any]) -> TypedLines:
    """`agree_all` agrees to every line of the page that is not decided otherwise."""
    agrees_to_all = "agree_all" in post
    otherwise = Decision.APPROVE.value if agrees_to_all else ""
    return TypedLines({slot.pk: _line(post, slot.pk, otherwise) for slot in slots}, agrees_to_all)


def posted_ids(post: QueryDict) -> set[int]:
    """The slots that stood on the page when it was sent."""
    return set(numbers(",".join(post.getlist("slot"))))


def numbers(text: str) -> tuple[int, ...]:
    """The ids in a text that parts them by commas; what is none is left out."""
    return tuple(int(each) for each in text.split(",") if each.isascii() and each.isdigit() and len(each) < 19)


def _line(post: QueryDict, slot_id: int, otherwise: str) -> Typed:
    return Typed(
        post.get(f"decision-{slot_id}") or otherwise,
        post.get(f"opinion-{slot_id}", ""),
        amendment=_amendment(post, slot_id),
    )


def _amendment(post: QueryDict, slot_id: int) -> dict[str, Any]:
    """The columns of the line as they were typed, for whoever wants it otherwise; `binds.12` is a tick in a list."""
    before = f"amend-{slot_id}."
    found: dict[str, Any] = {}
    for name, value in post.items():
        if name.startswith(before):
            key, _dot, ticked = name.removeprefix(before).partition(".")
            found[key] = [*(found.get(key) or []), ticked] if ticked else found.get(key) or str(value)
    return found


def decision_of(typed: Typed) -> dict[str, Any]:
    """The arguments of `approvals.operations.decide`. Raises `Refused` when no decision was made."""
    if typed.decision not in CHOICES:
        raise Refused([nothing_decided()])
    return {
        "decision": Decision(typed.decision),
        "opinion": typed.opinion,
        "conditions": [Condition(text) for text in typed.conditions],
        "tests": typed.tests,
    }


def decisions_of(typed: TypedLines) -> list[PartDecision]:
    """The lines that were decided; undecided ones wait. Reasons typed beside an agreed line are opinions. Raises
    `Refused` where one button agrees to all, and a line beside it says otherwise."""
    if typed.agrees_to_all:
        _check_all_agree(typed)
    return [
        PartDecision(
            slot_id, Decision(line.decision), line.opinion,
            amendment=line.amendment if line.decision == Decision.AMEND else {},
        )
        for slot_id, line in typed.lines.items()
        if line.decision in CHOICES
    ]  # fmt: skip


def _check_all_agree(typed: TypedLines) -> None:
    otherwise = [slot_id for slot_id, line in typed.lines.items() if line.decision != Decision.APPROVE]
    if otherwise:
        raise Refused([error("approvals.not_all_agreed", f"decisions.{slot_id}.opinion") for slot_id in otherwise])


def nothing_decided() -> Finding:
    return error("approvals.decision_missing", "decision")
