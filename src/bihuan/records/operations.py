"""Filling in, submitting and returning forms.

The generic room checks that the actor may fill in the form. Whether a record may be returned, settled or superseded is
known to the room that decides (sign-off, step); it checks first and then calls here.
"""

import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from copy import copy, deepcopy
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import F

from bihuan.access import operations as access
from bihuan.access import queries as reading
from bihuan.access.enums import HIDDEN, Level, Role
from bihuan.access.operations import Admission
from bihuan.files import operations as files
from bihuan.files.operations import told_name
from bihuan.kernel import principals
from bihuan.kernel.actor import SYSTEM, Actor
from bihuan.kernel.errors import NotAllowed, Refused
from bihuan.kernel.findings import error, errors
from bihuan.kernel.subjects import SubjectRef
from bihuan.ledger import operations as ledger
from bihuan.organisation.duties import HandOver
from bihuan.organisation.queries import actor_now, day_of
from bihuan.records import policy, queries
from bihuan.records.enums import EDITABLE, STANDING, Status
from bihuan.records.errors import DraftChanged, NotADraft, NotTheFiller
from bihuan.records.facts import (
    DraftHandedOver,
    RecordDiscarded,
    RecordFact,
    RecordReturned,
    RecordSent,
    RecordSettled,
    RecordStarted,
    RecordSubmitted,
    RecordSuperseded,
    RecordWithdrawn,
)  # fmt: skip
from bihuan.records.models import Attachment, Copy, Record, Version
from bihuan.records.policy import Body
from bihuan.records.policy.attached import as_kept, gathered
from bihuan.records.policy.words import lines
from bihuan.records.queries import Checked
from bihuan.records.registry import form, form_of, form_type
from bihuan.records.schema import Kind

COPY = "copy:"
"""With the id of a record: why somebody who was sent it reads the matter."""
ALLOT = """
INSERT INTO records_counter (series, last) VALUES (%s, 1)
ON CONFLICT (series) DO UPDATE SET last = records_counter.last + 1
RETURNING last
"""


@transaction.atomic
def start_draft(
    form_code: str,
    *,
    root: SubjectRef,
    scope_id: int,
    actor: Actor,
    at: datetime,
    body: Body | None = None,
    department_id: int | None = None,
    extra_fields: Sequence[Mapping[str, Any]] = (),
) -> Record:
    """Begin a form in the name of the actor, whose department is kept as it is now. Fact RecordStarted.

    The draft starts with what the form's room prefills, then `body` on top. `department_id` says for which of his
    departments somebody with several posts fills it in; `extra_fields` are asked beside those of the form
    (`records.extra`) for as long as the record lives. Raises NotAllowed for the machine and for a department that is
    not the actor's, Refused when `body` does not have the outline of the form. Who may begin which form is the
    caller's rule.
    """
    if actor.person_id is None or (department_id is not None and department_id not in actor.department_ids):
        raise NotAllowed
    department_id = department_id or min(actor.department_ids, default=None)
    kind = form_type(form_code)
    record = Record.objects.create(
        form_code=form_code, root_kind=root.kind, root_id=root.id, scope_id=scope_id, filler_id=actor.person_id,
        department_id=department_id, started_at=at, saved_at=at, saved_by_id=actor.person_id,
        extra_fields=[dict(each) for each in extra_fields],
    )  # fmt: skip
    record.draft = shaped(record, kind.prefill(record, at) | (body or {}))
    record.save(update_fields=["draft"])
    tell(record, RecordStarted(form_code=form_code, record_id=record.pk), actor=actor, at=at)
    return record


@transaction.atomic
def save_draft(record: Record, *, body: Body, seen_revision: int, actor: Actor, at: datetime) -> Record:
    """Keep what was typed, as it was typed. No fact: nobody relies on a draft (decision 0004).

    Raises NotTheFiller, NotADraft, DraftChanged when somebody saved since `seen_revision`, and Refused when the body
    names fields the form does not have, or computed ones, or changes the rows of a given table.
    """
    ensure_filler(record, actor, at)
    draft = shaped(record, policy.with_fixed(form_of(record), record.draft, body))
    strangers = policy.fixed_strangers(form_of(record), record.draft, draft)
    if strangers:
        raise Refused([error("records.fixed_rows", place) for place in strangers])
    return take(record, seen_revision, draft=draft, saved_at=at, saved_by_id=actor.person_id)


