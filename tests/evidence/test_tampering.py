"""Whatever somebody changes in a dossier is found by the script inside, and the first changed thing is named.

Some forgers only edit the archive. The others hold the company's present key and sign what they made of it.
"""

import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bihuan.evidence import verify
from bihuan.kernel.canonical import digest
from bihuan.ledger import keys
from bihuan.ledger.policy import fingerprint
from tests.evidence.dossiers import JSON, PDF, STRANGER, Copy, Original, found_in, zipped

pytestmark = [pytest.mark.django_db, pytest.mark.alike]
Forgery = Callable[[Copy], Copy]
OTHER_BYTES = "has other bytes than the manifest says"


def record_named(copy: Copy, place: int) -> str:
    names = [name for name in copy.members if name.startswith("records/")]
    return sorted(names, key=lambda name: [int(number) for number in re.findall(r"\d+", name)])[place]


def with_member(name: str, content: bytes) -> Forgery:
    def forge(copy: Copy) -> Copy:
        copy.members[name] = content
        return copy

    return forge


def flip_a_byte(copy: Copy) -> Copy:
    name = record_named(copy, 0)
    copy.members[name] = copy.members[name].replace(b"2", b"3", 1)
    return copy


def swap_two_files(copy: Copy) -> Copy:
    one, two = record_named(copy, 0), record_named(copy, 1)
    copy.members[one], copy.members[two] = copy.members[two], copy.members[one]
    return copy


def remove_a_file(copy: Copy) -> Copy:
    del copy.members[record_named(copy, 0)]
    return copy


def change_the_manifest(copy: Copy) -> Copy:
    copy.change("dossier.json", lambda manifest: manifest.update(title="别的事"))
    return copy


def spoil_the_signature(copy: Copy) -> Copy:
    copy.change("dossier.sig", lambda seal: seal.update(signature="00" * 64))
    return copy


def drop_a_record_and_sign(copy: Copy) -> Copy:
    return remove_a_file(copy).signed()


def rewrite_a_record(copy: Copy) -> Copy:
    return flip_a_byte(copy).signed()


def add_a_record(copy: Copy) -> Copy:
    return with_member("records/999999999-v1.json", b"{}")(copy).signed()


def file_named(copy: Copy) -> str:
    (name,) = (name for name in copy.members if name.startswith("files/"))
    return name


def exchange_a_file(copy: Copy) -> Copy:
    return with_member(file_named(copy), b"%PDF-1.7 another")(copy)


def exchange_a_file_and_sign(copy: Copy) -> Copy:
    return exchange_a_file(copy).signed()


def drop_a_file(copy: Copy) -> Copy:
    del copy.members[file_named(copy)]
    return copy


def exchange_a_file_under_its_own_digest(copy: Copy) -> Copy:
    other = b"%PDF-1.7 another"
    return with_member(f"files/{hashlib.sha256(other).hexdigest()}.pdf", other)(drop_a_file(copy)).signed()


def rename_a_file_in_its_form(copy: Copy) -> Copy:
    name = record_named(copy, 1)
    copy.members[name] = copy.members[name].replace("频道.pdf".encode(), "纪要.pdf".encode())
    return copy.signed()


def leave_out_what_is_there(copy: Copy) -> Copy:
    told = file_named(copy)[len("files/") :].partition(".")[0]
    return copy.signed(left_out=[{"what": "file", "sha256": told, "why": "gone"}])


def entries_changed(act: Callable[[list[JSON]], object]) -> Forgery:
    def forge(copy: Copy) -> Copy:
        entries = copy.entries
        act(entries)
        copy.put_entries(entries)
        return copy.signed()

    return forge


def rehash(entry: JSON, **changes: object) -> None:
    entry.update(changes)
    entry["hash"] = digest({name: entry[name] for name in verify.ENTRY})


def rename_an_actor(entries: list[JSON]) -> None:
    entries[8]["actor_name"] = "别人"


