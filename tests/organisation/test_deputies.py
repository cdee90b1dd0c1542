"""Deputies in their order, by days and kinds; absences; and the head's place while he is away."""

from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

import pytest

from bihuan.access.models import Scope
from bihuan.approvals import operations as approvals
from bihuan.approvals import queries as approval_queries
from bihuan.approvals.enums import Decision
from bihuan.approvals.errors import NotTheSignatory
from bihuan.approvals.models import Slot
from bihuan.collaborations import queries as collaborations
from bihuan.kernel import principals
from bihuan.kernel.actor import SYSTEM
from bihuan.kernel.errors import NotAllowed, NotFound, Refused
from bihuan.organisation import operations, queries
from bihuan.organisation.models import Absence, Deputy, Post
from tests.cast import Company
from tests.witness import facts_since, last_entry, refused

pytestmark = pytest.mark.django_db


def name(company: Company, person: str, deputy: str, at, **more):
    return operations.name_deputy(
        company[person].pk, deputy_id=company[deputy].pk, **{"actor": SYSTEM, "at": at, **more}
    )


def away(company: Company, person: str, at, days: int = 3, **more):
    day = queries.day_of(at)
    return operations.note_absence(
        company[person].pk,
        **{"starts_on": day, "ends_on": day + timedelta(days=days), "actor": SYSTEM, "at": at, **more},
    )


def named(company: Company, person: str, at, kind: str = "") -> list[str]:
    offices = {holder.pk: office for office, holder in company.people.items()}
    return [offices[pk] for pk in queries.deputies_of(company[person].pk, at, kind)]


def test_deputies_count_in_their_order_by_kind_and_by_day(company: Company, at) -> None:
    day = queries.day_of(at)
    before = last_entry()
    name(company, "市场部负责人", "推广经理", at, kinds=["WORK"])
    name(company, "市场部负责人", "市场专员", at)
    name(company, "市场部负责人", "运营部负责人", at, starts_on=day + timedelta(days=2))
    assert named(company, "市场部负责人", at) == ["推广经理", "市场专员"]
    assert named(company, "市场部负责人", at, "SIGNING") == ["市场专员"]
    assert named(company, "市场部负责人", at + timedelta(days=2)) == ["推广经理", "市场专员", "运营部负责人"]
    assert [fact["name"] for fact in facts_since(before)] == ["organisation.deputy.named"] * 3


def test_in_place_of_a_deputy_who_is_away_his_own_count_three_deep(company: Company, at) -> None:
    chain = ["市场部负责人", "推广经理", "市场专员", "财务专员", "财务部负责人"]
    for person, deputy in pairwise(chain):
        name(company, person, deputy, at)
    for person in chain[1:4]:
        away(company, person, at)
    assert named(company, "市场部负责人", at) == []
    Absence.objects.filter(person=company["财务专员"]).delete()
    assert named(company, "市场部负责人", at) == ["财务专员"]


def test_deputies_never_lead_in_a_circle(company: Company, at) -> None:
    name(company, "市场部负责人", "推广经理", at)
    name(company, "推广经理", "市场专员", at)
    with refused(Refused, "organisation.deputies_in_a_circle"):
        name(company, "市场专员", "市场部负责人", at)
    with refused(Refused, "organisation.own_deputy"):
        name(company, "市场专员", "市场专员", at)
    with refused(Refused, "organisation.value_unknown"):
        name(company, "市场专员", "财务专员", at, kinds=["LUNCH"])
    with refused(Refused, "organisation.ends_before_start"):
        name(company, "市场专员", "财务专员", at, ends_on=queries.day_of(at))


