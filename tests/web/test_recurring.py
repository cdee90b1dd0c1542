"""What a period needs, handed in, looked at and accepted through the pages and the programming interface."""

import base64
import csv
import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.collaborations.models import ContributionFile
from bihuan.deadlines.models import Deadline
from bihuan.ledger.models import Entry
from bihuan.web import middleware
from tests.recurring import BEGUN, COST, HEAD, LEAD, RECEIVER, SALES, STOCK, WHOLE, Monthly
from tests.witness import everything


@pytest.fixture
def monthly(company, at, monkeypatch) -> Monthly:
    report = Monthly.on("RECURRING", company, BEGUN)
    report.carry_to_work()
    report.come_to(2026, 10, 1)
    monkeypatch.setattr(middleware, "now", lambda: report.at)
    return report


def test_a_period_is_taken_along_as_a_table(monthly, client_for):
    report = monthly
    people, pk = report.company, report.collaboration.pk
    report.come_to(2026, 10, 12)
    client_for(people["运营经理"]).post(f"/contributions/{report.owed('2026-09', STOCK).pk}/give", {"text": "=1200"})
    finance = client_for(people[LEAD])
    answer = finance.get(f"/matters/{pk}/periods.csv?period=2026-09")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0][:6] == ["周期", "事项", "部门", "负责人", "期限", "提交时间"]
    by_data = {row[1]: row for row in rows[1:]}
    assert set(by_data) == {SALES, STOCK, COST, WHOLE}
    assert by_data[STOCK] == [
        "2026-09", STOCK, "运营部", people["运营经理"].name, "2026-10-10 18:00", "2026-10-12 09:00", "'=1200", "",
        "已提交，待核对", "逾期提交", "", "",
    ]  # fmt: skip
    assert by_data[COST][8] == "缺"
    assert (
        len(list(csv.reader(io.StringIO(finance.get(f"/matters/{pk}/periods.csv").content.decode())))) == len(rows) + 1
    )
    assert finance.get(f"/matters/{pk}/periods.xlsx?period=2026-09").content.startswith(b"PK")
    assert finance.get(f"/matters/{pk}/periods.csv?period=1999-01").status_code == 404
    assert client_for(people["无岗位"]).get(f"/matters/{pk}/periods.csv").status_code == 404
    assert f"/matters/{pk}/periods.xlsx?period=2026-09" in finance.get(f"/matters/{pk}/progress").content.decode()


def test_a_month_through_the_pages(monthly, client_for):
    report = monthly
    people = report.company
    seller, finance = client_for(people["推广经理"]), client_for(people[LEAD])
    sales, whole = report.owed("2026-09", SALES), report.owed("2026-09", WHOLE)
    here = f"/contributions/{sales.pk}"
    desk = seller.get("/").content.decode()
    assert f"{SALES} 2026-09" in desk
    assert seller.get(f"/commitments/{sales.commitment_id}/").headers["Location"] == here
    page = seller.get(here).content.decode()
    assert ("按区域分表" in page, 'type="file"' in page, f"/deadlines/{due_of(sales)}" in page) == (True, True, True)

    before = everything()
    refused = seller.post(f"{here}/give", {"text": "口头说过"})
    assert (refused.status_code, "这一项要求提交文件" in refused.content.decode()) == (422, True)
    assert finance.post(f"{here}/give", {"text": "代交"}).status_code == 403
    assert everything() == before
    with_file = {"text": "见附件", "file": [named("区域销售.xlsx", b"PK\x03\x04"), named("说明.txt", b"x")]}
    assert seller.post(f"{here}/give", with_file).status_code == 302
    fetched = finance.get(f"{here}/files/1")
    assert (fetched.content, fetched.headers["Content-Type"]) == (b"PK\x03\x04", "application/octet-stream")
    assert client_for(people["无岗位"]).get(here).status_code == 404
    finance.post(f"/commitments/{sales.commitment_id}/verify", {"accepted": "yes"})
    assert "已核对" in finance.get(here).content.decode()

    report.come_to(2026, 10, 12)
    client_for(people["运营经理"]).post(f"/contributions/{report.owed('2026-09', STOCK).pk}/give", {"text": "1200"})
    report.look_at("2026-09", STOCK)
    there, cost = f"/contributions/{whole.pk}", f"/contributions/{report.owed('2026-09', COST).pk}"
    shown = finance.get(f"/matters/{report.collaboration.pk}/progress").content.decode()
    assert ("2026-09" in shown, "缺" in shown, COST in shown) == (True, True, True)
    assert finance.post(f"{there}/begin", {"seen_revision": "7"}).status_code == 409
    assert finance.post(f"{there}/begin", {"seen_revision": "0"}).status_code == 302
    assert "缺项：技术部 孙浩" in finance.get(f"/matters/{report.collaboration.pk}/progress").content.decode()
    assert finance.post(f"{cost}/waiver", {"reason": ""}).status_code == 422
    assert finance.post(f"{cost}/waiver", {"reason": "系统切换"}).status_code == 302
    head = client_for(people[HEAD])
    assert cost in head.get("/").content.decode()
    assert head.post(f"{cost}/waive", {"granted": "yes"}).status_code == 302
    assert finance.post(f"{there}/give", {"text": "报表见共享盘"}).status_code == 302
    receiver = client_for(people[RECEIVER])
    seen = {"seen_revision": str(report.period("2026-09").revision)}
    unanswered = receiver.post(f"{there}/accept", seen | {"checks.k1": "yes"})
    assert (unanswered.status_code, "还没有回答是否成立" in unanswered.content.decode()) == (422, True)
    accepted = receiver.post(f"{there}/accept", seen | {"checks.k1": "yes", "checks.k2": "yes", "notes.k2": "新店"})
    assert (accepted.status_code, report.stands()) == (302, ("RETRO", "2026-09"))
    told = finance.get(f"/matters/{report.collaboration.pk}/timeline").content.decode()
    assert ("验收了 2026-09" in told, "缺：技术部 孙浩" in told) == (True, True)