@transaction.atomic
def submit(record: Record, *, seen_revision: int, actor: Actor, at: datetime) -> Version:
    """Freeze the draft as the next version and give the number at the first time. Fact RecordSubmitted.

    Raises Refused with every finding when one of them is an error (V1); nothing is written then and no number is used
    up. Raises NotTheFiller, NotADraft, DraftChanged.
    """
    ensure_filler(record, actor, at)
    ledger.lock_chain(record.root)  # before the row, as whoever acts upon the whole matter does
    record = take(record, seen_revision, saved_at=at, saved_by_id=actor.person_id)
    checked = queries.checked(record, record.draft, at=at)
    if errors(checked.findings):
        raise Refused(checked.findings)
    version = freeze(record, checked, at=at)
    tell(record, submitted(record, version), actor=actor, at=at)
    return version


def freeze(record: Record, checked: Checked, *, at: datetime) -> Version:
    """Write the version and point the record at it, in the caller's transaction."""
    frozen = policy.freeze(form_of(record), checked.body)
    before = record.current_version.version if record.current_version else 0
    version = Version.objects.create(
        record=record, version=before + 1, body=frozen.body, digest=frozen.digest, parts=frozen.parts,
        warnings=[{"code": each.code, "place": each.place, "params": dict(each.params)} for each in checked.findings],
        submitted_at=at, submitted_by_id=record.saved_by_id,
    )  # fmt: skip
    record.number = record.number or form_type(record.form_code).number(record, at)
    record.status, record.current_version = Status.SUBMITTED, version
    record.save(update_fields=["number", "status", "current_version"])
    return version


def submitted(record: Record, version: Version) -> RecordSubmitted:
    return RecordSubmitted(
        form_code=record.form_code, record_id=record.pk, version=version.version, number=record.number,
        digest=version.digest, parts=version.parts,
    )  # fmt: skip


@transaction.atomic
def return_to_draft(record: Record, *, reason: str, actor: Actor, at: datetime) -> Record:
    """Open a submitted or approved record for its next version, which starts from the frozen body. Fact RecordReturned.

    The caller has checked that the actor may return it. Raises NotADraft when it does not stand.
    """
    record = fresh(record)
    if record.current_version is None:
        raise NotADraft(number=record.number)
    draft = policy.thaw(form_of(record), record.current_version.body)
    move(record, STANDING, Status.RETURNED, draft=draft, saved_at=at)
    fact = RecordReturned(
        form_code=record.form_code, record_id=record.pk, number=record.number,
        version=record.current_version.version, reason=lines(reason),
    )  # fmt: skip
    tell(record, fact, actor=actor, at=at)
    return fresh(record)


@transaction.atomic
def settle(record: Record, *, status: Status, actor: Actor, at: datetime) -> Record:
    """Move a submitted record to IN_REVIEW, APPROVED or REJECTED. Fact RecordSettled.

    The caller has checked that the actor may. Settling as what it already is changes nothing. Raises NotADraft when
    the record does not stand.
    """
    record = fresh(record)
    if record.status == status:
        return record
    if status not in {Status.IN_REVIEW, Status.APPROVED, Status.REJECTED}:
        raise ValueError(status)
    before = record.status
    move(record, (Status.SUBMITTED, Status.IN_REVIEW), status)
    fact = RecordSettled(
        form_code=record.form_code, record_id=record.pk, number=record.number, version=version_number(record),
        before=before, after=status.value,
    )  # fmt: skip
    tell(record, fact, actor=actor, at=at)
    return fresh(record)


@transaction.atomic
def withdraw(record: Record, *, reason: str, actor: Actor, at: datetime) -> Record:
    """Take a record back for good; its number is never used again. Fact RecordWithdrawn.

    Raises NotTheFiller, and NotADraft when it is approved or ended already.
    """
    ensure_filler(record, actor, at)
    move(record, (Status.SUBMITTED, Status.IN_REVIEW, Status.RETURNED), Status.WITHDRAWN)
    record = fresh(record)
    fact = RecordWithdrawn(
        form_code=record.form_code, record_id=record.pk, number=record.number, version=version_number(record),
        reason=lines(reason),
    )  # fmt: skip
    tell(record, fact, actor=actor, at=at)
    return record


@transaction.atomic
def supersede(record: Record, *, by: Record | None, actor: Actor, at: datetime) -> Record:
    """End a record because another one takes its place. Fact RecordSuperseded. The caller has checked that it may."""
    move(record, (*STANDING, Status.RETURNED), Status.SUPERSEDED)
    record = fresh(record)
    fact = RecordSuperseded(
        form_code=record.form_code, record_id=record.pk, number=record.number, version=version_number(record),
        by_record_id=by.pk if by else None,
    )  # fmt: skip
    tell(record, fact, actor=actor, at=at)
    return record


