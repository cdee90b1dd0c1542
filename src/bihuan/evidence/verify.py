"""Checks a Bihuan dossier without Bihuan, without a network: python verify.py DOSSIER.zip [--key KEY] [--witness FILE]

Needs Python 3.9 or newer and the package `cryptography`. Unpacks nothing and writes nothing.
Exit code 0: as written; 1: not as written, and the first thing that is not is named; 2: it could not be started.
KEY is a public key, or its fingerprint, that you got from elsewhere than from the dossier: without one you learn that
the dossier is whole in itself and which key signed it, not whose key that is. FILE is what a witness was given.
"""

import argparse
import hashlib
import json
import re
import stat
import sys
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FORMAT, OLDER, MANIFEST, SIGNATURE = "bihuan-dossier/2", "bihuan-dossier/1", "dossier.json", "dossier.sig"
CHAIN, ATTACHED, PIECE, MOST_TEXTS, MOST_BYTES = "chain.jsonl", "files/", 1 << 20, 10_000, 512 << 20
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,120}(/[A-Za-z0-9][A-Za-z0-9._-]{0,120}){0,3}")
WHO = ("root", "seq", "name", "actor_kind", "actor_id", "actor_name", "at", "subject_kind", "subject_id", "scope_id")
ENTRY, KEY = (*WHO, "body_digest", "previous_hash"), ("public_key", "previous", "at")
SEAL = ("seq", "at", "leaves", "merkle_root", "previous_hash", "public_key")
SUBMITTED, ERASED = "records.record.submitted", "ledger.body_erased"
SIGNED, SIGNED_MANY = "approvals.slot.decided", "approvals.parts.decided"
HERE = ["archive"]


class Tampered(Exception):
    """The dossier is not as it was written; `HERE` says where."""


def at(where: str) -> None:
    HERE[0] = where