def rename_an_actor_and_hash_anew(entries: list[JSON]) -> None:
    rehash(entries[8], actor_name="别人")


def change_a_text(entries: list[JSON]) -> None:
    entries[8]["body"] = entries[8]["body"].replace("APPROVE", "REFUSE")


def erase_a_text_untold(entries: list[JSON]) -> None:
    entries[8].update(body="", salt="", erased_at="2026-11-20T00:00:00+00:00")


def swap_two_entries(entries: list[JSON]) -> None:
    entries[4], entries[5] = entries[5], entries[4]


def repeat_an_entry(entries: list[JSON]) -> None:
    entries.append({**entries[-1], "seq": entries[-1]["seq"] + 1})


def rewrite_the_chain(copy: Copy) -> Copy:
    """From the ninth entry on everything is told and hashed anew; length and head of the manifest fit."""
    entries = copy.entries
    last = entries[7]["hash"]
    for entry in entries[8:]:
        rehash(entry, previous_hash=last, **({"actor_name": "别人"} if entry["seq"] == 9 else {}))
        last = entry["hash"]
    copy.put_entries(entries)
    listed = copy.value("signatures.json")
    for one in listed:
        one["name"] = "别人" if one["entry"] == 9 else one["name"]
    copy.put("signatures.json", listed)
    return copy.signed(chain={**copy.value("dossier.json")["chain"], "head": last})


def cut_the_chain(copy: Copy) -> Copy:
    entries = copy.entries[:-1]
    copy.put_entries(entries)
    chain = {**copy.value("dossier.json")["chain"], "length": len(entries), "head": entries[-1]["hash"]}
    return copy.signed(chain=chain)


def cut_the_chain_and_its_seal(copy: Copy) -> Copy:
    copy.change("seals.json", lambda seals: seals.pop())
    return cut_the_chain(copy)


def hide_entries_unnamed(copy: Copy) -> Copy:
    """A refusal is made a run that was withheld, and nobody is told that anything was."""
    entries = copy.entries
    hidden = entries[1:3]
    run = {"type": "withheld", "seq": 2, "through": 3, "from": hidden[0]["previous_hash"], "to": hidden[1]["hash"]}
    copy.put_entries([entries[0], run, *entries[3:]])
    return copy.signed()


def claim_another_matter(copy: Copy) -> Copy:
    return copy.signed(chain={**copy.value("dossier.json")["chain"], "root": "collaboration:99"})


def valued(name: str, act: Callable[[list[JSON]], object]) -> Forgery:
    def forge(copy: Copy) -> Copy:
        copy.change(name, act)
        return copy.signed()

    return forge


def new_key(rows: list[JSON], *, previous: str) -> JSON:
    """A key of the forger's, as if it followed; whoever holds only his own cannot sign for the one before."""
    content = {"public_key": keys.public_half(STRANGER), "previous": previous, "at": rows[-1]["at"]}
    signed = keys.sign(digest(content), STRANGER)
    return {**content, "signature": signed, "signature_of_previous": signed}


def sign_a_seal_anew(seals: list[JSON]) -> None:
    seal = seals[0]["seal"]
    seal["public_key"] = keys.public_half(STRANGER)
    seal["hash"] = digest({name: seal[name] for name in verify.SEAL})
    seal["signature"] = keys.sign(seal["hash"], STRANGER)


def spoil_a_seal(seals: list[JSON]) -> None:
    seals[0]["seal"]["signature"] = "00" * 64


def date_a_seal_back(seals: list[JSON]) -> None:
    seals[0]["seal"]["at"] = "2020-01-01T00:00:00.000000+00:00"


def swap_proofs(seals: list[JSON]) -> None:
    seals[0]["proof"], seals[1]["proof"] = [["left", "00" * 32]], seals[0]["proof"]


