"""Who gets in, and with which right."""

import json
import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern

from bihuan.api import urls
from bihuan.api.callers import Caller
from bihuan.api.entry import api
from bihuan.organisation import operations as organisation
from bihuan.organisation.enums import TokenScope
from bihuan.organisation.models import Person, Token

SIGNING = {
    "/decisions",
    "/slots/{int:slot_id}/decide",
    "/slots/{int:slot_id}/ask",
    "/slots/{int:slot_id}/advise",
    "/slots/{int:slot_id}/undo",
    "/slots/{int:slot_id}/return",
    "/signoffs/{int:signoff_id}/decide",
}
CHECKING = {
    "/records/{int:record_id}/findings",
    "/calendars/{int:calendar_id}/due",
    "/calendars/{int:calendar_id}/preview",
    "/collaborations/{int:collaboration_id}/urgency/preview",
    "/playbooks/check",
    "/playbooks/try",
    "/playbooks/{slug:key}/try",
    "/routes/check",
    "/routes/{slug:key}/try",
    "/departments/{int:department_id}/preview",
    "/posts/{int:post_id}/preview-end",
}


def every_operation():
    for bound in api._get_bound_routers():
        for path, view in bound.path_operations.items():
            for operation in view.operations:
                yield path, operation


def expected_scope(path: str, method: str) -> TokenScope:
    if method == "GET" or path in CHECKING:
        return TokenScope.READ
    return TokenScope.SIGN if path in SIGNING else TokenScope.WRITE


def test_every_route_names_its_right():
    named = {(path, op.methods[0]): [each.scope for each in op.auth_callbacks] for path, op in every_operation()}
    assert len(named) > 60
    assert named == {(path, method): [expected_scope(path, method)] for path, method in named}


def test_a_route_that_names_no_right_lets_nobody_in():
    assert [callback.__name__ for callback in api.auth] == ["nobody"]


def test_there_is_nothing_else_under_the_api():
    assert all(isinstance(each, URLPattern) for each in urls.urlpatterns)
    assert all(isinstance(op.auth_callbacks[0], Caller) for _, op in every_operation())


def samples():
    for path, op in every_operation():
        address = re.sub(r"\{slug:\w+\}", "SEED_B", re.sub(r"\{int:\w+\}", "1", path))
        assert "{" not in address
        yield address, op.methods[0].lower(), op.auth_callbacks[0].scope.value


def test_a_token_reaches_only_the_routes_of_its_right(program):
    programs = {scope: program("产品经理", scope) for scope in TokenScope.values}
    for path, method, needed in samples():
        for scope, caller in programs.items():
            response = getattr(caller, method)(path) if method == "get" else caller.post(path, {}, method=method)
            is_out_of_reach = response.status_code == 403 and response.json()["code"] == "api.out_of_reach"
            assert is_out_of_reach == (scope != needed), (path, method, scope, response.content)


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic x", "Bearer nothing", "bh_x", "Bearer \x7f"])
def test_a_header_that_is_no_token_is_401_even_with_a_session(company, header):
    client = Client()
    client.force_login(company["产品经理"])
    response = client.get("/api/v1/me", headers={"Authorization": header})
    assert (response.status_code, response["WWW-Authenticate"]) == (401, 'Bearer realm="bihuan"')
    assert response.json()["code"] == "api.not_signed_in"


def test_without_anything_it_is_401_and_no_redirect(db):
    response = Client().get("/api/v1/me")
    assert (response.status_code, response["Content-Type"]) == (401, "application/problem+json")


def test_the_token_wins_over_the_cookie_of_somebody_else(company, program):
    caller = program("产品经理")
    caller.client.force_login(company["财务专员"])
    assert caller.get("/me").json()["id"] == company["产品经理"].pk


def test_a_revoked_an_expired_and_a_leavers_token_are_401(company, program, at):
    revoked, expired, leaver = (program("产品经理"), program("推广经理"), program("运营经理"))
    ids = list(Token.objects.order_by("pk").values_list("pk", flat=True))
    organisation.revoke_token(ids[0], actor=company.actor("产品经理"), at=at)
    Token.objects.filter(pk=ids[1]).update(expires_at=at - timedelta(seconds=1))
    Person.objects.filter(pk=company["运营经理"].pk).update(is_active=False)
    assert [each.get("/me").status_code for each in (revoked, expired, leaver)] == [401, 401, 401]


def test_a_session_needs_its_csrf_token_to_act(company, playbooks):
    client = Client(enforce_csrf_checks=True)
    client.force_login(company["产品经理"])
    body = {"title": "会话发起", "department_id": company.departments["产品部"].pk, "playbook": "SEED_B"}
    sent = json.dumps(body), "application/json"
    assert client.get("/api/v1/me").json()["id"] == company["产品经理"].pk

    bare = client.post("/api/v1/collaborations", *sent, headers={"Idempotency-Key": "session-1"})
    assert (bare.status_code, bare.json()["code"]) == (403, "api.foreign_page")

    client.cookies[settings.CSRF_COOKIE_NAME] = "a" * 32
    headers = {"Idempotency-Key": "session-2", "X-CSRFToken": "a" * 32}
    assert client.post("/api/v1/collaborations", *sent, headers=headers).status_code == 201


@pytest.mark.parametrize("method", ["head", "options", "patch", "delete", "trace"])
def test_other_methods_are_refused_and_do_nothing(program, campaign, refuses, method):
    caller = program("产品经理")
    path = f"/api/v1/collaborations/{campaign.collaboration.pk}/withdraw"
    headers = {**caller.headers(), "X-HTTP-Method-Override": "POST"}
    response = refuses(405, getattr(caller.client, method), path, headers=headers)
    assert response["Allow"] == "POST"


def test_an_override_header_is_not_heard(program, campaign):
    caller = program("产品经理", "read")
    path = f"/api/v1/collaborations/{campaign.collaboration.pk}"
    response = caller.client.get(path, headers={**caller.headers(), "X-HTTP-Method-Override": "DELETE"})
    assert response.json()["step"] == "REQUEST"


def test_no_route_touches_tokens():
    assert [path for path, _ in every_operation() if "token" in path] == []


def test_the_day_a_token_was_used_is_remembered(program, at):
    program("产品经理").get("/me")
    assert Token.objects.get().last_used_on == at.date()


def test_the_programs_language_is_used_and_else_the_persons(company, program):
    caller = program("产品经理")
    english, chinese = caller.get("/me", x=1), caller.get("/me", "zh-CN,zh;q=0.9", x=1)
    assert (english["Content-Language"], english.json()["title"]) == ("en", "This address has no parameter “x”.")
    assert (chinese["Content-Language"], chinese.json()["title"]) == ("zh-hans", "这个地址没有参数“x”。")
    Person.objects.filter(pk=company["产品经理"].pk).update(language="en")
    bare = caller.client.get("/api/v1/me?x=1", headers={"Authorization": f"Bearer {caller.secret}"})
    assert bare["Content-Language"] == "en"
