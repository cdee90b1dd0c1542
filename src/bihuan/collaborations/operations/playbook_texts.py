"""A playbook from its text: looked at, and published by the PMO."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bihuan.collaborations.models import PlaybookVersion
from bihuan.collaborations.operations.playbooks import findings_of, publish_playbook
from bihuan.collaborations.policy.playbook_text import Unreadable, read_text, shaped
from bihuan.collaborations.rules import may_edit_playbooks
from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import NotAllowed, Refused
from bihuan.kernel.findings import Finding, error

LONGEST_NOTE = 500


@dataclass(frozen=True, slots=True)
class Looked:
    """What a text says, empty when it cannot be told, and everything that is wrong with it, each with its line."""

    body: dict[str, Any]
    findings: list[Finding]


def look_at_playbook(text: str) -> Looked:
    """What publishing the text would say; nothing is written. Reads which routes are published."""
    try:
        written = read_text(text)
    except Unreadable as refusal:
        return Looked({}, [refusal.finding])
    body, findings = shaped(written.body)
    if not findings:
        findings = findings_of(body)
    return Looked(body, [written.with_line(finding) for finding in findings])


def draft_to_try(text: str, *, actor: Actor) -> dict[str, Any]:
    """The body of a text that could be published, to try it out before it is; nothing is written.

    Raises ``NotAllowed`` for everybody but the PMO, ``Refused`` with the line of everything that is wrong.
    """
    if not may_edit_playbooks(actor):
        raise NotAllowed
    looked = look_at_playbook(text)
    if looked.findings:
        raise Refused(looked.findings)
    return looked.body


def write_playbook(
    text: str, *, note: str, seen_version: int | None = None, actor: Actor, at: datetime
) -> PlaybookVersion:
    """Publish a text as the next version of the playbook it names.

    Records ``PlaybookPublished``, nothing when the newest version says the same. Raises ``NotAllowed`` for everybody
    but the PMO (playbooks.md §3.7), ``Stale`` when another version came since `seen_version`, ``Refused`` with the line
    of everything that is wrong.
    """
    if not may_edit_playbooks(actor):
        raise NotAllowed
    looked = look_at_playbook(text)
    findings = [*looked.findings, *_of_note(note)]
    if findings:
        raise Refused(findings)
    return publish_playbook(looked.body, note=note.strip(), seen_version=seen_version, actor=actor, at=at)


def _of_note(note: str) -> list[Finding]:
    if not note.strip():
        return [error("collaborations.playbook_note_missing", "note")]
    if len(note) > LONGEST_NOTE:
        return [error("collaborations.playbook_note_long", "note", limit=LONGEST_NOTE)]
    return []
