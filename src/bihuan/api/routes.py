"""Routes of decisions: read and tried out by everybody, checked and published as texts by the PMO."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field, StrictStr

from bihuan.api.http import Request
from bihuan.api.routing import Routes
from bihuan.api.schemas import Code, In, Line, Out, Page, Receipt, Revision, page
from bihuan.approvals import routing
from bihuan.approvals.policy.routes import read_route
from bihuan.approvals.rules import require_route_right
from bihuan.collaborations.operations.route_texts import look_at_route, restore_route, retire_route, write_route
from bihuan.collaborations.policy.playbook_text import write_text
from bihuan.collaborations.queries.rehearsing import Rehearsal, Supposed, rehearse
from bihuan.kernel.findings import Finding
from bihuan.kernel.sentences import explain

routes = Routes("routes")


class RouteOut(Out):
    key: str
    name: str
    name_en: str
    version: int
    digest: str
    published_at: datetime
    is_retired: bool


class RouteVersionOut(RouteOut):
    """`text` is YAML; publishing it again changes nothing."""

    note: str
    text: str


class RouteTextIn(In):
    text: StrictStr


class RouteProblemOut(Out):
    code: str
    place: str
    line: int
    text: str
    is_error: bool


class RouteLookedOut(Out):
    key: str
    problems: list[RouteProblemOut]


class RoutePublishIn(RouteTextIn):
    """`seen_version` is the newest version the author knew, 0 for a new route."""

    note: Line
    seen_version: Revision


class SupposedIn(In):
    """The matter that is imagined."""

    author_id: Annotated[int, Field(gt=0, lt=2**63)]
    department_id: Annotated[int, Field(gt=0, lt=2**63)]
    involved_ids: Annotated[list[Annotated[int, Field(gt=0, lt=2**63)]], Field(max_length=50)] = []
    amount: Annotated[Decimal, Field(ge=0, max_digits=15, decimal_places=2)] = Decimal(0)
    playbook: Annotated[StrictStr, Field(max_length=40)] = ""
    conclusion: Annotated[StrictStr, Field(max_length=40)] = ""


class SignerOut(Out):
    step: str
    party: str
    who: str
    due_at: datetime
    waits: bool


class ReaderOut(Out):
    """A copy; `at` is ASKED, PASSED or ENDED, of the step."""

    step: str
    who: str
    at: str


class RehearsalOut(Out):
    """`signers` in the order of the steps; `due_at` of the last, if everybody took all the time."""

    signers: list[SignerOut]
    copies: list[ReaderOut]
    problems: list[RouteProblemOut]
    due_at: datetime | None


@routes.read("/routes", Page[RouteOut])
def all_routes(request: Request) -> dict[str, Any]:
    """The newest version of every route."""
    return page(map(_outline, routing.newest()), None)


@routes.read("/routes/{slug:key}/versions/{int:number}", RouteVersionOut)
def route_version(request: Request, key: Code, number: int) -> dict[str, Any]:
    """One version with its text."""
    found = routing.version_of(key, number)
    return {**_outline(found), "note": found.note, "text": write_text(found.body)}


@routes.check("/routes/check", RouteLookedOut)
def check_route(request: Request, asked: RouteTextIn) -> dict[str, Any]:
    """What is wrong or doubtful about a text in the organisation of today; nothing is written. For the PMO."""
    require_route_right(request.actor)
    looked = look_at_route(asked.text, request.at)
    return {"key": str(looked.body.get("key", "")), "problems": problems_of(looked.findings)}


@routes.act("/routes")
def publish_route(request: Request, asked: RoutePublishIn) -> Receipt:
    """Publish a text as the next version of the route it names; what is being decided stays on its version."""
    made = write_route(asked.text, note=asked.note, seen_version=asked.seen_version, actor=request.actor, at=request.at)
    href = f"/api/v1/routes/{made.route.key}/versions/{made.version}"
    return Receipt(kind="route", id=made.pk, href=href, state=str(made.version))


@routes.act("/routes/{slug:key}/retire")
def retire_one(request: Request, key: Code) -> Receipt:
    """No playbook may name the route from now on; refused while one may still open it."""
    return _settled(retire_route(key, actor=request.actor, at=request.at))


@routes.act("/routes/{slug:key}/restore")
def restore_one(request: Request, key: Code) -> Receipt:
    """Playbooks may name the route again."""
    return _settled(restore_route(key, actor=request.actor, at=request.at))


def _settled(route: Any) -> Receipt:
    href = f"/api/v1/routes/{route.key}/versions/{route.newest}"
    return Receipt(kind="route", id=route.pk, href=href, state="RETIRED" if route.retired_at else "IN_USE")


@routes.check("/routes/{slug:key}/try", RehearsalOut)
def try_route(request: Request, key: Code, asked: SupposedIn) -> dict[str, Any]:
    """Who would sign such a matter today, and by when; nothing is asked of anybody."""
    matter = supposed_in(asked, playbook=asked.playbook)
    found = rehearse(read_route(routing.newest_version(key).body), matter, request.at)
    copies = [{"step": each.step.key, "who": one.who, "at": one.at} for each in found.steps for one in each.copies]
    return {
        "signers": signers_of(found), "copies": copies, "problems": problems_of(found.findings), "due_at": found.due_at
    }  # fmt: skip


def supposed_in(asked: SupposedIn, *, playbook: str) -> Supposed:
    return Supposed(
        asked.author_id, asked.department_id, tuple(asked.involved_ids), asked.amount, playbook, asked.conclusion
    )


def signers_of(found: Rehearsal) -> list[dict[str, Any]]:
    return [
        {"step": each.step.key, "party": one.label, "who": one.who, "due_at": one.due_at, "waits": one.waits}
        for each in found.steps
        for one in each.signers
    ]


def problems_of(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    return [
        {
            "code": finding.code, "place": finding.place, "line": finding.params.get("line", 0),
            "text": str(explain(finding).what), "is_error": finding.is_error,
        }
        for finding in findings
    ]  # fmt: skip


def _outline(version: Any) -> dict[str, Any]:
    return {
        "key": version.route.key, "name": version.body["name"],
        "name_en": version.body.get("name_en") or version.body["name"], "version": version.version,
        "digest": version.digest, "published_at": version.published_at,
        "is_retired": version.route.retired_at is not None,
    }  # fmt: skip
