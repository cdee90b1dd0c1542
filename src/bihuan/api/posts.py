"""A post that ends: what goes with it, and the end itself."""

from datetime import date
from typing import Any

from bihuan.api.http import Request
from bihuan.api.routing import Routes
from bihuan.api.schemas import Day, In, Out, Receipt
from bihuan.collaborations import queries as collaborations
from bihuan.organisation import duties, operations, queries
from bihuan.organisation.rules import require_administrator

routes = Routes("posts")


class EndPostIn(In):
    """`ends_on` is the first day on which the post is no longer held; today where it is left out."""

    ends_on: Day | None = None


class WaitingOut(Out):
    """How many open things of a kind (`loops.kind`) the offices of the post owe."""

    kind: str
    count: int


class EndingOut(Out):
    """`others` hold the same office then; `kept` things stay in the person's own name until they are handed over.

    `matters` are those the person reads, `decides` is who decides for the department: each before, and from then on.
    """

    post_id: int
    person_id: int
    person: str
    department_id: int
    department: str
    title: str
    kind: str
    others: list[str]
    waiting: list[WaitingOut]
    kept: int
    matters: int
    matters_then: int
    decides: str
    decides_then: str


@routes.check("/posts/{int:post_id}/preview-end", EndingOut)
def preview_end(request: Request, post_id: int, body: EndPostIn) -> dict[str, Any]:
    """What goes with a post, who decides then and what the person reads no more; keeps nothing, refuses what the act
    would."""
    require_administrator(request.actor)
    post = queries.ending_post(post_id, request.at, ends_on=body.ends_on)
    before, after = operations.before_and_after(
        lambda: _ended(request, post_id, body.ends_on), lambda: collaborations.reach_of(post)
    )
    waiting = sorted(collaborations.waiting_with(post).items())
    return {
        "post_id": post.post_id, "person_id": post.person_id, "person": post.person,
        "department_id": post.department_id, "department": post.department, "title": post.title, "kind": post.kind,
        "others": list(post.others), "waiting": [{"kind": kind, "count": count} for kind, count in waiting],
        "kept": len(duties.held_by(post.person_id, request.at)), "matters": before.matters,
        "matters_then": after.matters, "decides": before.decides, "decides_then": after.decides,
    }  # fmt: skip


@routes.act("/posts/{int:post_id}/end")
def end(request: Request, post_id: int, body: EndPostIn) -> Receipt:
    """End a post, today or on a day to come; refused while something waits for an office nobody would hold then."""
    department_id = _ended(request, post_id, body.ends_on)
    return Receipt(kind="post", id=post_id, href=f"/api/v1/departments/{department_id}", state="ENDED")


def _ended(request: Request, post_id: int, ends_on: date | None) -> int:
    return operations.end_post(post_id, ends_on=ends_on, actor=request.actor, at=request.at).department_id
