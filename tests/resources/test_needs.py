"""A need from the question to its return."""

import pytest

from bihuan.collaborations import operations
from bihuan.collaborations.models import Loop
from bihuan.kernel.errors import NotFound, Refused
from bihuan.organisation.models import Person
from bihuan.resources import operations as resources
from bihuan.resources.errors import NotTheProvider, NotTheRequester, NotYetNeeded, StaleNeed
from bihuan.resources.models import Need
from bihuan.resources.queries import need_for, needs_of
from tests import forms_samples as samples
from tests.witness import facts_since, last_entry, refused


@pytest.fixture
def asked(campaign):
    campaign.request()
    return campaign


def need_of(campaign, department="市场部"):
    return Need.objects.select_related("collaboration").get(
        collaboration=campaign.collaboration, provider__name=department
    )


def loops(need):
    rows = Loop.objects.filter(subject_kind="need", subject_id=need.pk, closed_at=None)
    return [(loop.kind, loop.owner, loop.gate) for loop in rows]


def act(campaign, act_, need, post, *, seen=None, **said):
    return act_(
        need,
        seen_revision=need.revision if seen is None else seen,
        actor=campaign.actor(post),
        at=campaign.at,
        **said,
    )


def answer(campaign, need, answer_, post="市场部负责人", **said):
    return act(campaign, resources.answer_need, need, post, answer=answer_, **said)


class TestAsking:
    def test_a_submitted_request_asks_every_provider(self, asked):
        (fact,) = facts_since(0, "resources.needs.asked")
        assert (fact["form_code"], fact["version"], len(fact["created"])) == ("F01", 1, 3)
        assert (fact["changed"], fact["dropped"]) == ([], [])
        need = need_of(asked)
        assert (need.state, need.what) == ("ASKED", "推广预算 ¥50,000.00")
        assert loops(need) == [("NEED_ANSWER", asked.company.head("市场部"), "leave:PLAN")]
        assert need_of(asked, "技术部").what == "开发工程师 3 人"

    def resubmit(self, campaign, change):
        operations.revise_form(
            campaign.refreshed(),
            form_code="F01",
            reason="调整资源",
            actor=campaign.actor("产品经理"),
            at=campaign.at,
        )
        body = samples.request(campaign.cast, campaign.start)
        change(body)
        before = last_entry()
        campaign.submit("F01", body)
        (fact,) = facts_since(before, "resources.needs.asked")
        return fact

    def test_an_unchanged_line_keeps_its_answer(self, asked):
        answer(asked, need_of(asked), "PROMISE")
        fact = self.resubmit(asked, lambda body: None)
        assert (fact["created"], fact["changed"], fact["dropped"]) == ([], [], [])
        assert need_of(asked).state == "PROMISED"

    def test_a_changed_line_is_asked_again_and_its_old_answer_is_gone(self, asked):
        need = answer(asked, need_of(asked), "COUNTER", offer="三万元", text="预算有限")
        fact = self.resubmit(asked, lambda body: body["resources"][1].update(amount="6万"))
        assert fact["changed"] == [need.pk]
        again = need_of(asked)
        assert (again.state, again.revision, again.what) == ("ASKED", need.revision + 1, "推广预算 ¥60,000.00")
        assert (again.answer, again.offer, again.answered_by, again.answered_at) == ("", "", None, None)
        assert loops(again) == [("NEED_ANSWER", asked.company.head("市场部"), "leave:PLAN")]
        with refused(StaleNeed):
            act(asked, resources.accept_offer, need, "产品经理")

    def test_a_line_taken_out_is_dropped_and_asked_again_when_it_comes_back(self, asked):
        need = need_of(asked)
        fact = self.resubmit(asked, lambda body: body["resources"].pop(1))
        assert fact["dropped"] == [need.pk]
        assert (need_of(asked).state, loops(need)) == ("DROPPED", [])
        fact = self.resubmit(asked, lambda body: None)
        assert (fact["created"], need_of(asked).state) == ([need.pk], "ASKED")


class TestAnswering:
    def test_a_promise_binds_and_says_who_comes(self, asked):
        before, engineer = last_entry(), asked.company["开发组长"]
        need = answer(asked, need_of(asked, "技术部"), "PROMISE", "技术部负责人", named_person_id=engineer.pk)
        assert (need.state, need.named_person_id, need.answered_at) == ("PROMISED", engineer.pk, asked.at)
        assert loops(need) == []
        (fact,) = facts_since(before)
        assert (fact["name"], fact["answer"], fact["named_person_id"]) == (
            "resources.need.answered", "PROMISE", engineer.pk,
        )  # fmt: skip

    def test_the_contact_person_and_the_pmo_may_answer_too(self, asked):
        assert answer(asked, need_of(asked), "PROMISE", "推广经理").state == "PROMISED"
        assert answer(asked, need_of(asked, "运营部"), "REFUSE", "PMO专员", text="已满负荷").state == "REFUSED"

    def test_an_answer_that_says_too_little_is_refused(self, asked):
        for said, code in (
            ({"answer_": "REFUSE"}, "resources.refusal_without_reason"),
            ({"answer_": "COUNTER", "text": "只能给一半"}, "resources.offer_missing"),
        ):
            with refused(Refused, code):
                answer(asked, need_of(asked), **said)
        engineers = need_of(asked, "技术部")
        with refused(Refused, "resources.person_not_named"):
            answer(asked, engineers, "PROMISE", "技术部负责人")
        Person.objects.filter(username="sun").update(is_active=False)
        with refused(Refused, "resources.person_unknown"):
            answer(asked, engineers, "PROMISE", "技术部负责人", named_person_id=asked.company["开发组长"].pk)

    def test_others_do_not_answer(self, asked):
        for post in ("产品经理", "技术部负责人", "市场专员"):
            with refused(NotTheProvider):
                answer(asked, need_of(asked), "PROMISE", post)

    def test_an_answer_is_given_once(self, asked):
        need = need_of(asked)
        answer(asked, need, "PROMISE")
        with refused(StaleNeed):
            answer(asked, need_of(asked), "REFUSE", text="改主意")