FORGERIES: dict[Forgery, str] = {
    flip_a_byte: "{first}: " + OTHER_BYTES,
    swap_two_files: "{swapped}: " + OTHER_BYTES,
    remove_a_file: "{first}: is missing",
    with_member("records/note.txt", b"x"): "records/note.txt: is not named in the manifest",
    with_member("verify.py", b"print('OK')"): f"verify.py: {OTHER_BYTES}",
    with_member("index.html", b"<p>"): f"index.html: {OTHER_BYTES}",
    change_the_manifest: "dossier.json: is not what was signed",
    spoil_the_signature: "dossier.json: is not what was signed",
    lambda copy: copy.signed(STRANGER): "seals.json: seal 1: is by a key that is not trusted",
    drop_a_record_and_sign: "{first}: is missing",
    exchange_a_file: "{file}: " + OTHER_BYTES,
    drop_a_file: "{file}: is missing",
    exchange_a_file_and_sign: "{file}: is not the file that {paper} names",
    lambda copy: drop_a_file(copy).signed(): "dossier.json: does not name what is left out",
    exchange_a_file_under_its_own_digest: "{other}: is named by no form",
    rename_a_file_in_its_form: "{paper}: is not the text that entry 19 says was submitted",
    leave_out_what_is_there: "dossier.json: does not name what is left out",
    rewrite_a_record: "{first}: is not the text that entry 4 says was submitted",
    add_a_record: "records/999999999-v1.json: was submitted by no entry",
    entries_changed(rename_an_actor): "chain.jsonl: entry 9: is changed",
    entries_changed(rename_an_actor_and_hash_anew): "chain.jsonl: entry 10: does not follow the entry before it",
    entries_changed(change_a_text): "chain.jsonl: text of entry 9: is not the one recorded",
    entries_changed(erase_a_text_untold): (
        "chain.jsonl: text of entry 9: is gone, and no entry says that it was erased"
    ),
    entries_changed(swap_two_entries): "chain.jsonl: entry 5: is missing or out of order: entry 6 stands there",
    entries_changed(lambda entries: entries.pop(0)): (
        "chain.jsonl: entry 1: is missing or out of order: entry 2 stands there"
    ),
    entries_changed(lambda entries: entries.pop()): "chain.jsonl: entry 46: is missing",
    entries_changed(repeat_an_entry): "chain.jsonl: entry 47: is changed",
    rewrite_the_chain: "seals.json: seal 1: was not over entry 17 as it stands here",
    cut_the_chain: "seals.json: seal 2: was over 46 entries, which are not all here",
    cut_the_chain_and_its_seal: "chain.jsonl: entry 18: and what follows stand under no seal",
    hide_entries_unnamed: "dossier.json: does not name what is left out",
    claim_another_matter: "chain.jsonl: entry 1: belongs to another chain",
    valued("signatures.json", lambda listed: listed[0].update(name="别人")): (
        "signatures.json: signature 1 (entry 9): does not say what was recorded: name"
    ),
    valued("signatures.json", lambda listed: listed[0]["said"].update(decision="REFUSE")): (
        "signatures.json: signature 1 (entry 9): does not say what was recorded: said"
    ),
    valued("signatures.json", lambda listed: listed[1].update(subject=["record", 2])): (
        "signatures.json: signature 2 (entry 11): does not say what was recorded: subject"
    ),
    valued("signatures.json", lambda listed: listed.pop()): "signatures.json: signature 18 (entry 29): is missing",
    valued("signatures.json", lambda listed: listed.append(listed[0])): (
        "signatures.json: signature 19: stands in no entry"
    ),
    valued("seals.json", date_a_seal_back): "seals.json: seal 1: is changed",
    valued("seals.json", spoil_a_seal): "seals.json: seal 1: has another signature",
    valued("seals.json", sign_a_seal_anew): "seals.json: seal 1: is by a key that is not trusted",
    valued("seals.json", swap_proofs): "seals.json: seal 1: has a proof that does not lead to its root",
    valued("seals.json", lambda seals: seals.pop()): "chain.jsonl: entry 18: and what follows stand under no seal",
    valued("keys.json", lambda rows: rows.pop()): "seals.json: seal 1: is by a key that is not trusted",
    valued("keys.json", lambda rows: rows[1].update(at="2020")): "keys.json: key {second}: is changed",
    valued("keys.json", lambda rows: rows.append(new_key(rows, previous=rows[1]["public_key"]))): (
        "keys.json: key {stranger}: was not signed by the one before"
    ),
}  # fmt: skip


