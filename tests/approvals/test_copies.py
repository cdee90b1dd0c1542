"""Copies a route promises: to whom, when, once, and what of a secret."""

import pytest

from bihuan.access import operations as access
from bihuan.access.enums import Level, Role
from bihuan.access.queries import levels
from bihuan.approvals import operations
from bihuan.approvals.models import Copy
from bihuan.approvals.operations import Question
from bihuan.approvals.seating import Parties
from bihuan.kernel import principals
from bihuan.kernel.actor import SYSTEM
from bihuan.kernel.subjects import SubjectRef
from bihuan.notifications.models import Notice
from bihuan.organisation.models import Post
from tests.approvals.cast import DIGEST
from tests.witness import facts_since, last_entry

ROOT = SubjectRef("matter", 3)
CAST = {"市场部负责人": "市场部", "技术部负责人": "技术部"}


@pytest.fixture
def opens(company, at):
    """Marketing signs, then technology; copies of the first step go out as the test says."""
    market, technology = (company.departments[name].pk for name in CAST.values())
    scope = access.open_scope(ROOT, at=at)
    for principal in (principals.PMO, f"h:{market}", f"h:{technology}"):
        access.admit(scope.pk, principal, role=Role.HEAD, level=Level.READ, via="party", at=at)

    def opened(*copies, secrecy="INTERNAL"):
        access.classify(scope.pk, secrecy)
        heads = [{"key": key, "name": key, "slots": [{"who": "HEAD", "department": pk}]}
                 for key, pk in (("first", market), ("second", technology))]  # fmt: skip
        heads[0]["copies"] = list(copies)
        operations.publish_route({"key": "COPYING", "name": "抄送", "steps": heads}, actor=SYSTEM, at=at)
        question = Question(SubjectRef("paper", 1), ROOT, scope.pk, DIGEST, company["产品经理"].pk, Parties())
        return operations.open_on_route("COPYING", question, actor=company.actor("产品经理", at), at=at)

    return opened


@pytest.fixture
def decides(company, at):
    def decide(signoff, post, decision="APPROVE", opinion=""):
        slot = signoff.slots.get(principal=company.head(CAST[post]))
        operations.decide(
            slot, decision=decision, opinion=opinion, seen_digest=DIGEST, actor=company.actor(post, at), at=at
        )

    return decide


def person(company, post, **when):
    return {"who": "PERSON", "person": company[post].pk, **when}


def sent(before):
    return [(fact["person_ids"], fact["left_out"]) for fact in facts_since(before, "approvals.copies.sent")]


def test_each_goes_out_at_its_moment_and_is_read_once(company, at, opens, decides):
    asked, passed, ended = (company[name].pk for name in ("财务专员", "行政专员", "市场专员"))
    before = last_entry()
    signoff = opens(
        person(company, "财务专员", at="ASKED"), person(company, "行政专员"), person(company, "市场专员", at="ENDED")
    )
    assert sent(before) == [([asked], [])]
    before = last_entry()
    decides(signoff, "市场部负责人")
    assert sent(before) == [([passed], [])]
    before = last_entry()
    decides(signoff, "技术部负责人", "REFUSE", "预算过高")
    assert sent(before) == [([ended], [])]
    told = Notice.objects.filter(kind="approvals.copied")
    assert set(told.values_list("person", flat=True)) == {asked, passed, ended}
    reader = company.actor("财务专员", at)
    assert levels(reader, [signoff.scope_id], at=at) == {signoff.scope_id: Level.READ}
    assert [operations.note_read(signoff.pk, actor=reader, at=at) for _ in range(2)] == [True, False]
    assert list(Copy.objects.order_by("pk").values_list("person", "read_at", "sent_by")) == [
        (asked, at, None), (passed, None, None), (ended, None, None),
    ]  # fmt: skip


def test_a_step_that_was_never_passed_and_an_end_without_an_answer_send_nothing(company, at, opens, decides):
    signoff = opens(person(company, "行政专员"), person(company, "市场专员", at="ENDED"))
    before = last_entry()
    operations.void(signoff, reason="不再需要", actor=company.actor("产品经理", at), at=at)
    assert (sent(before), Copy.objects.count()) == ([], 0)


def test_it_goes_to_who_holds_the_office_then_and_to_nobody_twice_or_who_wrote_it(company, at, opens, decides):
    technology = company.departments["技术部"].pk
    signoff = opens(
        {"who": "HEAD", "department": technology, "at": "ASKED"}, {"who": "HEAD", "department": technology},
        person(company, "产品经理", at="ASKED"),
    )  # fmt: skip
    first, new = company["技术部负责人"], company["行政专员"]
    Post.objects.filter(person=first).update(ends_on=at.date())
    Post.objects.create(person=new, department_id=technology, kind="HEAD", starts_on=at.date())
    before = last_entry()
    decides(signoff, "市场部负责人")
    assert sent(before) == [([new.pk], [])]
    assert set(Copy.objects.values_list("person", flat=True)) == {first.pk, new.pk}


