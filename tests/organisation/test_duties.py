"""Nothing that names a person can be forgotten when the person leaves."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import models

from bihuan.kernel.actor import SYSTEM
from bihuan.kernel.errors import NotAllowed, NotFound, Refused
from bihuan.organisation import duties, operations, queries
from bihuan.organisation.models import Person, Post
from bihuan.organisation.operations import Succession
from tests.cast import HIRED, Company
from tests.witness import facts_since, last_entry, refused

DONE = "says who did something; that stays"
OWN = "belongs to the person alone and ends with him"
FOLLOWS = "is written anew whenever what it follows from changes hands"
EXEMPT = {
    "agenda.Feed.owner": OWN,
    "approvals.Copy.person": OWN,
    "approvals.Copy.sent_by": DONE,
    "records.Copy.person": OWN,
    "approvals.Remark.person": DONE,
    "approvals.RouteVersion.published_by": DONE,
    "approvals.Signoff.author": DONE,
    "approvals.Slot.added_by": DONE,
    "approvals.Slot.decided_by": DONE,
    "collaborations.Acknowledgement.given_by": DONE,
    "collaborations.Petition.asked_by": DONE,
    "collaborations.Petition.answered_by": DONE,
    "collaborations.Loop.owner": FOLLOWS,
    "collaborations.PlaybookVersion.published_by": DONE,
    "collaborations.Loop.asked_by": FOLLOWS,
    "collaborations.Measurement.measured_by": DONE,
    "collaborations.SavedView.owner": OWN,
    "commitments.Commitment.asked_by": FOLLOWS,
    "commitments.Commitment.ended_by": DONE,
    "deadlines.Deadline.asked_by": FOLLOWS,
    "deadlines.Deadline.owner": FOLLOWS,
    "files.Parcel.owner": OWN,
    "files.StoredFile.stored_by": DONE,
    "issues.Risk.closed_by": DONE,
    "issues.Risk.finder": DONE,
    "integrations.ImportRun.begun_by": DONE,
    "integrations.SavedMapping.saved_by": DONE,
    "knowledge.Archive.archived_by": DONE,
    "notifications.Hours.person": OWN,
    "notifications.Notice.person": OWN,
    "notifications.Preference.person": OWN,
    "notifications.Sending.person": OWN,
    "organisation.Absence.person": OWN,
    "organisation.Deputy.person": OWN,
    "organisation.NameKey.person": OWN,
    "organisation.Token.person": OWN,
    "progress.Report.submitted_by": DONE,
    "progress.Row.measure_owner": DONE,
    "records.Record.saved_by": DONE,
    "records.Version.submitted_by": DONE,
    "resources.Need.answered_by": DONE,
}
PRINCIPALS = {"principal", "instead_of", "owner", "asked_by", "verifier"}


def naming_people() -> Iterator[str]:
    for model in apps.get_models():
        if not model.__module__.startswith("bihuan."):
            continue
        for field in model._meta.concrete_fields:
            is_principal = isinstance(field, models.CharField) and field.name in PRINCIPALS
            if field.related_model is Person or is_principal:
                yield f"{model._meta.label}.{field.name}"


def test_every_column_that_names_a_person_is_handed_over_or_says_why_not():
    held = {relation for holding in duties.registered().values() for relation in holding.relations}
    named = set(naming_people())
    assert named - held - EXEMPT.keys() == set()
    assert held - named == set()
    assert held & EXEMPT.keys() == set()


@pytest.fixture
def burdened(company: Company) -> Person:
    return company["分管副总"]


def successions(person: Person, successor: Person, at) -> list[Succession]:
    return [Succession(duty.key, successor.pk) for duty in duties.held_by(person.pk, at)]


def test_an_executive_leaves_only_after_his_departments_went_to_others(company: Company, burdened, at) -> None:
    who = {"actor": company.administrator, "at": at}
    with refused(Refused, "organisation.still_holds") as caught:
        operations.deactivate_person(burdened.pk, **who)
    assert len(caught.value.findings) == 7
    chosen = successions(burdened, company["产品部负责人"], at)
    before = last_entry()
    assert operations.hand_over_duties(burdened.pk, successions=chosen, reason="调任", **who) == 7
    told = facts_since(before)
    assert {fact["name"] for fact in told} == {"organisation.charge.put"}
    assert [(fact["person_id"], fact["instead_of"]) for fact in told] == [(company["产品部负责人"].pk, burdened.pk)] * 7
    assert operations.deactivate_person(burdened.pk, **who).is_active is False


def test_an_only_head_is_a_duty_and_one_of_two_is_not(company: Company, at) -> None:
    head, second = company["市场部负责人"], company.staff
    assert [(duty.number, duty.is_shared) for duty in duties.held_by(head.pk, at)] == [("市场部 市场总监", False)]
    operations.appoint(
        person_id=second.pk, department_id=company.departments["市场部"].pk, title="副总监", kind="HEAD",
        starts_on=HIRED, actor=SYSTEM, at=at,
    )  # fmt: skip
    assert [duty.is_shared for duty in duties.held_by(head.pk, at)] == [True]
    assert operations.deactivate_person(head.pk, actor=SYSTEM, at=at).is_active is False


def test_the_last_of_the_office_that_serves_everybody_hands_it_over(company: Company, at) -> None:
    office = company["PMO专员"]
    with refused(Refused, "organisation.still_holds"):
        operations.deactivate_person(office.pk, actor=SYSTEM, at=at)
    chosen = successions(office, company.nobody, at)
    operations.hand_over_duties(office.pk, successions=chosen, reason="离职", actor=SYSTEM, at=at)
    assert "g:pmo" in company.actor("无岗位").principals
    assert "g:pmo" not in company.actor("PMO专员").principals
    post = Post.objects.get(person=company.nobody)
    assert (post.title, post.kind, post.starts_on) == ("项目管理专员", "STAFF", queries.day_of(at))


@pytest.mark.parametrize("office", ["市场专员", "技术部负责人", "分管副总", "PMO专员", "财务专员", "无岗位"])
def test_only_the_person_a_superior_and_administrators_hand_over(company: Company, at, office: str) -> None:
    contact = company["推广经理"]
    chosen = successions(contact, company.staff, at)
    with refused(NotAllowed):
        operations.hand_over_duties(contact.pk, successions=chosen, reason="休假", actor=company.actor(office), at=at)
    with pytest.raises(NotAllowed):
        queries.burden_of(company.actor(office), contact.pk, at)


@pytest.mark.parametrize("office", ["推广经理", "市场部负责人", "管理员"])
def test_the_person_his_head_and_an_administrator_do(company: Company, at, office: str) -> None:
    contact = company["推广经理"]
    burden = queries.burden_of(company.actor(office), contact.pk, at)
    assert [duty.number for duty in burden.duties] == ["市场部 推广经理"]
    assert [card.name for card in burden.suggested] == ["王敏"]
    chosen = successions(contact, company.staff, at)
    operations.hand_over_duties(contact.pk, successions=chosen, reason="休假", actor=company.actor(office), at=at)
    assert duties.held_by(contact.pk, at) == []


def test_a_refused_line_is_named_and_nothing_is_handed_over(company: Company, burdened, at) -> None:
    who = {"actor": company.administrator, "at": at}
    chosen = successions(burdened, company["产品部负责人"], at)
    wrong = [Succession(chosen[0].key, burdened.pk), Succession(chosen[1].key, None), *chosen[2:]]
    with refused(Refused, "organisation.same_person", "organisation.person_unknown", "organisation.duty_unknown") as no:
        operations.hand_over_duties(
            burdened.pk, successions=[*wrong, Succession("plans.task.99", company.staff.pk)], reason="调任", **who
        )
    assert [finding.place for finding in no.value.findings] == [
        f"to.{chosen[0].key}", f"to.{chosen[1].key}", "to.plans.task.99",
    ]  # fmt: skip
    with refused(Refused, "organisation.reason_missing"):
        operations.hand_over_duties(burdened.pk, successions=chosen, reason=" ", **who)
    with refused(Refused, "organisation.nothing_chosen"):
        operations.hand_over_duties(burdened.pk, successions=[], reason="调任", **who)
    with refused(NotFound):
        operations.hand_over_duties(10**9, successions=chosen, reason="调任", **who)


def test_an_administrator_does_not_take_over_what_he_settles(company: Company, burdened, at) -> None:
    chosen = successions(burdened, company["管理员"], at)
    with refused(Refused, "organisation.not_to_oneself"):
        operations.hand_over_duties(burdened.pk, successions=chosen, reason="调任", actor=company.administrator, at=at)


def test_the_same_number_of_queries_for_one_and_three_duties(
    company: Company, at, django_assert_max_num_queries
) -> None:
    counts = []
    for department in ("产品部", "市场部", "技术部"):
        operations.appoint(
            person_id=company.staff.pk, department_id=company.departments[department].pk, title="总监", kind="HEAD",
            starts_on=HIRED, actor=SYSTEM, at=at,
        )  # fmt: skip
        with django_assert_max_num_queries(30) as asked:
            queries.burden_of(company.administrator, company.staff.pk, at)
        counts.append(len(asked))
    assert counts[0] == counts[2]
