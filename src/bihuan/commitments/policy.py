"""What must hold for a promise to be made or moved; plain values only."""

from datetime import date

from bihuan.kernel import principals
from bihuan.kernel.findings import Finding, error

TEXT_LIMIT = 2000


def clean(text: str) -> str:
    """What is kept of a typed text: no NUL (PostgreSQL cannot hold it), no blank ends."""
    return text.replace("\x00", "").strip()


def text_findings(text: str, *, place: str, missing: str) -> list[Finding]:
    if not text:
        return [error(missing, place)]
    if len(text) > TEXT_LIMIT:
        return [error("commitments.text_too_long", place, limit=TEXT_LIMIT)]
    return []


def verifier_findings(verifier: str, owner_id: int | None) -> list[Finding]:
    """Somebody confirms, and it is not the owner alone."""
    if not verifier:
        return [error("commitments.verifier_missing", "verifier")]
    if owner_id is not None and verifier == principals.person(owner_id):
        return [error("commitments.verifier_is_owner", "owner")]
    return []


def findings_to_promise(*, text: str, verifier: str, owner_id: int | None) -> list[Finding]:
    return [
        *text_findings(text, place="text", missing="commitments.text_missing"),
        *verifier_findings(verifier, owner_id),
    ]


def findings_to_assign(*, owner_id: int | None, due_on: date | None, verifier: str) -> list[Finding]:
    findings = verifier_findings(verifier, owner_id)
    if owner_id is None:
        findings.append(error("commitments.owner_missing", "owner"))
    if due_on is None:
        findings.append(error("commitments.due_missing", "due_on"))
    return findings


def findings_to_hand_over(*, owner_id: int, owner_before: int | None, reason: str, verifier: str) -> list[Finding]:
    findings = text_findings(reason, place="reason", missing="commitments.reason_missing")
    if owner_id == owner_before:
        findings.append(error("commitments.owner_unchanged", "owner"))
    return [*findings, *verifier_findings(verifier, owner_id)]


def findings_to_verify(*, accepted: bool, note: str) -> list[Finding]:
    """A note is needed only to say what is missing."""
    if accepted and not note:
        return []
    return text_findings(note, place="note", missing="commitments.note_missing")
