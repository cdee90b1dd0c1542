"""Publishing, retiring and restoring a route, and opening by it: rows, facts, refusals."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from bihuan.access import operations as access
from bihuan.access.enums import Level, Role
from bihuan.approvals import operations
from bihuan.approvals.models import Route, RouteVersion
from bihuan.approvals.operations import Question
from bihuan.approvals.seating import Parties
from bihuan.kernel import principals
from bihuan.kernel.actor import SYSTEM
from bihuan.kernel.canonical import digest
from bihuan.kernel.errors import NotAllowed, NotFound, Refused, Stale
from bihuan.kernel.subjects import SubjectRef
from bihuan.ledger.models import Entry
from bihuan.organisation.models import Post
from tests.approvals.cast import DIGEST
from tests.witness import facts_since, last_entry, refused

ROOT, PAPER = SubjectRef("matter", 3), SubjectRef("paper", 1)
PUBLISHED = "approvals.route.published"
BIG = {"field": "amount", "is": "MORE_THAN", "value": "100"}


def body(key="OURS", name="我们的", **more):
    step = {"key": "pmo", "name": "PMO", "slots": [{"who": "ROLE", "role": "PMO"}], **more}
    return {"key": key, "name": name, "steps": [step]}


@pytest.fixture
def pmo(company, at):
    return {"actor": company.actor("PMO专员", at), "at": at}


def place(at):
    entry = Entry.objects.select_related("chain").latest("pk")
    kind, pk = entry.chain.root_kind, entry.chain.root_id
    assert (entry.actor_kind, entry.scope_id, entry.at) == ("PERSON", None, at)
    return SubjectRef(kind, pk)


def test_each_text_is_a_version_once_with_who_published_it_and_why(company, at, pmo):
    first = operations.publish_route(body(), note=" 试行\x00 ", seen_version=0, **pmo)
    route = Route.objects.get(key="OURS")
    first.refresh_from_db()
    assert (first.route_id, first.version, first.body, first.digest, first.note) == (
        route.pk, 1, body(), digest(body()), "试行",
    )  # fmt: skip
    assert (first.published_at, first.published_by_id, route.newest, route.retired_at) == (
        at, company["PMO专员"].pk, 1, None,
    )  # fmt: skip
    (fact,) = facts_since(0, PUBLISHED)
    assert fact == {"name": "我们的"} | fact
    assert {word: fact[word] for word in ("key", "version", "digest", "note", "text")} == {
        "key": "OURS", "version": 1, "digest": digest(body()), "note": "试行", "text": body(),
    }  # fmt: skip
    assert place(at) == route.subject
    other = operations.publish_route(body(key="OTHER"), **pmo)
    assert (other.version, other.note) == (1, "")
    before = last_entry()
    assert operations.publish_route(body(), seen_version=1, **pmo).pk == first.pk
    assert last_entry() == before
    second = operations.publish_route(body(name="更名"), seen_version=1, **pmo)
    assert (second.version, second.digest, Route.objects.get(key="OURS").newest) == (2, digest(body(name="更名")), 2)
    assert Route.objects.get(key="OTHER").newest == 1
    third = operations.publish_route(body(), **pmo)
    assert third.version == 3
    assert [fact["version"] for fact in facts_since(0, PUBLISHED) if fact["key"] == "OURS"] == [1, 2, 3]
    assert RouteVersion.objects.get(pk=first.pk).body == body()


def test_who_may_not_a_late_one_and_a_wrong_text_publish_nothing(company, at, pmo):
    operations.publish_route(body(), **pmo)
    with refused(NotAllowed):
        operations.publish_route(body(name="更名"), actor=company.actor("产品经理", at), at=at)
    for seen in (0, 2):
        with refused(Stale):
            operations.publish_route(body(name="更名"), seen_version=seen, **pmo)
    with refused(Refused) as caught:
        operations.publish_route(body(), note="长" * 501, **pmo)
    assert [(one.code, one.place, one.params) for one in caught.value.findings] == [
        ("approvals.route_note_too_long", "note", {"limit": 500})
    ]
    with refused(Refused, "approvals.route_note_too_long") as caught:
        operations.publish_route({**body(), "steps": []}, note="长" * 501, **pmo)
    assert len(caught.value.findings) > 1
    assert operations.publish_route(body(name="更名"), note="长" * 500, **pmo).version == 2


def test_whom_a_text_names_is_looked_up_on_the_day_of_the_act(company, at):
    far = at.replace(year=2031)
    named = body(slots=[{"who": "PERSON", "person": company["财务专员"].pk}])
    Post.objects.filter(person=company["财务专员"]).update(ends_on=far.date() - timedelta(days=9))
    with refused(Refused, "approvals.signer_outside"):
        operations.publish_route(named, actor=SYSTEM, at=far)
    assert operations.publish_route(named, actor=SYSTEM, at=at).published_by_id is None


def test_a_retired_route_opens_nothing_until_it_is_restored(company, at, pmo):
    operations.publish_route(body(), **pmo)
    other = operations.publish_route(body(key="OTHER"), **pmo).route
    route, later = Route.objects.get(key="OURS"), at + timedelta(hours=1)
    late = {**pmo, "at": later}
    with refused(NotAllowed):
        operations.retire_route(route, actor=company.actor("产品经理", at), at=at)
    with refused(Stale):
        operations.restore_route(route, **pmo)
    assert operations.retire_route(route, **late).retired_at == later
    assert (Route.objects.get(pk=route.pk).retired_at, Route.objects.get(pk=other.pk).retired_at) == (later, None)
    assert facts_since(0, "approvals.route.retired") == [{"name": "approvals.route.retired", "key": "OURS"}]
    assert place(later) == route.subject
    with refused(Stale):
        operations.retire_route(route, **late)
    with refused(NotAllowed):
        operations.restore_route(route, actor=company.actor("产品经理", at), at=at)
    operations.retire_route(other, **late)
    assert operations.restore_route(route, **late).retired_at is None
    assert (Route.objects.get(pk=route.pk).retired_at, Route.objects.get(pk=other.pk).retired_at) == (None, later)
    assert facts_since(0, "approvals.route.restored") == [{"name": "approvals.route.restored", "key": "OURS"}]
    assert place(later) == route.subject


@pytest.fixture
def question(company, at):
    scope = access.open_scope(ROOT, at=at)
    access.admit(scope.pk, principals.PMO, role=Role.PMO, level=Level.READ, via="pmo", at=at)
    return Question(PAPER, ROOT, scope.pk, DIGEST, company["产品经理"].pk, Parties())


def test_opening_by_a_route_carries_over_every_word_of_it_and_of_the_question(company, at, question):
    market, technology = (company.departments[name].pk for name in ("市场部", "技术部"))
    heads = [{"who": "HEAD", "department": market, "veto": True}, {"who": "HEAD", "department": technology}]
    text = body()
    text["steps"] = [
        {"key": "first", "name": "先", "slots": heads, "rule": {"kind": "COUNT", "count": 1}, "tests": ["goal_ok"],
         "parts": ["criteria"]},
        {"key": "second", "name": "后", "slots": [{"who": "HEAD", "department": technology}],
         "copies": [{"who": "PERSON", "person": company["财务专员"].pk, "at": "ENDED"}]},
    ]  # fmt: skip
    version = operations.publish_route(text, actor=SYSTEM, at=at)
    asked = replace(question, amount=Decimal("5.50"), parts={"criteria/1": "1" * 64, "criteria/2": "2" * 64})
    actor = company.actor("产品经理", at)
    signoff = operations.open_on_route("OURS", asked, actor=actor, at=at)
    signoff.refresh_from_db()
    assert (signoff.route, signoff.route_version_id, signoff.amount, signoff.author_id, signoff.subject) == (
        "OURS", version.pk, Decimal("5.50"), company["产品经理"].pk, PAPER,
    )  # fmt: skip
    assert (signoff.root, signoff.scope_id, signoff.digest, signoff.opened_at) == (ROOT, question.scope_id, DIGEST, at)
    assert [(each["principal"], each["at"]) for each in signoff.copies_due] == [
        (company.principal("财务专员"), "ENDED")
    ]
    rows = signoff.slots.order_by("step", "part", "pk")
    told = [(row.step, row.principal, row.part, row.digest, row.need, row.vetoes, row.tests) for row in rows]
    first, second = company.head("市场部"), company.head("技术部")
    assert told == [
        *((1, head, f"criteria/{part}", part * 64, 1, veto, ["goal_ok"])
          for part in ("1", "2") for head, veto in ((first, True), (second, False))),
        (2, second, "", DIGEST, 0, False, []),
    ]  # fmt: skip
    assert {row.label for row in rows} == {"市场部", "技术部"}
    assert len({row.group for row in rows}) == 2
    (fact,) = facts_since(0, "approvals.signoff.opened")
    assert fact["route_version"] == 1
    operations.publish_route({**text, "name": "更名"}, actor=SYSTEM, at=at)
    again = operations.open_on_route("OURS", replace(asked, digest="b" * 64), carry_from=signoff, actor=actor, at=at)
    assert (again.previous_id, facts_since(0, "approvals.signoff.opened")[1]["route_version"]) == (signoff.pk, 2)


def test_conditions_look_only_at_the_fields_they_name_and_at_the_numbers_of_the_playbook(company, at, question):
    text = body()
    big = {"key": "big", "name": "大额", "slots": [{"who": "HEAD", "department": company.departments["市场部"].pk}],
           "when": {"all": [BIG]}}  # fmt: skip
    text["steps"].append(big)
    operations.publish_route(text, actor=SYSTEM, at=at)
    wanted = []

    def values(fields):
        wanted.append(sorted(fields))
        return {"amount": Decimal(100)}

    actor = company.actor("产品经理", at)
    opened = operations.open_on_route("OURS", replace(question, values=values), actor=actor, at=at)
    assert (wanted, opened.slots.count()) == ([["amount"]], 1)
    lower = replace(question, subject=SubjectRef("paper", 2), values=values, numbers={"amount": Decimal(99)})
    assert operations.open_on_route("OURS", lower, actor=actor, at=at).slots.count() == 2
    operations.publish_route(body(key="PLAIN"), actor=SYSTEM, at=at)
    plain = replace(question, subject=SubjectRef("paper", 3), values=values)
    operations.open_on_route("PLAIN", plain, actor=actor, at=at)
    assert len(wanted) == 2, "nobody asks for values that no condition looks at"


def test_a_route_nobody_published_or_whose_condition_knows_no_value_opens_nothing(company, at, question):
    actor = company.actor("产品经理", at)
    with refused(NotFound):
        operations.open_on_route("NONE", question, actor=actor, at=at)
    text = body()
    text["steps"].append({**text["steps"][0], "key": "big", "when": {"all": [BIG]}})
    operations.publish_route(text, actor=SYSTEM, at=at)
    with refused(Refused) as caught:
        operations.open_on_route("OURS", question, actor=actor, at=at)
    assert [(one.code, one.place, one.params) for one in caught.value.findings] == [
        ("approvals.value_missing", "amount", {"field": "amount"})
    ]


def test_who_holds_an_office_is_asked_of_the_day_of_the_act(company, at, question):
    text = {**body(slots=[{"who": "HEAD", "department": company.departments["市场部"].pk}]), "empty": "PMO"}
    operations.publish_route(text, actor=SYSTEM, at=at)
    far = at.replace(year=2031)
    Post.objects.filter(person=company["市场部负责人"]).update(ends_on=far.date() - timedelta(days=9))
    opened = operations.open_on_route("OURS", question, actor=company.actor("产品经理", far), at=far)
    assert opened.slots.get().principal == principals.PMO


def test_the_author_is_not_asked_by_a_route_that_asks_his_office(company, at, question):
    text = body(slots=[{"who": "HEAD", "department": company.departments["市场部"].pk}])
    operations.publish_route(text, actor=SYSTEM, at=at)
    own = replace(question, author_id=company["市场部负责人"].pk)
    slot = operations.open_on_route("OURS", own, actor=company.actor("市场部负责人", at), at=at).slots.get()
    assert slot.principal != company.head("市场部")
