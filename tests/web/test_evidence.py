"""The certificate of a record, the dossier of a matter, how the ledger is kept provable: as pages and by the API."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test.utils import CaptureQueriesContext

from bihuan.collaborations import operations as collaborations
from bihuan.evidence import operations, witnesses
from bihuan.evidence.certificate import certificate_of
from bihuan.evidence.operations import put_together
from bihuan.files.models import Parcel
from bihuan.ledger import keys
from bihuan.ledger.models import Entry, SealKey
from bihuan.ledger.policy import fingerprint
from bihuan.ledger.sealing import seal_all
from bihuan.outbox.models import Delivery
from tests import forms_samples as samples
from tests.evidence.dossiers import found_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_keys(tmp_path: Path, settings: Any) -> None:
    settings.DATA_DIR = tmp_path


def test_the_certificate_says_who_signed_for_whom_when_on_what_and_where_that_stands(
    campaign: Any, client_for: Any
) -> None:
    campaign.carry_to("ALIGN")
    version = campaign.latest("F01")
    seal_all(at=campaign.at)
    client = client_for(campaign.company["市场部负责人"])
    address = f"/records/{version.record_id}/certificate"
    page = client.get(address, headers={"Accept-Language": "zh-hans"}).content.decode()
    decided = Entry.objects.filter(name="approvals.slot.decided").order_by("seq")[0]
    key = fingerprint(keys.own_public_key() or "")
    for word in (
        "签署证明",
        "王敏",
        "市场部",
        "OPINIONS",
        "Asia/Shanghai",
        version.digest,
        f"{decided.seq} · {decided.hash}",
        key,
    ):
        assert word in page, word
    said = client.get(f"/api/v1/records/{version.record_id}/versions/1/certificate").json()
    assert next((one["name"], one["entry"]["seq"], one["asked"]) for one in said["signatures"]) == (
        "王敏", decided.seq, campaign.company.head("市场部"),
    )  # fmt: skip
    assert (said["digest"], said["proof"]["seal"]["seq"], said["key_fingerprint"]) == (version.digest, 1, key)
    assert climbed(said["proof"], f"collaboration:{campaign.collaboration.pk}") == said["proof"]["seal"]["merkle_root"]
    assert f"{address}?version=1" in client.get(f"/records/{version.record_id}").content.decode()
    assert client.get(f"{address}?version=9").status_code == 404


def climbed(proof: dict[str, Any], root: str) -> str:
    """The root of the tree, computed from the leaf as somebody outside would."""
    leaf = json.dumps([root, proof["length"], proof["head_hash"]], ensure_ascii=False, separators=(",", ":"))
    node = hashlib.sha256(b"\x00" + leaf.encode()).digest()
    for side, other in proof["neighbours"]:
        pair = bytes.fromhex(other) + node if side == "left" else node + bytes.fromhex(other)
        node = hashlib.sha256(b"\x01" + pair).digest()
    return node.hex()


def test_lines_that_did_not_change_say_on_which_version_they_were_signed(campaign: Any) -> None:
    campaign.carry_to("ALIGN")
    campaign.talk_it_over()
    body = samples.consensus(campaign.cast, campaign.start)
    assert certificate_of(campaign.submit("F03", body)).proof is None
    campaign.decide("F03", "CONSENSUS", "市场部负责人")
    collaborations.revise_form(
        campaign.refreshed(), form_code="F03", reason="改一条", actor=campaign.actor("产品经理"), at=campaign.at
    )
    body["commitments"][1]["what"] += "，按周到位"
    found = certificate_of(campaign.submit("F03", body))
    carried = [one for one in found.signed if one.signature.name]
    (decided,) = Entry.objects.filter(name="approvals.parts.decided").values_list("seq", flat=True)
    assert found.version.version == 2
    assert {(one.signature.name, one.carried_from) for one in carried} == {("王敏", 1)}
    assert {one.mark.seq for one in carried if one.mark} == {decided}
    assert {one.mark for one in found.signed if not one.signature.name} == {None}


def test_the_certificate_costs_the_same_however_many_signed(
    campaign: Any, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    campaign.request()
    version = campaign.latest("F01")
    seal_all(at=campaign.at)
    with django_assert_max_num_queries(9) as waiting:
        certificate_of(version)
    assert isinstance(waiting, CaptureQueriesContext)
    campaign.agree_to_request()
    seal_all(at=campaign.at)
    with django_assert_num_queries(len(waiting)):
        certificate_of(version)


def test_a_dossier_is_asked_for_on_the_page_and_fetched_like_any_export(
    campaign: Any, client_for: Any, tmp_path: Path
) -> None:
    campaign.carry_to("ALIGN")
    client = client_for(campaign.company["产品经理"])
    history = client.get(f"/matters/{campaign.collaboration.pk}/timeline").content.decode()
    address = f"/matters/{campaign.collaboration.pk}/dossier"
    assert address in history
    for _ in range(2):
        assert client.post(address, {"request_key": "the same form"}).url == "/exports/"
    parcel, delivery = Parcel.objects.get(), Delivery.objects.get(topic=operations.TOPIC)
    assert "协作卷宗" in client.get("/exports/", headers={"Accept-Language": "zh-hans"}).content.decode()
    assert client.get(f"/exports/{parcel.pk}/file").status_code == 404
    put_together(json.loads(delivery.payload), campaign.at, delivery.key)
    answer = client.get(f"/exports/{parcel.pk}/file")
    (tmp_path / "dossier.zip").write_bytes(answer.content)
    assert answer["Content-Disposition"] == 'attachment; filename="XZ-2026-0001.zip"'
    assert found_in(tmp_path / "dossier.zip") == ""
    other = client_for(campaign.company["市场部负责人"])
    assert other.get(f"/exports/{parcel.pk}/file").status_code == 404
    assert "导出了本协作的卷宗" in client.get(f"/matters/{campaign.collaboration.pk}/timeline").content.decode()


def test_administrators_see_keys_and_witnesses_and_change_the_key_once(
    campaign: Any, client_for: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    options = django_settings.OPTIONS.model_copy(update={"witness_file": str(tmp_path / "witness.jsonl")})
    client, at = client_for(campaign.company["管理员"]), campaign.at
    page = client.get("/evidence/", headers={"Accept-Language": "zh-hans"}).content.decode()
    assert ("未设置见证方" in page, "首个密钥随首个封印生成" in page) == (True, True)
    monkeypatch.setattr(django_settings, "OPTIONS", options)
    seal_all(at=at)
    made = witnesses.state(at=at)
    for _ in range(2):
        assert client.post("/evidence/key", {"request_key": "the same form"}).url == "/evidence/"
    first, second = SealKey.objects.order_by("pk")
    assert (second.previous, Entry.objects.filter(name="ledger.key_changed").count()) == (first.public_key, 1)
    said = client.get("/api/v1/evidence").json()
    assert [each["fingerprint"] for each in said["keys"]] == [fingerprint(k.public_key) for k in (second, first)]
    assert (said["key_state"], said["witnesses"][0]["seal"], made is not None) == ("GOOD", None, True)
    page = client.get("/evidence/", headers={"Accept-Language": "zh-hans"}).content.decode()
    assert ("传送中" in page, fingerprint(second.public_key) in page) == (True, True)


def test_a_lost_key_is_told_on_the_page_and_not_changed_from_there(campaign: Any, client_for: Any) -> None:
    client = client_for(campaign.company["管理员"])
    seal_all(at=campaign.at)
    keys.key_path().unlink()
    assert "封印已停止" in client.get("/evidence/", headers={"Accept-Language": "zh-hans"}).content.decode()
    answer = client.post("/evidence/key", headers={"Accept-Language": "zh-hans"})
    assert (answer.status_code, SealKey.objects.count()) == (409, 1)
    assert "为封印签名的密钥已丢失" in answer.content.decode()