@pytest.mark.parametrize(
    ("office", "may"), [("推广经理", True), ("市场部负责人", True), ("管理员", True), ("市场专员", False)]
)
def test_the_person_his_head_and_administrators_say_who_stands_in(company: Company, at, office: str, may: bool) -> None:
    actor = company.actor(office)
    if may:
        row = name(company, "推广经理", "市场专员", at, actor=actor)
        absence = away(company, "推广经理", at, actor=actor)
        operations.end_deputy(row.pk, actor=actor, at=at)
        operations.end_absence(absence.pk, actor=actor, at=at)
        assert named(company, "推广经理", at) == []
        assert queries.absences_of(company["推广经理"].pk, at, with_reasons=True) == []
        return
    with refused(NotAllowed):
        name(company, "推广经理", "市场专员", at, actor=actor)
    with refused(NotAllowed):
        away(company, "推广经理", at, actor=actor)


def test_an_absence_needs_a_day_of_return_that_has_not_passed(company: Company, at) -> None:
    with refused(Refused, "organisation.day_of_return_missing"):
        away(company, "推广经理", at, ends_on=None)
    with refused(Refused, "organisation.ends_before_start"):
        away(company, "推广经理", at, days=0)
    with refused(NotFound):
        operations.end_absence(10**9, actor=SYSTEM, at=at)
    with refused(NotFound):
        operations.end_deputy(10**9, actor=SYSTEM, at=at)


def test_the_deputy_signs_for_the_head_only_while_he_is_away_and_it_says_for_whom(campaign) -> None:
    campaign.request()
    company, at = campaign.company, campaign.at
    slot = Slot.objects.get(principal=company.head("市场部"), state="PENDING")
    name(company, "市场部负责人", "财务部负责人", at)
    assert slot.principal not in campaign.actor("财务部负责人").principals
    away(company, "市场部负责人", at)
    deputy = campaign.actor("财务部负责人")
    assert deputy.acting_for == {slot.principal: "王敏"}
    assert "SIGNOFF" in [kind for kind, _part in campaign.desk("财务部负责人")]
    assert approval_queries.slot_for(deputy, slot.pk, at).pk == slot.pk
    said = {"decision": Decision.APPROVE, "opinion": "同意", "seen_digest": slot.digest}
    later = at + timedelta(days=3)
    with refused(NotTheSignatory):
        approvals.decide(slot, **said, actor=deputy, at=later)
    approvals.decide(slot, **said, actor=deputy, at=at)
    slot.refresh_from_db()
    assert (slot.decided_by_id, slot.decided_by_name) == (company["财务部负责人"].pk, "胡慧兰 代 王敏")


def test_the_second_deputy_signs_when_the_first_is_away_too(company: Company, at) -> None:
    key = company.head("市场部")
    name(company, "市场部负责人", "推广经理", at)
    name(company, "市场部负责人", "市场专员", at)
    away(company, "市场部负责人", at)
    assert (key in company.actor("推广经理").principals, key in company.actor("市场专员").principals) == (True, False)
    away(company, "推广经理", at)
    assert (key in company.actor("推广经理").principals, key in company.actor("市场专员").principals) == (False, True)


def test_what_is_secret_stays_closed_to_a_deputy(campaign) -> None:
    campaign.request()
    company, at, matter = campaign.company, campaign.at, campaign.refreshed()
    name(company, "市场部负责人", "财务部负责人", at)
    away(company, "市场部负责人", at)
    assert collaborations.collaboration_for(campaign.actor("财务部负责人"), matter.pk, at=at).pk == matter.pk
    Scope.objects.filter(pk=matter.scope_id).update(secrecy="SECRET")
    with pytest.raises(NotFound):
        collaborations.collaboration_for(campaign.actor("财务部负责人"), matter.pk, at=at)


def test_a_leaver_is_nobodys_deputy_and_has_none(company: Company, at) -> None:
    name(company, "市场部负责人", "市场专员", at)
    name(company, "市场专员", "财务专员", at)
    operations.deactivate_person(company.staff.pk, actor=SYSTEM, at=at)
    assert set(Deputy.objects.values_list("ends_on", flat=True)) == {queries.day_of(at)}
    assert named(company, "市场部负责人", at) == []


def test_the_deputy_comes_first_among_those_who_may_take_over(company: Company, at) -> None:
    name(company, "推广经理", "财务专员", at)
    burden = queries.burden_of(company.administrator, company["推广经理"].pk, at)
    assert [card.name for card in burden.suggested] == ["钱美玲", "王敏"]


