"""Departments that become one, or two.

People, offices and the tree change in one transaction and one fact, and whoever sits in a department answers at once
for those that went into it. The matters follow in chunks (`collaborations.operations.reorganising`).
"""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr

from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import NotFound, Refused, Stale
from bihuan.kernel.findings import Finding, error
from bihuan.organisation.enums import Function, PostKind, ReorganisationKind
from bihuan.organisation.facts import DepartmentsMerged, DepartmentSplit
from bihuan.organisation.models import Charge, Department, Post, Reorganisation
from bihuan.organisation.operations.departments import insert_department, path_of
from bihuan.organisation.operations.posts import take_charge
from bihuan.organisation.operations.recording import record, refuse
from bihuan.organisation.policy import clean, name_findings
from bihuan.organisation.queries import day_of, in_force
from bihuan.organisation.queries.effective import not_ended
from bihuan.organisation.rules import require_administrator


@transaction.atomic
def merge_department(
    department_id: int, *, into_id: int, seen_revision: int, actor: Actor, at: datetime
) -> Reorganisation:
    """One department goes into another: people, departments below, a function nobody else has. Fact DepartmentsMerged.

    Its heads are staff in the other one, unless that has no head. Raises NotAllowed; NotFound; Stale; Refused for
    itself, a closed department, one below it, and while the matters follow an earlier reorganisation.
    """
    require_administrator(actor)
    department, into = _held(department_id, seen_revision, into_id)
    if into is None or not into.is_active:
        raise Refused([error("organisation.department_unknown", "into")])
    refuse([*merge_findings(department, into), *_still_following(department)])
    posts = _move_posts(Post.objects.filter(not_ended(at), department=department), into, at)
    Charge.objects.filter(not_ended(at), department=department).update(ends_on=day_of(at))
    children = _move_children(department, into)
    if into.function == Function.NONE and department.function != Function.NONE:
        Department.objects.filter(pk=into.pk).update(function=department.function, revision=F("revision") + 1)
    Department.objects.filter(merged_into=department).update(merged_into=into)
    _close(department, into, seen_revision, at)
    row = _begin(ReorganisationKind.MERGED, department, into, at)
    fact = DepartmentsMerged(
        reorganisation_id=row.pk,
        department_id=department.pk,
        into_id=into.pk,
        moved_post_ids=posts,
        moved_department_ids=children,
        function=str(department.function),
    )
    record(fact, "department", department.pk, actor=actor, at=at)
    row.refresh_from_db()
    return row


@transaction.atomic
def split_department(
    department_id: int,
    *,
    name: str,
    post_ids: Collection[int],
    matter_ids: Collection[int] = (),
    seen_revision: int,
    actor: Actor,
    at: datetime,
) -> Reorganisation:
    """Part of a department becomes a new one beside it, with these posts and matters. Fact DepartmentSplit.

    The executive in charge of the department is in charge of both (fact ExecutivePutInCharge). What is not named
    stays. Raises NotAllowed; NotFound; Stale; Refused without a name or people, when a department
    that has matters would be without a head, and while the matters follow an earlier reorganisation.
    """
    require_administrator(actor)
    department, _into = _held(department_id, seen_revision, None)
    name = clean(name)
    posts = posts_held(department, post_ids, at)
    refuse([*name_findings(name), *_still_following(department), *post_findings(posts, post_ids)])
    refuse(head_findings(department, posts, has_matters=bool(matter_ids), at=at))
    new = Department(name=name, parent_id=department.parent_id, site_id=department.site_id, kind=department.kind)
    insert_department(new)
    moved = _move_posts(posts, new, at)
    Department.objects.filter(pk=department.pk).update(revision=F("revision") + 1)
    row = _begin(ReorganisationKind.SPLIT, department, new, at)
    fact = DepartmentSplit(
        reorganisation_id=row.pk,
        department_id=department.pk,
        into_id=new.pk,
        into_name=name,
        moved_post_ids=moved,
        matter_ids=sorted(set(matter_ids)),
    )
    record(fact, "department", department.pk, actor=actor, at=at)
    for person_id in Charge.objects.filter(in_force(at), department=department).values_list("person_id", flat=True):
        take_charge(new.pk, person_id, day=day_of(at), actor=actor, at=at)
    row.refresh_from_db()
    return row


def note_progress(reorganisation_id: int, *, done: int = 0, total: int | None = None, at: datetime) -> None:
    """How many more matters have followed; `total` is said once, at the beginning. No fact: each matter has its own."""
    rows = Reorganisation.objects.filter(pk=reorganisation_id)
    rows.update(done=F("done") + done) if total is None else rows.update(total=total)
    rows.filter(done__gte=F("total"), finished_at__isnull=True).update(finished_at=at)


