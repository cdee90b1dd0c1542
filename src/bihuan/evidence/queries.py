"""How the witnesses stand."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from bihuan.evidence.models import Handing, Statement
from bihuan.evidence.witnesses import places
from bihuan.kernel.actor import Actor
from bihuan.ledger.enums import KeyState
from bihuan.ledger.queries import KeyCard, SealCard, last_seal, unsealed_since
from bihuan.ledger.rotation import key_cards, key_state
from bihuan.organisation.rules import require_administrator

GRACE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class WitnessCard:
    """A witness that is set up: what it was given last, since when it is behind, and why the last try was given up."""

    witness: str
    place: str
    seal: int | None
    merkle_root: str
    handed_at: datetime | None
    waiting_since: datetime | None
    error: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """How the ledger is kept provable: the keys of the seals, the newest seal, the witnesses."""

    key_state: KeyState
    keys: list[KeyCard]
    last_seal: SealCard | None
    unsealed_since: datetime | None
    witnesses: list[WitnessCard]


def standing(actor: Actor, at: datetime) -> Standing:
    """For administrators. Raises NotAllowed."""
    require_administrator(actor)
    return Standing(key_state(), key_cards(), last_seal(), unsealed_since(), witness_cards(at))


def witness_cards(at: datetime) -> list[WitnessCard]:
    """Every witness that is set up. At most three queries each."""
    return [_card(witness, place, at) for witness, place in places().items()]


def _card(witness: str, place: str, at: datetime) -> WitnessCard:
    rows = Handing.objects.filter(witness=witness).select_related("statement")
    last = rows.filter(handed_at__isnull=False).order_by("-pk").first()
    open_rows = rows.filter(handed_at=None).order_by("pk")
    waiting = open_rows.filter(pk__gt=last.pk).first() if last else open_rows.first()
    newest = rows.order_by("-pk").first()
    since = waiting.statement.at if waiting else None
    patience = timedelta(minutes=settings.OPTIONS.witness_every) + GRACE
    said = json.loads(last.statement.text) if last else {}
    return WitnessCard(
        witness, place, said.get("seal"), said.get("merkle_root", ""), last.handed_at if last else None, since,
        newest.error if newest else "", bool(since and at - since > patience) or bool(newest and newest.error),
    )  # fmt: skip


def unwitnessed_since(at: datetime) -> datetime | None:
    """Since when something is sealed that no statement tells of, if that is longer than it may be."""
    last, newest = Statement.objects.order_by("-seal").first(), last_seal()
    if newest is None or (last is not None and last.seal >= newest.seq):
        return None
    patience = timedelta(minutes=settings.OPTIONS.witness_every) + GRACE
    since = last.at if last else newest.at
    return since if at - since > patience else None
