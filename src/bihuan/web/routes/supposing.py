"""The matter a dry run imagines, as a person types it into the address, or sends it along with a draft."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from bihuan.collaborations.queries.rehearsing import Supposed
from bihuan.organisation import queries as organisation
from bihuan.organisation.queries import PersonCard
from bihuan.web.http import Request

LARGEST, FEW = Decimal(10) ** 13, 8
FIELDS = ("person", "department", "amount", "conclusion")


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed, what it comes to, and what the page shows beside; `matter` is None while it cannot be said."""

    matter: Supposed | None
    shown: dict[str, Any]


def asked_of(request: Request, *, playbook: str = "") -> Asked:
    said = request.POST if request.method == "POST" else request.GET
    typed = {name: said.get(name, "").replace("\x00", "").strip()[:40] for name in FIELDS}
    involved = [pk for pk in map(_number, said.getlist("involved")[:50]) if pk]
    people = organisation.search_people(typed["person"], request.at, limit=FEW) if typed["person"] else []
    matter, wrong = _supposed(typed, involved, people, playbook)
    tree = organisation.department_tree(request.at)
    return Asked(matter, {"typed": typed, "involved": involved, "tree": tree, "people": people, "wrong": wrong})


def _supposed(
    typed: dict[str, str], involved: list[int], people: Sequence[PersonCard], playbook: str
) -> tuple[Supposed | None, list[str]]:
    """The imagined matter, and the names of fields that say nothing usable."""
    person = _person(typed["person"], people)
    department, amount = _number(typed["department"]), _amount(typed["amount"])
    wrong = [name for name, value in (("department", department), ("amount", amount)) if typed[name] and value is None]
    wrong += ["person"] if typed["person"] and person is None else []
    if person is None or department is None or amount is None:
        return None, wrong
    return Supposed(person, department, tuple(involved), amount, playbook, typed["conclusion"]), wrong


def _person(said: str, people: Sequence[PersonCard]) -> int | None:
    """Who is meant by a name: the only one found, or the only one called exactly so."""
    meant = people if len(people) == 1 else [card for card in people if card.name == said]
    return meant[0].id if len(meant) == 1 else None


def _number(said: str) -> int | None:
    return int(said) if said.isascii() and said.isdigit() and len(said) < 19 else None


def _amount(said: str) -> Decimal | None:
    """Yuan; 5万 is understood. Nothing typed is nothing asked for."""
    factor = Decimal(10_000) if said.endswith("万") else Decimal(1)
    try:
        amount = Decimal(said.removesuffix("万").replace(",", "") or "0") * factor
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and 0 <= amount <= LARGEST else None