@pytest.mark.parametrize(("forge", "said"), FORGERIES.items(), ids=map(str, range(1, len(FORGERIES) + 1)))
def test_a_manipulation_is_found_and_named(forge: Forgery, said: str, original: Original, tmp_path: Path) -> None:
    named = said.format(
        first=record_named(Copy(original), 0),
        swapped=min(record_named(Copy(original), place) for place in (0, 1)),
        paper=record_named(Copy(original), 1),
        file=file_named(Copy(original)),
        other=f"files/{hashlib.sha256(b'%PDF-1.7 another').hexdigest()}.pdf",
        second=original.public_key[:16],
        stranger=keys.public_half(STRANGER)[:16],
    )
    assert found_in(forge(Copy(original)).written(tmp_path)) == named


def test_an_untouched_dossier_is_as_written(original: Original, tmp_path: Path) -> None:
    path = Copy(original).written(tmp_path)
    assert path.read_bytes() == original.content
    key = fingerprint(original.public_key)
    first = json.loads(original.members["keys.json"])[0]["public_key"]
    for trusted in (key, original.public_key, first):
        assert found_in(path, key=trusted) == ""
    assert verify.check(path, key, None)[:3] == [
        "46 entries, 5 records, 18 signatures, 2 seals: as written", "1 attached files: as handed in",
        f"signed by the key {key}",
    ]  # fmt: skip


def test_a_file_that_is_left_out_is_said_and_an_older_dossier_held_none(original: Original, tmp_path: Path) -> None:
    copy = drop_a_file(Copy(original))
    told = hashlib.sha256(PDF).hexdigest()
    path = copy.signed(left_out=[{"what": "file", "sha256": told, "why": "too large"}]).written(tmp_path)
    assert verify.check(path, "", None)[1:3] == ["0 attached files: as handed in", f"left out: file {told} (too large)"]
    older = copy.signed(left_out=[], format="bihuan-dossier/1").written(tmp_path)
    assert verify.check(older, "", None)[1:3] == ["0 attached files: as handed in", f"left out: file {told}"]
    assert found_in(copy.signed(format="bihuan-dossier/3").written(tmp_path)) == "dossier.json: is of another format"


def test_a_dossier_by_a_stranger_is_found_by_who_knows_the_key(original: Original, tmp_path: Path) -> None:
    """All of it was made up: another chain of keys, and the manifest signed by it."""
    copy = Copy(original)
    copy.put("keys.json", [])
    path = copy.signed(STRANGER).written(tmp_path)
    assert found_in(path, key=original.public_key) == "keys.json: does not hold the key you trust"


def test_the_script_inside_runs_alone_and_says_which_script_ran(original: Original, tmp_path: Path) -> None:
    path = Copy(original).written(tmp_path)
    script = tmp_path / "verify.py"
    script.write_bytes(original.members["verify.py"])

    def run() -> tuple[int, list[str]]:
        command = [sys.executable, "-I", str(script), str(path), "--key", original.public_key]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout.splitlines()

    code, said = run()
    inside = json.loads(original.members["dossier.json"])["files"]["verify.py"]
    assert (code, said[0], said[-1]) == (0, "OK", f"this verify.py has SHA-256 {inside}")
    script.write_bytes(original.members["verify.py"] + b"\n")
    assert run()[1][-1] != said[-1]
    path.write_bytes(zipped(flip_a_byte(Copy(original)).members))
    code, said = run()
    first = record_named(Copy(original), 0)
    assert (code, said[0]) == (1, f"NOT AS WRITTEN  {first}: {OTHER_BYTES}")
    assert sum(bool(line.strip()) for line in original.members["verify.py"].splitlines()) <= 285
