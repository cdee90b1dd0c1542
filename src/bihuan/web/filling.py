"""What a form's page needs beside the form and its body."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bihuan.kernel.findings import Finding


@dataclass(frozen=True, slots=True)
class Named:
    """A name frozen in a body, standing in for a card."""

    id: int | None
    name: str


@dataclass(frozen=True, slots=True)
class Filling:
    """`directory` knows the people and departments of the body; `sites`, and the `departments` that may be ticked, are
    (id, name).

    What merely is `waiting` to be filled in stands in the list, and not in red at its field.
    """

    findings: Sequence[Finding] = ()
    directory: Any = None
    sites: Sequence[tuple[int, str]] = ()
    versions: Mapping[int, Any] = field(default_factory=dict)
    waiting: Sequence[Finding] = ()
    departments: Sequence[tuple[int, str]] = ()

    @property
    def wrong(self) -> list[Finding]:
        """What is said at its field."""
        return [one for one in self.findings if one not in self.waiting]


def find_card(kind: str, value: Any, directory: Any) -> Any:
    """The card of a person or department, from a draft's id or a frozen {"id", "name"}; None when there is none."""
    if isinstance(value, Mapping):
        return Named(value.get("id"), str(value.get("name", "")))
    if directory is None or not str(value or "").isdigit():
        return None
    cards = directory.people if kind == "PERSON" else directory.departments
    return cards.get(int(value))


def ticks(value: Any, ctx: Filling) -> list[tuple[int, str, bool]]:
    """The departments that may be ticked, each with whether it is; ticked ones that take part no more come last."""
    ticked = {str(one.get("id") if isinstance(one, Mapping) else one) for one in value or ()}
    known = {pk for pk, _name in ctx.departments}
    cards = [find_card("DEPARTMENT", pk, ctx.directory) for pk in sorted(ticked)]
    gone = [(int(card.id), str(card.name)) for card in cards if card is not None and card.id not in known]
    return [(pk, name, str(pk) in ticked) for pk, name in (*ctx.departments, *gone)]


def filled_columns(columns: Sequence[Any], lines: Sequence[Mapping[str, Any]]) -> list[Any]:
    """The columns of a table that say something: those that must be filled, and those some row has filled."""
    return [one for one in columns if one.required or any(line.get(one.key) not in (None, "", []) for line in lines)]


def card_detail(card: Any) -> str:
    """What tells two cards of one name apart: a person's post, a department's place in the tree."""
    return str(getattr(card, "title", "") or " / ".join(getattr(card, "parents", ())))