@transaction.atomic
def send_copies(version: Version, person_ids: Collection[int], *, at: datetime) -> list[int]:
    """Send a frozen version to people who read it, and the matter, from now on. The machine's act: fact RecordSent.

    Who has a copy of the version, or handed it in, gets none. Of what is secret only who reads it anyway gets one.
    Returns who was sent one. Three queries more where anybody is, some for each person where it is secret.
    """
    record, standing = version.record, set(version.copies.values_list("person", flat=True))
    wanted = sorted(set(person_ids) - standing - {version.submitted_by_id})
    if not wanted:
        return []
    is_hidden = record.scope.secrecy in HIDDEN
    readers = _readers(record, wanted, at) if is_hidden else wanted
    Copy.objects.bulk_create(Copy(version=version, person_id=pk, sent_at=at) for pk in readers)
    if not is_hidden:
        _let_read(record, readers, at)
    fact = RecordSent(
        form_code=record.form_code, record_id=record.pk, number=record.number, version=version.version,
        person_ids=tuple(readers), left_out=tuple(pk for pk in wanted if pk not in readers),
    )  # fmt: skip
    tell(record, fact, actor=SYSTEM, at=at)
    return readers


def _readers(record: Record, people: Sequence[int], at: datetime) -> list[int]:
    actors = {pk: actor_now(pk, at) for pk in people}
    levels = {pk: reading.levels(actor, [record.scope_id], at=at) for pk, actor in actors.items() if actor}
    return [pk for pk, found in levels.items() if found.get(record.scope_id, Level.OUTLINE) >= Level.READ]


def _let_read(record: Record, people: Sequence[int], at: datetime) -> None:
    via = f"{COPY}{record.pk}"
    known = {member.principal for member in reading.open_members(record.scope_id) if member.via == via}
    keys = [key for key in map(principals.person, people) if key not in known]
    access.admit_all([Admission(record.scope_id, key, Role.READER, Level.READ, via) for key in keys], at=at)


def note_read(version: Version, *, actor: Actor, at: datetime) -> bool:
    """The receipt of a copy: when its reader first opened the version. No act, so no fact."""
    unread = version.copies.filter(person=actor.person_id or 0, read_at=None)
    return unread.exists() and bool(unread.update(read_at=at))


@transaction.atomic
def discard_draft(record: Record, *, seen_revision: int, actor: Actor, at: datetime) -> None:
    """Throw away a draft that was never submitted. Fact RecordDiscarded.

    Raises NotTheFiller, NotADraft, DraftChanged.
    """
    ensure_filler(record, actor, at)
    attached = list(record.attachments.values_list("file", flat=True))
    gone, _ = Record.objects.filter(pk=record.pk, revision=seen_revision, status=Status.DRAFT).delete()
    if not gone:
        raise why_stale(record)
    files.throw_away_bytes(attached, at=at)
    tell(record, RecordDiscarded(form_code=record.form_code, record_id=record.pk), actor=actor, at=at)


@transaction.atomic
def attach_file(record: Record, *, name: str, pieces: Iterable[bytes], actor: Actor, at: datetime) -> Attachment:
    """Keep a file with a draft. Raises ``NotTheFiller``, ``NotADraft``, ``Refused`` for a file that is not taken."""
    ensure_filler(record, actor, at)
    _hold(record, at)
    if not form(record.form_code).takes_files:
        raise Refused([error("records.takes_no_files", "files")])
    content, told = gathered(pieces), told_name(name)
    held = record.attachments.filter(removed_at__isnull=True).count()
    content, findings = as_kept(told, content, held=held)
    if findings:
        raise Refused(findings)
    stored = files.store([content], name=told, actor=actor, at=at)
    return Attachment.objects.create(record=record, file=stored)


@transaction.atomic
def remove_file(record: Record, attachment_id: int, *, actor: Actor, at: datetime) -> None:
    """Take a file off a draft; earlier versions keep it. Raises ``NotTheFiller``, ``NotADraft``, ``Refused``."""
    ensure_filler(record, actor, at)
    _hold(record, at)
    if not record.attachments.filter(pk=attachment_id, removed_at__isnull=True).update(removed_at=at):
        raise Refused([error("records.file_gone", "files")])


def _hold(record: Record, at: datetime) -> None:
    """Hold the row, so that the files of a form do not change while it is submitted."""
    if not Record.objects.filter(pk=record.pk, status__in=EDITABLE).update(saved_at=at):
        raise NotADraft(number=record.number)


