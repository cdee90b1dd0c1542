"""What follows what, and what is part of what: both ends tell it, to who may read both; nothing is opened again."""

from typing import Any

import pytest

from bihuan.collaborations import operations
from bihuan.collaborations.enums import Ending
from bihuan.collaborations.errors import HasEnded, NotEnded
from bihuan.collaborations.models import Collaboration, Loop
from bihuan.collaborations.operations.members import sync_members
from bihuan.collaborations.operations.steps import end
from bihuan.collaborations.queries import relations
from bihuan.evidence import gathering
from bihuan.kernel.actor import SYSTEM
from bihuan.kernel.errors import NotAllowed, Refused
from bihuan.ledger.models import Entry
from bihuan.web.collaborations import timeline
from tests import forms_samples as samples
from tests.campaign import Campaign
from tests.doors import Doors, doors
from tests.problem import REPORTER, Trouble, trouble
from tests.witness import facts_since, last_entry, refused

__all__ = ["doors", "trouble"]
INITIATOR, PMO = "产品经理", "PMO专员"


def ended_as(campaign: Campaign, ending: Ending) -> Campaign:
    end(campaign.refreshed(), ending, actor=SYSTEM, at=campaign.at, reason="测试")
    campaign.refreshed()
    return campaign


def taken_up(campaign: Campaign, post: str = INITIATOR, department: str = "产品部", **said: Any) -> Collaboration:
    words = {"title": "", "playbook": "SEED_B", **said}
    return operations.begin_follow_up(
        campaign.collaboration, department_id=campaign.company.departments[department].pk,
        actor=campaign.actor(post), at=campaign.at, **words,
    )  # fmt: skip


def another(campaign: Campaign, title: str = "渠道拓展", post: str = INITIATOR, department: str = "产品部") -> Campaign:
    """A further matter of the same company, not submitted yet."""
    matter = operations.start_collaboration(
        title=title, department_id=campaign.company.departments[department].pk, playbook="SEED_B",
        actor=campaign.actor(post), at=campaign.at,
    )  # fmt: skip
    return Campaign(campaign.company, campaign.at, matter)


def join(child: Campaign, parent: Campaign, post: str = INITIATOR) -> None:
    operations.set_parent(child.refreshed(), parent=parent.refreshed(), actor=child.actor(post), at=child.at)


def story(campaign: Campaign, post: str) -> str:
    told = timeline.entries(campaign.refreshed(), campaign.actor(post), at=campaign.at, limit=50)
    return "\n".join(row.text for row in told.rows)


def rolled(campaign: Campaign, post: str = INITIATOR) -> relations.RollUp:
    return relations.roll_up(campaign.refreshed(), campaign.actor(post), at=campaign.at)


