"""Reads of routes: the version in force, whom it asks on a day, who of those it names is not here."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from django.db.models import F

from bihuan.approvals import registry
from bihuan.approvals.enums import SignoffState
from bihuan.approvals.models import Route, RouteVersion
from bihuan.approvals.policy.checking import check_route
from bihuan.approvals.policy.linting import lint_route
from bihuan.approvals.policy.resolving import Candidate, Given, Resolved, resolve, selectors_of
from bihuan.approvals.policy.routes import NUMBERS, RoutePlan, Selector, StepPlan, Value, Who, read_route
from bihuan.approvals.seating import Parties, pmo, seats_for
from bihuan.kernel import principals
from bihuan.kernel.errors import NotFound
from bihuan.kernel.findings import Finding, error, errors, warning
from bihuan.organisation.queries import above, all_but_name


def newest_version(key: str) -> RouteVersion:
    """The version by which something is opened now. Raises `NotFound` for a route nobody published."""
    versions = RouteVersion.objects.filter(route__key=key)
    found = versions.order_by("-version").select_related("route").first()
    if found is None:
        raise NotFound
    return found


def published_keys() -> frozenset[str]:
    """The routes a playbook may name: every one that is not retired."""
    return frozenset(Route.objects.filter(newest__gt=0, retired_at__isnull=True).values_list("key", flat=True))


def resolve_now(
    route: RoutePlan, parties: Parties, values: Mapping[str, Value], *, author_id: int | None, digest: str,
    parts: Mapping[str, str], excused: Mapping[str, frozenset[str]] = MappingProxyType({}), at: datetime,
) -> Resolved:  # fmt: skip
    """Whom a route asks about a matter, by the organisation of that day. Its queries do not grow with parties."""
    known = route.fields <= values.keys()
    wanted = selectors_of(step for _place, step in route.asked(values)) if known else frozenset()
    seats = seats_for(wanted, parties, at)
    given = Given(values, seats, Candidate(principals.PMO), author_id, digest, parts, excused)
    resolved = resolve(route, given)
    is_pmo_needed = resolved.findings or any(slot.principal == principals.PMO for slot in resolved.asked)
    return resolve(route, replace(given, pmo=pmo(at))) if is_pmo_needed else resolved


def outsiders(route: RoutePlan, at: datetime) -> Iterator[Finding]:
    """Slots that name somebody who is not here, a department that is not there, or a post nobody holds."""
    named = [
        (f"steps.{place}.{where}", selector)
        for place, step in enumerate(route.steps)
        for where, selector in _named(step)
        if selector.who in {Who.PERSON, Who.HEAD, Who.POST}
    ]
    seats = seats_for({selector for _place, selector in named}, Parties(), at) if named else {}
    for place, selector in named:
        found = seats[selector]
        if selector.who is Who.PERSON and not found[0].candidates[0].holders:
            yield error("approvals.signer_outside", f"{place}.person", who=found[0].label)
        elif selector.who is not Who.PERSON and not found[0].candidates:
            yield error("approvals.department_outside", f"{place}.department")
        elif not found[0].candidates[0].holders:
            yield warning("approvals.office_empty", place, who=found[0].label)


def _named(step: StepPlan) -> Iterator[tuple[str, Selector]]:
    yield from ((f"slots.{number}", slot.selector) for number, slot in enumerate(step.slots))
    yield from ((f"copies.{number}", copy.selector) for number, copy in enumerate(step.copies))


def routes_of_people(keys: Iterable[str]) -> frozenset[str]:
    """Those of the routes whose text a person has changed; what comes with the product leaves them alone."""
    written = RouteVersion.objects.filter(route__key__in=list(keys), published_by__isnull=False)
    return frozenset(written.values_list("route__key", flat=True))


def newest() -> list[RouteVersion]:
    """The newest version of every route by its key, retired ones behind. One query."""
    versions = RouteVersion.objects.filter(version=F("route__newest")).select_related("route")
    return sorted(versions.order_by("route__key"), key=lambda version: version.route.retired_at is not None)


def plans_in_force() -> dict[str, RoutePlan]:
    """By key the newest version of every route. One query."""
    return {version.route.key: read_route(version.body) for version in newest()}


def numbers_compared() -> dict[str, dict[str, frozenset[Decimal]]]:
    """By route and field the numbers that the conditions of its newest version compare with. One query."""
    found: dict[str, dict[str, frozenset[Decimal]]] = {}
    for key, route in plans_in_force().items():
        by_field = found.setdefault(key, {})
        for each in route.conditions:
            if each.comparison in NUMBERS:
                by_field[each.field] = by_field.get(each.field, frozenset()) | {each.number}
    return found


def version_of(key: str, number: int) -> RouteVersion:
    """One version of a route, retired or not. Raises `NotFound`."""
    found = RouteVersion.objects.filter(route__key=key, version=number).select_related("route").first()
    if found is None:
        raise NotFound
    return found


def versions_of(key: str) -> list[RouteVersion]:
    """Every version of a route, newest first, without the texts, with who published it."""
    versions = RouteVersion.objects.filter(route__key=key).select_related("published_by")
    return list(versions.defer("body", *all_but_name("published_by")).order_by("-version"))


def running_on(version: RouteVersion) -> int:
    """How many sign-offs run by this version now."""
    return version.signoffs.filter(state=SignoffState.OPEN).count()


def text_findings(body: Mapping[str, Any], at: datetime) -> list[Finding]:
    """What is wrong or doubtful about a text: its form, its conditions, and who it names that is not here."""
    known = registry.vocabulary()
    findings = check_route(body, known)
    if errors(findings):
        return findings
    route = read_route(body)
    return [*findings, *lint_route(route, known), *outsiders(route, at)]


def lint_findings(body: Mapping[str, Any], at: datetime) -> list[Finding]:
    """`text_findings`, and what is wrong in the organisation of the day, so that nobody could sign in the end."""
    return [*text_findings(body, at), *_without_anybody(at)]


def _without_anybody(at: datetime) -> Iterator[Finding]:
    """The PMO is the last to be asked on every route; deputies that lead in a circle leave nobody."""
    if not pmo(at).holders:
        yield error("approvals.pmo_empty", "")
    for people in above.deputy_circles(at):
        yield warning("approvals.deputy_loop", "", names=" → ".join(people))
