"""Whom a principal reaches when something is told, and by which clock they live."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db.models import Q

from bihuan.kernel import principals
from bihuan.organisation.enums import DeputyKind, PostKind
from bihuan.organisation.models import Person, Post, Site
from bihuan.organisation.queries.deputies import away_on, deputies_of
from bihuan.organisation.queries.effective import in_force
from bihuan.organisation.queries.offices import people_holding
from bihuan.organisation.queries.schedules import sites_of_departments
from bihuan.organisation.queries.turns import on_duty


def holders_of(keys: Iterable[str], at: datetime) -> dict[str, frozenset[int]]:
    """The active people behind each principal now; who stands in for a head who is away is among them. Of the PMO who
    is on duty is told; all of it when nobody is.

    One query for all persons, two for all heads, a few more for each group, department or executive named.
    """
    wanted = set(keys)
    ids = {key: pk for key in wanted if (pk := principals.split(key)[1]) is not None}
    people = _active({pk for key, pk in ids.items() if key[0] == "p"})
    heads = _heads({pk for key, pk in ids.items() if key[0] == "h"}, at)
    found: dict[str, frozenset[int]] = {}
    duty = on_duty(at) if principals.PMO in wanted else None
    for key in wanted:
        kind = principals.split(key)[0]
        if kind == "p":
            found[key] = frozenset({ids[key]} & people)
        elif kind == "h":
            found[key] = frozenset(heads.get(ids[key], ()))
        elif key == principals.PMO and duty:
            found[key] = frozenset({duty[0]})
        else:
            found[key] = frozenset(card.id for card in people_holding(key, at))
    return found


def _active(person_ids: set[int]) -> set[int]:
    if not person_ids:
        return set()
    return set(Person.objects.filter(pk__in=person_ids, is_active=True).values_list("pk", flat=True))


def _heads(department_ids: set[int], at: datetime) -> dict[int, set[int]]:
    """The heads of each department, or of the one it was merged into, with who signs for those who are away."""
    if not department_ids:
        return {}
    here = Q(department__in=department_ids) | Q(department__absorbed__in=department_ids)
    posts = Post.objects.filter(in_force(at) & here, kind=PostKind.HEAD, person__is_active=True)
    found: dict[int, set[int]] = {}
    for department_id, absorbed_id, person_id in posts.values_list("department", "department__absorbed", "person"):
        for pk in {department_id, absorbed_id} & department_ids:
            found.setdefault(pk, set()).add(person_id)
    return _with_deputies(found, at)


def _with_deputies(heads: dict[int, set[int]], at: datetime) -> dict[int, set[int]]:
    everyone = {pk for held in heads.values() for pk in held}
    away = away_on(at).filter(person__in=everyone).values_list("person", flat=True)
    stand_in = {pk: deputies_of(pk, at, DeputyKind.SIGNING)[:1] for pk in set(away)}
    return {department: held | {d for pk in held for d in stand_in.get(pk, ())} for department, held in heads.items()}


def zones_of_people(person_ids: Iterable[int], at: datetime) -> dict[int, str]:
    """The time zone of the site where each person works now; that of the head office for who has none. Four queries."""
    sites = sites_of_people(person_ids, at)
    zones = dict(Site.objects.filter(pk__in={pk for pk in sites.values() if pk}).values_list("pk", "time_zone"))
    return {pk: zones.get(site_id or 0, settings.TIME_ZONE) for pk, site_id in sites.items()}


def sites_of_people(person_ids: Iterable[int], at: datetime) -> dict[int, int | None]:
    """The site where each person works now; None for who has none. Three queries."""
    wanted = set(person_ids)
    posts = Post.objects.filter(in_force(at), person__in=wanted).order_by(*Post.MAIN_LAST)
    works_in = dict(posts.values_list("person", "department"))
    sites = sites_of_departments(works_in.values())
    return {pk: sites.get(works_in.get(pk, 0)) for pk in wanted}
