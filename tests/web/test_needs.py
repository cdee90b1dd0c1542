"""The page of a need: the answer of a department, and what becomes of it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.collaborations.models import Loop
from bihuan.resources.models import Need
from tests.witness import facts_since, last_entry

ACTS = ("answer", "accept", "drop", "put-in-place", "release")
DEVELOPERS, BUDGET = "开发工程师", "推广预算"


def need_of(campaign, spec: str) -> Need:
    return Need.objects.get(collaboration=campaign.collaboration, spec=spec)


def seen(need: Need, **data: object) -> dict[str, object]:
    return {"seen_revision": need.revision, **data}


def offered(page: str, need: Need) -> set[str]:
    return {act for act in ACTS if f'action="/needs/{need.pk}/{act}"' in page}


def waits(need: Need) -> list[tuple[str, str]]:
    loops = Loop.objects.filter(subject_kind="need", subject_id=need.pk, closed_at__isnull=True)
    return sorted(loops.values_list("kind", "owner"))


@pytest.fixture
def asked(campaign):
    campaign.carry_to("PLAN")
    return campaign


def test_everybody_in_the_matter_reads_a_need_and_gets_the_acts_that_are_his(asked, client_for):
    need = need_of(asked, DEVELOPERS)
    expected = {
        "技术部负责人": {"answer"},
        "开发组长": {"answer"},
        "产品经理": {"drop"},
        "市场部负责人": set(),
        "PMO专员": {"answer"},
    }
    pages = {office: client_for(asked.company[office]).get(f"/needs/{need.pk}") for office in expected}
    assert {page.status_code for page in pages.values()} == {200}
    assert {office: offered(page.content.decode(), need) for office, page in pages.items()} == expected


def test_people_are_promised_by_name_then_put_in_place_and_given_back(asked, client_for, refuses):
    need, head = need_of(asked, DEVELOPERS), client_for(asked.company["技术部负责人"])
    assert waits(need) == [("NEED_ANSWER", asked.company.head("技术部"))]
    page = refuses(422, head, f"/needs/{need.pk}/answer", seen(need, answer="PROMISE", text="可以安排"), of=Need)
    assert ("可以安排" in page, page.count("has-error")) == (True, 1)
    refuses(422, head, f"/needs/{need.pk}/answer", seen(need, answer="PROMISE", named_person__text="无此人"), of=Need)
    before = last_entry()
    data = seen(need, answer="PROMISE", named_person__text=asked.company["开发组长"].name)
    assert head.post(f"/needs/{need.pk}/answer", data).status_code == 302
    need.refresh_from_db()
    assert (need.state, need.named_person_id) == ("PROMISED", asked.company["开发组长"].pk)
    assert waits(need) == []
    (fact,) = facts_since(before, "resources.need.answered")
    assert (fact["answer"], fact["named_person_id"]) == ("PROMISE", asked.company["开发组长"].pk)
    assert offered(head.get(f"/needs/{need.pk}").content.decode(), need) == set()  # the plan is not filed yet
    refuses(409, head, f"/needs/{need.pk}/put-in-place", seen(need, evidence="名单"), of=Need)

    asked.carry_to("RESOURCE")
    need.refresh_from_db()
    assert waits(need) == [("NEED_IN_PLACE", asked.company.head("技术部"))]
    assert "has-error" in refuses(422, head, f"/needs/{need.pk}/put-in-place", seen(need), of=Need)
    before = last_entry()
    head.post(f"/needs/{need.pk}/put-in-place", seen(need, evidence="名单在协作空间"))
    need.refresh_from_db()
    assert (need.state, need.evidence) == ("IN_PLACE", "名单在协作空间")
    assert facts_since(before, "resources.need.in_place")[0]["evidence"] == "名单在协作空间"

    before = last_entry()
    lead = client_for(asked.company["产品经理"])
    assert lead.post(f"/needs/{need.pk}/release", seen(need)).status_code == 302
    need.refresh_from_db()
    assert (need.state, need.released_at) == ("RELEASED", asked.at)
    assert [fact["name"] for fact in facts_since(before)] == ["resources.need.released"]


def test_another_offer_waits_for_the_lead_who_accepts_it(asked, client_for, refuses):
    need = need_of(asked, BUDGET)
    head, lead = client_for(asked.company["市场部负责人"]), client_for(asked.company["产品经理"])
    page = refuses(422, head, f"/needs/{need.pk}/answer", seen(need, answer="COUNTER"), of=Need)
    assert page.count("has-error") == 1
    assert head.post(f"/needs/{need.pk}/answer", seen(need, answer="COUNTER", offer="只有3万")).status_code == 302
    need.refresh_from_db()
    assert waits(need) == [("NEED_SETTLE", asked.company.principal("产品经理"))]
    page = lead.get(f"/needs/{need.pk}").content.decode()
    assert ("只有3万" in page, offered(page, need)) == (True, {"accept", "drop"})
    refuses(403, head, f"/needs/{need.pk}/accept", seen(need), of=Need)
    before = last_entry()
    assert lead.post(f"/needs/{need.pk}/accept", seen(need)).status_code == 302
    need.refresh_from_db()
    assert (need.state, waits(need)) == ("PROMISED", [])
    assert facts_since(before)[0]["name"] == "resources.need.offer_accepted"


def test_a_refusal_gives_its_reason_and_the_lead_does_without(asked, client_for, refuses):
    need = need_of(asked, BUDGET)
    head, lead = client_for(asked.company["市场部负责人"]), client_for(asked.company["产品经理"])
    page = refuses(422, head, f"/needs/{need.pk}/answer", seen(need, answer="REFUSE"), of=Need)
    assert page.count("has-error") == 1
    head.post(f"/needs/{need.pk}/answer", seen(need, answer="REFUSE", text="本季度预算已用完"))
    need.refresh_from_db()
    assert (need.state, need.answer) == ("REFUSED", "本季度预算已用完")
    assert "has-error" in refuses(422, lead, f"/needs/{need.pk}/drop", seen(need, reason=" "), of=Need)
    before = last_entry()
    assert lead.post(f"/needs/{need.pk}/drop", seen(need, reason="改用自有渠道")).status_code == 302
    need.refresh_from_db()
    assert (need.state, need.reason, waits(need)) == ("DROPPED", "改用自有渠道", [])
    (fact,) = facts_since(before)
    assert (fact["name"], fact["reason"]) == ("resources.need.dropped", "改用自有渠道")


def test_no_answer_strangers_and_old_pages_are_refused(asked, client_for, refuses):
    need = need_of(asked, DEVELOPERS)
    head = client_for(asked.company["技术部负责人"])
    refuses(422, head, f"/needs/{need.pk}/answer", seen(need, text="嗯"), of=Need)
    refuses(422, head, f"/needs/{need.pk}/answer", seen(need, answer="MAYBE"), of=Need)
    other = client_for(asked.company["推广经理"])
    for act in ACTS:
        data = seen(need, answer="REFUSE", text="x", reason="x", evidence="x")
        refuses(403, other, f"/needs/{need.pk}/{act}", data, of=Need)
    refuses(403, head, f"/needs/{need.pk}/drop", seen(need, reason="x"), of=Need)
    stranger = client_for(asked.company.outsider)
    mine, free = stranger.get(f"/needs/{need.pk}"), stranger.get("/needs/999999999")
    assert (mine.status_code, mine.content) == (404, free.content)
    for act in ACTS:
        refuses(404, stranger, f"/needs/{need.pk}/{act}", seen(need), of=Need)
    client_for(asked.company["开发组长"]).post(f"/needs/{need.pk}/answer", seen(need, answer="REFUSE", text="排满"))
    page = refuses(409, head, f"/needs/{need.pk}/answer", seen(need, answer="COUNTER", offer="下月两人"), of=Need)
    assert "下月两人" in page


def test_htmx_gets_the_part_alone(asked, client_for):
    need, head = need_of(asked, BUDGET), client_for(asked.company["市场部负责人"])
    data, headers = seen(need, answer="PROMISE"), {"HX-Request": "true"}
    response = head.post(f"/needs/{need.pk}/answer", data, headers=headers)
    page = response.content.decode()
    assert (response.status_code, "<html" in page, f'id="need-{need.pk}"' in page) == (200, False, True)


def test_reading_changes_nothing_and_the_page_asks_the_same_few_questions(asked, client_for):
    need, head = need_of(asked, DEVELOPERS), client_for(asked.company["技术部负责人"])
    before = last_entry()
    for act in ACTS:
        assert head.get(f"/needs/{need.pk}/{act}").status_code == 405

    def questions() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert head.get(f"/needs/{need.pk}").status_code == 200
        return len(queries)

    questions()
    few = questions()
    Need.objects.exclude(pk=need.pk).delete()
    assert questions() == few <= 20
    assert last_entry() == before
