"""Sites and the tree of departments."""

from datetime import datetime
from typing import Any, TypedDict, Unpack
from zoneinfo import available_timezones

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr

from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import NotFound, Stale
from bihuan.kernel.findings import Finding, error
from bihuan.organisation.enums import Function
from bihuan.organisation.facts import DepartmentAdded, DepartmentChanged, DepartmentClosed, SiteAdded, SiteChanged
from bihuan.organisation.models import Department, Post, Site
from bihuan.organisation.operations.recording import record, refuse
from bihuan.organisation.policy import clean, clean_lines, move_findings, name_findings, search_text
from bihuan.organisation.queries import day_of
from bihuan.organisation.queries.effective import not_ended
from bihuan.organisation.queries.sources import without_own_key
from bihuan.organisation.rules import require_administrator

FIELDS = ("name", "name_en", "parent_id", "site_id", "function", "kind", "description")


class DepartmentValues(TypedDict, total=False):
    name: str
    name_en: str
    parent_id: int | None
    site_id: int | None
    function: str
    kind: str
    description: str


@transaction.atomic
def add_site(*, name: str, time_zone: str, actor: Actor, at: datetime) -> Site:
    """Add a place. Fact SiteAdded. Raises NotAllowed; Refused for a name in use or an unknown time zone."""
    require_administrator(actor)
    name = clean(name)
    refuse(_site_findings(name, time_zone))
    site = Site.objects.create(name=name, time_zone=time_zone)
    record(SiteAdded(site_id=site.pk, site_name=name, time_zone=time_zone), "site", site.pk, actor=actor, at=at)
    return site


@transaction.atomic
def change_site(
    site_id: int, *, name: str, time_zone: str, seen_name: str, seen_time_zone: str, actor: Actor, at: datetime
) -> Site:
    """Rename a place or put it into another time zone. Fact SiteChanged, none without a change.

    Raises NotAllowed; NotFound; Stale when it is not any more what was seen; Refused as `add_site` does.
    """
    require_administrator(actor)
    site = Site.objects.filter(pk=site_id).first()
    if site is None:
        raise NotFound
    name = clean(name)
    refuse(_site_findings(name, time_zone, besides=site.pk))
    if (site.name, site.time_zone) == (name, time_zone):
        return site
    seen = Site.objects.filter(pk=site_id, name=seen_name, time_zone=seen_time_zone)
    if not seen.update(name=name, time_zone=time_zone):
        raise Stale
    before = {"name": site.name, "time_zone": site.time_zone}
    site.name, site.time_zone = name, time_zone
    fact = SiteChanged(site_id=site.pk, before=before, after={"name": name, "time_zone": time_zone})
    record(fact, "site", site.pk, actor=actor, at=at)
    return site


def _site_findings(name: str, time_zone: str, *, besides: int = 0) -> list[Finding]:
    found = name_findings(name)
    if Site.objects.filter(name=name).exclude(pk=besides).exists():
        found.append(error("organisation.site_exists", "name"))
    if time_zone not in available_timezones():
        found.append(error("organisation.time_zone_unknown", "time_zone"))
    return found


@transaction.atomic
def add_department(*, actor: Actor, at: datetime, **values: Unpack[DepartmentValues]) -> Department:
    """Add a department: name, name_en, parent_id, site_id, function, kind, description. Fact DepartmentAdded.

    Raises NotAllowed for who is no administrator, Refused when the name is missing or a value is unknown.
    """
    require_administrator(actor)
    department = Department(**_cleaned(values))
    refuse(_findings(department))
    insert_department(department)
    said = {name: getattr(department, name) for name in FIELDS}
    fact = DepartmentAdded(department_id=department.pk, values=said)
    record(fact, "department", department.pk, actor=actor, at=at)
    return department


@transaction.atomic
def change_department(
    department_id: int, *, seen_revision: int, actor: Actor, at: datetime, **values: Unpack[DepartmentValues]
) -> Department:
    """Rename, move or describe a department; what is not passed stays. Fact DepartmentChanged, none without a change.

    Raises NotAllowed; NotFound; Stale when somebody changed it since; Refused when it would stand below itself.
    """
    require_administrator(actor)
    department = Department.objects.select_for_update().filter(pk=department_id).first()
    if department is None:
        raise NotFound
    if department.revision != seen_revision:
        raise Stale
    wanted = _cleaned(values)
    before = {name: getattr(department, name) for name in wanted}
    apply(department, wanted)
    refuse(_findings(department))
    after = {name: value for name, value in wanted.items() if before[name] != value}
    if after:
        write_change(department, seen_revision)
        fact = DepartmentChanged(
            department_id=department.pk, before={name: before[name] for name in after}, after=after
        )
        record(fact, "department", department.pk, actor=actor, at=at)
    return department