def test_deputies_are_proposed_for_the_kind_of_duty_they_stand_in_for(campaign) -> None:
    campaign.request()
    at = campaign.at
    lead = campaign.refreshed().lead_id
    for role, kind in (("财务专员", "WORK"), ("财务部负责人", "MATTERS")):
        operations.name_deputy(lead, deputy_id=campaign.company[role].pk, kinds=[kind], actor=SYSTEM, at=at)
    burden = queries.burden_of(campaign.company.administrator, lead, at)
    proposed = {kind: [card.id for card in cards] for kind, cards in burden.deputies.items()}
    assert proposed["collaborations.lead"] == [campaign.company["财务部负责人"].pk]
    assert proposed.keys() == {duty.kind for duty in burden.duties}


def limits(company: Company, at, deputy: str, **more):
    return name(company, "分管副总", deputy, at, **more)


def signs_for_the_executive(
    company: Company, at, amount: str | None, form: str = "F04", matter: int | None = 7, **more
):
    item = queries.Item(form, None if amount is None else Decimal(amount), matter)
    office = principals.executive(company.departments["市场部"].pk)
    found = queries.in_place_of(office, item, besides=more.get("author"), at=at)
    return found and found.principal


def test_a_deputy_stands_in_within_limits_of_form_amount_and_collaboration(company: Company, at) -> None:
    before = last_entry()
    limits(company, at, "产品部负责人", forms=["F04"], amount_limit=Decimal(100_000), collaborations=[7])
    director = company.principal("产品部负责人")
    assert signs_for_the_executive(company, at, "50000") is None
    away(company, "分管副总", at)
    assert signs_for_the_executive(company, at, "100000.00") == director
    outside = [{"amount": "100000.01"}, {"amount": None}, {"amount": "1", "form": "F01"}, {"amount": "1", "matter": 8}]
    assert [signs_for_the_executive(company, at, **one) for one in outside] == [principals.PMO] * 4
    author = company["产品部负责人"].pk
    assert signs_for_the_executive(company, at, "50000", author=author) == principals.PMO
    assert signs_for_the_executive(company, at + timedelta(days=3), "50000") is None
    fact = facts_since(before)[0]
    assert (fact["kinds"], fact["forms"], fact["amount_limit"], fact["collaborations"]) == (
        ["SIGNING"], ["F04"], "100000.00", [7],
    )  # fmt: skip


def test_who_may_only_sign_some_papers_answers_to_no_office(company: Company, at) -> None:
    name(company, "市场部负责人", "推广经理", at, forms=["F04"])
    away(company, "市场部负责人", at)
    assert company.head("市场部") not in company.actor("推广经理").principals
    assert named(company, "市场部负责人", at, "SIGNING") == []


def test_with_nobody_named_the_office_stays_asked_and_a_vacant_one_goes_up(company: Company, at) -> None:
    away(company, "市场部负责人", at)
    office, item = company.head("市场部"), queries.Item()
    assert queries.in_place_of(office, item, besides=None, at=at) is None
    operations.end_post(
        Post.objects.get(person=company["技术部负责人"], kind="HEAD").pk,
        ends_on=queries.day_of(at), actor=SYSTEM, at=at,
    )  # fmt: skip
    vacant = queries.in_place_of(company.head("技术部"), item, besides=None, at=at)
    assert vacant is not None
    assert vacant.principal == principals.executive(company.departments["技术部"].pk)
    own = queries.in_place_of(company.head("运营部"), item, besides=company["运营部负责人"].pk, at=at)
    assert own is not None
    assert own.principal == principals.executive(company.departments["运营部"].pk)


def test_limits_are_of_decisions_and_amounts_are_positive(company: Company, at) -> None:
    with refused(Refused, "organisation.limited_deputy_only_signs"):
        limits(company, at, "产品部负责人", kinds=["WORK"], forms=["F04"])
    with refused(Refused, "organisation.deputy_amount_out_of_range"):
        limits(company, at, "产品部负责人", amount_limit=Decimal(0))
