"""Where the newest fact stands, and what an open slot says of who is asked."""

from datetime import datetime

from bihuan.approvals.models import Slot
from bihuan.kernel.subjects import SubjectRef
from bihuan.ledger.models import Entry
from tests.approvals.cast import ROOT, SUBJECT, Cast


def place_of_newest() -> tuple:
    """Whose act, in which chain, about what, for whom to read, when."""
    entry = Entry.objects.select_related("chain").latest("pk")
    return (
        entry.actor_kind, entry.actor_id, SubjectRef(entry.chain.root_kind, entry.chain.root_id),
        SubjectRef(entry.subject_kind, entry.subject_id), entry.scope_id, entry.at,
    )  # fmt: skip


def act_of(cast: Cast, part: str, at: datetime) -> tuple:
    """What `place_of_newest` says of an act in the matter of the cast; the machine's without a part."""
    who = ("PERSON", getattr(cast, part).pk) if part else ("SYSTEM", None)
    return (*who, ROOT, SUBJECT, cast.scope_id, at)


def asked_of(slot: Slot) -> tuple[str, str, str, dict]:
    slot.refresh_from_db()
    return slot.principal, slot.instead_of, slot.moved, slot.by_rule
