"""Putting dossiers together."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any, BinaryIO

from django.db import transaction
from django.utils import translation

from bihuan.collaborations.queries import collaboration_for
from bihuan.evidence.facts import DossierMade
from bihuan.evidence.gathering import gather, members_of
from bihuan.evidence.packing import VERIFIER, manifest_of, pack
from bihuan.evidence.reading import page_of
from bihuan.evidence.witnesses import places, state
from bihuan.files import operations as parcels
from bihuan.files.models import Parcel
from bihuan.kernel.actor import SYSTEM, Actor
from bihuan.kernel.subjects import SubjectRef
from bihuan.ledger import operations as ledger
from bihuan.ledger.queries import KeyCard
from bihuan.ledger.rotation import key_cards, rotate_key
from bihuan.ledger.sealing import seal_all
from bihuan.organisation import queries as organisation
from bihuan.organisation.rules import require_administrator
from bihuan.outbox import operations as outbox

TOPIC, FORM = "evidence.dossier", "dossier"


@transaction.atomic
def ask_for_dossier(collaboration: Any, *, actor: Actor, at: datetime) -> Parcel:
    """Owe the actor a dossier of the matter as he may read it when it is put together; DossierMade follows.

    Raises NotAllowed for who is no person.
    """
    parcel = parcels.open_parcel(form=FORM, total=1, actor=actor, at=at)
    payload = {"parcel": parcel.pk, "collaboration_id": collaboration.pk, "language": translation.get_language()}
    outbox.post(TOPIC, payload, at=at)
    return parcel


def put_together(payload: Mapping[str, Any], at: datetime, delivery_id: str) -> None:
    """The work of the worker. A parcel thrown away meanwhile, or whose owner has left, is left as it is.

    Raises NotFound when the owner may not read the matter any more: the delivery is given up, and nothing is fetched.
    """
    parcel = Parcel.objects.select_related("owner").filter(pk=payload["parcel"], ended_at=None).first()
    if parcel is None or not parcel.owner.is_active:
        return
    actor = organisation.actor_for(parcel.owner, at)
    matter = collaboration_for(actor, payload["collaboration_id"], at=at)
    name = f"{matter.number or f'matter-{matter.pk}'}.zip"
    with translation.override(payload["language"]), parcels.writing_part(parcel, name, done=1, reader=actor) as handle:
        make_dossier(matter, to=handle, reader=actor, at=at)
    parcels.close_parcel(parcel, at=at)


def change_key(*, actor: Actor, at: datetime) -> KeyCard:
    """Sign seals with a new key from now on; fact KeyChanged. Raises NotAllowed, and KeyIsNotOurs when it is gone."""
    require_administrator(actor)
    rotate_key(actor=actor, at=at)
    return key_cards()[0]


@transaction.atomic
def make_dossier(collaboration: Any, *, to: BinaryIO, reader: Actor | None, at: datetime) -> str:
    """Write the archive of all of the matter that the reader may see, everything without a reader; returns its name.

    What is not sealed yet is sealed first, so that every entry inside has its proof, and witnesses are told of that
    seal. Attached files go from the disk into the archive piece by piece, however large; one whose bytes are not
    there as they were handed in is left out by name.
    Records DossierMade.
    Raises KeyIsNotOurs when the key that has to sign is gone.
    """
    root = SubjectRef("collaboration", collaboration.pk)
    seal_all(at=at)
    if places():
        state(at=at)
    gathered = gather(root, reader=reader, at=at)
    name = collaboration.number or f"matter-{collaboration.pk}"
    texts = {
        **members_of(gathered),
        "index.html": page_of(collaboration, gathered, at=at).encode("utf-8", "surrogatepass"),
        "verify.py": VERIFIER.read_bytes(),
    }
    chain = {"root": str(root), "length": gathered.length, "head": gathered.head}
    told = {"number": name, "title": collaboration.title, "chain": chain, "left_out": gathered.left_out}
    manifest = manifest_of(texts, gathered.files.values(), at=at, **told)
    pack(texts, gathered.files.values(), manifest, to=to, at=at)
    fact = DossierMade(
        digest=hashlib.sha256(manifest.encode()).hexdigest(), through=gathered.length, left_out=len(gathered.left_out)
    )
    ledger.record(fact, actor=reader or SYSTEM, root=root, scope_id=collaboration.scope_id, at=at)
    return name
