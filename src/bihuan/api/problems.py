"""Every refusal as `application/problem+json` (RFC 9457), with the same findings as the pages."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from bihuan.api.errors import BadParameter, TooLarge, Unreadable
from bihuan.api.schemas import NO_DAY
from bihuan.clock.calendars import FIRST_YEAR, LAST_YEAR
from bihuan.kernel import sentences
from bihuan.kernel.errors import DomainError, NotFound, Refused
from bihuan.kernel.findings import Finding, error

PROBLEM_JSON = "application/problem+json"
CODES = {"extra_forbidden": "api.unknown_field", "missing": "api.field_missing"}


def problem(refusal: DomainError) -> HttpResponse:
    """The answer to a domain error: nothing in it but the code and what the findings say."""
    content = json.dumps(described(refusal), ensure_ascii=False, default=str)
    response = HttpResponse(content, status=refusal.status, content_type=PROBLEM_JSON)
    if refusal.status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="bihuan"'
    return response


def described(refusal: DomainError) -> dict[str, Any]:
    """A domain error as `schemas.Problem`."""
    return {
        "type": f"urn:bihuan:problem:{refusal.code}",
        "title": sentences.explain(Finding(refusal.code, params=refusal.params)).what,
        "status": refusal.status,
        "code": refusal.code,
        "findings": told(refusal.findings),
    }


def told(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Findings with their sentences in the language of the answer."""
    return [_told(finding) for finding in findings]


def _told(finding: Finding) -> dict[str, Any]:
    said = sentences.explain(finding)
    params = {name: _plain(value) for name, value in finding.params.items()}
    return {
        "code": finding.code, "place": finding.place, "params": params, "severity": finding.severity.value,
        "what": said.what, "mend": said.mend,
    }  # fmt: skip


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, int | str) else str(value)


def misfit(raised: ValidationError) -> DomainError:
    """What the schema of a body (422) or of an address (400) says no to."""
    in_body = [one for one in raised.errors if one["loc"][0] == "body"]
    if in_body:
        return Refused([_misfit(one) for one in in_body])
    return BadParameter([_misfit_of_address(one) for one in raised.errors])


def _misfit_of_address(one: Mapping[str, Any]) -> Finding:
    place = str(one["loc"][-1])
    return _no_day(place, place) if one["type"] == NO_DAY else error("api.bad_parameter", place)


def _misfit(one: Mapping[str, Any]) -> Finding:
    path = [str(part) for part in one["loc"][2:]]
    kind = str(one["type"])
    place, field = ".".join(path)[:300], path[-1][:80] if path else "body"
    if kind == NO_DAY:
        return _no_day(place, field)
    params = {"field": field} if kind in CODES else {"field": field, "kind": kind}
    return Finding(CODES.get(kind, "api.bad_value"), place, params)


def _no_day(place: str, field: str) -> Finding:
    return error("api.no_day", place, field=field, first=FIRST_YEAR, last=LAST_YEAR)


def install(api: NinjaAPI) -> None:
    """Register how each kind of exception is answered."""
    api.add_exception_handler(DomainError, _domain_error)
    api.add_exception_handler(Http404, _always(NotFound))
    api.add_exception_handler(ValidationError, _validation_error)
    api.add_exception_handler(HttpError, _always(Unreadable))
    api.add_exception_handler(RequestDataTooBig, _always(TooLarge))


def _always(refusal: type[DomainError]) -> Callable[[HttpRequest, Any], HttpResponse]:
    return lambda _request, _raised: problem(refusal())


def _domain_error(request: HttpRequest, raised: DomainError | type[DomainError]) -> HttpResponse:
    return problem(raised if isinstance(raised, DomainError) else raised())


def _validation_error(request: HttpRequest, raised: ValidationError | type[ValidationError]) -> HttpResponse:
    return problem(misfit(raised) if isinstance(raised, ValidationError) else Unreadable())