class TestSettling:
    @pytest.fixture
    def countered(self, asked):
        answer(asked, need_of(asked), "COUNTER", offer="三万元")
        return asked

    def test_another_offer_waits_for_the_lead(self, countered):
        need, before = need_of(countered), last_entry()
        assert loops(need) == [("NEED_SETTLE", countered.company.principal("产品经理"), "leave:RESOURCE")]
        with refused(NotTheRequester):
            act(countered, resources.accept_offer, need, "市场部负责人")
        need = act(countered, resources.accept_offer, need, "产品经理")
        assert (need.state, loops(need)) == ("PROMISED", [])
        assert [(fact["name"], fact["offer"]) for fact in facts_since(before)] == [
            ("resources.need.offer_accepted", "三万元")
        ]

    def test_only_an_offer_can_be_accepted(self, asked):
        with refused(StaleNeed):
            act(asked, resources.accept_offer, need_of(asked), "产品经理")

    def test_dropped_it_is_over(self, countered):
        need, before = need_of(countered), last_entry()
        with refused(Refused, "resources.reason_missing"):
            act(countered, resources.drop_need, need, "产品经理", reason=" ")
        with refused(NotTheRequester):
            act(countered, resources.drop_need, need, "市场部负责人", reason="不给了")
        need = act(countered, resources.drop_need, need, "产品经理", reason="自筹")
        assert (need.state, need.reason, loops(need)) == ("DROPPED", "自筹", [])
        assert [(fact["name"], fact["reason"]) for fact in facts_since(before)] == [("resources.need.dropped", "自筹")]
        with refused(StaleNeed):
            act(countered, resources.drop_need, need, "产品经理", reason="自筹")

    def test_unanswered_needs_keep_the_plan(self, campaign):
        campaign.carry_to("PLAN")
        campaign.plan()
        assert campaign.step == "PLAN"
        assert {code for code, _ in campaign.in_the_way()} == {"collaborations.open_need_answer"}
        campaign.promise_needs()
        assert campaign.step == "APPROVAL"


class TestPuttingInPlace:
    @pytest.fixture
    def needed(self, campaign):
        campaign.carry_to("RESOURCE")
        return campaign

    def test_before_the_plan_is_filed_nothing_is_put_in_place(self, campaign):
        campaign.carry_to("FILING")
        with refused(NotYetNeeded):
            act(campaign, resources.put_in_place, need_of(campaign), "市场部负责人", evidence="已拨款")

    def test_in_place_it_is_shown_and_closes_its_loop(self, needed):
        need, before = need_of(needed), last_entry()
        assert loops(need) == [("NEED_IN_PLACE", needed.company.head("市场部"), "leave:RESOURCE")]
        with refused(Refused, "resources.evidence_missing"):
            act(needed, resources.put_in_place, need, "市场部负责人", evidence="")
        with refused(NotTheProvider):
            act(needed, resources.put_in_place, need, "产品经理", evidence="已拨款")
        need = act(needed, resources.put_in_place, need, "推广经理", evidence="拨款单 7")
        assert (need.state, need.evidence, need.in_place_at, loops(need)) == ("IN_PLACE", "拨款单 7", needed.at, [])
        assert [fact["evidence"] for fact in facts_since(before, "resources.need.in_place")] == ["拨款单 7"]
        assert needed.step == "RESOURCE"
        needed.put_needs_in_place()
        assert needed.step == "EXECUTE"

    def test_an_offer_accepted_late_is_owed_at_once(self, campaign):
        campaign.carry_to("PLAN")
        answer(campaign, need_of(campaign), "COUNTER", offer="三万元")
        campaign.carry_to("RESOURCE")
        campaign.put_needs_in_place()
        assert campaign.in_the_way() == [("collaborations.open_need_settle", "推广预算 ¥50,000.00")]
        need = act(campaign, resources.accept_offer, need_of(campaign), "产品经理")
        assert loops(need) == [("NEED_IN_PLACE", campaign.company.head("市场部"), "leave:RESOURCE")]

    def test_given_back_it_is_over(self, needed):
        need = act(needed, resources.put_in_place, need_of(needed), "市场部负责人", evidence="拨款单 7")
        before = last_entry()
        with refused(NotTheProvider):
            act(needed, resources.release_need, need, "市场专员")
        need = act(needed, resources.release_need, need, "产品经理")
        assert (need.state, need.released_at) == ("RELEASED", needed.at)
        assert [fact["name"] for fact in facts_since(before)] == ["resources.need.released"]
        with refused(StaleNeed):
            act(needed, resources.release_need, need, "产品经理")


def test_a_need_is_found_only_by_who_reads_the_matter(asked):
    need = need_of(asked)
    assert need_for(asked.actor("市场专员"), need.pk, at=asked.at) == need
    with pytest.raises(NotFound):
        need_for(asked.actor("财务专员"), need.pk, at=asked.at)


def test_the_needs_of_a_matter_are_one_query(asked, django_assert_num_queries):
    with django_assert_num_queries(1):
        rows = [(need.provider.name, need.named_person, need.answered_by) for need in needs_of(asked.collaboration)]
    assert [name for name, _, _ in rows] == ["技术部", "市场部", "运营部"]