@transaction.atomic
def recognise_department(department_id: int, *, source_key: str, actor: Actor, at: datetime) -> None:
    """Say that a department made by hand, or only named so far, is the one a source calls so; what comes from there
    updates it from now on.

    Fact DepartmentChanged. Raises NotAllowed; Refused when it is closed or known to a source already, or the key is
    that of another department.
    """
    require_administrator(actor)
    rows = Department.objects.filter(without_own_key(), pk=department_id, is_active=True)
    before = rows.values_list("source_key", flat=True).first()
    is_taken = Department.objects.filter(source_key=source_key).exists()
    if is_taken or not rows.update(source_key=source_key, revision=F("revision") + 1):
        refuse([error("organisation.department_recognised", "same")])
    fact = DepartmentChanged(
        department_id=department_id, before={"source_key": before}, after={"source_key": source_key}
    )
    record(fact, "department", department_id, actor=actor, at=at)


@transaction.atomic
def close_department(department_id: int, *, seen_revision: int, actor: Actor, at: datetime) -> Department:
    """Close a department for good; records go on naming it. Fact DepartmentClosed.

    Raises NotAllowed; NotFound; Stale; Refused while somebody holds a post in it or is to hold one, or an open
    department stands below.
    """
    require_administrator(actor)
    department = Department.objects.select_for_update().filter(pk=department_id, is_active=True).first()
    if department is None:
        raise NotFound
    posts = Post.objects.filter(not_ended(at), department=department).count()
    children = Department.objects.filter(parent=department, is_active=True).count()
    held = [error("organisation.department_in_use", count=posts)] if posts else []
    below = [error("organisation.departments_below", count=children)] if children else []
    refuse([*held, *below])
    open_as_seen = Department.objects.filter(pk=department.pk, is_active=True, revision=seen_revision)
    if not open_as_seen.update(is_active=False, ended_on=day_of(at), revision=F("revision") + 1):
        raise Stale
    record(DepartmentClosed(department_id=department.pk), "department", department.pk, actor=actor, at=at)
    department.refresh_from_db()
    return department


def insert_department(department: Department) -> None:
    """Write a new row with its path, which needs the id the row is given."""
    department.search_text = search_text(department.name, department.name_en)
    department.save(force_insert=True)
    department.path = f"{path_of(department.parent_id)}{department.pk}/"
    department.save(update_fields=["path"])


def apply(department: Department, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(department, name, value)


def write_change(department: Department, seen_revision: int) -> None:
    """Write every field from exactly the revision seen, and carry the subtree along when it moved."""
    old, new = department.path, f"{path_of(department.parent_id)}{department.pk}/"
    columns = {name: getattr(department, name) for name in (*FIELDS, "is_active")}
    columns["search_text"] = search_text(department.name, department.name_en)
    seen = Department.objects.filter(pk=department.pk, revision=seen_revision)
    if not seen.update(**columns, revision=F("revision") + 1):
        raise Stale
    if old != new:
        subtree = Department.objects.filter(path__startswith=old)
        subtree.update(path=Concat(Value(new), Substr("path", len(old) + 1)))
    department.refresh_from_db()


def path_of(department_id: int | None) -> str:
    if department_id is None:
        return "/"
    return Department.objects.values_list("path", flat=True).get(pk=department_id)


def _cleaned(values: DepartmentValues) -> dict[str, Any]:
    lines = ("name", "name_en", "kind")
    cleaned: dict[str, Any] = {key: clean(str(value)) if key in lines else value for key, value in values.items()}
    if "description" in cleaned:
        cleaned["description"] = clean_lines(cleaned["description"])
    return cleaned


def _findings(department: Department) -> list[Finding]:
    found = name_findings(department.name)
    if department.name_en:
        found += name_findings(department.name_en, place="name_en")
    if department.function not in Function.values:
        found.append(error("organisation.value_unknown", "function"))
    if department.site_id and not Site.objects.filter(pk=department.site_id).exists():
        found.append(error("organisation.value_unknown", "site"))
    return [*found, *parent_findings(department.pk, department.parent_id)]


def parent_findings(department_id: int, parent_id: int | None) -> list[Finding]:
    """Why a department cannot stand below another one."""
    if parent_id is None:
        return []
    parent = Department.objects.filter(pk=parent_id, is_active=True).first()
    if parent is None:
        return [error("organisation.parent_unknown", "parent")]
    return move_findings(department_id, parent.lineage)
