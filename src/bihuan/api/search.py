"""Search over everything the caller may read."""

from typing import Any

from ninja import Query

from bihuan.api.http import Request
from bihuan.api.routing import Routes
from bihuan.api.schemas import Code, In, Line, Out, Page, page
from bihuan.search import registry
from bihuan.search.policy import Piece
from bihuan.search.queries import Hit
from bihuan.search.queries import search as find

routes = Routes("search")


class PieceOut(Out):
    """A stretch of text; `is_hit`: the words asked for."""

    text: str
    is_hit: bool


class HitOut(Out):
    """`collaboration_id`: the matter it belongs to. Of what is secret the excerpt is empty."""

    kind: str
    id: int
    collaboration_id: int | None
    number: str
    title: str
    excerpt: list[PieceOut]


class SearchIn(In):
    """`kind` narrows; `before` is the `next` of the page before."""

    text: Line = ""
    kind: Code = ""
    before: Code = ""


@routes.read("/search", Page[HitOut])
def search(request: Request, wanted: Query[SearchIn]) -> dict[str, Any]:
    """What holds every word of `text`: titles before texts, newest first. An unknown `kind` finds nothing."""
    kinds = [wanted.kind] if wanted.kind else list(registry.kinds())
    found = find(request.actor, wanted.text, kinds=kinds, after=wanted.before, at=request.at)
    return {**page(map(_hit, found.hits), None), "next": found.next_after or None}


def _hit(hit: Hit) -> dict[str, Any]:
    return {
        "kind": hit.kind, "id": hit.id, "number": hit.number, "title": hit.name,
        "collaboration_id": hit.unit_id if hit.unit_kind == "collaboration" else None,
        "excerpt": [_piece(piece) for piece in hit.excerpt],
    }  # fmt: skip


def _piece(piece: Piece) -> dict[str, Any]:
    return {"text": piece.text, "is_hit": piece.is_hit}
