"""The certificate of one frozen version: who signed it, for whom, by which rule, and where the ledger says so."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from bihuan.approvals.facts import PartsDecided, SlotDecided
from bihuan.approvals.models import Slot
from bihuan.approvals.queries import Signature, signatures_of
from bihuan.ledger import queries as ledger
from bihuan.ledger.models import Entry
from bihuan.ledger.policy import fingerprint
from bihuan.records.facts import RecordSubmitted
from bihuan.records.models import Version


@dataclass(frozen=True, slots=True)
class Mark:
    """The entry of the ledger in which something stands."""

    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature with its entry. `asked` is the office whose it is, `carried_from` the version it was given on.

    `route_version` is None where the route was not published as one.
    """

    signature: Signature
    asked: str
    route_version: int | None
    carried_from: int | None
    mark: Mark | None


@dataclass(frozen=True, slots=True)
class Certificate:
    """`proof` is that of the first seal over everything certified here; None until it is sealed."""

    version: Version
    submitted: Mark | None
    signed: list[Signed] = field(default_factory=list)
    proof: ledger.Proof | None = None
    key_fingerprint: str = ""


def certificate_of(version: Version) -> Certificate:
    """For whoever may read the record. A fixed number of queries, however many signed."""
    record = version.record
    slots = _slots_of(version)
    marks = _marks_of(version)
    frozen = dict(record.versions.values_list("digest", "version"))
    signed = [_signed(one, slots, marks, frozen) for one in signatures_of(record.subject, version.digest)]
    submitted = marks.get(("version", version.version))
    places = [mark.seq for mark in (submitted, *(one.mark for one in signed)) if mark]
    proof = ledger.first_proof(record.root, max(places)) if places else None
    return Certificate(version, submitted, signed, proof, fingerprint(proof.seal["public_key"]) if proof else "")


def _signed(
    one: Signature, slots: Mapping[int, Slot], marks: Mapping[tuple[str, int], Mark], frozen: Mapping[str, int]
) -> Signed:
    slot = given = slots[one.slot_id]
    while given.carried_from_id is not None and given.carried_from_id in slots:
        given = slots[given.carried_from_id]
    route = slot.signoff.route_version
    return Signed(
        signature=one,
        asked=slot.office,
        route_version=route.version if route else None,
        carried_from=frozen.get(given.signoff.digest) if one.is_carried else None,
        mark=marks.get(("slot", given.pk)) if one.name else None,
    )


def _slots_of(version: Version) -> dict[int, Slot]:
    """Every slot of every version of the record: a signature may have been carried over several of them."""
    subject = version.record.subject
    rows = Slot.objects.filter(signoff__subject_kind=subject.kind, signoff__subject_id=subject.id)
    return {slot.pk: slot for slot in rows.select_related("signoff__route_version")}


def _marks_of(version: Version) -> dict[tuple[str, int], Mark]:
    """Where versions were submitted and slots decided. What a decision said last of a slot counts."""
    record, names = version.record, (RecordSubmitted.name, SlotDecided.name, PartsDecided.name)
    rows = Entry.objects.filter(
        chain__root_kind=record.root_kind, chain__root_id=record.root_id, subject_kind="record", subject_id=record.pk
    ).filter(name__in=names, body__erased_at=None)
    marks: dict[tuple[str, int], Mark] = {}
    for seq, hashed, text in rows.order_by("seq").values_list("seq", "hash", "body__body"):
        said = json.loads(text)
        decided = said.get("decisions") or ([said] if "slot_id" in said else [])
        keys = [("slot", each["slot_id"]) for each in decided] or [("version", said["version"])]
        marks.update(dict.fromkeys(keys, Mark(seq, hashed)))
    return marks