def need(holds: object, what: str) -> None:
    if not holds:
        raise Tampered(what)


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def digest(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return sha(text.encode("utf-8", "surrogatepass"))


def parsed(data: bytes) -> Any:
    return json.loads(data.decode("utf-8", "surrogatepass"))


def is_signed(text: str, key: str, signature: str) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(bytes.fromhex(signature), text.encode("ascii"))
    except (InvalidSignature, ValueError):
        return False
    return True


class Dossier:
    """The texts, of which all together have a limit, and the digest of every member. Looked at before any is read."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        members = archive.infolist()
        texts = [one.file_size for one in members if not one.filename.startswith(ATTACHED)]
        need(len(texts) <= MOST_TEXTS, f"holds more than {MOST_TEXTS} texts")
        need(sum(texts) <= MOST_BYTES, "is larger than a dossier may be")
        need(sum(one.file_size for one in members) - sum(texts) <= archive.start_dir, "holds more than its own size")
        need(len(members) == len({member.filename for member in members}), "holds two files of one name")
        self.texts: dict[str, bytes] = {}
        self.digests: dict[str, str] = {}
        for member in members:
            at(f"file {ascii(member.filename)[:90]}")
            is_link = stat.S_ISLNK(member.external_attr >> 16)
            need(NAME.fullmatch(member.filename) and not is_link, "is no plain file name")
            self.take(archive, member)

    def take(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
        """What was attached is only hashed: nobody here has to understand it."""
        made = hashlib.sha256()
        with archive.open(member) as handle:
            if not member.filename.startswith(ATTACHED):
                self.texts[member.filename] = handle.read()
                made.update(self.texts[member.filename])
            for piece in iter(lambda: handle.read(PIECE), b""):
                made.update(piece)
        self.digests[member.filename] = made.hexdigest()

    def read(self, name: str) -> bytes:
        at(name)
        need(name in self.texts, "is missing")
        return self.texts[name]

    def digest_of(self, name: str) -> str:
        at(name)
        need(name in self.digests, "is missing")
        return self.digests[name]


def check_manifest(dossier: Dossier) -> tuple[Any, str]:
    """What is named was signed; every file is named and has the bytes it had then."""
    seal = parsed(dossier.read(SIGNATURE))
    signer, signature, data = str(seal["public_key"]), str(seal["signature"]), dossier.read(MANIFEST)
    need(is_signed(sha(data), signer, signature), "is not what was signed")
    manifest = parsed(data)
    need(manifest["format"] in (FORMAT, OLDER), "is of another format")
    for name, told in manifest["files"].items():
        need(dossier.digest_of(name) == told, "has other bytes than the manifest says")
    at(", ".join(sorted({*dossier.digests} - {*manifest["files"], MANIFEST, SIGNATURE})[:3]))
    need(not HERE[0], "is not named in the manifest")
    return manifest, signer


def check_keys(dossier: Dossier, signer: str, wanted: str) -> set[str]:
    """The keys linked by signatures of both sides to the one given, else to that of the manifest."""
    rows = parsed(dossier.read("keys.json"))
    prints = {sha(bytes.fromhex(key)): key for key in [signer, *(row["public_key"] for row in rows)]}
    need(not wanted or wanted in {*prints, *prints.values()}, "does not hold the key you trust")
    trusted = {prints.get(wanted, wanted) or signer}
    for row in rows:
        at(f"keys.json: key {row['public_key'][:16]}")
        said, vouched = digest({name: row[name] for name in KEY}), row["signature_of_previous"]
        need(is_signed(said, row["public_key"], row["signature"]), "is changed")
        need(not vouched or is_signed(said, row["previous"], vouched), "was not signed by the one before")
    linked = [row for row in rows if row["signature_of_previous"]]
    for row in reversed(linked):
        trusted |= {row["previous"]} if row["public_key"] in trusted else set()
    for row in linked:
        trusted |= {row["public_key"]} if row["previous"] in trusted else set()
    at(SIGNATURE)
    need(signer in trusted, "is by a key that nothing links to the one you trust")
    return trusted


def check_chain(dossier: Dossier, chain: Any) -> tuple[list[Any], dict[int, str], list[Any]]:
    """Every entry follows the one before it. Returns the entries, the hash at each place, and what is left out."""
    seq, last, entries, hashes, left = 0, digest({"genesis": chain["root"]}), [], {}, []
    for line in dossier.read(CHAIN).split(b"\n")[:-1]:
        seq += 1
        at(f"{CHAIN}: entry {seq}")
        entry = parsed(line)
        need(entry["seq"] == seq, f"is missing or out of order: entry {int(entry['seq'])} stands there")
        if entry["type"] == "withheld":
            need(entry["from"] == last and entry["through"] >= seq, "does not follow the entry before it")
            left.append({"what": "entries", "from": seq, "through": entry["through"]})
            seq, last = entry["through"], entry["to"]
        else:
            need(entry["root"] == chain["root"], "belongs to another chain")
            need(digest({name: entry[name] for name in ENTRY}) == entry["hash"], "is changed")
            need(entry["previous_hash"] == last, "does not follow the entry before it")
            entry["said"], last = said_in(entry), entry["hash"]
            entries.append(entry)
        hashes[seq] = last
    need(seq <= chain["length"], "is one more than the manifest says")
    at(f"{CHAIN}: entry {seq + 1}")
    need(seq == chain["length"], "is missing")
    at(f"{CHAIN}: entry {seq}")
    need(last == chain["head"], "is not the last one of the manifest")
    told = {entry["said"]["seq"] for entry in entries if entry["name"] == ERASED and entry["said"]}
    for entry in entries:
        at(f"{CHAIN}: text of entry {entry['seq']}")
        need(entry["said"] is not None or entry["seq"] in told, "is gone, and no entry says that it was erased")
    erased = [
        {"what": "text", "from": entry["seq"], "through": entry["seq"]} for entry in entries if entry["said"] is None
    ]
    return entries, hashes, [*left, *erased]


def said_in(entry: Any) -> Any:
    """The text of an entry, which is the one recorded; None for one that was erased."""
    at(f"{CHAIN}: text of entry {entry['seq']}")
    if entry["erased_at"]:
        return need(not entry["body"] and not entry["salt"], "is there although it is said to be erased")
    text = f"{entry['salt']}\n{entry['body']}".encode("utf-8", "surrogatepass")
    need(sha(text) == entry["body_digest"], "is not the one recorded")
    return parsed(entry["body"].encode("utf-8", "surrogatepass"))


def check_records(dossier: Dossier, entries: list[Any]) -> tuple[dict[int, set[str]], dict[str, str]]:
    """Every version that was submitted is there word for word.

    Returns, by record, the digests that could be signed; and the digests of attached files, each with who names it.
    """
    known: dict[int, set[str]] = {}
    attached: dict[str, str] = {}
    found = set()
    for entry in entries:
        if entry["name"] == SUBMITTED and entry["said"] is not None:
            said, record = entry["said"], entry["subject_id"]
            known.setdefault(record, set()).update([said["digest"], *said["parts"].values()])
            found.add(name := f"records/{record}-v{said['version']}.json")
            data = dossier.read(name)
            need(sha(data) == said["digest"], f"is not the text that entry {entry['seq']} says was submitted")
            need(
                set(said["parts"].values()) <= set(digests_of_rows(parsed(data))), "lacks a line that was to be signed"
            )
            for row in parsed(data).get("files") or ():
                attached.setdefault(row["sha256"], name)
    at(", ".join(sorted({name for name in dossier.texts if name.startswith("records/")} - found)[:3]))
    need(not HERE[0], "was submitted by no entry")
    return known, attached


def check_files(dossier: Dossier, attached: Mapping[str, str]) -> list[Any]:
    """Every attached file is there byte for byte as its form says, or is left out; nothing else is there."""
    held = {name: made for name, made in dossier.digests.items() if name.startswith(ATTACHED)}
    for name, made in held.items():
        at(name)
        told = name[len(ATTACHED) :].partition(".")[0]
        need(told in attached, "is named by no form")
        need(made == told, f"is not the file that {attached[told]} names")
    return [{"what": "file", "sha256": made} for made in attached if made not in held.values()]


def digests_of_rows(value: Any) -> Iterator[str]:
    if isinstance(value, dict) and "id" in value:  # whom a row binds is not signed with it
        yield from map(digest, (value, {key: said for key, said in value.items() if key != "binds"}))
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from digests_of_rows(part)


def check_signatures(dossier: Dossier, entries: list[Any], known: dict[int, set[str]]) -> int:
    """Every signature says what its entry says, none is missing, and what was signed is a text that was submitted."""
    listed, place = parsed(dossier.read("signatures.json")), 0
    for entry in entries:
        text = entry["said"] or {}
        for said in {SIGNED: [text], SIGNED_MANY: text.get("decisions", [])}.get(entry["name"], ()) if text else ():
            at(f"signatures.json: signature {place + 1} (entry {entry['seq']})")
            need(place < len(listed), "is missing")
            true = {"entry": entry["seq"], "name": entry["actor_name"], "person": entry["actor_id"], "at": entry["at"],
                    "subject": [entry["subject_kind"], entry["subject_id"]], "said": said}  # fmt: skip
            wrong = [key for key in true if listed[place][key] != true[key]]
            need(not wrong, f"does not say what was recorded: {', '.join(wrong)}")
            kind, number = true["subject"]
            need(kind != "record" or said["digest"] in known.get(number, ()), "is on a text nobody submitted")
            place += 1
    at(f"signatures.json: signature {place + 1}")
    need(place == len(listed), "stands in no entry")
    return place


def root_of(root: str, each: Any) -> str:
    """The root of the tree, from the leaf of this chain and its neighbours on the way up."""
    leaf = json.dumps([root, each["length"], each["head_hash"]], ensure_ascii=False, separators=(",", ":"))
    node = hashlib.sha256(b"\x00" + leaf.encode()).digest()
    for side, other in each["proof"]:
        pair = (bytes.fromhex(other) + node) if side == "left" else (node + bytes.fromhex(other))
        node = hashlib.sha256(b"\x01" + pair).digest()
    return node.hex()


def check_seals(
    dossier: Dossier, chain: Any, hashes: dict[int, str], trusted: set[str], given: Mapping[int, str]
) -> int:
    """Each seal was signed by a trusted key over a tree in which the head of this chain is a leaf."""
    sealed, length, last = parsed(dossier.read("seals.json")), 0, ""
    for each in sealed:
        seal, length, head = each["seal"], each["length"], each["head_hash"]
        last = checked_seal(seal, trusted, given, "seals.json")
        need(root_of(chain["root"], each) == seal["merkle_root"], "has a proof that does not lead to its root")
        need(length <= chain["length"], f"was over {int(length)} entries, which are not all here")
        need(hashes.get(length, head) == head, f"was not over entry {length} as it stands here")
    at(f"{CHAIN}: entry {length + 1}")
    need(length == chain["length"], "and what follows stand under no seal")
    links = parsed(dossier.read("links.json"))
    for seal in links:
        before, last = last, checked_seal(seal, trusted, given, "links.json")
        need(seal["previous_hash"] == before, "does not follow the seal before it")
    reached = {each["seal"]["seq"] for each in sealed[-1:]} | {seal["seq"] for seal in links}
    at("witness")
    need(not given or reached & {*given}, "was given nothing yet since the last entry")
    return len(sealed)


def checked_seal(seal: Any, trusted: set[str], given: Mapping[int, str], name: str) -> str:
    at(f"{name}: seal {int(seal['seq'])}")
    need(digest({column: seal[column] for column in SEAL}) == seal["hash"], "is changed")
    need(seal["public_key"] in trusted, "is by a key that is not trusted")
    need(is_signed(seal["hash"], seal["public_key"], seal["signature"]), "has another signature")
    need(given.get(seal["seq"], seal["hash"]) == seal["hash"], "is not the one the witness was given")
    return str(seal["hash"])


def check(path: Path, wanted: str, witness: Path | None) -> list[str]:
    """What was found whole, in words. Raises Tampered."""
    at("archive")
    with zipfile.ZipFile(path) as archive:
        dossier = Dossier(archive)
    lines = [json.loads(line) for line in witness.read_text("utf-8").splitlines()] if witness else []
    given = {line["seal"]: line["seal_hash"] for line in lines}
    manifest, signer = check_manifest(dossier)
    trusted = check_keys(dossier, signer, wanted)
    entries, hashes, left = check_chain(dossier, manifest["chain"])
    known, attached = check_records(dossier, entries)
    absent = check_files(dossier, attached)
    signatures = check_signatures(dossier, entries, known)
    seals = check_seals(dossier, manifest["chain"], hashes, trusted, given)
    at(MANIFEST)
    named = [{key: one[key] for key in one if key != "why"} for one in manifest["left_out"]]
    need(named == left + (absent if manifest["format"] == FORMAT else []), "does not name what is left out")
    why = {one.get("sha256"): f" ({one['why']})" for one in manifest["left_out"] if "why" in one}
    return [
        f"{len(entries)} entries, {len(known)} records, {signatures} signatures, {seals} seals: as written",
        *([f"{len(attached) - len(absent)} attached files: as handed in"] if attached else []),
        *(f"left out: {each['what']} {int(each['from'])} to {int(each['through'])}" for each in left),
        *(f"left out: file {each['sha256']}{why.get(each['sha256'], '')}" for each in absent),
        f"signed by the key {sha(bytes.fromhex(signer))}" + ("" if wanted else " (compare it with one from elsewhere)"),
        f"the verify.py inside has SHA-256 {manifest['files']['verify.py']}",
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description="Is this dossier as it was written?")
    parser.add_argument("dossier", type=Path)
    parser.add_argument("--key", default="", help="the public key you trust, or its fingerprint")
    parser.add_argument("--witness", type=Path, help="the file of the witness")
    arguments = parser.parse_args()
    try:
        said = ["OK", *check(arguments.dossier, arguments.key.lower(), arguments.witness)]
    except Tampered as tampered:
        said = [f"NOT AS WRITTEN  {HERE[0]}: {tampered}"]
    except Exception as error:  # noqa: BLE001  whatever a hostile file makes Python say, it cannot be read
        said = [f"NOT AS WRITTEN  {HERE[0]}: cannot be read ({type(error).__name__})"]
    own = f"this verify.py has SHA-256 {sha(Path(__file__).read_bytes())}"
    sys.stdout.write("\n".join([*said, own, ""]))
    return 0 if said[0] == "OK" else 1


if __name__ == "__main__":
    sys.exit(main())
