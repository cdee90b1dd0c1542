"""One root for everything that happens to the organisation."""

from collections.abc import Iterable
from datetime import datetime

from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import Refused
from bihuan.kernel.facts import Fact
from bihuan.kernel.findings import Finding
from bihuan.kernel.subjects import SubjectRef
from bihuan.ledger import operations as ledger
from bihuan.ledger.operations import Item
from bihuan.organisation.facts import ROOT


def record(fact: Fact, kind: str, pk: int, *, actor: Actor, at: datetime) -> None:
    ledger.record(fact, actor=actor, root=ROOT, subject=SubjectRef(kind, pk), scope_id=None, at=at)


Told = tuple[Fact, str, int]  # a fact with the kind and id of its subject


def record_many(told: Iterable[Told], *, actor: Actor, at: datetime) -> None:
    """`record` for a chunk of facts."""
    items = [Item(fact, ROOT, SubjectRef(kind, pk), None) for fact, kind, pk in told]
    ledger.record_many(items, actor=actor, at=at)


def refuse(findings: Iterable[Finding]) -> None:
    found = list(findings)
    if found:
        raise Refused(found)