def _held(department_id: int, seen_revision: int, into_id: int | None) -> tuple[Department, Department | None]:
    """Both rows, locked in the order of their ids."""
    wanted = [pk for pk in (department_id, into_id) if pk is not None]
    held = {row.pk: row for row in Department.objects.select_for_update().filter(pk__in=wanted).order_by("pk")}
    department = held.get(department_id)
    if department is None or not department.is_active:
        raise NotFound
    if department.revision != seen_revision:
        raise Stale
    return department, held.get(into_id) if into_id is not None else None


def merge_findings(department: Department, into: Department | None) -> list[Finding]:
    """Why the one department cannot go into the other, whatever the day."""
    if into is None or not into.is_active:
        return [error("organisation.department_unknown", "into")]
    if into.pk == department.pk:
        return [error("organisation.same_department", "into")]
    found = [error("organisation.into_below", "into")] if department.pk in into.lineage else []
    return [*found, *_function_findings(department, into)]


def _function_findings(department: Department, into: Department) -> list[Finding]:
    """A function moves along, unless the other department has one of its own and nobody else has this one."""
    if Function.NONE in {department.function, into.function} or department.function == into.function:
        return []
    others = Department.objects.filter(function=department.function, is_active=True).exclude(pk=department.pk)
    label = str(Function(department.function).label)
    return [] if others.exists() else [error("organisation.function_lost", "into", function=label)]


def _still_following(department: Department) -> list[Finding]:
    rows = Reorganisation.objects.filter(finished_at__isnull=True)
    busy = rows.filter(department=department).exists() or rows.filter(into=department).exists()
    return [error("organisation.still_following")] if busy else []


def posts_held(department: Department, post_ids: Collection[int], at: datetime) -> list[Post]:
    """Those of the posts that are still held in the department."""
    return list(Post.objects.filter(not_ended(at), department=department, pk__in=post_ids))


def post_findings(posts: list[Post], post_ids: Collection[int]) -> list[Finding]:
    found = [] if posts else [error("organisation.split_without_people", "posts")]
    if len(posts) != len(set(post_ids)):
        found.append(error("organisation.post_not_here", "posts"))
    return found


def head_findings(department: Department, posts: list[Post], *, has_matters: bool, at: datetime) -> list[Finding]:
    """Whoever has matters has a head."""
    going = {post.pk for post in posts if post.kind == PostKind.HEAD}
    heads = Post.objects.filter(in_force(at), department=department, kind=PostKind.HEAD, person__is_active=True)
    if has_matters and not going:
        return [error("organisation.split_without_head", "posts")]
    if going and not heads.exclude(pk__in=going).exists():
        return [error("organisation.left_without_head", "posts")]
    return []


def _move_posts(posts: Iterable[Post], into: Department, at: datetime) -> list[int]:
    """End the posts today and give the same ones in the other department; returns the new ids."""
    moving, day = list(posts), day_of(at)
    standing = Post.objects.filter(not_ended(at), department=into)
    held = {(post.person_id, post.kind, post.title) for post in standing}
    heads = Post.objects.filter(in_force(at), department=into, kind=PostKind.HEAD, person__is_active=True)
    has_head = heads.exists()
    fresh: dict[tuple[int, str, str], Post] = {}
    for post in moving:
        kind = PostKind.STAFF if post.kind == PostKind.HEAD and has_head else post.kind
        key = (post.person_id, str(kind), post.title)
        if key not in held:
            starts_on = max(day, post.starts_on)
            fresh[key] = Post(
                person_id=post.person_id, department=into, kind=kind, title=post.title, starts_on=starts_on,
                ends_on=post.ends_on, is_main=post.is_main,
            )  # fmt: skip
        post.ends_on = max(day, post.starts_on)
    Post.objects.bulk_update(moving, ["ends_on"])
    return [post.pk for post in Post.objects.bulk_create(fresh.values())]


def _move_children(department: Department, into: Department) -> list[int]:
    """The departments below now stand below the other one, with all that stands below them."""
    old, new = department.path, path_of(into.pk)
    children = Department.objects.filter(parent=department)
    ids = sorted(children.values_list("pk", flat=True))
    children.update(parent=into, revision=F("revision") + 1)
    below = Department.objects.filter(path__startswith=old).exclude(pk=department.pk)
    below.update(path=Concat(Value(new), Substr("path", len(old) + 1)))
    return ids


def _close(department: Department, into: Department, seen_revision: int, at: datetime) -> None:
    as_seen = Department.objects.filter(pk=department.pk, is_active=True, revision=seen_revision)
    columns = {"is_active": False, "merged_into": into, "ended_on": day_of(at), "function": Function.NONE}
    if not as_seen.update(**columns, revision=F("revision") + 1):
        raise Stale


def _begin(kind: ReorganisationKind, department: Department, into: Department, at: datetime) -> Reorganisation:
    return Reorganisation.objects.create(kind=kind, department=department, into=into, decided_at=at)
