"""What was changed in the organisation, by whom and when: as sentences, newest first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from bihuan.kernel import principals
from bihuan.ledger.queries import TimelineEntry
from bihuan.organisation import queries
from bihuan.organisation.enums import DeputyKind, Function, PostKind
from bihuan.web.formats import yes_no
from bihuan.web.http import Request
from bihuan.web.render import render

Text = str | Promise
Body = Mapping[str, Any]
PERSONS = ("person_id", "deputy_id", "instead_of")
DEPARTMENTS = ("department_id", "into_id", "parent_id")
TOLD: dict[str, tuple[str, Text]] = {
    "organisation.site.added": ("plus", gettext_lazy("Added the site %(site_name)s (%(time_zone)s)")),
    "organisation.site.changed": ("pencil", gettext_lazy("Changed a site")),
    "organisation.department.added": ("plus", gettext_lazy("Added the department %(department)s")),
    "organisation.department.changed": ("pencil", gettext_lazy("Changed the department %(department)s")),
    "organisation.department.closed": ("lock", gettext_lazy("Closed the department %(department)s")),
    "organisation.departments.merged": ("building-2", gettext_lazy("%(department)s went into %(into)s")),
    "organisation.department.split": ("building-2", gettext_lazy("%(into)s was split off from %(department)s")),
    "organisation.change.planned": (
        "calendar",
        gettext_lazy("Planned for %(starts_on)s: a change of %(department)s"),
    ),
    "organisation.change.cancelled": (
        "ban",
        gettext_lazy("Cancelled what was planned for %(starts_on)s: a change of %(department)s"),
    ),
    "organisation.change.refused": (
        "octagon-alert",
        gettext_lazy("What was planned for %(starts_on)s was not possible: a change of %(department)s"),
    ),
    "organisation.post.appointed": (
        "user",
        gettext_lazy("%(person)s holds a post in %(department)s from %(starts_on)s: %(title)s (%(kind)s%(beside)s)"),
    ),
    "organisation.post.changed": ("user", gettext_lazy("Changed the post of %(person)s in %(department)s")),
    "organisation.post.ended": ("user", gettext_lazy("The post of %(person)s in %(department)s ends on %(ends_on)s")),
    "organisation.post.handed_over": (
        "users",
        gettext_lazy("The post in %(department)s went from %(before)s to %(after)s: %(title)s (%(kind)s)"),
    ),
    "organisation.charge.put": ("user", gettext_lazy("In charge of %(department)s from %(starts_on)s: %(person)s")),
    "organisation.person.added": ("plus", gettext_lazy("Added %(person)s")),
    "organisation.person.changed": ("pencil", gettext_lazy("Changed what is known of %(person)s")),
    "organisation.person.deactivated": ("ban", gettext_lazy("%(person)s has left")),
    "organisation.deputy.named": (
        "users",
        gettext_lazy("%(deputy)s stands in for %(person)s from %(starts_on)s (%(kinds)s)"),
    ),
    "organisation.deputy.ended": ("users", gettext_lazy("%(deputy)s stands in for %(person)s no longer")),
    "organisation.absence.noted": (
        "calendar",
        gettext_lazy("%(person)s is away from %(starts_on)s and back on %(ends_on)s"),
    ),
    "organisation.absence.ended": ("calendar", gettext_lazy("%(person)s is back on %(ends_on)s")),
    "organisation.duty_turn.put": ("clock", gettext_lazy("%(person)s is on duty for the PMO from %(starts_on)s")),
    "organisation.duty_turn.ended": (
        "clock",
        gettext_lazy("%(person)s is not on duty for the PMO any more from %(ends_on)s"),
    ),
    "organisation.password.set": ("lock", gettext_lazy("Set a password for %(person)s")),
    "organisation.token.issued": ("lock", gettext_lazy("%(person)s made an API token: %(prefix)s…")),
    "organisation.token.revoked": ("ban", gettext_lazy("Revoked an API token of %(person)s")),
}
LABELS: dict[str, Text] = {
    "name": pgettext_lazy("person", "Name"),
    "name_en": gettext_lazy("English name"),
    "parent_id": gettext_lazy("Stands below"),
    "into_id": gettext_lazy("Goes into"),
    "post_ids": gettext_lazy("Posts that go there"),
    "matter_ids": gettext_lazy("Matters that go there"),
    "site_id": gettext_lazy("Site"),
    "function": gettext_lazy("Function"),
    "kind": gettext_lazy("Kind"),
    "description": gettext_lazy("Description"),
    "is_administrator": gettext_lazy("Administrator"),
    "is_main": gettext_lazy("Main post"),
    "starts_on": gettext_lazy("Held since"),
    "username": gettext_lazy("Account"),
    "email": gettext_lazy("E-mail"),
    "phone": gettext_lazy("Telephone"),
    "language": gettext_lazy("Language"),
    "time_zone": gettext_lazy("Time zone"),
    "theme": gettext_lazy("Theme"),
    "source_key": gettext_lazy("Key in the source"),
}
GROUPS: dict[str, Text] = {
    "departments": gettext_lazy("Departments and sites"),
    "posts": gettext_lazy("Posts"),
    "people": gettext_lazy("People"),
    "deputies": gettext_lazy("Deputies and absences"),
    "duty": gettext_lazy("Duty list of the PMO"),
    "access": gettext_lazy("Passwords and tokens"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """One field, as it was and as it is."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Line:
    icon: str
    text: str
    who: str
    at: datetime
    reason: str
    changes: tuple[Change, ...]


