"""The pages of the organisation, in a browser without JavaScript."""

from decimal import Decimal

import pytest
from django.test import Client

from bihuan.kernel.actor import SYSTEM
from bihuan.ledger.models import Entry
from bihuan.organisation import operations, queries
from bihuan.organisation.models import Charge, Department, Deputy, Person, Post, Token
from tests.cast import Company
from tests.witness import facts_since, last_entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(company: Company, client_for) -> Client:
    return client_for(company["管理员"])


def text(response) -> str:
    return response.content.decode()


def test_everybody_signed_in_sees_the_tree_with_heads(company: Company, client_for, at) -> None:
    parent = company.departments["市场部"].pk
    operations.add_department(name="品牌组", parent_id=parent, actor=SYSTEM, at=at)
    page = text(client_for(company.nobody).get("/departments/"))
    assert page.index("市场部") < page.index("品牌组")
    assert "王敏" in page
    assert "/departments/add" not in page


def test_a_department_shows_head_contact_staff_and_executive(company: Company, client_for) -> None:
    page = text(client_for(company.nobody).get(f"/departments/{company.departments['市场部'].pk}/"))
    for name in ("王敏", "赵思远", "单雨薇", "徐国栋", "接口人"):
        assert name in page
    assert "/change" not in page


def test_the_title_of_a_page_of_a_person_is_the_name_alone(company: Company, client_for) -> None:
    page = text(client_for(company["管理员"]).get(f"/people/{company.lead.pk}/"))
    assert f"<title>{company.lead.name}</title>" in page
    assert page.count('id="deputies"') == 1


def test_from_the_settings_it_is_one_step_to_ones_absences_and_deputies(company: Company, client_for) -> None:
    client = client_for(company.lead)
    assert f'href="/people/{company.lead.pk}/"' in text(client.get("/settings"))
    assert 'id="deputies"' in text(client.get(f"/people/{company.lead.pk}/"))


def test_a_closed_department_is_shown_only_when_asked_for(company: Company, client_for, at) -> None:
    empty = operations.add_department(name="筹备组", actor=SYSTEM, at=at)
    operations.close_department(empty.pk, seen_revision=1, actor=SYSTEM, at=at)
    client = client_for(company.nobody)
    assert "筹备组" not in text(client.get("/departments/"))
    assert "筹备组" in text(client.get("/departments/?closed=1"))


@pytest.mark.parametrize(
    ("office", "sees"),
    [("推广经理", True), ("管理员", True), ("市场专员", True), ("财务专员", False), ("无岗位", False)],
)
def test_addresses_are_for_colleagues_of_a_common_department(company: Company, client_for, at, office, sees) -> None:
    operations.change_own_settings(
        email="shan@example.com", phone="13800000000", actor=company.actor("市场专员"), at=at
    )
    page = text(client_for(company[office]).get(f"/people/{company.staff.pk}/"))
    assert ("shan@example.com" in page, "13800000000" in page) == (sees, sees)
    assert "单雨薇" in page


def test_people_are_paged_by_key_and_nobody_is_lost(company: Company, at) -> None:
    seen, after = [], ""
    while True:
        page = queries.people_page(at, after=after, size=5)
        seen += [card.id for card in page.people]
        after = page.after
        if not after:
            break
    assert sorted(seen) == sorted(Person.objects.values_list("pk", flat=True))


@pytest.mark.parametrize("after", ["~", "x~y", "~9" * 40, "\x00~1", "王敏~²"])
def test_an_odd_page_key_breaks_nothing(company: Company, client_for, after: str) -> None:
    assert client_for(company.nobody).get("/people/", {"after": after}).status_code == 200


