"""Reading records."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from itertools import chain
from operator import or_
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q, QuerySet

from bihuan.access.enums import Level
from bihuan.access.queries import visible
from bihuan.files.queries import path_of
from bihuan.kernel.actor import Actor
from bihuan.kernel.canonical import digest
from bihuan.kernel.errors import NotFound
from bihuan.kernel.findings import Finding, error
from bihuan.kernel.subjects import SubjectRef
from bihuan.organisation.models import Department, Person, Site
from bihuan.organisation.queries import all_but_name
from bihuan.records import policy
from bihuan.records.enums import EDITABLE, ENDED, STANDING, Status
from bihuan.records.models import Attachment, Record, Version
from bihuan.records.policy import Body, Change, Known, amending
from bihuan.records.policy.freezing import agreed
from bihuan.records.policy.rows import TEXT_OF
from bihuan.records.policy.shape import REFERENCES
from bihuan.records.policy.values import Unreadable, read_id
from bihuan.records.policy.words import one_line
from bihuan.records.registry import form_of, form_type
from bihuan.records.schema import FILES, Field, Form, Kind

NOBODY = -1


@dataclass(frozen=True, slots=True)
class Checked:
    """A draft as it would be frozen now, and what is wrong with it."""

    body: Body
    findings: list[Finding]


@dataclass(frozen=True, slots=True)
class Receipt:
    """Who was sent a version, and when he first read it."""

    name: str
    sent_at: datetime
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class Step:
    """A version and what it changed against the one before."""

    version: Version
    changes: list[Change]


def record_for(actor: Actor, pk: int, *, at: datetime, level: Level = Level.READ) -> Record:
    """The record, if the actor may see it. Raises NotFound.

    A draft that was never submitted is open only to those who may fill it in (domain 2.0.5).
    """
    visible_here = visible(actor, at=at, level=level)
    record = whole().filter(visible_here, pk=pk).first()
    if record is None or (record.status == Status.DRAFT and not may_fill(actor, record, at=at)):
        raise NotFound
    return record


def whole() -> QuerySet[Record]:
    """Records with the names of their people, their department and their newest version."""
    around = Record.objects.select_related("filler", "department__site", "saved_by", "current_version")
    return around.defer(*all_but_name("filler", "saved_by"))


def may_fill(actor: Actor, record: Record, *, at: datetime) -> bool:
    return form_type(record.form_code).may_fill(actor, record, at)


def may_edit(actor: Actor, record: Record, *, at: datetime) -> bool:
    """Whether the actor may change the draft now."""
    return record.status in EDITABLE and may_fill(actor, record, at=at)


def zone_of(record: Record) -> ZoneInfo:
    """The zone in which a time of day typed on the record is meant: that of the site of its department."""
    site = record.department.site if record.department else None
    return ZoneInfo(site.time_zone if site else settings.TIME_ZONE)


def checked(record: Record, body: Body, *, at: datetime) -> Checked:
    """The clean body with computed fields, and all findings: generic ones first, then those of the owning room."""
    kind, shape = form_type(record.form_code), form_of(record)
    clean, findings = policy.normalise(shape, body, known_of(shape, body), zone_of(record))
    context = kind.context(record, at)
    if shape.takes_files:
        clean[FILES.key] = files_now(record)
    full = policy.with_computed(shape, clean, kind.compute(clean, context))
    return Checked(full, [*findings, *kind.check(full, context)])


def files_now(record: Record) -> list[Body]:
    """The files attached to the draft, as its text names them. One query."""
    rows = record.attachments.filter(removed_at__isnull=True).select_related("file").order_by("pk")
    return [{"id": row.row_id, "name": row.file.name, "size": row.file.size, "sha256": row.file.sha256} for row in rows]


def findings_of(record: Record, body: Body, *, at: datetime) -> list[Finding]:
    """What submit would refuse with, or warn of."""
    return checked(record, body, at=at).findings


def hints_of(record: Record, body: Body, *, at: datetime) -> list[Finding]:
    """What the page shows besides while typing; warnings only, and nothing that submit would ask."""
    return form_type(record.form_code).hints(record, body, at)


def references(fields: Iterable[Field], body: Body) -> Iterable[tuple[Kind, Body, str]]:
    """Every field that names people, departments or sites, with the object that holds it."""
    for field in fields:
        value = body.get(field.key)
        if field.kind in REFERENCES or field.kind is Kind.DEPARTMENTS:
            yield field.kind, body, field.key
        elif field.kind is Kind.ROWS and isinstance(value, list):
            for row in value:
                if isinstance(row, dict):
                    yield from references(field.columns, row)
        elif field.kind is Kind.GROUP and isinstance(value, dict):
            yield from references(field.columns, value)


def mentioned(form: Form, body: Body) -> dict[Kind, set[int]]:
    """Ids of the people, departments and sites that a draft names."""
    found: dict[Kind, set[int]] = {kind: set() for kind in REFERENCES}
    for kind, holder, key in references(form.fields(), body):
        found[Kind.DEPARTMENT if kind is Kind.DEPARTMENTS else kind].update(ids_in(kind, holder.get(key)))
    return {kind: ids - {NOBODY} for kind, ids in found.items()}


def ids_in(kind: Kind, value: Any) -> list[int]:
    """The ids a draft names in one field, as a page or a program typed them."""
    if kind is Kind.DEPARTMENTS:
        return [_id_of(one) for one in value] if isinstance(value, list) else []
    return [_id_of(value)]


def site_choices() -> list[tuple[int, str]]:
    return list(Site.objects.order_by("name").values_list("pk", "name"))


def known_of(form: Form, body: Body) -> Known:
    """Names of the active people, departments and sites the body mentions. At most three queries."""
    wanted = mentioned(form, body)
    return Known(
        people=_names(Person.objects.filter(pk__in=wanted[Kind.PERSON], is_active=True), wanted[Kind.PERSON]),
        departments=_names(
            Department.objects.filter(pk__in=wanted[Kind.DEPARTMENT], is_active=True), wanted[Kind.DEPARTMENT]
        ),
        sites=_names(Site.objects.filter(pk__in=wanted[Kind.SITE]), wanted[Kind.SITE]),
    )


def _names(rows: QuerySet[Any], wanted: set[int]) -> dict[int, str]:
    return dict(rows.values_list("pk", "name")) if wanted else {}


def resolved(form: Form, body: Body) -> Body:
    """The body with names typed without a pick (`owner__text`) turned into ids, in place.

    A text that is not the name of the id beside it wins, because without JavaScript the id is the one of the page
    before; it counts when exactly one active bearer has that name, else it stays as typed and the id goes.
    """
    typed = [(kind, holder, key) for kind, holder, key in references(form.fields(), body) if key + TEXT_OF in holder]
    known = known_of(form, body) if typed else Known({}, {}, {})
    open_names = []
    for kind, holder, key in typed:
        text = one_line(str(holder[key + TEXT_OF] or ""))
        if text and text == known.names(kind).get(_id_of(holder.get(key))):
            del holder[key + TEXT_OF]
            continue
        holder[key] = ""
        if text:
            open_names.append((kind, holder, key, text))
        else:
            del holder[key + TEXT_OF]
    _resolve(open_names)
    return body


def _id_of(value: Any) -> int:
    try:
        return read_id(value)
    except Unreadable:
        return NOBODY


def _resolve(open_names: list[tuple[Kind, Body, str, str]]) -> None:
    for kind in {kind for kind, *_ in open_names}:
        found = _bearers(kind, {text for other, _, _, text in open_names if other is kind})
        for _, holder, key, text in [one for one in open_names if one[0] is kind]:
            ids = found.get(text, [])
            if len(ids) == 1:
                holder[key] = ids[0]
                del holder[key + TEXT_OF]


def _bearers(kind: Kind, names: set[str]) -> dict[str, list[int]]:
    model: Any = {Kind.PERSON: Person, Kind.DEPARTMENT: Department, Kind.SITE: Site}[kind]
    usable = [name for name in sorted(names) if name.isprintable() and len(name) <= 200][:500]
    active = {} if kind is Kind.SITE else {"is_active": True}
    found: dict[str, list[int]] = {}
    for pk, name in model.objects.filter(name__in=usable, **active).values_list("pk", "name"):
        found.setdefault(name, []).append(pk)
    return found


@dataclass(frozen=True, slots=True)
class Amended:
    """The clean line as it `was` and would be, the `digest` of all that, what would be `signed` of it, and what is
    wrong about it; places begin with `amendment` and name columns."""

    title: str
    was: Body
    row: Body
    digest: str
    signed: str
    findings: tuple[Finding, ...]


def amended(version: Version, part: str, typed: Mapping[str, Any], *, at: datetime) -> Amended:
    """A frozen line with other words in some of its columns, held against everything the form is held against.

    Raises NotFound for a line that is not there.
    """
    form = form_of(version.record)
    found = amending.find_line(form, version.data, part)
    if found is None:
        raise NotFound
    field, index = found
    was = version.data[field.key][index]
    title, wrong = amending.title_of(field, was), amending.strangers(field, typed)
    if wrong:
        return Amended(title, was, was, "", "", tuple(wrong))
    said = resolved(amending.alone(field), dict(typed))
    held = checked(version.record, amending.with_lines(form, version.body, version.data, {part: said}), at=at)
    now = next((each for each in held.body[field.key] if each["id"] == was["id"]), was)
    before, after = amending.told_apart(field, was, now)
    here = f"{field.key}.{index}."
    wrong = [*_of_line(held.findings, here), *_of_form(version, held.findings, here, at)]
    return Amended(title, before, after, digest(after), digest(agreed(field, now)), tuple(wrong))


def _of_line(findings: Iterable[Finding], here: str) -> list[Finding]:
    said = (each for each in findings if each.is_error and each.place.startswith(here))
    return [error(each.code, f"amendment.{each.place.removeprefix(here)}", **each.params) for each in said]


def _of_form(version: Version, findings: Iterable[Finding], here: str, at: datetime) -> list[Finding]:
    """What the other words of one line make wrong elsewhere. What is wrong without them is not theirs: days go by."""
    elsewhere = [each for each in findings if each.is_error and not each.place.startswith(here)]
    if not elsewhere:
        return []
    form = form_of(version.record)
    before = findings_of(version.record, amending.with_lines(form, version.body, version.data, {}), at=at)
    return [error(each.code, "amendment", **each.params) for each in elsewhere if each not in before]


def latest(root: SubjectRef, *form_codes: str) -> Version | None:
    """The newest frozen version of the form in the matter, or of the first of the forms that has one. One query.

    Withdrawn, rejected and superseded records do not count.
    """
    frozen = (
        Version.objects.filter(record__root_kind=root.kind, record__root_id=root.id, record__form_code__in=form_codes)
        .exclude(record__status__in=ENDED)
        .select_related("record")
        .defer("record__draft")
        .order_by("-submitted_at", "-pk")
    )
    if len(form_codes) == 1:
        return frozen.first()
    newest: dict[str, Version] = {}
    for version in frozen:
        newest.setdefault(version.record.form_code, version)
    return next((newest[code] for code in form_codes if code in newest), None)


def record_of(root: SubjectRef, form_code: str) -> Record | None:
    """The living record of a form in the matter, draft or submitted: the newest that has not ended."""
    mine = whole().filter(root_kind=root.kind, root_id=root.id, form_code=form_code)
    return mine.exclude(status__in=ENDED).order_by("-pk").first()


def settled_forms(root: SubjectRef, form_codes: Iterable[str]) -> set[str]:
    """Which of the forms have a submitted version that stands."""
    standing = Record.objects.filter(
        root_kind=root.kind, root_id=root.id, form_code__in=list(form_codes), status__in=STANDING
    )
    return set(standing.values_list("form_code", flat=True))


def records_of(root: SubjectRef, *, actor: Actor, at: datetime) -> QuerySet[Record]:
    """Records of a matter that the actor may read, never submitted drafts of others left out."""
    mine = Record.objects.filter(visible(actor, at=at), root_kind=root.kind, root_id=root.id)
    return (
        mine.exclude(~_is_filler(actor), status=Status.DRAFT)
        .select_related("filler", "current_version")
        .order_by("form_code", "pk")
    )


def _is_filler(actor: Actor) -> Q:
    return Q(filler_id=actor.person_id or 0)


def drafts_of(actor: Actor, *, at: datetime) -> QuerySet[Record]:
    """What the actor is filling in: new drafts and returned records, the last saved first."""
    return (
        Record.objects.filter(visible(actor, at=at), filler_id=actor.person_id, status__in=EDITABLE)
        .defer("draft")
        .order_by("-saved_at", "-pk")
    )


def versions(record: Record) -> list[Version]:
    """All frozen versions, the newest first."""
    return list(record.versions.select_related("submitted_by").order_by("-version"))


def version_of(record: Record, number: int) -> Version:
    """One frozen version of a record the actor may see. Raises NotFound."""
    version = record.versions.select_related("submitted_by").filter(version=number).first()
    if version is None:
        raise NotFound
    return version


def version_with(record: Record, digest: str) -> Version | None:
    """The newest frozen version of this text."""
    return record.versions.filter(digest=digest).order_by("-version").first()


def receipts_of(version: Version) -> list[Receipt]:
    """The copies of a version, those of heads and hands alike, in the order they were sent. One query."""
    rows = version.copies.select_related("person").defer(*all_but_name("person")).order_by("sent_at", "pk")
    return [Receipt(row.person.name, row.sent_at, row.read_at) for row in rows]


def changes_of(record: Record, version: Version) -> list[Change]:
    """What a version changed against the one before; nothing for the first."""
    before = record.versions.filter(version=version.version - 1).first()
    return policy.diff(form_of(record), before.data, version.data) if before else []


def frozen(actor: Actor, wanted: Collection[tuple[int, str]], *, at: datetime) -> dict[tuple[int, str], Step]:
    """The newest frozen version with each record and digest, and what it changed; only what the actor may read.

    Two queries, however many.
    """
    found = _versions(Q(record__in=[pk for pk, _ in wanted], digest__in=[digest for _, digest in wanted]), actor, at)
    earlier = [(each.record_id, each.version - 1) for each in found if each.version > 1]
    named = (Q(record=pk, version=number) for pk, number in earlier)
    older = _versions(reduce(or_, named), actor, at) if earlier else []
    before = {(each.record_id, each.version + 1): each for each in older}
    return {
        (each.record_id, each.digest): Step(each, _changed(before.get((each.record_id, each.version)), each))
        for each in found
    }


def _versions(which: Q, actor: Actor, at: datetime) -> list[Version]:
    rows = Version.objects.filter(which, visible(actor, at=at, path="record__scope"))
    return list(rows.select_related("record").defer("record__draft").order_by("version"))


def _changed(before: Version | None, now: Version) -> list[Change]:
    return policy.diff(form_of(now.record), before.data, now.data) if before else []


def history(record: Record) -> list[Step]:
    """Every version with its changes, the newest first. One query."""
    rows = versions(record)
    shape = form_of(record)
    pairs = zip(rows, [*rows[1:], None], strict=True)
    return [Step(new, policy.diff(shape, old.data, new.data) if old else []) for new, old in pairs]


def files_of_draft(record: Record) -> list[Attachment]:
    """The files attached now. One query."""
    return list(_with_files(record).filter(removed_at__isnull=True))


def files_named_in(record: Record, version: Version) -> list[Attachment]:
    """The files a version names; no query where it names none."""
    named = {row["id"] for row in version.data.get("files") or ()}
    return [row for row in _with_files(record) if row.row_id in named] if named else []


def _with_files(record: Record) -> QuerySet[Attachment]:
    return record.attachments.select_related("file").order_by("pk")


def files_to_read(actor: Actor, record: Record, *, at: datetime) -> list[Attachment]:
    """The files the actor may fetch: those a version names, and those of the draft for who fills it in. Two queries."""
    rows = list(_with_files(record))
    if not rows:
        return []
    told = chain.from_iterable(version.data.get("files") or () for version in record.versions.all())
    named = {row["id"] for row in told}
    is_his = may_edit(actor, record, at=at)
    return [row for row in rows if row.row_id in named or (is_his and row.removed_at is None)]


def file_for(actor: Actor, pk: int, *, at: datetime) -> Attachment:
    """A file of a form the actor reads; raises ``NotFound`` for any other. The form comes with it."""
    attachment = Attachment.objects.filter(pk=pk).values_list("record", flat=True).first()
    record = record_for(actor, attachment or 0, at=at)
    for row in files_to_read(actor, record, at=at):
        if row.pk == pk:
            return row
    raise NotFound


def content_of(attachment: Attachment) -> bytes:
    return path_of(attachment.file.key).read_bytes()
