"""What a dossier holds, for whom, and what is written down about it."""

import hashlib
import io
import json
import re
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bihuan.access import operations as access
from bihuan.evidence import operations, verify
from bihuan.evidence.operations import ask_for_dossier, put_together
from bihuan.files.models import Parcel, StoredFile
from bihuan.files.queries import folder_of, path_of
from bihuan.kernel.actor import SYSTEM
from bihuan.kernel.errors import NotAllowed, NotFound
from bihuan.ledger import keys, rotation
from bihuan.ledger.errors import KeyIsNotOurs
from bihuan.ledger.models import Entry
from bihuan.ledger.operations import erase_body
from bihuan.ledger.sealing import seal_all
from bihuan.outbox.models import Delivery
from bihuan.records.models import Record
from tests.evidence.dossiers import PDF, Original, attach, dossier_of, found_in
from tests.ledger.facts import note
from tests.witness import facts_since, last_entry, refused

pytestmark = pytest.mark.django_db


def written(content: bytes, folder: Path) -> Path:
    path = folder / "dossier.zip"
    path.write_bytes(content)
    return path


def member(content: bytes, name: str) -> Any:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return json.loads(archive.read(name))


def test_it_holds_every_version_every_signature_and_a_page_to_read(original: Original) -> None:
    records = {name for name in original.members if re.fullmatch(r"records/\d+-v1\.json", name)}
    assert len(records) == 5
    attached = f"files/{hashlib.sha256(PDF).hexdigest()}.pdf"
    assert original.members[attached] == PDF
    assert set(original.members) == records | {
        attached,
        "chain.jsonl", "dossier.json", "dossier.sig", "index.html", "keys.json", "links.json", "seals.json",
        "signatures.json", "verify.py",
    }  # fmt: skip
    page = original.members["index.html"].decode()
    manifest = json.loads(original.members["dossier.json"])
    assert (manifest["number"], manifest["chain"]["length"], manifest["left_out"]) == ("XZ-2026-0001", 46, [])
    for word in (
        "XZ-2026-0001-F04-01",
        "王敏",
        "活动转化率不低于百分之十五",
        f'<a href="{attached}">频道.pdf</a>',
        "<script",
    ):
        assert (word in page) == (word != "<script")


def test_the_same_matter_at_the_same_instant_gives_the_same_bytes(campaign: Any) -> None:
    matter, at = campaign.collaboration, campaign.at
    seal_all(at=at)
    first = operations.gather(campaign.root, reader=None, at=at)
    again = operations.gather(campaign.root, reader=None, at=at)
    assert operations.members_of(first) == operations.members_of(again)
    seen = last_entry()
    name, content = dossier_of(campaign)
    (fact,) = facts_since(seen)
    digest = member(content, "dossier.json")["files"]["chain.jsonl"]
    assert (name, fact["name"], fact["through"], fact["left_out"]) == (
        f"matter-{matter.pk}", "evidence.dossier.made", 2, 0,
    )  # fmt: skip
    assert len(digest) == len(fact["digest"]) == 64
    row = Entry.objects.get(name="evidence.dossier.made")
    assert (row.actor_kind, row.scope_id) == (SYSTEM.kind, matter.scope_id)


def test_what_the_reader_may_not_read_is_left_out_and_named(campaign: Any, tmp_path: Path) -> None:
    """Facts without a scope are shown to nobody: they keep their place in the chain, not their words."""
    for text, scope_id in (("无人可见", None), ("无人可见", None), ("可见", campaign.collaboration.scope_id)):
        note(campaign.root, campaign.at, text, scope_id)
    _, content = dossier_of(campaign, reader=campaign.actor("产品经理"))
    path = written(content, tmp_path)
    assert found_in(path) == ""
    assert member(content, "dossier.json")["left_out"] == [{"what": "entries", "from": 3, "through": 4}]
    with zipfile.ZipFile(path) as archive:
        assert all("无人可见" not in archive.read(name).decode() for name in archive.namelist())
    _, whole = dossier_of(campaign)
    assert found_in(written(whole, tmp_path)) == ""
    assert member(whole, "dossier.json")["left_out"] == []


