"""What the pages of a form show, put together from the rooms."""

from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bihuan.approvals import queries as approvals
from bihuan.kernel.actor import Actor
from bihuan.kernel.findings import Finding
from bihuan.organisation import queries as organisation
from bihuan.records import policy, queries, registry
from bihuan.records.policy import Body
from bihuan.records.policy.rows import TEXT_OF
from bihuan.records.schema import Form, Kind
from bihuan.web.approvals.facts import Line, line_of
from bihuan.web.filling import Filling
from bihuan.web.records.in_time import in_time


@dataclass(frozen=True, slots=True)
class Filled:
    """A draft on its page: what was typed, with computed values beside it, and what is said about it."""

    record: Any
    form: Form
    body: Body
    filling: Filling


@dataclass(frozen=True, slots=True)
class Sheet:
    """A frozen version as it is read and printed: nothing but its own text, and who signed it."""

    record: Any
    form: Form
    version: Any
    body: Body
    extra: Mapping[str, Any]
    signatures: Sequence[Any]

    def line(self, part: str) -> Line:
        """The line of the form that a signature is on."""
        return line_of(self.form, self.body, part)


def checked(record: Any, typed: Body, *, at: datetime, was_refused: bool = False) -> Filled:
    """What is said about a draft, without the names its fields show."""
    findings = [*queries.hints_of(record, typed, at=at), *queries.findings_of(record, typed, at=at)]
    waiting = [] if was_refused else untouched(typed, findings)
    return Filled(record, registry.form_of(record), typed, Filling(findings, waiting=waiting))


def filled(
    record: Any, typed: Body, *, at: datetime, was_refused: bool = False, more: Iterable[Finding] = ()
) -> Filled:
    form = registry.form_of(record)
    checked = queries.checked(record, typed, at=at)
    wanted = queries.mentioned(form, typed)
    directory = organisation.directory(sorted(wanted[Kind.PERSON]), sorted(wanted[Kind.DEPARTMENT]), at)
    sites = queries.site_choices() if any(field.kind is Kind.SITE for field in every_field(form)) else []
    findings = [*more, *queries.hints_of(record, typed, at=at), *checked.findings]
    body = policy.with_computed(form, as_typed(form, typed), checked.body)
    waiting = [] if was_refused else untouched(typed, findings)
    taking_part = registry.form_type(record.form_code).departments(record)
    return Filled(
        record,
        in_time(form, record),
        body,
        Filling(findings, directory, sites, waiting=waiting, departments=taking_part),
    )


def untouched(typed: Body, findings: Iterable[Finding]) -> list[Finding]:
    """What is said about places where nothing was typed yet; after a refusal that is no excuse any more."""
    return [one for one in findings if one.is_error and one.place and policy.is_untouched(typed, one.place)]


def every_field(form: Form) -> Iterable[Any]:
    for field in form.fields():
        yield field
        yield from field.columns


def as_typed(form: Form, typed: Body) -> Body:
    """The draft as the pickers show it: a name typed without a pick stays visible."""
    body = deepcopy(typed)
    for _, holder, key in list(queries.references(form.fields(), body)):
        text = str(holder.get(key + TEXT_OF) or "")
        if text and not policy.typed_text(holder.get(key)):
            holder[key] = {"id": "", "name": text}
    return body


def sheet(record: Any, version: Any) -> Sheet:
    form = registry.form_of(record)
    body = version.data
    known = {field.key for field in form.fields()}
    extra = {key: value for key, value in body.items() if key not in known}
    return Sheet(record, form, version, body, extra, approvals.signatures_of(record.subject, version.digest))


def may_edit(actor: Actor, record: Any, *, at: datetime) -> bool:
    return queries.may_edit(actor, record, at=at)