def test_the_same_work_every_month_leads_to_it_and_its_page_says_the_period(monthly, client_for):
    finance = client_for(monthly.company[LEAD])
    chosen = finance.get("/matters/new?what=ROUTINE").content.decode()
    assert "日常运营（定期协作）" in chosen
    page = finance.get(f"/matters/{monthly.collaboration.pk}/").content.decode()
    assert ("执行 2026-09" in page, SALES in page) == (True, True)
    assert finance.get(f"/matters/{monthly.collaboration.pk}/request").status_code == 200


def test_a_program_gives_and_reads_what_a_period_needs(monthly, client_for):
    report = monthly
    seller = client_for(report.company["推广经理"])
    sales = report.owed("2026-09", SALES)
    listed = seller.get(f"/api/v1/collaborations/{report.collaboration.pk}/periods").json()["items"]
    assert [(period["key"], len(period["contributions"])) for period in listed] == [("2026-10", 0), ("2026-09", 4)]
    content = base64.b64encode(b"PK\x03\x04").decode()
    files = [{"name": name, "content": content} for name in ("销售.xlsx", "明细.csv")]
    before = Entry.objects.count()
    wrong = post(
        seller, f"/api/v1/contributions/{sales.pk}/give", {"files": [*files, {"name": "a.exe", "content": content}]}
    )
    assert (wrong.status_code, Entry.objects.count(), ContributionFile.objects.count()) == (422, before, 0)
    done = post(seller, f"/api/v1/contributions/{sales.pk}/give", {"files": files})
    assert (done.status_code, done.json()["state"]) == (200, "CLAIMED")
    shown = seller.get(f"/api/v1/contributions/{sales.pk}").json()
    assert [(each["number"], each["name"], each["size"]) for each in shown["files"]] == [
        (1, "销售.xlsx", 4), (2, "明细.csv", 4),
    ]  # fmt: skip
    assert (shown["is_late"], shown["evidence"]) == (False, "销售.xlsx、明细.csv")
    assert seller.get(f"/api/v1/contributions/{sales.pk}/files/2").content == b"PK\x03\x04"
    assert seller.get(f"/api/v1/contributions/{sales.pk}/files/3").status_code == 404
    told = seller.get(f"/matters/{report.collaboration.pk}/timeline").content.decode()
    assert "销售.xlsx、明细.csv" in told
    again = post(seller, f"/api/v1/contributions/{sales.pk}/give", {"files": [{"name": "a.xlsx", "content": "?"}]})
    assert again.status_code == 422


def test_three_periods_take_as_many_queries_as_one(monthly, client_for):
    report = monthly
    finance = client_for(report.company[LEAD])
    addresses = [
        f"/matters/{report.collaboration.pk}/progress",
        f"/api/v1/collaborations/{report.collaboration.pk}/periods",
    ]
    for address in addresses:
        finance.get(address)

    def counted() -> list[int]:
        found = []
        for address in addresses:
            with CaptureQueriesContext(connection) as queries:
                assert finance.get(address).status_code == 200
            found.append(len(queries))
        return found

    one = counted()
    report.come_to(2026, 11, 1)
    report.come_to(2026, 12, 1)
    assert report.collaboration.recurring_periods.filter(opened_at__isnull=False).count() == 3
    assert counted() == one


def post(client, address: str, body: dict):
    headers = {"Idempotency-Key": f"test-key-{len(json.dumps(body))}", "Accept": "application/json"}
    return client.post(address, json.dumps(body), content_type="application/json", headers=headers)


def named(name: str, content: bytes):
    return SimpleUploadedFile(name, content)


def due_of(contribution) -> int:
    return Deadline.objects.get(subject_kind="commitment", subject_id=contribution.commitment_id).pk
