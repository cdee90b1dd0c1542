"""Which forms exist, and what their rooms know about them. Filled in `apps.ready()` of the owning rooms."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bihuan.kernel.actor import Actor
from bihuan.kernel.findings import Finding
from bihuan.records.extra import extended
from bihuan.records.policy import Body
from bihuan.records.schema import Form

if TYPE_CHECKING:
    from bihuan.records.models import Record


class UnknownForm(LookupError):
    """No room registered the form."""


class FormTaken(Exception):
    """Two rooms registered one form code."""


def no_context(record: "Record", at: datetime) -> Any:
    return None


def nothing_more(body: Body, context: Any) -> list[Finding]:
    return []


def as_it_is(body: Body, context: Any) -> Body:
    return body


def no_hints(record: "Record", body: Body, at: datetime) -> list[Finding]:
    return []


def only_the_filler(actor: Actor, record: "Record", at: datetime) -> bool:
    return actor.person_id is not None and actor.person_id == record.filler_id


def empty(record: "Record", at: datetime) -> Body:
    return {}


def no_departments(record: "Record") -> list[tuple[int, str]]:
    return []


@dataclass(frozen=True, slots=True, kw_only=True)
class FormType:
    """A form and the functions of its room.

    `number(record, at)`: the form number; called once, at first submit, inside the transaction.
    `context(record, at)`: what `compute` and `check` need from the database, as plain values; the only one that reads.
    `compute(body, context)`: the body with its computed fields; everything else it changes is ignored. Pure.
    `check(body, context)`: the room's findings about a clean, possibly incomplete body that carries every key. Pure.
    `hints(record, body, at)`: what who fills it in should look at, with the body as typed; never asked when it is
    submitted, so that it may cost something.
    `may_fill(actor, record, at)`: who may read and change the draft; only the filler unless said otherwise.
    `prefill(record, at)`: the body a new draft starts with.
    `departments(record)`: those that may be chosen where several are; id and name.
    """

    form: Form
    number: Callable[["Record", datetime], str]
    context: Callable[["Record", datetime], Any] = no_context
    compute: Callable[[Body, Any], Body] = as_it_is
    check: Callable[[Body, Any], list[Finding]] = nothing_more
    hints: Callable[["Record", Body, datetime], list[Finding]] = no_hints
    may_fill: Callable[[Actor, "Record", datetime], bool] = only_the_filler
    prefill: Callable[["Record", datetime], Body] = empty
    departments: Callable[["Record"], list[tuple[int, str]]] = no_departments


_TYPES: dict[str, FormType] = {}


def register(form_type: FormType) -> None:
    """Add a form. Registering the same one twice changes nothing."""
    code = form_type.form.code
    if _TYPES.setdefault(code, form_type) != form_type:
        raise FormTaken(code)


def unregister(code: str) -> None:
    _TYPES.pop(code, None)


def form_type(code: str) -> FormType:
    try:
        return _TYPES[code]
    except KeyError:
        raise UnknownForm(code) from None


def form(code: str) -> Form:
    return form_type(code).form


def form_of(record: "Record") -> Form:
    """The form of a record, with the fields its playbook added when it was begun."""
    return extended(form(record.form_code), record.extra_fields)


def registered() -> Mapping[str, FormType]:
    return dict(sorted(_TYPES.items()))