class TestFollowingUp:
    @pytest.mark.parametrize("ending", list(Ending))
    def test_whatever_ended_is_taken_up_and_stays_ended(self, campaign: Campaign, ending: Ending) -> None:
        campaign.request()
        ended_as(campaign, ending)
        begun = taken_up(campaign)
        before = Collaboration.objects.get(pk=campaign.collaboration.pk)
        assert (begun.follows_id, begun.title, begun.ending) == (before.pk, before.title, "")
        assert (before.ending, before.ended_at is None, before.step_runs.filter(left_at=None).count()) == (
            ending, False, 0,
        )  # fmt: skip

    def test_what_still_runs_is_not_taken_up(self, campaign: Campaign) -> None:
        campaign.request()
        with refused(NotEnded):
            taken_up(campaign)

    def test_for_a_department_of_ones_own_only(self, campaign: Campaign) -> None:
        campaign.request()
        ended_as(campaign, Ending.WITHDRAWN)
        with refused(NotAllowed):
            taken_up(campaign, "推广经理")
        with refused(Refused, "collaborations.playbook_unknown"):
            taken_up(campaign, playbook="NIRGENDS")

    def test_the_request_starts_with_goal_and_departments_and_no_old_dates(self, campaign: Campaign) -> None:
        campaign.request()
        said = campaign.latest("F01").data
        ended_as(campaign, Ending.CLOSED)
        begun = taken_up(campaign, title="用户增长二期")
        draft = operations.start_form(begun, form_code="F01", actor=campaign.actor(INITIATOR), at=campaign.at).draft
        assert (draft["title"], draft["goal_text"]) == ("用户增长二期", said["goal_text"])
        assert [row["name"] for row in draft["metrics"]] == [row["name"] for row in said["metrics"]]
        assert [row.get("deadline") for row in draft["metrics"]] == [None] * len(said["metrics"])
        involved = [(row["dept"]["id"], row["contact_person"]["id"]) for row in said["involved_depts"]]
        assert [(row["dept"], row["contact_person"]) for row in draft["involved_depts"]] == involved

    def test_a_department_that_led_takes_part_where_another_one_leads(self, campaign: Campaign) -> None:
        campaign.request()
        ended_as(campaign, Ending.CLOSED)
        begun = taken_up(campaign, "推广经理", "市场部")
        draft = operations.start_form(begun, form_code="F01", actor=campaign.actor("推广经理"), at=campaign.at).draft
        departments = [row["dept"] for row in draft["involved_depts"]]
        named = campaign.company.departments
        assert departments[0] == named["产品部"].pk
        assert named["市场部"].pk not in departments

    def test_a_problem_brings_its_description_and_goal(self, trouble: Trouble) -> None:
        trouble.tell()
        trouble.all_acknowledge()
        trouble.apply()
        ended_as(trouble, Ending.TERMINATED)
        begun = taken_up(trouble, REPORTER, "运营部", playbook="SEED_D")
        again = Trouble(trouble.company, trouble.at, begun)
        draft = again.draft("F13", REPORTER).draft
        assert draft["description"] == trouble.latest("F13").data["description"]
        assert [row["dept"] for row in draft["related_depts"]] == [
            again.department(d) for d in ("技术部", "市场部", "财务部")
        ]
        again.tell()
        again.all_acknowledge()
        applied = again.draft("F02", REPORTER).draft
        assert (applied["goal_text"], applied["metrics"][0]["name"]) == ("订单准时率恢复到 95%", "订单准时率")

    def test_both_ends_tell_it_to_who_reads_both_and_to_nobody_else(self, campaign: Campaign) -> None:
        campaign.request()
        ended_as(campaign, Ending.CLOSED)
        entry = last_entry()
        begun = Campaign(campaign.company, campaign.at, taken_up(campaign, title="二期"))
        told = facts_since(entry)
        assert [fact["name"] for fact in told if "follow_up" in fact["name"]] == [
            "collaborations.follow_up.of", "collaborations.follow_up.begun",
        ]  # fmt: skip
        assert "二期" in story(campaign, INITIATOR)
        assert "二期" not in story(campaign, PMO)
        of_initiator, of_pmo = campaign.actor(INITIATOR), campaign.actor(PMO)
        (seen,) = relations.followers(campaign.collaboration, of_initiator, at=campaign.at)
        assert seen.id == begun.collaboration.pk
        assert relations.followers(campaign.collaboration, of_pmo, at=campaign.at) == []
        found = relations.followed(begun.collaboration, of_initiator, at=campaign.at)
        assert found is not None
        assert found.id == campaign.collaboration.pk
        (kept,) = Entry.objects.filter(name="collaborations.follow_up.begun")
        assert gathering.hidden_from(of_pmo, [kept], at=campaign.at) == {kept.seq}

    def test_what_follows_a_secret_matter_is_secret_from_the_start(self, campaign: Campaign) -> None:
        campaign.submit("F01", samples.request(campaign.cast, campaign.start) | {"secrecy": "SECRET"})
        ended_as(campaign, Ending.REJECTED)
        begun = taken_up(campaign)
        assert (begun.secrecy, begun.scope.secrecy) == ("SECRET", "SECRET")
        draft = operations.start_form(begun, form_code="F01", actor=campaign.actor(INITIATOR), at=campaign.at).draft
        assert draft["secrecy"] == "SECRET"

    def test_who_may_read_the_old_one_no_more_is_given_nothing_of_it(self, campaign: Campaign) -> None:
        campaign.request()
        ended_as(campaign, Ending.CLOSED)
        begun = taken_up(campaign, "推广经理", "市场部")
        campaign.collaboration.parties.all().delete()
        sync_members(campaign.refreshed(), at=campaign.at)
        draft = operations.start_form(begun, form_code="F01", actor=campaign.actor("推广经理"), at=campaign.at).draft
        assert (draft.get("goal_text"), draft["involved_depts"]) == (None, [])


