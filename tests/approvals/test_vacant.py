"""A route that waits for an office nobody holds: the PMO hears of it when it is opened."""

from datetime import timedelta

import pytest

from bihuan.access import operations as access
from bihuan.access.enums import Level, Role
from bihuan.approvals import operations
from bihuan.approvals.errors import NotTheSignatory
from bihuan.approvals.operations import PLACE_ALL, Question
from bihuan.approvals.seating import Parties
from bihuan.kernel import principals
from bihuan.kernel.actor import SYSTEM
from bihuan.kernel.subjects import SubjectRef
from bihuan.notifications.models import Notice
from bihuan.organisation import operations as organisation
from bihuan.organisation.models import Post
from bihuan.outbox.models import Delivery
from bihuan.outbox.operations import run_once
from bihuan.worker import jobs, periodic
from tests.approvals.cast import DIGEST
from tests.witness import facts_since, last_entry, refused

ROOT = SubjectRef("matter", 3)


@pytest.fixture
def opens(company, at):
    """Asks the head of marketing on a route that does, with an empty office, what it says."""
    department = company.departments["市场部"].pk
    scope = access.open_scope(ROOT, at=at)
    access.admit(scope.pk, principals.PMO, role=Role.PMO, level=Level.READ, via="pmo", at=at)

    def opened(empty):
        body = {
            "key": "MARKETING", "name": "市场部签核", "empty": empty,
            "steps": [{"key": "head", "name": "市场部",
                       "slots": [{"who": "HEAD", "department": department}]}],
        }  # fmt: skip
        operations.publish_route(body, actor=SYSTEM, at=at)
        question = Question(SubjectRef("paper", 1), ROOT, scope.pk, DIGEST, company["产品经理"].pk, Parties())
        return operations.open_on_route("MARKETING", question, actor=company.actor("产品经理", at), at=at)

    return opened


def test_the_pmo_is_told_at_once_and_nothing_is_approved(company, at, opens):
    Post.objects.filter(person=company["市场部负责人"]).update(ends_on=at.date())
    before = last_entry()
    slot = opens("WAIT").slots.get()
    (fact,) = facts_since(before, "approvals.signoff.opened")
    assert (fact["vacant"], slot.principal, slot.state) == ([slot.pk], company.head("市场部"), "PENDING")
    (notice,) = Notice.objects.filter(kind="approvals.vacant")
    assert (notice.person_id, notice.params["what"], notice.params["page"]) == (
        company["PMO专员"].pk, "市场部", ["slot", slot.pk],
    )  # fmt: skip


@pytest.mark.parametrize("empty", ["WAIT", "PMO", "SUPERIOR"])
def test_where_somebody_can_sign_the_pmo_hears_nothing(company, at, opens, empty):
    if empty != "WAIT":
        Post.objects.filter(person=company["市场部负责人"]).update(ends_on=at.date())
    before = last_entry()
    opens(empty)
    (fact,) = facts_since(before, "approvals.signoff.opened")
    assert fact["vacant"] == []
    assert not Notice.objects.filter(kind="approvals.vacant").exists()


@pytest.mark.parametrize(("empty", "asked"), [("WAIT", "h:market"), ("PMO", "g:pmo"), ("SUPERIOR", "x:market")])
def test_an_office_that_becomes_empty_follows_the_route_and_the_pmo_hears_it_once(company, at, opens, empty, asked):
    signoff = opens(empty)
    head, market = company["市场部负责人"], company.departments["市场部"].pk
    Post.objects.filter(person=head).update(ends_on=at.date())
    before = last_entry()
    assert operations.signoffs_to_place(at) == [signoff.pk]
    for _ in range(2):
        operations.place_slots(signoff.pk, at=at)
    slot = signoff.slots.get()
    assert (slot.state, slot.principal, slot.vacant_at) == ("PENDING", asked.replace("market", str(market)), at)
    (fact,) = facts_since(before, "approvals.office.vacated")
    assert (fact["slots"], fact["office"], fact["empty"], fact["after"]) == (
        [slot.pk], company.head("市场部"), empty, slot.principal,
    )  # fmt: skip
    assert len(facts_since(before, "approvals.slots.placed")) == (empty != "WAIT")
    (notice,) = Notice.objects.filter(kind="approvals.vacant")
    assert (notice.person_id, notice.params["what"]) == (company["PMO专员"].pk, "市场部")
    signoff.refresh_from_db()
    assert signoff.state == "OPEN"


