"""The page of a risk: what was filed, how late, and how it came out."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.collaborations.models import Loop
from bihuan.issues import operations
from bihuan.issues.models import Risk
from bihuan.records import operations as records
from tests import forms_samples as samples
from tests.witness import facts_since, last_entry


@pytest.fixture
def begun(campaign):
    campaign.request()
    return campaign


def file_risk(campaign, office: str = "开发组长", found_before: timedelta = timedelta(hours=1)) -> Risk:
    actor = campaign.actor(office)
    record = operations.start_risk(campaign.refreshed(), actor=actor, at=campaign.at)
    discovered_at = (campaign.at - found_before).isoformat(timespec="minutes")
    body = samples.risk(campaign.cast, campaign.start, discovered_at)
    record = records.save_draft(record, body=body, seen_revision=record.revision, actor=actor, at=campaign.at)
    records.submit(record, seen_revision=record.revision, actor=actor, at=campaign.at)
    return Risk.objects.get(record=record)


def test_everybody_in_the_matter_reads_it_and_the_pmo_closes_it(begun, client_for, refuses):
    risk = file_risk(begun)
    address = f"/risks/{risk.pk}/close"
    for office in ("开发组长", "产品经理", "市场部负责人"):
        client = client_for(begun.company[office])
        page = client.get(f"/risks/{risk.pk}").content.decode()
        assert (risk.title in page, address in page) == (True, False)
        refuses(403, client, address, {"outcome": "没事了"}, of=Risk)
    pmo = client_for(begun.company["PMO专员"])
    assert f'action="{address}"' in pmo.get(f"/risks/{risk.pk}").content.decode()
    assert "has-error" in refuses(422, pmo, address, {"outcome": " "}, of=Risk)
    before = last_entry()
    assert pmo.post(address, {"outcome": "已加派两人，进度恢复"}).status_code == 302
    risk.refresh_from_db()
    assert (risk.state, risk.outcome, risk.closed_by_id) == (
        "CLOSED",
        "已加派两人，进度恢复",
        begun.company["PMO专员"].pk,
    )
    assert facts_since(before)[0] | {"risk_id": risk.pk} == {
        "name": "issues.risk.closed", "risk_id": risk.pk, "number": risk.number, "outcome": "已加派两人，进度恢复",
    }  # fmt: skip
    assert not Loop.objects.filter(subject_kind="risk", subject_id=risk.pk, closed_at=None).exists()
    page = refuses(409, pmo, address, {"outcome": "我也来说一句"}, of=Risk)
    assert "我也来说一句" in page


def test_who_filed_it_never_closes_it_though_he_is_of_the_pmo(begun, client_for, refuses):
    risk = file_risk(begun, "PMO专员")
    pmo = client_for(begun.company["PMO专员"])
    assert f"/risks/{risk.pk}/close" not in pmo.get(f"/risks/{risk.pk}").content.decode()
    refuses(403, pmo, f"/risks/{risk.pk}/close", {"outcome": "没事了"}, of=Risk)


def test_lateness_is_said_in_words(begun, client_for):
    late, in_time = file_risk(begun, found_before=timedelta(hours=29, minutes=10)), file_risk(begun)
    client = client_for(begun.company.lead)
    assert "迟报 6 小时" in client.get(f"/risks/{late.pk}").content.decode()
    page = client.get(f"/risks/{in_time.pk}").content.decode()
    assert ("迟报" in page, "按时上报" in page) == (False, True)
    client.cookies["django_language"] = "en"
    assert "filed 6 h late" in client.get(f"/risks/{late.pk}").content.decode()


def test_outsiders_learn_nothing_and_reading_changes_nothing(begun, client_for, refuses):
    risk = file_risk(begun)
    stranger = client_for(begun.company.outsider)
    mine, free = stranger.get(f"/risks/{risk.pk}"), stranger.get("/risks/999999999")
    assert (mine.status_code, mine.content) == (404, free.content)
    refuses(404, stranger, f"/risks/{risk.pk}/close", {"outcome": "x"}, of=Risk)
    before = last_entry()
    pmo = client_for(begun.company["PMO专员"])
    assert pmo.get(f"/risks/{risk.pk}/close").status_code == 405
    assert pmo.get(f"/risks/{risk.pk}").status_code == 200
    assert last_entry() == before


def test_the_page_asks_the_same_few_questions_for_one_risk_and_for_three(begun, client_for):
    risk, client = file_risk(begun), client_for(begun.company["PMO专员"])

    def questions() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/risks/{risk.pk}").status_code == 200
        return len(queries)

    questions()
    few = questions()
    file_risk(begun)
    file_risk(begun)
    assert questions() == few <= 16