class TestParts:
    def test_a_part_shows_step_health_and_what_is_overdue_in_one_query(
        self, campaign: Campaign, django_assert_num_queries: Any
    ) -> None:
        programme = another(campaign, "年度增长计划")
        join(campaign, programme)
        campaign.request()
        campaign.wait(days=30)
        programme.at = campaign.at
        actor = programme.actor(INITIATOR)
        for count in (1, 3):
            while len(Collaboration.objects.filter(parent=programme.collaboration)) < count:
                join(another(campaign), programme)
            with django_assert_num_queries(1):
                found = relations.roll_up(programme.collaboration, actor, at=campaign.at)
            assert len(found.parts) == count
        part = next(part for part in found.parts if part.id == campaign.collaboration.pk)
        late = Loop.objects.filter(collaboration=part.id, closed_at=None, due_at__lt=campaign.at).count()
        assert late > 0
        assert (part.step, part.health, part.overdue, found.overdue, found.health) == (
            "REQUEST",
            "red",
            late,
            late,
            "red",
        )

    def test_parts_of_parts_stand_behind_them(self, campaign: Campaign) -> None:
        top, side = another(campaign, "总"), another(campaign, "旁")
        join(campaign, top)
        join(side, top)
        below = another(campaign, "下")
        join(below, campaign)
        assert [(part.id, part.is_below) for part in rolled(top).parts] == [
            (campaign.collaboration.pk, False), (below.collaboration.pk, True), (side.collaboration.pk, False),
        ]  # fmt: skip

    def test_what_one_may_not_read_is_neither_named_nor_counted(self, campaign: Campaign) -> None:
        campaign.request()
        hidden = another(campaign, "密")
        below = another(campaign, "密之下")
        join(hidden, campaign)
        join(below, hidden)
        assert len(rolled(campaign).parts) == 2
        assert rolled(campaign, PMO) == relations.RollUp()
        assert "密" not in story(campaign, PMO)
        assert "密" in story(campaign, INITIATOR)

    def test_nothing_stands_in_a_circle_or_too_deep(self, campaign: Campaign) -> None:
        top, below, deepest = another(campaign, "总"), another(campaign, "下"), another(campaign, "底")
        with refused(Refused, "collaborations.parent_circle"):
            join(top, top)
        join(campaign, top)
        join(below, campaign)
        with refused(Refused, "collaborations.parent_circle"):
            join(top, below)
        with refused(Refused, "collaborations.parent_too_deep"):
            join(deepest, below)
        with refused(Refused, "collaborations.parent_too_deep"):
            join(top, deepest)

    def test_whoever_carries_both_and_the_pmo_say_it(self, campaign: Campaign) -> None:
        campaign.request()
        other = another(campaign, "市场计划", "推广经理", "市场部")
        other.collaboration.parties.create(department=campaign.company.departments["产品部"], role="SUPPORT")
        Collaboration.objects.filter(pk=other.collaboration.pk).update(number="XZ-2026-0900")
        sync_members(other.refreshed(), at=other.at)
        for post in (INITIATOR, "推广经理", "开发组长"):
            with refused(NotAllowed):
                join(campaign, other, post)
        entry = last_entry()
        join(campaign, other, PMO)
        assert [fact["name"] for fact in facts_since(entry)] == [
            "collaborations.parent.set", "collaborations.child.added",
        ]  # fmt: skip
        entry = last_entry()
        join(campaign, other, PMO)
        assert last_entry() == entry
        operations.unset_parent(campaign.refreshed(), actor=campaign.actor("推广经理"), at=campaign.at)
        assert [fact["name"] for fact in facts_since(entry)] == [
            "collaborations.parent.unset", "collaborations.child.removed",
        ]  # fmt: skip
        assert campaign.refreshed().parent_id is None
        with refused(Refused, "collaborations.no_parent"):
            operations.unset_parent(campaign.collaboration, actor=campaign.actor(INITIATOR), at=campaign.at)

    def test_it_moves_from_one_to_another(self, campaign: Campaign) -> None:
        first, second = another(campaign, "一"), another(campaign, "二")
        join(campaign, first)
        join(campaign, second)
        assert (len(rolled(first).parts), len(rolled(second).parts)) == (0, 1)

    def test_an_ended_one_is_not_moved(self, campaign: Campaign) -> None:
        top = another(campaign)
        join(campaign, top)
        ended_as(campaign, Ending.WITHDRAWN)
        with refused(HasEnded):
            operations.unset_parent(campaign.collaboration, actor=campaign.actor(INITIATOR), at=campaign.at)
        with refused(HasEnded):
            join(another(campaign), campaign)

    def test_a_parent_one_may_not_read_is_no_parent(self, campaign: Campaign) -> None:
        campaign.request()
        top = another(campaign, "密")
        join(campaign, top)
        with refused(Refused, "collaborations.no_parent"):
            operations.unset_parent(campaign.refreshed(), actor=campaign.actor("产品部负责人"), at=campaign.at)