def test_when_somebody_holds_the_office_again_it_is_asked_and_a_new_vacancy_is_told_again(company, at, opens):
    signoff = opens("PMO")
    posts = Post.objects.filter(person=company["市场部负责人"])
    for ends_on, vacant in ((at.date(), at), (None, None), (at.date(), at)):
        posts.update(ends_on=ends_on)
        operations.place_slots(signoff.pk, at=at)
        slot = signoff.slots.get()
        assert (slot.vacant_at, slot.principal) == (vacant, principals.PMO if vacant else company.head("市场部"))
    assert len(facts_since(0, "approvals.office.vacated")) == 2


def test_whom_the_route_asks_for_an_empty_office_signs_and_nobody_else(company, at, opens):
    signoff = opens("PMO")
    Post.objects.filter(person=company["市场部负责人"]).update(ends_on=at.date())
    operations.place_slots(signoff.pk, at=at)
    slot, said = signoff.slots.get(), {"decision": "APPROVE", "seen_digest": DIGEST, "at": at}
    for post in ("分管副总", "市场部负责人"):
        with refused(NotTheSignatory):
            operations.decide(slot, actor=company.actor(post, at), **said)
    assert operations.decide(slot, actor=company.actor("PMO专员", at), **said).state == "APPROVED"


@pytest.mark.parametrize(("empty", "asked_before"), [("WAIT", "h:market"), ("PMO", "g:pmo"), ("SUPERIOR", "x:market")])
def test_who_is_appointed_to_an_empty_office_is_asked_right_afterwards(company, at, opens, empty, asked_before):
    """By the fact of the organisation, not within the hour; a post in which nobody signs changes nothing."""
    signoff, market = opens(empty), company.departments["市场部"].pk
    Post.objects.filter(person=company["市场部负责人"]).update(ends_on=at.date())
    operations.place_slots(signoff.pk, at=at)
    assert signoff.slots.get().principal == asked_before.replace("market", str(market))
    owed = Delivery.objects.filter(topic__startswith="approvals.")
    owed.delete()
    new = {"person_id": company["财务专员"].pk, "department_id": market, "actor": SYSTEM, "at": at}
    organisation.appoint(**new, title="专员")
    assert not owed.exists()
    organisation.appoint(**new, title="负责人", kind="HEAD")
    assert jobs.PLACE_ALL, "the worker knows what to do"
    while run_once(at=at):  # what failed is tried again later, not now
        pass
    assert not owed.exclude(state="DONE").exists()
    slot = signoff.slots.get()
    assert (slot.principal, slot.instead_of, slot.vacant_at) == (company.head("市场部"), "", None)
    said = {"decision": "APPROVE", "seen_digest": DIGEST, "at": at}
    assert operations.decide(slot, actor=company.actor("财务专员", at), **said).state == "APPROVED"


def test_the_end_of_a_post_has_it_looked_at_right_afterwards_not_only_within_the_hour(company, at, opens):
    opens("WAIT")
    before = Delivery.objects.filter(topic=PLACE_ALL).count()
    post = Post.objects.get(person=company["市场部负责人"])
    organisation.end_post(post.pk, ends_on=at.date(), actor=SYSTEM, at=at)
    assert Delivery.objects.filter(topic=PLACE_ALL).count() == before + 1


def test_what_begins_and_ends_on_a_day_to_come_is_looked_at_when_that_day_begins(company, at, opens):
    """Whoever was appointed, goes away or comes back: with the first second of the day in the head office."""
    signoff, market = opens("PMO"), company.departments["市场部"].pk
    day, now = timedelta(days=1), at.replace(hour=0)
    Post.objects.filter(person=company["市场部负责人"]).update(ends_on=at.date())
    new, deputy = company["财务专员"], company["行政专员"]
    organisation.appoint(
        person_id=new.pk,
        department_id=market,
        title="负责人",
        kind="HEAD",
        starts_on=at.date() + day,
        actor=SYSTEM,
        at=at,
    )
    organisation.name_deputy(new.pk, deputy_id=deputy.pk, actor=SYSTEM, at=at)
    organisation.note_absence(new.pk, starts_on=at.date() + 2 * day, ends_on=at.date() + 3 * day, actor=SYSTEM, at=at)
    jobs.register_jobs_of_rooms()
    asked = []
    for moment in (at, now + day - timedelta(seconds=1), now + day, now + 2 * day, now + 3 * day):
        periodic.tick(at=moment, posted={})
        while run_once(at=moment):
            pass
        asked.append(signoff.slots.get().principal)
    head = company.head("市场部")
    assert asked == [principals.PMO, principals.PMO, head, principals.person(deputy.pk), head]