def test_files_that_are_not_as_they_were_are_left_out_by_name(campaign: Any, tmp_path: Path) -> None:
    """Nothing is missing silently: the manifest, the page and the script name each, with why."""
    campaign.carry_to("ALIGN")
    whole, harmed, gone = (attach(campaign, f"{name}.pdf", b"%PDF-1.7 " + name.encode()) for name in "abc")
    kept = {version.pk: version.data["files"][0]["sha256"] for version in (whole, harmed, gone)}
    path_of(StoredFile.objects.get(sha256=kept[harmed.pk]).key).write_bytes(b"%PDF-1.7 other")
    path_of(StoredFile.objects.get(sha256=kept[gone.pk]).key).unlink()
    _, content = dossier_of(campaign)
    whys = {harmed.pk: "changed", gone.pk: "gone"}
    assert member(content, "dossier.json")["left_out"] == [
        {"what": "file", "sha256": kept[pk], "why": why} for pk, why in whys.items()
    ]
    path = written(content, tmp_path)
    assert verify.check(path, "", None)[1:4] == [
        "1 attached files: as handed in", *(f"left out: file {kept[pk]} ({why})" for pk, why in whys.items())
    ]  # fmt: skip
    with zipfile.ZipFile(path) as archive:
        assert [name for name in archive.namelist() if name.startswith("files/")] == [f"files/{kept[whole.pk]}.pdf"]
        page = archive.read("index.html").decode()
    for words in ("字节已不再保存", "字节与提交时不符"):
        assert page.count(words) == 1


def test_the_files_of_a_form_go_to_who_reads_it_and_to_nobody_else(campaign: Any) -> None:
    """A form of a narrower scope than the matter's takes its file along: neither its text nor its bytes are inside."""
    campaign.carry_to("ALIGN")
    open_one, closed = attach(campaign, "a.pdf", PDF), attach(campaign, "b.pdf", PDF + b"closed")
    Record.objects.filter(pk=closed.record_id).update(scope=access.open_scope(closed.record.subject, at=campaign.at))
    seen = {
        name for _, content in [dossier_of(campaign, reader=campaign.actor("技术部负责人"))]
        for name in zipfile.ZipFile(io.BytesIO(content)).namelist() if name.startswith("files/")
    }  # fmt: skip
    assert seen == {f"files/{open_one.data['files'][0]['sha256']}.pdf"}


def test_an_erased_text_is_left_out_and_its_place_holds(campaign: Any, tmp_path: Path) -> None:
    entry = Entry.objects.filter(chain__root_kind="collaboration").order_by("seq").first()
    assert entry is not None
    erase_body(entry.pk, reason="本人要求", actor=SYSTEM, at=campaign.at)
    _, content = dossier_of(campaign)
    assert found_in(written(content, tmp_path)) == ""
    assert member(content, "dossier.json")["left_out"] == [{"what": "text", "from": 1, "through": 1}]


def test_who_asks_for_it_fetches_it_when_it_is_there(campaign: Any, tmp_path: Path) -> None:
    lead = campaign.actor("产品经理")
    parcel = ask_for_dossier(campaign.collaboration, actor=lead, at=campaign.at)
    delivery = Delivery.objects.get(topic=operations.TOPIC)
    payload = json.loads(delivery.payload)
    put_together(payload, campaign.at, delivery.key)
    parcel.refresh_from_db()
    (made,) = folder_of(parcel).iterdir()
    assert (parcel.owner_id, parcel.done, parcel.ended_at) == (lead.person_id, 1, campaign.at)
    assert found_in(written(made.read_bytes(), tmp_path)) == ""
    entries = Entry.objects.count()
    put_together(payload, campaign.at, delivery.key)
    assert Entry.objects.count() == entries


def test_who_may_no_longer_read_the_matter_gets_none(campaign: Any) -> None:
    stranger = campaign.actor("财务专员")
    ask_for_dossier(campaign.collaboration, actor=stranger, at=campaign.at)
    payload = json.loads(Delivery.objects.get(topic=operations.TOPIC).payload)
    with refused(NotFound):
        put_together(payload, campaign.at, "")
    with refused(NotAllowed):
        ask_for_dossier(campaign.collaboration, actor=SYSTEM, at=campaign.at)
    assert Parcel.objects.get().ended_at is None


def test_without_its_key_nothing_is_put_together(campaign: Any, at: datetime) -> None:
    seal_all(at=at)
    keys.key_path().unlink()
    with refused(KeyIsNotOurs):
        dossier_of(campaign)
    assert rotation.newest_key() is not None