def allot(series: str, *, at: datetime) -> int:
    """The next number of a series, from 1. Called in the transaction that uses it: a refusal gives it back.

    Concurrent callers wait for each other at the row, so numbers rise strictly and none is given twice. `at` is not
    needed today; series that start anew each year carry the year in their name (`year_of`).
    """
    with connection.cursor() as cursor:
        cursor.execute(ALLOT, [series])
        number: int = cursor.fetchone()[0]
    return number


def year_of(at: datetime) -> int:
    """The year a number carries: that of the head office."""
    return day_of(at).year


def shaped(record: Record, body: Body) -> Body:
    """The body without blank rows, with an id on every other row and names resolved. Raises Refused."""
    shape = form_of(record)
    wrong = policy.misshapen(shape, body)
    if wrong:
        raise Refused(wrong)
    typed = policy.without_blank_rows(tuple(shape.fields()), body)
    draft = policy.with_ids(tuple(shape.fields()), typed, lambda _key, _index, _row: secrets.token_hex(4))
    return queries.resolved(shape, draft)


def ensure_filler(record: Record, actor: Actor, at: datetime) -> None:
    if actor.person_id is None or not queries.may_fill(actor, record, at=at):
        raise NotTheFiller


def take(record: Record, seen_revision: int, **columns: Any) -> Record:
    """Change an editable record that still is as it was seen, and hold its row. Returns it as it is now.

    Whatever changes a record raises its revision, so one that was read at the revision seen is not read again. Raises
    NotADraft, DraftChanged.
    """
    seen = Record.objects.filter(pk=record.pk, revision=seen_revision, status__in=EDITABLE)
    if not seen.update(revision=F("revision") + 1, **columns):
        raise why_stale(record)
    if record.revision != seen_revision:
        return fresh(record)
    now = copy(record)
    for name, value in {**columns, "revision": seen_revision + 1}.items():
        setattr(now, name, value)
    return now


def fresh(record: Record) -> Record:
    return queries.whole().get(pk=record.pk)


def why_stale(record: Record) -> Exception:
    """The error that tells why a conditional update met no row."""
    now = Record.objects.select_related("saved_by", "department__site").filter(pk=record.pk).first()
    if now is None or now.status not in EDITABLE:
        return NotADraft(number=now.number if now else "")
    saved_at = now.saved_at.astimezone(queries.zone_of(now))
    return DraftChanged(who=now.saved_by.name, at=saved_at.strftime("%Y-%m-%d %H:%M"))


def move(record: Record, before: tuple[Status, ...], after: Status, **columns: object) -> None:
    moved = Record.objects.filter(pk=record.pk, status__in=before).update(
        status=after, revision=F("revision") + 1, **columns
    )
    if not moved:
        raise NotADraft(number=record.number)


def version_number(record: Record) -> int:
    return record.current_version.version if record.current_version else 0


def change_department(root: SubjectRef, *, before: int, after: int) -> None:
    """Drafts name the department that took the place of another; frozen versions stay. Covered by the caller's fact."""
    drafts = Record.objects.filter(root_kind=root.kind, root_id=root.id, status__in=EDITABLE)
    drafts.filter(department=before).update(department_id=after)
    for record in drafts:
        draft, is_named = deepcopy(record.draft), False
        for kind, holder, key in queries.references(form_of(record).fields(), draft):
            named = queries.ids_in(kind, holder.get(key))
            if kind is Kind.DEPARTMENT and named == [before]:
                holder[key], is_named = after, True
            elif kind is Kind.DEPARTMENTS and before in named:
                holder[key], is_named = sorted({after, *named} - {before}), True
        if is_named:
            drafts.filter(pk=record.pk, revision=record.revision).update(draft=draft, revision=F("revision") + 1)


@transaction.atomic
def pass_on_draft(record_id: int, change: HandOver) -> Record:
    """Who leaves hands over a form that is open to its filler alone. Fact DraftHandedOver; raises NotADraft.

    Who may is checked by the caller (`organisation.operations.hand_over_duties`).
    """
    mine = Record.objects.filter(pk=record_id, filler=change.before, status__in=EDITABLE)
    if not mine.update(filler_id=change.after, revision=F("revision") + 1):
        raise NotADraft
    record = Record.objects.get(pk=record_id)
    fact = DraftHandedOver(
        form_code=record.form_code, record_id=record.pk, before=change.before, after=change.after, reason=change.reason
    )
    tell(record, fact, actor=change.actor, at=change.at)
    return record


def tell(record: Record, fact: RecordFact, *, actor: Actor, at: datetime) -> None:
    ledger.record(fact, actor=actor, root=record.root, subject=record.subject, scope_id=record.scope_id, at=at)
