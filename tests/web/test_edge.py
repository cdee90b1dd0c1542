"""Default deny, one 404, and how a refusal reaches a page or a fragment."""

import json
from datetime import UTC, datetime

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from bihuan.config.urls import urlpatterns as real_patterns
from bihuan.kernel.errors import NotAllowed, NotFound, Refused, Stale
from bihuan.kernel.findings import error
from bihuan.web.openness import open_to_everyone
from tests.cast import Company

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]
HTMX = {"HTTP_HX_REQUEST": "true", "HTTP_HX_CURRENT_URL": "http://testserver/departments/?closed=1"}


def closed(request):
    return HttpResponse("inside")


@open_to_everyone
def opened(request):
    return HttpResponse("outside")


def public_health_ajax(request):
    return HttpResponse("named like something open")


def zone(request):
    from django.utils import timezone, translation

    return HttpResponse(f"{timezone.get_current_timezone_name()} {translation.get_language()}")


def refuse(request, kind):
    raise {
        "missing": NotFound(),
        "forbidden": NotAllowed(),
        "stale": Stale(),
        "refused": Refused([error("organisation.name_missing", "name")]),
    }[kind]


@open_to_everyone
def fail(request):
    raise ZeroDivisionError


urlpatterns = [
    *real_patterns,
    path("test/closed", closed),
    path("test/open", opened),
    path("public/health/ajax", public_health_ajax),
    path("test/zone", zone),
    path("test/refuse/<str:kind>", refuse),
    path("test/break", fail),
]
handler404 = "bihuan.web.errors.not_found"
handler500 = "bihuan.web.errors.broken"


def test_a_view_is_closed_unless_it_is_marked(client: Client) -> None:
    assert client.get("/test/open").content == b"outside"
    for address in ("/test/closed", "/public/health/ajax", "/departments/"):
        assert client.get(address).status_code == 302


def test_whoever_is_not_signed_in_is_led_back_after_signing_in(client: Client) -> None:
    assert client.get("/test/closed?a=1&b=2")["Location"] == "/signin?next=%2Ftest%2Fclosed%3Fa%3D1%26b%3D2"
    assert client.post("/test/closed")["Location"] == "/signin?next=%2F"


def test_an_expired_session_moves_the_whole_page_and_not_the_fragment(client: Client) -> None:
    response = client.get("/test/closed", **HTMX)
    assert response.status_code == 401
    assert response["HX-Redirect"] == "/signin?next=%2Fdepartments%2F%3Fclosed%3D1"
    assert response.content == b""


def test_every_404_is_the_same_byte_for_byte(company: Company, client_for) -> None:
    client = client_for(company.staff)
    answers = [client.get(address) for address in ("/nowhere", "/test/refuse/missing", "/departments/999999/")]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    headers = [dict(answer.headers.items()) for answer in answers]
    assert headers[0] == headers[1] == headers[2]


def test_the_404_stands_in_the_theme_the_reader_chose(client: Client) -> None:
    assert b"data-theme" not in client.get("/nowhere").content
    client.cookies["theme"] = "dark"
    assert b'data-theme="dark"' in client.get("/nowhere").content
    client.cookies["theme"] = "<script>"
    assert b"data-theme" not in client.get("/nowhere").content


def test_a_fault_of_ours_is_told_with_its_time_and_without_its_cause(monkeypatch) -> None:
    monkeypatch.setattr("bihuan.web.errors.now", lambda: datetime(2026, 11, 20, 7, 45, tzinfo=UTC))
    response = Client(raise_request_exception=False).get("/test/break")
    page = response.content.decode()
    assert (response.status_code, "ZeroDivision" in page) == (500, False)
    assert ("15:45 系统出错了。" in page, "<title>出错了</title>" in page) == (True, True)


def test_every_404_is_the_same_for_htmx_too(company: Company, client_for) -> None:
    client = client_for(company.staff)
    answers = [client.get(address, **HTMX) for address in ("/nowhere", "/test/refuse/missing", "/people/999999/")]
    assert {(answer.status_code, answer.content, answer["HX-Reswap"]) for answer in answers} == {
        (404, answers[0].content, "none")
    }


@pytest.mark.parametrize(("kind", "status"), [("forbidden", 403), ("stale", 409), ("refused", 422)])
def test_a_refusal_is_a_page_with_its_status_and_its_sentence(company: Company, client_for, kind, status) -> None:
    response = client_for(company.staff).get(f"/test/refuse/{kind}")
    assert response.status_code == status
    assert 'id="findings"' in response.content.decode()


@pytest.mark.parametrize(("kind", "status"), [("forbidden", 403), ("stale", 409)])
def test_a_refusal_reaches_htmx_as_a_notice(company: Company, client_for, kind, status) -> None:
    response = client_for(company.staff).get(f"/test/refuse/{kind}", **HTMX)
    assert (response.status_code, response["HX-Reswap"]) == (status, "none")
    notice = json.loads(response["HX-Trigger"])["notice"]
    assert notice["level"] == "error"
    assert notice["text"] == response.content.decode()


def test_findings_reach_htmx_as_the_findings_panel(company: Company, client_for) -> None:
    response = client_for(company.staff).get("/test/refuse/refused", **HTMX)
    assert (response.status_code, response["HX-Retarget"], response["HX-Reswap"]) == (422, "#findings", "outerHTML")
    body = response.content.decode()
    assert body.lstrip().startswith("<section")
    assert "<html" not in body


def test_a_person_reads_in_the_own_language_and_time_zone(company: Company, client_for) -> None:
    client = client_for(company.staff)
    assert client.get("/test/zone").content == b"Asia/Shanghai zh-hans"
    client.post("/settings/change", {"language": "en", "time_zone": "Europe/Berlin"})
    assert client.get("/test/zone").content == b"Europe/Berlin en"
    assert client_for(company.lead).get("/test/zone").content == b"Asia/Shanghai zh-hans"
