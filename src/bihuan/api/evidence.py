"""Certificates, dossiers, keys of the seals, witnesses."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from bihuan.access.operations import note_reading
from bihuan.api.http import Request
from bihuan.api.routing import Routes
from bihuan.api.schemas import Out, Receipt
from bihuan.collaborations.queries import collaboration_for
from bihuan.evidence import operations, queries
from bihuan.evidence.certificate import certificate_of
from bihuan.records import queries as records

routes = Routes("evidence")


class MarkOut(Out):
    """An entry of the ledger: its place in the chain of the matter, and its hash."""

    seq: int
    hash: str


class SignedOut(Out):
    """`asked` is the office whose signature it is; `by_rule` a deputy's line; `carried_from` the version signed."""

    slot_id: int
    route: str
    route_version: int | None
    label: str
    asked: str
    by_rule: dict[str, Any]
    part: str
    digest: str
    state: str
    name: str
    decided_at: datetime | None
    opinion: str
    carried_from: int | None
    entry: MarkOut | None


class ProofOut(Out):
    """The seal, and the neighbours (`left` or `right`, hash) from the leaf of this chain up to its Merkle root."""

    seal: dict[str, Any]
    length: int
    head_hash: str
    neighbours: list[tuple[str, str]]


class CertificateOut(Out):
    """`proof` is null until what is certified is sealed."""

    number: str
    version: int
    digest: str
    submitted_at: datetime
    submitted: MarkOut | None
    signatures: list[SignedOut]
    proof: ProofOut | None
    key_fingerprint: str


class KeyOut(Out):
    public_key: str
    fingerprint: str
    at: datetime
    until: datetime | None
    is_vouched_for: bool


class SealOut(Out):
    seq: int
    at: datetime
    merkle_root: str
    hash: str


class WitnessOut(Out):
    """`seal` and `merkle_root` are what it was given last; `error` why the last try was given up."""

    witness: str
    place: str
    seal: int | None
    merkle_root: str
    handed_at: datetime | None
    waiting_since: datetime | None
    error: str
    is_late: bool


class StandingOut(Out):
    """`key_state` is GOOD while the key that is to sign is there; nothing is sealed while it is LOST or REPLACED."""

    key_state: str
    keys: list[KeyOut]
    last_seal: SealOut | None
    unsealed_since: datetime | None
    witnesses: list[WitnessOut]


@routes.read("/records/{int:record_id}/versions/{int:number}/certificate", CertificateOut)
def certificate(request: Request, record_id: int, number: int) -> dict[str, Any]:
    """Who signed one version, for whom, by which route, when, and where that stands in the ledger."""
    record = records.record_for(request.actor, record_id, at=request.at)
    frozen = records.version_of(record, number)
    note_reading(record.scope_id, actor=request.actor, at=request.at)
    found = certificate_of(frozen)
    return {
        "number": record.number, "version": frozen.version, "digest": frozen.digest,
        "submitted_at": frozen.submitted_at, "submitted": found.submitted, "proof": found.proof,
        "key_fingerprint": found.key_fingerprint, "signatures": [_signed(one) for one in found.signed],
    }  # fmt: skip


def _signed(one: Any) -> dict[str, Any]:
    more = {"asked": one.asked, "route_version": one.route_version, "carried_from": one.carried_from, "entry": one.mark}
    return {**asdict(one.signature), **more}


@routes.act("/collaborations/{int:collaboration_id}/dossier", status=201)
def ask(request: Request, collaboration_id: int) -> Receipt:
    """Have the dossier of a matter put together by the worker, as the caller may read it; fetched as an export."""
    matter = collaboration_for(request.actor, collaboration_id, at=request.at)
    parcel = operations.ask_for_dossier(matter, actor=request.actor, at=request.at)
    return Receipt(kind="export", id=parcel.pk, href=f"/api/v1/exports/{parcel.pk}", state="WAITING")


@routes.read("/evidence", StandingOut)
def standing(request: Request) -> Any:
    """Keys, newest seal and witnesses; for administrators."""
    return queries.standing(request.actor, request.at)


@routes.act("/evidence/key")
def change_key(request: Request) -> Receipt:
    """Sign seals with a new key from now on; the present one vouches for it and is destroyed."""
    operations.change_key(actor=request.actor, at=request.at)
    return Receipt(kind="seal_key", id=0, href="/api/v1/evidence", state="CHANGED")
