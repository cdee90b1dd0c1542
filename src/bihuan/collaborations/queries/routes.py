"""What a route is told of a matter: who stands behind its words, and the values its conditions look at."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from bihuan.approvals.policy.routes import Value
from bihuan.approvals.seating import Departments, Parties
from bihuan.collaborations.models import Collaboration
from bihuan.collaborations.policy.body import number, refs, rows, text
from bihuan.collaborations.policy.lines import needs_of
from bihuan.collaborations.policy.needs import total
from bihuan.collaborations.policy.secondment import Loan
from bihuan.kernel import principals
from bihuan.kernel.subjects import SubjectRef
from bihuan.organisation import queries as organisation
from bihuan.records import queries as records
from bihuan.records.models import Version


def parties_for(
    lead: tuple[int, str] | None,
    involved: Departments,
    *,
    initiator_id: int | None,
    lead_id: int | None,
    loan: Loan | None = None,
    answerable: Departments = (),
) -> Parties:
    """The roles and groups of a matter; of a loan the lead department borrows, the one named or all involved lend.
    Where no matrix says who is `answerable`, all are.

    Headquarters speaks for the company's personnel: its office is the PMO.
    """
    own = [lead] if lead is not None else []
    roles = {
        "INITIATOR": _person(initiator_id),
        "PROJECT_LEAD": _person(lead_id),
        "EXECUTIVE": principals.executive(lead[0]) if lead is not None else principals.PMO,
        "PMO": principals.PMO,
        "FILING": principals.FILING,
        "PERSONNEL": principals.PMO,
        "LENT_PERSON": _person(loan.person.id if loan is not None else None),
    }
    lends = [(loan.lender.id, loan.lender.name)] if loan is not None else involved
    everybody = [*own, *involved]
    groups = {
        "LEAD": own, "INVOLVED": involved, "ALL": everybody, "BORROWING": own, "LENDING": lends,
        "ANSWERABLE": answerable or everybody,
    }  # fmt: skip
    return Parties({role: key for role, key in roles.items() if key}, groups)


def _person(person_id: int | None) -> str:
    return principals.person(person_id) if person_id is not None else ""


def parties_to_ask(collaboration: Collaboration, loan: Loan | None = None, answerable: Departments = ()) -> Parties:
    """One query. The lead department goes by its own name, which is read with its head."""
    lead_id = collaboration.lead_department_id
    parties = collaboration.parties.exclude(department=collaboration.lead_department_id).order_by("pk")
    return parties_for(
        (lead_id, "") if lead_id is not None else None,
        list(parties.values_list("department_id", "department__name")),
        initiator_id=collaboration.initiator_id,
        lead_id=collaboration.lead_id,
        loan=loan,
        answerable=answerable,
    )


def answerable_in(body: Mapping[str, Any]) -> list[tuple[int, str]]:
    """The departments that do or answer for a task of a RACI matrix, each once, in the order of its letters."""
    cells = [row for row in rows(body, "cells") if text(row, "letter") in {"R", "A", "RA"}]
    return list({department.id: (department.id, department.name) for department in refs(cells, "dept")}.values())


def values_of(
    collaboration: Collaboration,
    parties: Parties,
    fields: Collection[str],
    *,
    amount: Decimal,
    conclusion: str,
    months: int = 0,
    months_in_all: int = 0,
) -> dict[str, Value]:
    """What conditions compare; only what they look at is read. At most three queries."""
    return values_for(
        amount=amount,
        department_ids=[pk for pk, _name in parties.groups["ALL"]],
        playbook=collaboration.playbook_version.playbook.key if "playbook" in fields else "",
        conclusion=conclusion,
        months=months,
        months_in_all=months_in_all,
        fields=fields,
    )


def values_for(
    *,
    amount: Decimal,
    department_ids: Sequence[int],
    playbook: str,
    conclusion: str,
    fields: Collection[str],
    months: int = 0,
    months_in_all: int = 0,
) -> dict[str, Value]:
    """The values by their words; sites are those where the departments are, each once."""
    sites = organisation.sites_of_departments(department_ids) if "sites" in fields else {}
    found: dict[str, Value] = {
        "amount": amount,
        "departments": Decimal(len(department_ids)),
        "months": Decimal(months),
        "months_in_all": Decimal(months_in_all),
        "sites": Decimal(len(set(sites.values()) - {None})),
        "playbook": playbook,
        "conclusion": conclusion,
    }
    return {name: found[name] for name in fields if name in found}


def amount_asked(collaboration: Collaboration, version: Version) -> Decimal:
    """The money that this form asks for; where it speaks of none, the plan, else the request. At most two queries."""
    root = SubjectRef("collaboration", collaboration.pk)
    return next((amount for amount in _amounts(root, version.data) if amount is not None), Decimal(0))


def _amounts(root: SubjectRef, body: Mapping[str, Any]) -> Iterable[Decimal | None]:
    yield amount_of(body)
    for form in ("F04", "F01"):
        latest = records.latest(root, form)
        yield amount_of(latest.data) if latest is not None else None


def amount_of(body: Mapping[str, Any]) -> Decimal | None:
    """The money a form asks for: its total, else the sum of its resources; None when it speaks of none."""
    if "resources" not in body and "budget_total" not in body:
        return None
    return number(body, "budget_total") or total(needs_of(body)) or Decimal(0)
