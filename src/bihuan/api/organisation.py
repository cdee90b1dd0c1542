"""People and departments; the caller himself."""

from datetime import date, datetime
from typing import Any

from ninja import Query
from pydantic import Field

from bihuan.api.http import Request
from bihuan.api.routing import Routes
from bihuan.api.schemas import Code, Id, IdAsked, In, Keyed, Line, Named, Out, Page, Receipt, page
from bihuan.collaborations import queries as collaborations
from bihuan.organisation import operations, queries

routes = Routes("organisation")


class PostOut(Out):
    department_id: int
    department: str
    title: str
    kind: str
    is_main: bool = Field(description="False for a post held beside the main one, whose site decides the time.")


class PersonOut(Out):
    id: int
    name: str
    name_en: str
    title: str
    is_active: bool
    posts: list[PostOut]


class PersonDetail(PersonOut):
    """`username`, `email` and `phone` are null for who may not see them."""

    username: str | None
    email: str | None
    phone: str | None
    is_administrator: bool
    in_charge_of: list[Named]


class MeOut(PersonDetail):
    principals: list[str]


class DepartmentOut(Out):
    id: int
    name: str
    name_en: str
    parent_id: int | None
    function: str
    is_active: bool


class HolderOut(Out):
    post_id: int
    person_id: int
    name: str
    title: str
    kind: str
    starts_on: date
    ends_on: date | None
    is_main: bool


class DepartmentDetail(DepartmentOut):
    revision: int
    description: str
    site: Named | None
    above: list[Named]
    below: list[DepartmentOut]
    holders: list[HolderOut]
    executive: PersonOut | None


class DutyOut(Out):
    """`what` is empty where the matter is not open to the caller. Shared duties need not be handed over."""

    key: str
    kind: str
    matter: str
    what: str
    due_on: date | None
    is_shared: bool


class DutiesOut(Out):
    total: int
    duties: list[DutyOut]
    suggested: list[Named]
    deputies: dict[str, list[Named]] = Field(description="By kind of duty: who is named to stand in, in order.")


class SuccessionIn(In):
    key: Line
    successor_id: Id


class HandOverIn(In):
    successions: list[SuccessionIn] = Field(max_length=100)
    reason: Line


class ChangeOut(Out):
    """One fact. Contact details in its body are left out for who is no administrator; null when it was erased."""

    seq: int
    name: str
    at: datetime
    actor: str
    actor_id: int | None
    subject: str
    body: dict[str, Any] | None


class HistoryIn(Keyed):
    kind: Code = ""
    department_id: IdAsked | None = None
    person_id: IdAsked | None = None


class PeopleIn(In):
    text: Line = ""
    before: Line = ""


class DepartmentsIn(In):
    text: Line = ""


@routes.read("/me", MeOut)
def me(request: Request) -> dict[str, Any]:
    """Who calls, with every principal key he answers to now."""
    return {**_person(request, request.actor.person_id or 0), "principals": sorted(request.actor.principals)}


@routes.read("/people", Page[PersonOut])
def people(request: Request, wanted: Query[PeopleIn]) -> dict[str, Any]:
    """Active people by name; with `text` the best twenty by name, pinyin, initials or department."""
    if wanted.text.strip():
        return page(queries.search_people(wanted.text, request.at))
    found = queries.people_page(request.at, after=wanted.before)
    return page(found.people, found.after)


@routes.read("/people/{int:person_id}", PersonDetail)
def person(request: Request, person_id: int) -> dict[str, Any]:
    return _person(request, person_id)


def _person(request: Request, person_id: int) -> dict[str, Any]:
    found = queries.person_page(request.actor, person_id, request.at)
    return {
        **PersonOut.model_validate(found.card).model_dump(), "username": found.username, "email": found.email,
        "phone": found.phone, "is_administrator": found.is_administrator,
        "in_charge_of": [{"id": pk, "name": name} for pk, name in found.charges],
    }  # fmt: skip


@routes.read("/people/{int:person_id}/duties", DutiesOut)
def duties(request: Request, person_id: int) -> dict[str, Any]:
    """The first hundred things the person holds that somebody else must take over before he leaves."""
    burden = queries.burden_of(request.actor, person_id, request.at)
    lines = collaborations.duties_shown(request.actor, burden.duties, at=request.at)
    return {
        "total": burden.total,
        "duties": [
            {
                "key": line.duty.key, "kind": line.duty.kind, "matter": line.matter, "what": line.what,
                "due_on": line.duty.due_on, "is_shared": line.duty.is_shared,
            }
            for line in lines
        ],
        "suggested": [{"id": card.id, "name": card.name} for card in burden.suggested],
        "deputies": {
            kind: [{"id": card.id, "name": card.name} for card in cards] for kind, cards in burden.deputies.items()
        },
    }  # fmt: skip


@routes.act("/people/{int:person_id}/hand-over")
def hand_over(request: Request, person_id: int, body: HandOverIn) -> Receipt:
    """Hand over what the person holds, each line to its own successor; all of it or nothing."""
    chosen = [operations.Succession(one.key, one.successor_id) for one in body.successions]
    operations.hand_over_duties(person_id, successions=chosen, reason=body.reason, actor=request.actor, at=request.at)
    return Receipt(kind="person", id=person_id, href=f"/api/v1/people/{person_id}/duties", state="handed over")


@routes.read("/organisation/history", Page[ChangeOut])
def history(request: Request, wanted: Query[HistoryIn]) -> dict[str, Any]:
    """Changes of the organisation, newest first: of all of it, of a department, of a person, or of one kind."""
    found = queries.history(
        request.actor, group=wanted.kind, department_id=wanted.department_id, person_id=wanted.person_id,
        before=wanted.before,
    )  # fmt: skip
    return page(map(_change, found.entries), found.next_before)


def _change(entry: Any) -> dict[str, Any]:
    return {
        "seq": entry.seq, "name": entry.name, "at": entry.at, "actor": entry.actor_name, "actor_id": entry.actor_id,
        "subject": str(entry.subject), "body": entry.body,
    }  # fmt: skip


@routes.read("/departments", Page[DepartmentOut])
def departments(request: Request, wanted: Query[DepartmentsIn]) -> dict[str, Any]:
    """Open departments in the order of the tree; with `text` the best twenty."""
    if wanted.text.strip():
        return page(queries.search_departments(wanted.text))
    return page(row.card for row in queries.department_tree(request.at))


@routes.read("/departments/{int:department_id}", DepartmentDetail)
def department(request: Request, department_id: int) -> dict[str, Any]:
    found = queries.department_page(department_id, request.at)
    return {
        **DepartmentOut.model_validate(found.card).model_dump(), "revision": found.revision,
        "description": found.description, "site": found.site,
        "above": [{"id": pk, "name": name} for pk, name in found.above], "below": found.below,
        "holders": found.holders, "executive": found.executive,
    }  # fmt: skip
