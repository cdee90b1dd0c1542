"""What is said beside a sign-off: copies with their receipts, comments, questions and answers."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from bihuan.approvals import errors, facts, policy, rules
from bihuan.approvals.enums import RemarkKind
from bihuan.approvals.models import Copy, Remark, Signoff
from bihuan.approvals.operations import recording
from bihuan.approvals.operations.placing import are_readers, let_read, may_be_told
from bihuan.approvals.policy import moving
from bihuan.kernel import principals
from bihuan.kernel.actor import Actor
from bihuan.kernel.findings import Finding, error
from bihuan.organisation import queries as organisation

COPIES_LIMIT = 50


@transaction.atomic
def send_copies(signoff: Signoff, *, person_ids: Collection[int], actor: Actor, at: datetime) -> list[Copy]:
    """Show a sign-off to people who need not decide (抄送); they read the matter from now on. Records `CopiesSent`.

    Who has a copy already gets no second one. Raises `NotTheSignatory` unless the actor wrote the paper or is or was
    asked to sign, `Refused` for nobody, somebody who is not here, and too many.
    """
    fresh, slots = recording.locked(signoff.pk, signoff.root)
    if not (rules.is_author(actor, fresh) or any(rules.has_part(actor, slot) for slot in slots)):
        raise errors.NotTheSignatory(who="")
    recording.refuse(_people_findings(person_ids, at))
    recording.refuse([] if may_be_told(fresh, person_ids, at) else [error("approvals.cannot_read", "person")])
    standing = set(Copy.objects.filter(signoff=fresh).values_list("person", flat=True))
    new = sorted(set(person_ids) - standing)
    copies = Copy.objects.bulk_create(
        Copy(signoff=fresh, person_id=pk, sent_by_id=actor.person_id, sent_at=at) for pk in new
    )
    for pk in new:
        let_read(fresh, principals.person(pk), at)
    if new:
        fact = facts.CopiesSent(signoff_id=fresh.pk, route=fresh.route, person_ids=tuple(new))
        recording.record(fresh, fact, actor, at)
    return copies


def note_read(signoff_id: int, *, actor: Actor, at: datetime) -> bool:
    """The receipt of a copy: when its reader first opened the page. No act, so no fact."""
    unread = Copy.objects.filter(signoff=signoff_id, person=actor.person_id or 0, read_at=None)
    return unread.exists() and bool(unread.update(read_at=at))


@transaction.atomic
def remark(
    signoff: Signoff, *, kind: RemarkKind, text: str, addressed: Collection[int] = (), answers: int | None = None,
    actor: Actor, at: datetime,
) -> Remark:  # fmt: skip
    """Comment, ask or answer beside a sign-off; the people it is written to are told. Records `Remarked`.

    Who reads the sign-off may (the caller looked it up for him). A question without a name goes to the author, an
    answer to who asked. Raises `Refused` without words, for an answer to no question put to the actor, and for
    somebody who is not here or may not read the matter.
    """
    fresh, _slots = recording.locked(signoff.pk, signoff.root)
    text, people = policy.clean(text), sorted(set(addressed))
    question = _question(fresh, answers, actor)
    findings = moving.findings_of_words(text, place="text", limit=moving.TEXT_LIMIT)
    if kind is RemarkKind.ANSWER and question is None:
        findings.append(error("approvals.no_such_question", "answers"))
    recording.refuse([*findings, *(_reader_findings(fresh, people, at) if people else [])])
    if question is not None and question.person_id is not None:
        people = [question.person_id]
    if kind is RemarkKind.QUESTION and not people and fresh.author_id is not None:
        people = [fresh.author_id]
    row = Remark.objects.create(
        signoff=fresh, kind=kind, text=text, person_id=actor.person_id, name=actor.name, at=at, addressed=people,
        answers=question,
    )  # fmt: skip
    fact = facts.Remarked(
        signoff_id=fresh.pk, route=fresh.route, remark_id=row.pk, kind=kind, text=text, addressed=tuple(people)
    )
    recording.record(fresh, fact, actor, at)
    return row


def _people_findings(person_ids: Collection[int], at: datetime) -> list[Finding]:
    if not person_ids:
        return [error("approvals.nobody_named", "person")]
    if len(person_ids) > COPIES_LIMIT:
        return [error("approvals.too_many_copies", "person", limit=COPIES_LIMIT)]
    here = organisation.holders_of({principals.person(pk) for pk in person_ids}, at)
    outside = [pk for pk in person_ids if not here[principals.person(pk)]]
    return [error("approvals.signer_outside", "person", who=str(pk)) for pk in outside]


def _reader_findings(signoff: Signoff, people: Collection[int], at: datetime) -> list[Finding]:
    """Naming somebody opens nothing to him."""
    found = _people_findings(people, at)
    return found or ([] if are_readers(signoff, people, at) else [error("approvals.cannot_read", "person")])


def _question(signoff: Signoff, remark_id: int | None, actor: Actor) -> Remark | None:
    """The question an answer belongs to: of this sign-off, and put to who answers."""
    found = Remark.objects.filter(pk=remark_id or 0, signoff=signoff, kind=RemarkKind.QUESTION).first()
    return found if found is not None and actor.person_id in found.addressed else None
