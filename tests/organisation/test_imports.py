"""Importing again and again: facts only for what changed, odd rows named and never fatal."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.integrations.foreseeing import Before, foresee
from bihuan.integrations.neutral.work import Chunk
from bihuan.integrations.neutral.work import Entry as Line
from bihuan.kernel.actor import Actor, ActorKind
from bihuan.ledger.models import Entry
from bihuan.organisation import operations
from bihuan.organisation.models import Department, Person, Post
from bihuan.organisation.operations import DepartmentRow, PersonRow, PostRow
from bihuan.organisation.queries import day_of, departments_by_source_key
from tests.witness import facts_since, last_entry

pytestmark = pytest.mark.django_db
IMPORTER = Actor(ActorKind.IMPORT, None, "import", frozenset())
TOP = DepartmentRow(source_key="k8s", name="Kubernetes")
SIG = DepartmentRow(source_key="k8s/sig-node", name="Node", parent_key="k8s", kind="special interest group")
ADA = PersonRow(source_key="github:ada", name="Ada Lovelace")


def results(outcomes) -> list[str]:
    return [outcome.result for outcome in outcomes]


def test_the_first_run_creates_and_records_one_fact_each(at) -> None:
    outcomes = operations.import_departments([TOP, SIG], actor=IMPORTER, at=at)
    assert results(outcomes) == ["created", "created"]
    top, sig = Department.objects.order_by("pk")
    assert (sig.parent, sig.path) == (top, f"/{top.pk}/{sig.pk}/")
    assert [outcome.pk for outcome in outcomes] == [top.pk, sig.pk]
    assert list(Entry.objects.values_list("name", flat=True)) == ["organisation.department.added"] * 2
    assert set(Entry.objects.values_list("actor_kind", flat=True)) == {"IMPORT"}


def test_the_second_run_changes_nothing_and_records_nothing(at) -> None:
    for expected in ("created", "unchanged"):
        assert results(operations.import_departments([TOP, SIG], actor=IMPORTER, at=at)) == [expected] * 2
        assert results(operations.import_people([ADA], actor=IMPORTER, at=at)) == [expected]
        post = PostRow(person_key="github:ada", department_key="k8s/sig-node", title="chair", kind="HEAD")
        assert results(operations.import_posts([post, post], actor=IMPORTER, at=at)) == [expected, "unchanged"]
    assert Entry.objects.count() == 4
    assert Post.objects.count() == 1


def test_a_post_that_is_held_becomes_one_beside_the_main_one_and_back_where_the_source_says_so(at) -> None:
    operations.import_departments([TOP, SIG], actor=IMPORTER, at=at)
    operations.import_people([ADA], actor=IMPORTER, at=at)
    post = PostRow(person_key="github:ada", department_key="k8s/sig-node", title="chair", kind="HEAD")
    before = last_entry()
    for said, result, is_main in [
        (False, "created", False), (None, "unchanged", False), (True, "updated", True), (True, "unchanged", True)
    ]:  # fmt: skip
        assert operations.upsert_post(replace(post, is_main=said), actor=IMPORTER, at=at) == result
        assert Post.objects.get().is_main is is_main
    appointed, changed = facts_since(before)
    assert (appointed["name"], appointed["is_main"]) == ("organisation.post.appointed", False)
    assert (changed["name"], changed["before"], changed["after"]) == (
        "organisation.post.changed", {"is_main": False}, {"is_main": True},
    )  # fmt: skip


def test_a_changed_row_is_updated_with_its_path(at) -> None:
    operations.import_departments([TOP, SIG], actor=IMPORTER, at=at)
    moved = replace(SIG, parent_key=None, name="Node and friends")
    assert operations.upsert_department(moved, actor=IMPORTER, at=at) == "updated"
    sig = Department.objects.get(source_key="k8s/sig-node")
    assert (sig.name, sig.parent, sig.path, sig.revision) == ("Node and friends", None, f"/{sig.pk}/", 2)
    assert Entry.objects.order_by("pk").last().name == "organisation.department.changed"


def test_moves_within_one_chunk_build_on_each_other(at) -> None:
    low = DepartmentRow(source_key="k8s/low", name="Low", parent_key="k8s/sig-node")
    operations.import_departments([TOP, SIG, low], actor=IMPORTER, at=at)
    other = DepartmentRow(source_key="oe", name="openEuler")
    chunk = [other, replace(SIG, parent_key="oe"), replace(low, name="Lower")]
    assert results(operations.import_departments(chunk, actor=IMPORTER, at=at)) == ["created", "updated", "updated"]
    keys = {row.source_key: row for row in Department.objects.all()}
    path = f"/{keys['oe'].pk}/{keys['k8s/sig-node'].pk}/{keys['k8s/low'].pk}/"
    assert keys["k8s/low"].path == path


@pytest.mark.parametrize(
    ("row", "result", "problem"),
    [
        (replace(TOP, parent_key="nowhere"), "created", "organisation.parent_unknown"),
        (replace(TOP, name=" "), "rejected", "organisation.name_missing"),
        (replace(TOP, source_key=""), "rejected", "organisation.name_missing"),
        (replace(TOP, source_key="k8s\u0000"), "rejected", "organisation.name_missing"),
        (replace(TOP, source_key="k8s\ud800"), "rejected", "organisation.name_missing"),
        (replace(TOP, source_key="k" * 201), "rejected", "organisation.name_missing"),
    ],
)
def test_an_odd_department_is_named_and_the_rest_comes_in(at, row, result: str, problem: str) -> None:
    odd, good = operations.import_departments([row, replace(SIG, parent_key=None)], actor=IMPORTER, at=at)
    assert (odd.result, odd.problems, good.result) == (result, (problem,), "created")


def test_a_parent_below_its_own_child_is_left_out(at) -> None:
    operations.import_departments([TOP, SIG], actor=IMPORTER, at=at)
    outcome = operations.import_departments([replace(TOP, parent_key="k8s/sig-node")], actor=IMPORTER, at=at)[0]
    assert (outcome.result, outcome.problems) == ("unchanged", ("organisation.below_itself",))
    assert Department.objects.get(source_key="k8s").parent is None


def test_an_imported_person_has_no_password_and_keeps_no_false_address(at) -> None:
    outcome = operations.import_people([replace(ADA, email="not an address")], actor=IMPORTER, at=at)[0]
    person = Person.objects.get(pk=outcome.pk)
    assert (outcome.result, outcome.problems) == ("created", ("organisation.email_malformed",))
    assert (person.email, person.username, person.has_usable_password()) == ("", "github:ada", False)
    assert operations.upsert_person(replace(ADA, name="Ada King"), actor=IMPORTER, at=at) == "updated"
    assert operations.upsert_person(replace(ADA, name=""), actor=IMPORTER, at=at) == "rejected"


def test_a_person_who_comes_twice_in_a_chunk_is_created_and_then_changed(at) -> None:
    outcomes = operations.import_people([ADA, replace(ADA, name="Ada King"), ADA, ADA], actor=IMPORTER, at=at)
    assert results(outcomes) == ["created", "updated", "updated", "unchanged"]
    person = Person.objects.get()
    assert (person.name, {outcome.pk for outcome in outcomes}) == ("Ada Lovelace", {person.pk})
    assert list(Entry.objects.order_by("seq").values_list("name", flat=True)) == [
        "organisation.person.added", "organisation.person.changed", "organisation.person.changed",
    ]  # fmt: skip


def test_a_chunk_costs_the_same_number_of_queries_however_many_people_and_posts_it_brings(at) -> None:
    def queries(names: list[str]) -> int:
        people = [PersonRow(source_key=f"github:{name}", name=name) for name in names]
        posts = [PostRow(person_key=row.source_key, department_key="k8s") for row in people]
        with CaptureQueriesContext(connection) as captured:
            assert set(results(operations.import_people(people, actor=IMPORTER, at=at))) == {"created"}
            assert set(results(operations.import_posts(posts, actor=IMPORTER, at=at))) == {"created"}
        return len(captured)

    operations.import_departments([TOP], actor=IMPORTER, at=at)
    assert queries(["ada"]) == queries([f"n{number}" for number in range(40)])


def test_an_account_of_our_own_is_never_taken_over(at) -> None:
    operations.add_person(username="github:ada", name="阿达", actor=IMPORTER, at=at)
    outcome = operations.import_people([ADA], actor=IMPORTER, at=at)[0]
    assert (outcome.result, outcome.problems) == ("rejected", ("organisation.username_taken",))
    assert Person.objects.get().name == "阿达"


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"person_key": "github:\u0000"}, "organisation.person_unknown"),
        ({"person_key": "github:ghost"}, "organisation.person_unknown"),
        ({"department_key": "k8s/ghost"}, "organisation.department_unknown"),
        ({"kind": "KING"}, "organisation.value_unknown"),
    ],
)
def test_a_post_of_nobody_nowhere_or_as_nothing_is_rejected(at, values, problem: str) -> None:
    operations.import_departments([TOP], actor=IMPORTER, at=at)
    operations.import_people([ADA], actor=IMPORTER, at=at)
    row = replace(PostRow(person_key="github:ada", department_key="k8s"), **values)
    outcome = operations.import_posts([row], actor=IMPORTER, at=at)[0]
    assert (outcome.result, outcome.problems) == ("rejected", (problem,))
    assert operations.upsert_post(row, actor=IMPORTER, at=at) == "rejected"
    assert not Post.objects.exists()


def test_markup_formulas_and_odd_characters_come_in_as_text(at) -> None:
    name = '=HYPERLINK("x") <b>\u202e𠮷\u0000'
    row = replace(TOP, name=name, description="one\u0000\ud800\n\ttwo")
    outcome = operations.import_departments([row], actor=IMPORTER, at=at)[0]
    department = Department.objects.get(pk=outcome.pk)
    assert department.name == '=HYPERLINK("x") <b> 𠮷'
    assert department.description == "one\n\ttwo"
    assert results(operations.import_departments([row], actor=IMPORTER, at=at)) == ["unchanged"]


def told(outcome) -> list[str]:
    return [each if isinstance(each, str) else each.code for each in outcome.problems]


def test_a_post_that_was_ended_here_is_not_opened_by_a_source_that_still_lists_it(at) -> None:
    operations.import_departments([TOP, SIG], actor=IMPORTER, at=at)
    operations.import_people([ADA], actor=IMPORTER, at=at)
    row = PostRow(person_key="github:ada", department_key="k8s/sig-node", title="chair", kind="HEAD")
    operations.upsert_post(row, actor=IMPORTER, at=at)
    ended = operations.end_post(Post.objects.get().pk, ends_on=date(2026, 11, 24), actor=IMPORTER, at=at).ends_on
    later, before = at + timedelta(days=30), last_entry()
    for said in (row, replace(row, starts_on=day_of(at)), replace(row, is_main=False)):
        (seen,) = foresee(Chunk("posts", [Line("posts", "", "", 1, said)]), Before(), later)
        (outcome,) = operations.import_posts([said], actor=IMPORTER, at=later)
        assert (seen.result, list(seen.codes)) == (outcome.result, list(outcome.problems))
        assert (outcome.result, told(outcome)) == ("unchanged", ["organisation.post_ended_here"])
        assert dict(outcome.problems[0].params) == {"day": "2026-11-24"}
    assert facts_since(before) == []
    assert Post.objects.get().ends_on == ended
    assert operations.upsert_post(replace(row, starts_on=ended), actor=IMPORTER, at=later) == "created"
    assert operations.upsert_post(row, actor=IMPORTER, at=later) == "unchanged"
    assert Post.objects.count() == 2


def test_a_department_that_was_closed_here_or_went_into_another_one_is_not_opened_by_its_source(at) -> None:
    low = DepartmentRow(source_key="k8s/low", name="Low", parent_key="k8s/sig-node")
    other, empty = (DepartmentRow(source_key=key, name=key, parent_key="k8s") for key in ("k8s/other", "k8s/empty"))
    rows = [TOP, SIG, low, other, empty]
    operations.import_departments(rows, actor=IMPORTER, at=at)
    operations.import_people([ADA, replace(ADA, source_key="github:bob", name="Bob")], actor=IMPORTER, at=at)
    post = PostRow(person_key="github:ada", department_key="k8s/sig-node")
    operations.upsert_post(post, actor=IMPORTER, at=at)
    keys = {row.source_key: row for row in Department.objects.all()}
    merged, into = keys["k8s/sig-node"], keys["k8s/other"]
    operations.merge_department(merged.pk, into_id=into.pk, seen_revision=1, actor=IMPORTER, at=at)
    operations.close_department(keys["k8s/empty"].pk, seen_revision=1, actor=IMPORTER, at=at)
    before = last_entry()
    entries = [Line("departments", row.source_key, "", 1, row) for row in rows]
    seen = foresee(Chunk("departments", entries), Before(), at)
    outcomes = operations.import_departments(rows, actor=IMPORTER, at=at)
    assert [(each.result, tuple(each.codes)) for each in seen] == [(each.result, each.problems) for each in outcomes]
    assert {row.source_key: told(outcome) for row, outcome in zip(rows, outcomes, strict=True)} == {
        "k8s": [], "k8s/sig-node": ["organisation.department_closed_here"], "k8s/low": [], "k8s/other": [],
        "k8s/empty": ["organisation.department_closed_here"],
    }  # fmt: skip
    assert set(results(outcomes)) == {"unchanged"}
    posts = [post, replace(post, person_key="github:bob")]
    foreseen = foresee(Chunk("posts", [Line("posts", "", "", 1, row) for row in posts]), Before(), at)
    kept, new = operations.import_posts(posts, actor=IMPORTER, at=at)
    assert [tuple(each.codes) for each in foreseen] == [kept.problems, new.problems]
    assert (kept.result, told(kept)) == ("unchanged", ["organisation.post_ended_here"])
    assert (new.result, told(new)) == ("rejected", ["organisation.department_gone_into"])
    assert facts_since(before) == []
    assert list(Department.objects.filter(is_active=False).values_list("source_key", flat=True).order_by("pk")) == [
        "k8s/sig-node", "k8s/empty",
    ]  # fmt: skip
    assert Department.objects.get(source_key="k8s/low").parent == into
    assert departments_by_source_key(["k8s/sig-node", "k8s/low"]) == {
        "k8s/sig-node": into.pk, "k8s/low": keys["k8s/low"].pk,
    }  # fmt: skip
