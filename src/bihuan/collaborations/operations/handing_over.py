"""Open items outlive their matter, each with a named owner and a day, once the executive has agreed (G27)."""

from datetime import date, datetime
from typing import Any

from bihuan.collaborations.facts import ItemsHandedOver
from bihuan.collaborations.models import Collaboration
from bihuan.collaborations.operations.loops import root_of
from bihuan.collaborations.operations.promises import verifier_besides
from bihuan.commitments import operations as commitments
from bihuan.commitments.enums import CommitmentKind
from bihuan.kernel import principals
from bihuan.kernel.actor import Actor
from bihuan.kernel.subjects import SubjectRef
from bihuan.ledger import operations as ledger
from bihuan.records.models import Version


def hand_over_items(collaboration: Collaboration, version: Version, *, actor: Actor, at: datetime) -> None:
    """Each item becomes a promise of its new owner that holds nothing back and is followed after closing.

    Records ``CommitmentMade`` for each and one ``ItemsHandedOver``, on which higher rooms end what was open there.
    """
    root, number = root_of(collaboration), version.record.number
    rows = [row for row in version.data["items"] if row["owner"]]
    for row in rows:
        _promise(collaboration, version, row, actor=actor, at=at)
    fact = ItemsHandedOver(number=number, items=tuple(_item(row) for row in rows))
    ledger.record(fact, actor=actor, root=root, scope_id=collaboration.scope_id, at=at)
    commitments.cancel_these(fact.ids("commitment"), root=root, reason=number, actor=actor, at=at)


def _promise(
    collaboration: Collaboration, version: Version, row: dict[str, Any], *, actor: Actor, at: datetime
) -> None:
    owner_id = row["owner"]["id"]
    commitments.promise(
        kind=CommitmentKind.HANDED_OVER,
        text=row["what"],
        owner_id=owner_id,
        department_id=collaboration.lead_department_id,
        due_on=date.fromisoformat(row["due"]),
        source=SubjectRef("record", version.record_id),
        root=root_of(collaboration),
        scope_id=collaboration.scope_id,
        asked_by=principals.person(version.submitted_by_id),
        verifier=verifier_besides(collaboration, owner_id),
        actor=actor,
        at=at,
    )


def _item(row: dict[str, Any]) -> dict[str, Any]:
    kind, _dash, pk = row["id"].partition("-")
    return {
        "kind": kind, "id": int(pk), "what": row["what"], "owner_id": row["owner"]["id"], "due_on": row["due"],
    }  # fmt: skip