def test_of_what_is_secret_only_who_reads_it_anyway_gets_one_and_the_fact_names_the_others(company, at, opens, decides):
    signoff = opens(person(company, "PMO专员"), person(company, "财务专员"), secrecy="SECRET")
    before = last_entry()
    decides(signoff, "市场部负责人")
    assert sent(before) == [([company["PMO专员"].pk], [company["财务专员"].pk])]
    assert not levels(company.actor("财务专员", at), [signoff.scope_id], at=at)


def test_copies_to_come_follow_an_office_that_goes_elsewhere(company, at, opens, decides):
    market, technology = (company.head(name) for name in ("市场部", "技术部"))
    signoff = opens({"who": "HEAD", "department": company.departments["技术部"].pk})
    operations.change_principals(ROOT, {technology: market})
    signoff.refresh_from_db()
    assert [each["principal"] for each in signoff.copies_due] == [market]


def test_one_who_is_promised_several_has_one_and_the_fact_says_that_the_route_sent_it(company, at, opens, decides):
    finance, author = company["财务专员"].pk, company["产品经理"].pk
    before = last_entry()
    signoff = opens(*(person(company, name, at=moment) for name, moment in (
        ("财务专员", "ASKED"), ("财务专员", "PASSED"), ("财务专员", "ENDED"), ("产品经理", "PASSED"))))  # fmt: skip
    other = Copy.objects.create(signoff=signoff, person_id=company["市场专员"].pk, sent_at=at)
    decides(signoff, "市场部负责人")
    decides(signoff, "技术部负责人")
    assert list(Copy.objects.exclude(pk=other.pk).values_list("person", flat=True)) == [finance]
    (fact,) = facts_since(before, "approvals.copies.sent")
    assert fact == {"name": "approvals.copies.sent", "signoff_id": signoff.pk, "route": "COPYING",
                    "person_ids": [finance], "by_route": True, "left_out": []}  # fmt: skip
    assert author not in Copy.objects.values_list("person", flat=True)
    signoff.refresh_from_db()
    assert signoff.copies_due == []


def test_where_one_of_two_suffices_the_copy_goes_out_with_the_first_and_to_who_holds_the_office_that_day(company, at):
    """The other is asked no longer: the step has been passed."""
    market, technology = (company.departments[name].pk for name in CAST.values())
    finance = company.departments["财务部"].pk
    scope = access.open_scope(ROOT, at=at)
    heads = [{"who": "HEAD", "department": pk} for pk in (market, technology)]
    later = {"key": "second", "name": "second", "slots": [{"who": "PERSON", "person": company["PMO专员"].pk}],
             "copies": [person(company, "市场专员", at="ASKED")]}  # fmt: skip
    first = {"key": "first", "name": "first", "slots": heads, "rule": {"kind": "ANY"}, "parts": ["criteria"],
             "copies": [{"who": "HEAD", "department": finance}]}  # fmt: skip
    far = at.replace(year=2031)
    text = {"key": "COPYING", "name": "抄送", "steps": [first, later]}
    operations.publish_route(text, actor=SYSTEM, at=far)
    question = Question(SubjectRef("paper", 1), ROOT, scope.pk, DIGEST, company["产品经理"].pk, Parties(),
                        parts={"criteria/1": "1" * 64, "criteria/2": "2" * 64})  # fmt: skip
    signoff = operations.open_on_route("COPYING", question, actor=company.actor("产品经理", far), at=far)
    Post.objects.filter(department=finance, kind="HEAD").update(ends_on=far.date())
    new = company["行政专员"]
    Post.objects.create(person=new, department_id=finance, kind="HEAD", starts_on=far.date())
    before = last_entry()
    mine = signoff.slots.filter(principal=company.head("市场部"))
    said = [operations.PartDecision(slot.pk, "APPROVE") for slot in mine]
    operations.decide_many(
        signoff, decisions=said, seen_digest=DIGEST, actor=company.actor("市场部负责人", far), at=far
    )
    assert sent(before) == [(sorted([new.pk, company["市场专员"].pk]), [])]
    assert set(Copy.objects.values_list("sent_at", flat=True)) == {far}


def test_copies_to_come_of_other_offices_and_other_matters_stay(company, at, opens):
    market, technology = (company.head(name) for name in ("市场部", "技术部"))
    signoff = opens({"who": "HEAD", "department": company.departments["技术部"].pk}, person(company, "市场专员"))
    operations.change_principals(SubjectRef("matter", 4), {technology: market})
    operations.change_principals(SubjectRef("record", 3), {technology: market})
    signoff.refresh_from_db()
    promised = [company.principal("市场专员"), technology]
    assert sorted(each["principal"] for each in signoff.copies_due) == sorted(promised)
    operations.change_principals(ROOT, {technology: market})
    signoff.refresh_from_db()
    assert sorted(each["principal"] for each in signoff.copies_due) == sorted([promised[0], market])