@require_safe
def show(request: Request) -> HttpResponse:
    """The whole organisation, or one department, or one person; filtered by kind of change, a page by key."""
    department, person = _asked(request, "department"), _asked(request, "person")
    group = request.GET.get("kind", "")
    found = queries.history(
        request.actor, group=group, department_id=department, person_id=person, before=_asked(request, "before")
    )
    wanted = {principals.person(person)} if person else set()
    wanted |= {principals.department(department)} if department else set()
    names = queries.names_of({*_named(found.entries), *wanted}, request.at)
    sites = {site.id: site.name for site in queries.sites()}
    context = {
        "lines": [_line(entry, names, sites) for entry in found.entries],
        "next_before": found.next_before,
        "groups": [(key, str(GROUPS[key])) for key in queries.groups_for(request.actor)],
        "kind": group,
        "department": department,
        "person": person,
        "about": [names[key] for key in sorted(wanted)],
        "asked": _query(kind=group, department=department, person=person),
    }
    return render(request, "organisation/history.html", context)


def _asked(request: Request, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _query(**asked: object) -> str:
    """The filter as part of an address; nothing in it needs escaping but the kind, which is one of ours."""
    return "".join(f"&{name}={value}" for name, value in asked.items() if value and str(value).isalnum())


def _named(entries: Iterable[TimelineEntry]) -> Iterable[str]:
    """Every person and department a sentence or a change names."""
    for entry in entries:
        body = entry.body or {}
        for part in (body, body.get("before"), body.get("after"), body.get("values")):
            if isinstance(part, dict):
                yield from (principals.person(part[key]) for key in PERSONS if part.get(key))
                yield from (principals.department(part[key]) for key in DEPARTMENTS if part.get(key))
        yield from (principals.person(body[key]) for key in ("before", "after") if isinstance(body.get(key), int))


def _line(entry: TimelineEntry, names: Mapping[str, str], sites: Mapping[int, str]) -> Line:
    who = entry.actor_name if entry.actor_kind == "PERSON" else _("the system")
    if entry.body is None:
        return Line("lock", _("The text of this entry was erased."), who, entry.at, "", ())
    icon, text = TOLD[entry.name]
    said = str(text) % _words(entry.body, names)
    return Line(icon, said, who, entry.at, str(entry.body.get("reason") or ""), _changes(entry.body, names, sites))


def _words(body: Body, names: Mapping[str, str]) -> dict[str, str]:
    def person(key: str) -> str:
        return names.get(principals.person(body[key]), "") if isinstance(body.get(key), int) else _("nobody")

    def department(key: str) -> str:
        return names.get(principals.department(body[key]), "") if body.get(key) else ""

    kinds = [str(DeputyKind(kind).label) for kind in body.get("kinds", ()) if kind in DeputyKind.values]
    kinds += [*body.get("forms", ()), *([f"≤ ¥{body['amount_limit']}"] if body.get("amount_limit") else [])]
    kind = str(body.get("kind", ""))
    return {
        "person": person("person_id"), "deputy": person("deputy_id"), "before": person("before"),
        "after": person("after"), "department": department("department_id"), "into": department("into_id"),
        "kinds": "、".join(kinds) or _("everything"), "title": str(body.get("title") or "—"),
        "kind": str(PostKind(kind).label) if kind in PostKind.values else "",
        "beside": "" if body.get("is_main", True) else _(", beside another post"),
        **{key: str(body.get(key) or "") for key in ("starts_on", "ends_on", "site_name", "time_zone", "prefix")},
    }  # fmt: skip


def _changes(body: Body, names: Mapping[str, str], sites: Mapping[int, str]) -> tuple[Change, ...]:
    """Field by field; of a new thing, what it began with."""
    before, after = body.get("before"), body.get("after")
    if not isinstance(after, dict) or not isinstance(before, dict):
        before, after = {}, body.get("values")
    if not isinstance(after, dict):
        return ()
    return tuple(
        Change(str(LABELS.get(key, key)), _value(key, before.get(key), names, sites), _value(key, now, names, sites))
        for key, now in after.items()
        if now not in (None, "") or before.get(key) not in (None, "")
    )


def _value(key: str, value: Any, names: Mapping[str, str], sites: Mapping[int, str]) -> str:
    if isinstance(value, bool):
        return yes_no(value)
    if value in (None, ""):
        return ""
    if isinstance(value, list):
        return str(len(value))
    if key in DEPARTMENTS:
        return names.get(principals.department(int(value)), str(value))
    if key == "site_id":
        return sites.get(int(value), str(value))
    return str(Function(value).label) if key == "function" and value in Function.values else str(value)