def test_the_pages_take_the_same_number_of_queries_for_one_and_three(
    company: Company, client_for, at, django_assert_num_queries
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = client_for(company.nobody)
    market = company.departments["市场部"].pk
    addresses = ["/departments/", f"/departments/{market}/", "/people/", "/people/search?q=wang"]

    def counts() -> list[int]:
        found = []
        for address in addresses:
            with CaptureQueriesContext(connection) as counted:
                client.get(address)
            found.append(len(counted))
        return found

    before = counts()
    for number in range(3):
        team = operations.add_department(name=f"组{number}", parent_id=market, actor=SYSTEM, at=at)
        person = operations.add_person(username=f"n{number}", name=f"王{number}", actor=SYSTEM, at=at)
        for place in (market, team.pk):
            operations.appoint(person_id=person.pk, department_id=place, kind="HEAD", actor=SYSTEM, at=at)
    assert counts() == before


def test_the_picker_gets_options(company: Company, client_for) -> None:
    client = client_for(company.nobody)
    page = text(client.get("/people/search?q=wm"))
    assert 'role="option"' in page
    assert f'data-id="{company["市场部负责人"].pk}"' in page
    market = company.departments["市场部"].pk
    assert f'data-id="{market}"' in text(client.get("/departments/search?q=shichang"))
    narrowed = text(client.get("/people/search", {"q": "", "department": market}))
    assert narrowed.count('role="option"') == 3


def test_the_picker_is_for_people_who_are_signed_in(client: Client) -> None:
    for address in ("/people/search?q=w", "/departments/search?q=s", "/people/", "/settings"):
        assert client.get(address).status_code == 302


EDITS = [
    ("get", "/departments/add", {}),
    ("post", "/departments/add", {"name": "新部门"}),
    ("get", "/departments/{department}/change", {}),
    ("post", "/departments/{department}/change", {"name": "改名", "revision": 1}),
    ("post", "/departments/{department}/close", {"revision": 1}),
    ("get", "/departments/{department}/appoint", {}),
    ("post", "/departments/{department}/appoint", {"person": "{person}"}),
    ("get", "/departments/{department}/executive", {}),
    ("post", "/departments/{department}/executive", {"person": "{person}"}),
    ("post", "/posts/{post}/end", {}),
    ("get", "/sites/add", {}),
    ("post", "/sites/add", {"name": "上海", "time_zone": "Asia/Shanghai"}),
    ("get", "/sites/1/change", {}),
    ("post", "/sites/1/change", {"name": "北京", "time_zone": "Asia/Shanghai"}),
    ("get", "/people/add", {}),
    ("post", "/people/add", {"username": "x", "name": "新人"}),
    ("get", "/people/{person}/change", {}),
    ("post", "/people/{person}/change", {"name": "改名", "is_administrator": "true", "revision": 1}),
    ("get", "/people/{person}/password", {}),
    ("post", "/people/{person}/password", {"password": "correct horse battery"}),
    ("post", "/people/{person}/deactivate", {}),
]


@pytest.mark.parametrize(("method", "address", "data"), EDITS)
def test_only_administrators_edit(company: Company, client_for, method: str, address: str, data) -> None:
    ids = {
        "department": company.departments["市场部"].pk,
        "person": company.staff.pk,
        "post": Post.objects.get(person=company.staff).pk,
    }
    before = [list(model.objects.order_by("pk").values()) for model in (Department, Person, Post, Charge)]
    facts = Entry.objects.count()
    posted = {key: str(value).format(**ids) for key, value in data.items()}
    response = getattr(client_for(company["市场部负责人"]), method)(address.format(**ids), posted)
    assert response.status_code == 403
    fresh = [list(model.objects.order_by("pk").values()) for model in (Department, Person, Post, Charge)]
    for row in [*before[1], *fresh[1]]:
        row.pop("last_login")
    assert fresh == before
    assert Entry.objects.count() == facts


def test_an_administrator_adds_renames_moves_and_closes_a_department(company: Company, admin: Client) -> None:
    parent = company.departments["市场部"].pk
    response = admin.post("/departments/add", {"name": "品牌组", "parent": parent, "function": "NONE"})
    made = Department.objects.get(name="品牌组")
    assert (response.status_code, response["Location"]) == (302, f"/departments/{made.pk}/")
    assert "品牌组" in text(admin.get(f"/departments/{made.pk}/change"))
    admin.post(f"/departments/{made.pk}/change", {"name": "品牌中心", "revision": 1, "parent__text": "产品部"})
    made.refresh_from_db()
    assert (made.name, made.parent) == ("品牌中心", company.departments["产品部"])
    admin.post(f"/departments/{made.pk}/close", {"revision": made.revision})
    made.refresh_from_db()
    assert made.is_active is False


def test_a_refused_form_comes_back_with_what_was_typed_and_why(company: Company, admin: Client) -> None:
    response = admin.post("/departments/add", {"name": "", "name_en": "Brand <team>", "parent__text": "没有这个部门"})
    assert response.status_code == 422
    assert "Brand &lt;team&gt;" in text(response)
    assert "上级部门不存在" in text(response)


def test_a_stale_form_is_answered_409_and_changes_nothing(company: Company, admin: Client) -> None:
    pk = company.departments["市场部"].pk
    admin.post(f"/departments/{pk}/change", {"name": "营销中心", "revision": 1})
    assert admin.post(f"/departments/{pk}/change", {"name": "市场二部", "revision": 1}).status_code == 409
    assert Department.objects.get(pk=pk).name == "营销中心"


def test_an_administrator_adds_a_person_gives_a_post_and_ends_it(company: Company, admin: Client) -> None:
    admin.post("/people/add", {"username": "lee", "name": "李想", "password": "correct horse battery"})
    person = Person.objects.get(username="lee")
    market = company.departments["市场部"].pk
    admin.post(f"/departments/{market}/appoint", {"person__text": "lixiang", "kind": "HEAD", "title": "副总监"})
    finance = {"person__text": "lixiang", "kind": "STAFF", "title": "顾问", "beside": "true"}
    admin.post(f"/departments/{company.departments['财务部'].pk}/appoint", finance)
    held = Post.objects.filter(person=person).values_list("title", "is_main")
    assert set(held) == {("副总监", True), ("顾问", False)}
    assert text(admin.get(f"/people/{person.pk}/")).count("兼任") == 1
    post = Post.objects.get(person=person, is_main=True)
    assert (post.department_id, post.kind, post.title) == (market, "HEAD", "副总监")
    assert admin.post(f"/posts/{post.pk}/end").status_code == 302
    assert not queries.actor_for(person, _now()).is_one_of(company.head("市场部"))
    assert admin.post("/posts/999999/end").status_code == 404


def _now():
    from bihuan.kernel.now import now

    return now()


def test_an_administrator_puts_an_executive_in_charge(company: Company, admin: Client) -> None:
    market = company.departments["市场部"].pk
    assert "徐国栋" in text(admin.get(f"/departments/{market}/executive"))
    admin.post(f"/departments/{market}/executive", {"person": company.nobody.pk})
    assert Charge.objects.get(department=market, ends_on__isnull=True).person == company.nobody
    refused = admin.post(f"/departments/{market}/executive", {"person__text": "查无此人"})
    assert refused.status_code == 422
    assert Charge.objects.get(department=market, ends_on__isnull=True).person == company.nobody


def test_an_administrator_changes_deactivates_and_sets_a_password(company: Company, admin: Client) -> None:
    pk = company.staff.pk
    assert "单雨薇" in text(admin.get(f"/people/{pk}/change"))
    admin.post(f"/people/{pk}/change", {"name": "单雨微", "revision": 1})
    admin.post(f"/people/{pk}/password", {"password": "correct horse battery"})
    person = Person.objects.get(pk=pk)
    assert (person.name, person.is_administrator) == ("单雨微", False)
    assert person.check_password("correct horse battery")
    assert admin.post(f"/people/{pk}/deactivate").status_code == 302
    assert Person.objects.get(pk=pk).is_active is False
    assert admin.post(f"/people/{company['管理员'].pk}/deactivate").status_code == 422


def test_an_administrator_adds_a_site(company: Company, admin: Client) -> None:
    admin.post("/sites/add", {"name": "上海总部", "time_zone": "Asia/Shanghai"})
    assert "上海总部" in text(admin.get("/departments/"))
    assert admin.post("/sites/add", {"name": "x", "time_zone": "Mars"}).status_code == 422


def test_an_administrator_renames_a_site_unless_somebody_was_faster(company: Company, admin: Client) -> None:
    site = operations.add_site(name="上海", time_zone="Asia/Shanghai", actor=company.administrator, at=company.at)
    address = f"/sites/{site.pk}/change"
    assert f'href="{address}"' in admin.get("/departments/").content.decode()
    assert 'value="上海"' in admin.get(address).content.decode()
    words = {"name": "上海总部", "time_zone": "Asia/Tokyo", "seen_name": "上海", "seen_time_zone": "Asia/Shanghai"}
    assert admin.post(address, words).status_code == 302
    assert "上海总部" in text(admin.get("/departments/"))
    late = admin.post(address, words | {"name": "虹桥"})
    assert (late.status_code, 'value="虹桥"' in late.content.decode()) == (409, True)
    assert admin.post(address, words | {"time_zone": "Mars", "seen_name": "上海总部"}).status_code == 422
    assert admin.get("/sites/999999/change").status_code == 404
    site.refresh_from_db()
    assert (site.name, site.time_zone) == ("上海总部", "Asia/Tokyo")


def test_a_token_is_shown_once_and_revoked(company: Company, client_for) -> None:
    client = client_for(company.staff)
    response = client.post("/settings/tokens", {"name": "报表", "scopes": ["read"]})
    token = Token.objects.get()
    assert response.status_code == 201
    shown = text(response).split('id="token-secret">')[1].split("<")[0]
    assert queries.token_for(shown, _now()) == token
    assert shown not in text(client.get("/settings"))
    assert client_for(company.lead).post(f"/settings/tokens/{token.pk}/revoke").status_code == 404
    client.post(f"/settings/tokens/{token.pk}/revoke")
    assert queries.token_for(shown, _now()) is None
    assert client.post("/settings/tokens", {"name": ""}).status_code == 422


def test_nobody_makes_oneself_an_administrator_through_the_settings(company: Company, client_for) -> None:
    client = client_for(company.staff)
    client.post(
        "/settings/change", {"is_administrator": "true", "is_active": "false", "username": "gao", "theme": "dark"}
    )
    person = Person.objects.get(pk=company.staff.pk)
    assert (person.is_administrator, person.is_active, person.username, person.theme) == (False, True, "shan", "dark")


def test_names_with_markup_are_shown_as_text(company: Company, client_for, at) -> None:
    operations.change_person(
        company.staff.pk, seen_revision=1, name="<img src=x onerror=alert(1)>", actor=SYSTEM, at=at
    )
    client = client_for(company.nobody)
    market = company.departments["市场部"].pk
    for address in ("/people/", f"/people/{company.staff.pk}/", f"/departments/{market}/", "/people/search?q=img"):
        assert "<img src=x" not in text(client.get(address))


def test_an_administrator_sees_what_a_merger_touches_and_merges(company: Company, admin: Client) -> None:
    market, sales = company.departments["市场部"].pk, company.departments["运营部"].pk
    form = text(admin.get(f"/departments/{market}/merge"))
    assert "影响范围" in form
    refused = admin.post(f"/departments/{market}/merge", {"into": market, "revision": 1})
    assert refused.status_code == 422
    done = admin.post(f"/departments/{market}/merge", {"into": sales, "revision": 1})
    assert (done.status_code, done["Location"]) == (302, f"/departments/{sales}/")
    assert "单雨薇" in text(admin.get(f"/departments/{sales}/"))
    gone = text(admin.get(f"/departments/{market}/"))
    assert "并入" in gone
    assert f"/departments/{market}/merge" not in gone


def test_an_administrator_splits_a_department_and_what_was_typed_stays(company: Company, admin: Client) -> None:
    market, post = company.departments["市场部"].pk, Post.objects.get(person=company.staff).pk
    page = f"/departments/{market}/split"
    assert "单雨薇" in text(admin.get(page))
    refused = admin.post(page, {"name": "品牌部", "revision": 1})
    assert refused.status_code == 422
    assert "品牌部" in text(refused)
    done = admin.post(page, {"name": "品牌部", "posts": [post], "revision": 1})
    new = Department.objects.get(name="品牌部")
    assert (done.status_code, done["Location"]) == (302, f"/departments/{new.pk}/")


def test_a_deputy_for_some_papers_is_named_with_what_limits_him(company: Company, client_for) -> None:
    client = client_for(company.lead)
    page = f"/people/{company.lead.pk}/"
    typed = {"deputy": company.staff.pk, "kinds": ["SIGNING"], "forms": ["F04"]}
    for place, wrong in (("amount_limit", "很多"), ("collaborations", "XZ-2031-0001")):
        refused = client.post(f"{page}deputies", {**typed, place: wrong})
        assert refused.status_code == 422
        assert f'value="{wrong}"' in text(refused)
    assert client.post(f"{page}deputies", {**typed, "amount_limit": "10万"}).status_code == 302
    row = Deputy.objects.get()
    assert (row.kinds, row.forms, row.amount_limit) == (["SIGNING"], ["F04"], Decimal(100_000))
    assert "100,000" in text(client.get(page))


def test_a_person_names_a_deputy_and_an_absence_on_the_own_page(company: Company, client_for) -> None:
    head = company["市场部负责人"]
    client, page = client_for(head), f"/people/{head.pk}/"
    refused = client.post(f"{page}deputies", {"deputy__text": "查无此人"})
    assert refused.status_code == 422
    assert "查无此人" in text(refused)
    assert client.post(f"{page}deputies", {"deputy": company.staff.pk, "kinds": ["SIGNING"]}).status_code == 302
    assert client.post(f"{page}absences", {"reason": "体检"}).status_code == 422
    assert client.post(f"{page}absences", {"away_until": "2099-01-04", "reason": "体检"}).status_code == 302
    own = text(client.get(page))
    assert ("单雨薇" in own, "体检" in own, "决定与签字" in own) == (True, True, True)
    for_others = text(client_for(company.nobody).get(page))
    assert ("单雨薇" in for_others, "体检" in for_others, "/absences" in for_others) == (True, False, False)
    department = text(client_for(company.nobody).get(f"/departments/{company.departments['市场部'].pk}/"))
    assert "代理：单雨薇" in department


def test_a_day_that_cannot_be_read_is_refused_and_not_taken_for_none(
    company: Company, admin: Client, client_for
) -> None:
    """An end in words is no deputy without end, and no post that ends today."""
    market, head = company.departments["市场部"].pk, company["市场部负责人"]
    post, own = Post.objects.get(person=company.staff).pk, client_for(head)
    deputy = {"deputy": company.staff.pk, "kinds": ["SIGNING"]}
    before = last_entry()
    for client, address, name, sent in (
        (own, f"/people/{head.pk}/deputies", "deputy_until", deputy),
        (own, f"/people/{head.pk}/deputies", "deputy_from", deputy),
        (own, f"/people/{head.pk}/absences", "away_from", {"away_until": "2099-01-04", "reason": "体检"}),
        (own, "/settings/tokens", "expires_on", {"name": "报表", "scopes": ["read"]}),
        (client_for(company["PMO专员"]), "/duty/add", "ends_on", {"person": company["PMO专员"].pk}),
        (admin, f"/posts/{post}/end", "ends_on", {}),
        (admin, f"/departments/{market}/split", "begins_on", {"name": "品牌部", "posts": [post], "revision": 1}),
    ):
        refused = client.post(address, {**sent, name: "月底"})
        assert (refused.status_code, "“月底”不是日期" in text(refused)) == (422, True), (
            address,
            name,
            text(refused)[:300],
        )
    assert facts_since(before) == []


def test_the_pmo_keeps_its_duty_list_and_everybody_reads_it(company: Company, client_for) -> None:
    pmo = client_for(company["PMO专员"])
    kept = pmo.post("/duty/add", {"person": company.staff.pk, "ends_on": "2026-12-01"})
    assert kept.status_code == 422
    for said in ("不在项目管理办公室任职", "单雨薇", "2026-12-01"):
        assert said in text(kept)
    assert pmo.post("/duty/add", {"person__text": "何静", "ends_on": "2099-12-01"}).status_code == 302
    reader = client_for(company.nobody)
    for page in ("/duty/", f"/departments/{company.departments['PMO'].pk}/"):
        assert "今日值班" in text(reader.get(page))
    assert "/duty/add" not in text(reader.get("/duty/"))


def test_what_a_change_of_departments_means_is_looked_at_and_what_was_typed_stays(company, admin: Client) -> None:
    market, sales = company.departments["市场部"].pk, company.departments["运营部"].pk
    post = Post.objects.get(person=company.staff).pk
    for address, sent, said in (
        ("merge", {"into": sales}, "市场部负责人"),
        ("split", {"name": "品牌部", "posts": [post]}, "品牌部"),
        ("change", {"name": "市场部", "parent": sales}, "运营部"),
        ("executive", {"person": company.staff.pk}, "分管市场部"),
        ("appoint", {"person": company.lead.pk, "kind": "HEAD"}, "市场部负责人"),
    ):
        looked = admin.post(f"/departments/{market}/{address}", {**sent, "revision": 1, "look": "1"})
        assert (address, looked.status_code, said in text(looked)) == (address, 200, True)
        assert "变更后的影响" in text(looked)
    assert "不再" in text(admin.post(f"/departments/{market}/merge", {"into": sales, "revision": 1, "look": "1"}))
    refused = admin.post(f"/departments/{market}/merge", {"into": market, "revision": 1, "look": "1"})
    assert refused.status_code == 422
    assert Department.objects.get(pk=market).revision == 1
    assert not Department.objects.filter(name="品牌部").exists()
    assert not Charge.objects.filter(person=company.staff).exists()
    assert not Post.objects.filter(person=company.lead, kind="HEAD").exists()


def test_what_was_typed_into_a_picker_stays_when_it_is_refused_or_looked_at(company, admin: Client) -> None:
    page, sales = f"/departments/{company.departments['市场部'].pk}", company.departments["运营部"].pk
    for address, sent, said in (
        ("merge", {"into__text": "运营"}, 'value="运营"'),
        ("merge", {"into__text": "不存在的部门"}, 'value="不存在的部门"'),
        ("change", {"name": "市场部", "parent": sales, "parent__text": "运营部"}, f'name="parent" value="{sales}"'),
        ("plan", {"kind": "MERGED", "into__text": "不存在"}, 'value="不存在"'),
        ("appoint", {"person__text": "查无此人"}, 'value="查无此人"'),
        ("executive", {"person__text": "查无此人"}, 'value="查无此人"'),
    ):
        answer = admin.post(f"{page}/{address}", {**sent, "revision": 1, "look": "1"})
        assert (address, answer.status_code in (200, 422), said in text(answer)) == (address, True, True)
