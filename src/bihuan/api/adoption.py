"""Imported matters put onto a playbook, many at once."""

from typing import Any

from ninja import Query
from pydantic import Field

from bihuan.api.http import Request
from bihuan.api.routing import Routes
from bihuan.api.schemas import Code, Id, In, Keyed, Named, Out, Page, Receipt, Words, page
from bihuan.collaborations import operations, queries
from bihuan.collaborations.queries.sources import adoptable as adoptable_by

routes = Routes("collaborations")
MOST = 50


class AdoptableOut(Out):
    """`source_number` and `source_status` are those of the source."""

    id: int
    title: str
    source_number: str
    source_status: str
    lead_department: Named
    lead: Named | None


class AdoptManyIn(In):
    """`lead_id` carries the matters whose source names no lead; a later `step` than the first needs a `ground`."""

    matter_ids: list[Id] = Field(min_length=1, max_length=MOST)
    playbook: Code
    lead_id: Id | None = None
    step: Code = ""
    ground: Words = ""


@routes.read("/adoptable", Page[AdoptableOut])
def adoptable(request: Request, wanted: Query[Keyed]) -> dict[str, Any]:
    """Imported matters that the caller may adopt, in the order in which they came."""
    found = adoptable_by(request.actor, at=request.at, after=wanted.before or 0, limit=MOST + 1)
    return page(found[:MOST], found[MOST - 1].pk if len(found) > MOST else None)


@routes.act("/adoptions")
def adopt_many(request: Request, body: AdoptManyIn) -> Receipt:
    """Put several imported matters onto a playbook at one step, all of them or none; refusals name each that stands in
    the way."""
    matters = [queries.collaboration_for(request.actor, pk, at=request.at) for pk in dict.fromkeys(body.matter_ids)]
    said = body.model_dump(exclude={"matter_ids"})
    operations.adopt_collaborations(matters, **said, actor=request.actor, at=request.at)
    return Receipt(kind="collaboration", id=matters[-1].pk, href="/api/v1/adoptable", state="ADOPTED")