class TestDoors:
    def test_an_ended_matter_is_taken_up_on_its_page(self, campaign: Campaign, doors: Doors) -> None:
        campaign.request()
        ended_as(campaign, Ending.REJECTED)
        page, pk = doors.page(INITIATOR), campaign.collaboration.pk
        shown = page.get(f"/matters/{pk}/").content.decode()
        assert f'action="/matters/{pk}/follow-up"' in shown
        sent = {"title": "二期", "department": campaign.company.departments["产品部"].pk, "playbook": "SEED_B"}
        answer = page.post(f"/matters/{pk}/follow-up", sent, follow=True)
        begun = Collaboration.objects.get(follows=pk)
        assert answer.redirect_chain[-1][0].startswith("/records/")
        assert f'href="/matters/{begun.pk}/"' in page.get(f"/matters/{pk}/").content.decode()
        assert f'href="/matters/{pk}/"' in page.get(f"/matters/{begun.pk}/").content.decode()
        assert f'href="/matters/{begun.pk}/"' not in doors.page(PMO).get(f"/matters/{pk}/").content.decode()
        refusal = page.post(f"/matters/{pk}/follow-up", sent | {"playbook": "?", "title": "三期"})
        assert (refusal.status_code, "三期" in refusal.content.decode()) == (422, True)

    def test_parts_stand_on_the_page_and_are_tied_there(self, campaign: Campaign, doors: Doors) -> None:
        top = another(campaign, "年度增长计划")
        page, pk, above = doors.page(INITIATOR), campaign.collaboration.pk, top.collaboration.pk
        assert f'value="{above}"' in page.get(f"/matters/{pk}/").content.decode()
        page.post(f"/matters/{pk}/parent", {"parent": above})
        shown = page.get(f"/matters/{above}/").content.decode()
        assert f'href="/matters/{pk}/"' in shown.partition('id="parts"')[2]
        assert f'href="/matters/{above}/"' in page.get(f"/matters/{pk}/").content.decode()
        assert page.post(f"/matters/{above}/parent", {"parent": pk}).status_code == 422
        page.post(f"/matters/{pk}/parent/leave")
        assert campaign.refreshed().parent_id is None

    def test_a_program_does_and_reads_the_same(self, campaign: Campaign, doors: Doors) -> None:
        campaign.request()
        top = another(campaign, "年度增长计划")
        program, pk, above = doors.program(INITIATOR), campaign.collaboration.pk, top.collaboration.pk
        assert program.post(f"/collaborations/{pk}/parent", {"parent_id": above}).status_code == 200
        told = program.get(f"/collaborations/{above}/relations").json()
        assert [(part["id"], part["step"], part["is_below"]) for part in told["parts"]] == [(pk, "REQUEST", False)]
        assert program.get(f"/collaborations/{pk}/relations").json()["parent"]["id"] == above
        assert doors.program(PMO).get(f"/collaborations/{pk}/relations").json()["parent"] is None
        names = [fact["name"] for fact in program.get(f"/collaborations/{pk}/timeline").json()["items"]]
        assert "collaborations.parent.set" in names
        circle = program.post(f"/collaborations/{above}/parent", {"parent_id": pk})
        assert (circle.status_code, circle.json()["findings"][0]["code"]) == (422, "collaborations.parent_circle")
        assert program.post(f"/collaborations/{pk}/parent", {"parent_id": None}).status_code == 200
        department = campaign.company.departments["产品部"].pk
        said = {"department_id": department, "playbook": "SEED_B"}
        running = program.post(f"/collaborations/{pk}/follow-ups", said)
        assert (running.status_code, running.json()["code"]) == (409, "collaborations.not_ended")
        ended_as(campaign, Ending.CLOSED)
        begun = program.post(f"/collaborations/{pk}/follow-ups", said)
        assert begun.status_code == 201
        told = program.get(f"/collaborations/{pk}/relations").json()
        assert [each["id"] for each in told["followed_by"]] == [begun.json()["id"]]
        assert doors.program(PMO).get(f"/collaborations/{pk}/relations").json()["followed_by"] == []
