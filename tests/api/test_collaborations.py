"""Matters through the API: the list, one matter, what moves it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.access.enums import Level, Role
from bihuan.access.operations import admit
from bihuan.collaborations import queries
from bihuan.collaborations.imports import ImportedMatter
from bihuan.collaborations.models import Collaboration, Loop
from bihuan.collaborations.operations.importing import import_collaborations
from bihuan.collaborations.queries import current_run
from bihuan.kernel import principals
from bihuan.kernel.actor import SYSTEM
from bihuan.organisation.models import Department, Person
from tests.api.conftest import codes
from tests.campaign import Campaign
from tests.witness import facts_since, last_entry, names_since


def begun(program, company, **changes):
    product = company.departments["产品部"].pk
    body = {"title": "会员积分活动", "department_id": product, "playbook": "SEED_B", **changes}
    return program("产品经理").post("/collaborations", body)


def test_a_matter_is_begun(company, playbooks, program):
    receipt = begun(program, company)
    matter = Collaboration.objects.get()
    assert receipt.json() == {
        "kind": "collaboration", "id": matter.pk, "href": f"/api/v1/collaborations/{matter.pk}", "state": "REQUEST",
        "revision": None,
    }  # fmt: skip
    assert (matter.title, matter.initiator_id) == ("会员积分活动", company["产品经理"].pk)
    (fact,) = facts_since(0, "collaborations.collaboration.started")
    assert (fact["title"], fact["department_id"]) == ("会员积分活动", matter.lead_department_id)


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"title": " "}, 422, "collaborations.title_missing"),
        ({"playbook": "IMPORTED"}, 422, "collaborations.playbook_unknown"),
        ({"playbook": "NONE"}, 422, "collaborations.playbook_unknown"),
        ({"department_id": 2**40}, 403, "kernel.not_allowed"),
    ],
)
def test_a_matter_that_cannot_begin_is_refused(company, playbooks, program, refuses, changes, status, code):
    caller = program("产品经理")
    response = refuses(status, begun, lambda _: caller, company, **changes)
    assert [finding["code"] for finding in response.json()["findings"]] == [code]
    assert not Collaboration.objects.exists()


def test_one_matter_with_its_place_and_people(campaign, company, program):
    found = program("产品经理").get(f"/collaborations/{campaign.collaboration.pk}").json()
    assert found["title"] == "2024年Q3用户增长活动"
    assert (found["step"], found["step_run_id"]) == ("REQUEST", current_run(campaign.refreshed()).pk)
    assert found["lead"] == {"id": company["产品经理"].pk, "name": "林晓彤"}
    assert (found["playbook"], found["playbook_version"]) == ("SEED_B", 1)


def test_the_ring_the_loops_and_the_desk_tell_the_same(campaign, program):
    caller, path = program("产品经理"), f"/collaborations/{campaign.collaboration.pk}"
    ring = caller.get(f"{path}/ring").json()
    assert (ring["arcs"][0], ring["is_closed"]) == ({"step": "REQUEST", "state": "current", "gaps": 1}, False)
    loops = caller.get(f"{path}/loops").json()
    assert [(loop["kind"], loop["part"], loop["owner_name"]) for loop in loops["items"]] == [("FORM", "F01", "林晓彤")]
    assert caller.get("/desk/waiting").json() == loops
    assert caller.get("/desk/waited").json() == {"items": [], "next": None}


def test_the_timeline_goes_on_by_key(campaign, program):
    campaign.request()
    caller, path = program("产品经理"), f"/collaborations/{campaign.collaboration.pk}/timeline"
    first = caller.get(path).json()
    seqs = [fact["seq"] for fact in first["items"]]
    assert seqs == list(range(max(seqs), 0, -1))
    assert first["next"] is None
    rest = caller.get(path, before=str(seqs[1])).json()
    assert [fact["seq"] for fact in rest["items"]] == seqs[2:]
    assert rest["items"][-1]["name"] == "collaborations.collaboration.started"


def test_an_advance_is_refused_with_everything_in_the_way(campaign, program, refuses):
    path, run = f"/collaborations/{campaign.collaboration.pk}/advance", current_run(campaign.collaboration)
    response = refuses(422, program("产品经理").post, path, {"seen_step_run_id": run.pk})
    assert codes(response)[0] == ("collaborations.form_missing", "form.F01")
    assert response.json()["code"] == "kernel.refused"
    refuses(409, program("产品经理").post, path, {"seen_step_run_id": run.pk + 1})


def test_a_matter_goes_on(campaign, program):
    campaign.carry_to("EXECUTE")
    campaign.work()
    run = current_run(campaign.refreshed())
    path = f"/collaborations/{campaign.collaboration.pk}/advance"
    before = last_entry()
    response = program("产品经理").post(path, {"seen_step_run_id": run.pk})
    assert response.json()["state"] == "ACCEPT"
    assert "collaborations.step.left" in names_since(before)
    assert current_run(campaign.refreshed()).step == "ACCEPT"


def test_a_matter_is_withdrawn(campaign, program, refuses):
    caller, path = program("产品经理"), f"/collaborations/{campaign.collaboration.pk}/withdraw"
    assert codes(refuses(422, caller.post, path, {"reason": " "})) == [("collaborations.reason_missing", "reason")]
    assert caller.post(path, {"reason": "市场变化"}).json()["state"] == "WITHDRAWN"
    assert campaign.refreshed().ending == "WITHDRAWN"
    assert facts_since(0, "collaborations.collaboration.ended")[0]["reason"] == "市场变化"
    refuses(409, caller.post, path, {"reason": "再来一次"})


def test_the_lead_is_handed_over(campaign, company, program, refuses):
    caller, path = program("产品部负责人"), f"/collaborations/{campaign.collaboration.pk}/lead"
    campaign.request()
    body = {"lead_id": company["产品部负责人"].pk, "reason": "产假"}
    assert codes(refuses(422, caller.post, path, {**body, "lead_id": 2**40})) == [
        ("collaborations.lead_unknown", "lead")
    ]
    caller.post(path, body)
    assert campaign.refreshed().lead_id == company["产品部负责人"].pk
    (fact,) = facts_since(0, "collaborations.lead.changed")
    assert (fact["before"], fact["after"], fact["reason"]) == (company["产品经理"].pk, body["lead_id"], "产假")


@pytest.fixture
def imported(company, playbooks, at):
    department = company.departments["产品部"]
    Department.objects.filter(pk=department.pk).update(source_key="d1")
    matter = ImportedMatter("matter-1", "{}", "0" * 64, title="导入的协作", lead_department_key="d1")
    import_collaborations([matter], actor=SYSTEM, at=at)
    return Collaboration.objects.get()


def test_an_imported_matter_is_adopted(imported, company, program, refuses):
    caller, path = program("产品部负责人"), f"/collaborations/{imported.pk}/adopt"
    body = {"playbook": "SEED_B", "lead_id": company["产品经理"].pk}
    refuses(403, program("产品经理").post, path, body)
    refuses(422, caller.post, path, {**body, "playbook": "IMPORTED"})
    Person.objects.filter(pk=company["运营经理"].pk).update(is_active=False)
    refuses(422, caller.post, path, {**body, "lead_id": company["运营经理"].pk})
    assert caller.post(path, body).json()["state"] == "REQUEST"


def test_an_imported_matter_is_adopted_where_it_stands(imported, company, program, refuses):
    caller, path = program("产品部负责人"), f"/collaborations/{imported.pk}/adopt"
    body = {"playbook": "SEED_B", "lead_id": company["产品经理"].pk, "step": "EXECUTE"}
    found = refuses(422, caller.post, path, body)
    assert [one["code"] for one in found.json()["findings"]] == ["collaborations.adopt_ground_missing"]
    assert caller.post(path, {**body, "ground": "会议纪要第 3 条"}).json()["state"] == "EXECUTE"
    assert Collaboration.objects.get().lead_id == body["lead_id"]
    assert len(facts_since(0, "collaborations.collaboration.adopted")) == 1


def test_many_imported_matters_are_adopted_at_one_step_or_none(imported, company, program, refuses, at):
    more = [
        ImportedMatter(f"matter-{number}", "{}", "0" * 64, title="另一件", lead_department_key="d1")
        for number in (2, 3)
    ]
    import_collaborations(more, actor=SYSTEM, at=at)
    caller = program("产品部负责人")
    shown = caller.get("/adoptable").json()["items"]
    assert [each["title"] for each in shown] == ["导入的协作", "另一件", "另一件"]
    assert program("市场部负责人").get("/adoptable").json()["items"] == []
    body = {"matter_ids": [each["id"] for each in shown], "playbook": "SEED_B", "step": "EXECUTE"}
    found = refuses(422, caller.post, "/adoptions", body)
    assert codes(found)[0] == ("collaborations.lead_unknown", "matter_ids.0")
    assert len(codes(found)) == 3
    body |= {"lead_id": company["产品经理"].pk, "ground": "会议纪要第 3 条"}
    refuses(403, program("产品经理").post, "/adoptions", body)
    refuses(404, caller.post, "/adoptions", {**body, "matter_ids": [shown[0]["id"], 987654]})
    assert caller.post("/adoptions", {**body, "matter_ids": body["matter_ids"][:1]}).json()["state"] == "ADOPTED"
    assert codes(refuses(422, caller.post, "/adoptions", body)) == [("collaborations.not_imported", "matter_ids.0")]
    assert caller.post("/adoptions", {**body, "matter_ids": body["matter_ids"][1:]}).status_code == 200
    assert len(facts_since(0, "collaborations.collaboration.adopted")) == 3
    assert caller.get("/adoptable").json()["items"] == []


def test_the_owner_of_a_loop_is_urged_and_not_too_often(campaign, program, refuses):
    campaign.request()
    loop = Loop.objects.get(kind="SIGNOFF", part=str(campaign.cast.marketing))
    caller = program("产品经理")
    caller.post(f"/loops/{loop.pk}/urge")
    loop.refresh_from_db()
    assert loop.urged == 1
    assert len(facts_since(0, "collaborations.loop.urged")) == 1
    assert refuses(429, caller.post, f"/loops/{loop.pk}/urge").json()["code"] == "collaborations.urged_too_often"


def test_a_stranger_meets_the_same_404_as_for_nothing(campaign, program, refuses):
    stranger, matter = program("财务专员"), campaign.collaboration
    nothing = stranger.get("/collaborations/999999").content
    for tail in ("", "/ring", "/loops", "/timeline", "/records", "/tasks", "/needs", "/reports", "/risks", "/metrics",
                 "/milestones", "/commitments"):  # fmt: skip
        response = stranger.get(f"/collaborations/{matter.pk}{tail}")
        assert (response.status_code, response.content) == (404, nothing)
    run = current_run(matter)
    for act, body in (
        ("advance", {"seen_step_run_id": run.pk}), ("withdraw", {"reason": "x"}),
        ("lead", {"lead_id": 1, "reason": "x"}),
        ("adopt", {"playbook": "SEED_B", "lead_id": 1}), ("records", {"form_code": "F01"}), ("risks", None),
        ("revise", {"form_code": "F01", "reason": "x"}),
    ):  # fmt: skip
        assert refuses(404, stranger.post, f"/collaborations/{matter.pk}/{act}", body).content == nothing
    refuses(404, stranger.post, f"/loops/{Loop.objects.get().pk}/urge")
    assert stranger.get("/collaborations").json() == {"items": [], "next": None}
    assert stranger.get("/collaborations", lead="x").status_code == 400
    for narrowed in ({"text": "增长"}, {"department_id": str(matter.lead_department_id)}, {"state": "all"}):
        assert stranger.get("/collaborations", **narrowed).json()["items"] == []


def test_an_outline_tells_number_step_and_dates_only(campaign, company, program, at):
    campaign.request()
    stranger = principals.person(company["财务专员"].pk)
    admit(campaign.collaboration.scope_id, stranger, role=Role.READER, level=Level.OUTLINE, via="test", at=at)
    (row,) = program("财务专员").get("/collaborations").json()["items"]
    told = {name for name, value in row.items() if value not in (None, [])}
    assert told == {"id", "number", "step", "is_outline", "created_at", "expected_finish"}
    assert program("财务专员").get("/collaborations", text="增长").json()["items"] == []
    assert program("财务专员").get(f"/collaborations/{campaign.collaboration.pk}").status_code == 404


def test_the_portfolio_goes_on_by_key(company, playbooks, program, at, monkeypatch):
    monkeypatch.setitem(queries.portfolio.__kwdefaults__, "size", 2)
    matters = [Campaign.begin(company, at).collaboration for _ in range(3)]
    caller = program("产品经理")
    first = caller.get("/collaborations").json()
    assert [row["id"] for row in first["items"]] == [matters[2].pk, matters[1].pk]
    rest = caller.get("/collaborations", before=first["next"]).json()
    assert ([row["id"] for row in rest["items"]], rest["next"]) == ([matters[0].pk], None)


@pytest.mark.parametrize("path", ["/collaborations", "/desk/waiting", "/desk/waited"])
def test_a_longer_list_costs_no_more_queries(company, playbooks, program, at, path, django_assert_num_queries):
    caller = program("产品经理")
    caller.get(path)
    Campaign.begin(company, at)
    with CaptureQueriesContext(connection) as one:
        caller.get(path)
    for _ in range(4):
        Campaign.begin(company, at)
    with django_assert_num_queries(len(one)):
        assert len(caller.get(path).json()["items"]) in {0, 5}
    assert len(one) <= 14
