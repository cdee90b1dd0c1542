"""What goes into a dossier, as values: the chain of a matter, the texts submitted, who signed, every proof."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from bihuan.access import queries as access
from bihuan.access.enums import Level
from bihuan.approvals.facts import PartsDecided, SlotDecided
from bihuan.evidence.attached import Held, attached_to
from bihuan.evidence.models import Statement
from bihuan.kernel.actor import Actor
from bihuan.kernel.canonical import canonical_json
from bihuan.kernel.subjects import SubjectRef
from bihuan.ledger import queries as ledger
from bihuan.ledger.models import Entry
from bihuan.ledger.rotation import spelt_keys
from bihuan.records.facts import RecordSubmitted
from bihuan.records.models import Record, Version

JSON = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Gathered:
    """`entries` as they are shown, runs that are withheld among them; `left_out` names these, erased texts and files.

    `files`: what the texts name by its digest, as far as it goes in.
    """

    root: SubjectRef
    length: int
    head: str
    entries: list[JSON]
    left_out: list[JSON]
    versions: list[Version] = field(default_factory=list)
    files: dict[str, Held] = field(default_factory=dict)

    @property
    def shown(self) -> list[JSON]:
        return [entry for entry in self.entries if entry["type"] == "entry"]


def gather(root: SubjectRef, *, reader: Actor | None, at: datetime) -> Gathered:
    """All of the chain that stands under a seal; what the reader may not see is withheld, with its place.

    Without a reader, as on the command line, everything is shown. A fixed number of queries.
    """
    length = ledger.sealed_length(root)
    rows = Entry.objects.filter(chain__root_kind=root.kind, chain__root_id=root.id, seq__lte=length)
    entries = list(rows.select_related("chain", "body").order_by("seq"))
    hidden = hidden_from(reader, entries, at=at) if reader else set()
    said = list(with_runs(entries, hidden))
    erased = [entry["seq"] for entry in said if entry["type"] == "entry" and entry["erased_at"]]
    versions = list(versions_in(said))
    files, absent = attached_to(versions)
    left_out = [
        *(_left("entries", entry["seq"], entry["through"]) for entry in said if entry["type"] == "withheld"),
        *(_left("text", seq, seq) for seq in erased),
        *absent,
    ]
    head = entries[-1].hash if entries else ""
    return Gathered(root, length, head, said, left_out, versions, files)


def _left(what: str, first: int, last: int) -> JSON:
    return {"what": what, "from": first, "through": last}


def hidden_from(reader: Actor, entries: list[Entry], *, at: datetime) -> set[int]:
    """The places of entries in scopes the reader may not read, and of those about records he may not read."""
    scopes = {entry.scope_id for entry in entries if entry.scope_id is not None}
    levels = access.levels(reader, scopes, at=at)
    about = {entry.subject_id for entry in entries if entry.subject_kind == "record"}
    records = Record.objects.filter(pk__in=about)
    readable = set(records.filter(access.visible(reader, at=at)).values_list("pk", flat=True))
    return {
        entry.seq
        for entry in entries
        if levels.get(entry.scope_id or 0, 0) < Level.READ
        or (entry.subject_kind == "record" and entry.subject_id not in readable)
    }


def with_runs(entries: list[Entry], hidden: set[int]) -> Iterator[JSON]:
    """Each entry; hidden ones side by side are one run between two hashes, so that the chain still closes."""
    run: JSON | None = None
    for entry in entries:
        if entry.seq in hidden:
            run = run or {"type": "withheld", "seq": entry.seq, "from": entry.previous_hash}
            run |= {"through": entry.seq, "to": entry.hash}
            continue
        if run:
            yield run
            run = None
        yield ledger.exported_entry(entry)
    if run:
        yield run


def versions_in(entries: list[JSON]) -> Iterator[Version]:
    """The frozen versions that the shown entries say were submitted, in that order."""
    told = [
        (entry["subject_id"], json.loads(entry["body"])["version"])
        for entry in entries
        if entry["type"] == "entry" and entry["name"] == RecordSubmitted.name and entry["body"]
    ]
    rows: QuerySet[Version] = Version.objects.filter(record_id__in={record for record, _ in told})
    known = {(row.record_id, row.version): row for row in rows.select_related("record", "submitted_by")}
    return (known[one] for one in told if one in known)


def signatures_in(entries: list[JSON]) -> Iterator[JSON]:
    """Every decision the shown entries tell of: who, when, on what, and the whole of what was said."""
    for entry in entries:
        if entry["type"] == "entry" and entry["body"] and entry["name"] in (SlotDecided.name, PartsDecided.name):
            said = json.loads(entry["body"])
            for each in said["decisions"] if entry["name"] == PartsDecided.name else [said]:
                yield {
                    "entry": entry["seq"], "name": entry["actor_name"], "person": entry["actor_id"], "at": entry["at"],
                    "subject": [entry["subject_kind"], entry["subject_id"]], "said": each,
                }  # fmt: skip


def members_of(gathered: Gathered) -> dict[str, bytes]:
    """The files that can be checked: chain, texts, signatures, seals with their proofs, keys."""
    lines = "".join(canonical_json(entry) + "\n" for entry in gathered.entries)
    proofs: list[JSON] = [
        {"seal": proof.seal, "length": proof.length, "head_hash": proof.head_hash, "proof": proof.neighbours}
        for proof in ledger.proofs_of(gathered.root)
        if proof.length <= gathered.length
    ]
    return {
        "chain.jsonl": encoded(lines),
        "signatures.json": encoded(canonical_json(list(signatures_in(gathered.entries)))),
        "seals.json": encoded(canonical_json(proofs)),
        "links.json": encoded(canonical_json(links_from(proofs[-1]["seal"]["seq"]) if proofs else [])),
        "keys.json": encoded(canonical_json(spelt_keys())),
        **{f"records/{one.record_id}-v{one.version}.json": encoded(one.body) for one in gathered.versions},
    }


def links_from(seal: int) -> list[JSON]:
    """The seals from the last one over this chain to the first that a witness was told of since; none without one."""
    told = Statement.objects.filter(seal__gte=seal).order_by("seal").values_list("seal", flat=True).first()
    return ledger.seals_between(seal, told) if told else []


def encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
