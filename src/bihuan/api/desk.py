"""The desk: what waits for the caller, and what the caller waits for."""

from typing import Any

from bihuan.api.collaborations import LoopOut, loops_out
from bihuan.api.http import Request
from bihuan.api.routing import Routes
from bihuan.api.schemas import Page, page
from bihuan.collaborations import queries

routes = Routes("desk")


@routes.read("/desk/waiting", Page[LoopOut])
def waiting(request: Request) -> dict[str, Any]:
    """Open loops the caller owns, soonest due first. At most 200."""
    return page(loops_out(queries.waiting_for(request.actor, at=request.at), request))


@routes.read("/desk/waited", Page[LoopOut])
def waited(request: Request) -> dict[str, Any]:
    """Open loops of others the caller asked for, and those of matters he leads. At most 100."""
    return page(loops_out(queries.waited_for_by(request.actor, at=request.at), request))
