"""Departments become one, or two: rows, facts, who answers for what, and what is refused."""

from django.apps import apps

from bihuan.kernel import principals
from bihuan.kernel.actor import SYSTEM
from bihuan.kernel.errors import NotAllowed, NotFound, Refused, Stale
from bihuan.organisation import operations, queries
from bihuan.organisation.enums import Function
from bihuan.organisation.models import Department, Post, Reorganisation
from bihuan.organisation.queries.receiving import holders_of
from tests.cast import Company
from tests.witness import everything, facts_since, last_entry, refused

SIGNED = "is history of a matter and goes on naming the department as it was"
OWN = "belongs to the organisation itself"
FOLLOWED = {
    "collaborations.Collaboration.lead_department", "collaborations.Party.department",
    "collaborations.Milestone.owner_department", "collaborations.Acknowledgement.department",
    "collaborations.Petition.department",
    "collaborations.Criterion.owner_department",
    "commitments.Commitment.department", "issues.Risk.department", "plans.Task.department",
    "progress.Report.department", "records.Record.department", "resources.Need.provider",
}  # fmt: skip
EXEMPT = {
    "agenda.Feed.department": "belongs to whoever subscribed, and shows what that person may still see",
    "deadlines.Deadline.department": "says where the owner was when it began; there it is counted as kept or missed",
    "organisation.Charge.department": OWN, "organisation.Department.merged_into": OWN,
    "organisation.Department.parent": OWN, "organisation.Post.department": OWN,
    "organisation.PlannedChange.department": OWN,
    "organisation.Reorganisation.department": OWN, "organisation.Reorganisation.into": OWN,
}  # fmt: skip


def test_every_column_that_names_a_department_follows_a_reorganisation_or_says_why_not():
    named = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model.__module__.startswith("bihuan.")
        for field in model._meta.concrete_fields
        if field.related_model is Department
    }
    assert named - FOLLOWED - EXEMPT.keys() == set()
    assert (FOLLOWED | EXEMPT.keys()) - named == set()


def merge(company: Company, gone: str, into: str, at, actor=SYSTEM) -> Reorganisation:
    department = Department.objects.get(pk=company.departments[gone].pk)
    return operations.merge_department(
        department.pk, into_id=company.departments[into].pk, seen_revision=department.revision, actor=actor, at=at
    )


def test_people_departments_below_and_the_function_go_along_in_one_fact(company: Company, at) -> None:
    below = operations.add_department(name="品牌组", parent_id=company.departments["市场部"].pk, actor=SYSTEM, at=at)
    under = operations.add_department(name="视觉组", parent_id=below.pk, actor=SYSTEM, at=at)
    market, sales = company.departments["市场部"].pk, company.departments["运营部"].pk
    before = last_entry()
    row = merge(company, "市场部", "运营部", at, company.administrator)
    told = facts_since(before)
    assert [fact["name"] for fact in told] == ["organisation.departments.merged"]
    assert (told[0]["department_id"], told[0]["into_id"], told[0]["moved_department_ids"]) == (
        market,
        sales,
        [below.pk],
    )
    gone = Department.objects.get(pk=market)
    assert (gone.is_active, gone.merged_into_id, gone.ended_on) == (False, sales, queries.day_of(at))
    assert [Department.objects.get(pk=pk).path for pk in (below.pk, under.pk)] == [
        f"/{sales}/{below.pk}/", f"/{sales}/{below.pk}/{under.pk}/",
    ]  # fmt: skip
    assert (row.kind, row.total, row.done, row.finished_at) == ("MERGED", 0, 0, at)
    posts = Post.objects.filter(pk__in=told[0]["moved_post_ids"])
    assert {(post.person.name, post.kind) for post in posts} == {
        ("王敏", "STAFF"), ("赵思远", "CONTACT"), ("单雨薇", "STAFF"),
    }  # fmt: skip
    assert not Post.objects.filter(department=market, ends_on__isnull=True).exists()


def test_who_sits_in_the_other_department_answers_for_the_one_that_is_gone(company: Company, at) -> None:
    market, sales = company.departments["市场部"].pk, company.departments["运营部"].pk
    merge(company, "市场部", "运营部", at)
    head, former = company.actor("运营部负责人"), company.actor("市场部负责人")
    assert {principals.head(sales), principals.head(market), principals.department(market)} <= head.principals
    assert principals.head(market) not in former.principals
    assert {principals.department(market), principals.department(sales)} <= former.principals
    assert principals.executive(market) in company.actor("分管副总").principals
    assert [card.name for card in queries.people_holding(principals.head(market), at)] == ["刘雅琴"]
    assert "赵思远" in [card.name for card in queries.people_holding(principals.department(market), at)]
    assert queries.signatory_for(market, at, besides=None) == principals.head(sales)


def test_a_department_that_took_one_in_is_merged_itself(company: Company, at) -> None:
    merge(company, "市场部", "运营部", at)
    merge(company, "运营部", "技术部", at)
    market = company.departments["市场部"].pk
    assert Department.objects.get(pk=market).merged_into_id == company.departments["技术部"].pk
    assert principals.head(market) in company.actor("技术部负责人").principals
    assert principals.head(market) not in company.actor("运营部负责人").principals


def test_a_function_nobody_else_has_is_taken_over_or_the_merger_is_refused(company: Company, at) -> None:
    with refused(Refused, "organisation.function_lost"):
        merge(company, "PMO", "行政部", at)
    merge(company, "PMO", "运营部", at)
    assert Department.objects.get(pk=company.departments["运营部"].pk).function == Function.PMO
    assert "g:pmo" in company.actor("PMO专员").principals


def test_a_merger_is_for_administrators_of_open_departments_as_they_were_seen(company: Company, at) -> None:
    below = operations.add_department(name="品牌组", parent_id=company.departments["市场部"].pk, actor=SYSTEM, at=at)
    market, sales = company.departments["市场部"], company.departments["运营部"]
    who = {"actor": company.administrator, "at": at}
    for office in ("市场部负责人", "PMO专员", "无岗位"):
        with refused(NotAllowed):
            merge(company, "市场部", "运营部", at, company.actor(office))
    with refused(Stale):
        operations.merge_department(market.pk, into_id=sales.pk, seen_revision=7, **who)
    with refused(Refused, "organisation.same_department"):
        operations.merge_department(market.pk, into_id=market.pk, seen_revision=1, **who)
    with refused(Refused, "organisation.into_below"):
        operations.merge_department(market.pk, into_id=below.pk, seen_revision=1, **who)
    with refused(Refused, "organisation.department_unknown"):
        operations.merge_department(market.pk, into_id=10**9, seen_revision=1, **who)
    with refused(NotFound):
        operations.merge_department(10**9, into_id=sales.pk, seen_revision=1, **who)
    Reorganisation.objects.create(kind="SPLIT", department=market, into=sales, decided_at=at)
    with refused(Refused, "organisation.still_following"):
        operations.merge_department(market.pk, into_id=sales.pk, seen_revision=1, **who)


def split(company: Company, posts, at, *, name="品牌部", matters=(), actor=SYSTEM) -> Reorganisation:
    market = company.departments["市场部"]
    return operations.split_department(
        market.pk, name=name, post_ids=posts, matter_ids=matters, seen_revision=1, actor=actor, at=at
    )


def test_a_part_becomes_a_department_beside_it_under_the_same_executive(company: Company, at) -> None:
    market = company.departments["市场部"]
    post = Post.objects.get(person=company.staff)
    before = last_entry()
    row = split(company, [post.pk], at, actor=company.administrator)
    new = Department.objects.get(name="品牌部")
    assert [fact["name"] for fact in facts_since(before)] == [
        "organisation.department.split",
        "organisation.charge.put",
    ]
    assert (row.into_id, new.parent_id, new.path) == (new.pk, market.parent_id, f"/{new.pk}/")
    assert company.actor("市场专员").department_ids == {new.pk}
    assert principals.department(market.pk) not in company.actor("市场专员").principals


def test_a_split_that_leaves_somebody_without_a_head_or_people_is_refused(company: Company, at) -> None:
    head = Post.objects.get(department=company.departments["市场部"], kind="HEAD")
    staff = Post.objects.get(person=company.staff)
    with refused(Refused, "organisation.split_without_people"):
        split(company, [], at)
    with refused(Refused, "organisation.name_missing"):
        split(company, [staff.pk], at, name=" ")
    with refused(Refused, "organisation.post_not_here"):
        split(company, [staff.pk, 10**9], at)
    with refused(Refused, "organisation.left_without_head"):
        split(company, [head.pk], at)
    with refused(Refused, "organisation.split_without_head"):
        split(company, [staff.pk], at, matters=[1])
    with refused(NotAllowed):
        split(company, [staff.pk], at, actor=company.actor("市场部负责人"))


def test_the_executive_of_the_other_department_is_in_charge_of_what_went_into_it(company: Company, at) -> None:
    gone, boss = company.departments["财务部"].pk, company["产品部负责人"]
    who = {"actor": SYSTEM, "at": at}
    operations.put_in_charge(person_id=boss.pk, department_id=company.departments["运营部"].pk, **who)
    merge(company, "财务部", "运营部", at)
    key = principals.executive(gone)
    assert key in company.actor("产品部负责人").principals
    assert [card.id for card in queries.people_holding(key, at)] == [boss.pk]
    assert holders_of([key], at) == {key: frozenset({boss.pk})}
    assert "周建国" in queries.name_of(key, at)


def previewed(act, *departments: Department, at) -> list[tuple[str, str, tuple[str, ...], tuple[str, ...]]]:
    """What would shift, after showing that looking wrote nothing."""
    written = everything()
    found = operations.preview_change(act, department_ids=[each.pk for each in departments], at=at)
    assert everything() == written
    return [(one.office, one.department, one.lost, one.gained) for one in found]


def test_a_merger_is_looked_at_before_it_is_made(company: Company, at) -> None:
    finance, market = company.departments["财务部"], company.departments["市场部"]
    shifts = previewed(lambda: [merge(company, "财务部", "市场部", at).into_id], finance, market, at=at)
    assert shifts == [
        ("STAFF", "市场部", (), ("胡慧兰", "钱美玲")),
        ("HEAD", "财务部", ("胡慧兰",), ("王敏",)),
        ("STAFF", "财务部", (), ("王敏", "赵思远", "单雨薇")),
    ]
    merge(company, "财务部", "市场部", at)
    assert company.head("财务部") in company.actor("市场部负责人").principals
    assert company.head("财务部") not in company.actor("财务部负责人").principals


def test_a_split_and_a_move_say_who_loses_what(company: Company, at) -> None:
    market, boss = company.departments["市场部"], company.departments["总经办"]
    post = Post.objects.get(person=company.staff)

    def split() -> list[int]:
        seen = Department.objects.get(pk=market.pk).revision
        who = {"actor": SYSTEM, "at": at}
        row = operations.split_department(market.pk, name="品牌部", post_ids=[post.pk], seen_revision=seen, **who)
        return [row.into_id]

    assert previewed(split, market, at=at) == [
        ("STAFF", "市场部", ("单雨薇",), ()), ("EXECUTIVE", "品牌部", (), ("徐国栋",)),
        ("STAFF", "品牌部", (), ("单雨薇",)),
    ]  # fmt: skip

    def move() -> list[int]:
        seen = Department.objects.get(pk=market.pk).revision
        operations.change_department(market.pk, parent_id=boss.pk, seen_revision=seen, actor=SYSTEM, at=at)
        return [market.pk]

    assert previewed(move, market, boss, at=at) == [("STAFF", "总经办", (), ("王敏", "赵思远", "单雨薇"))]
    with refused(Refused, "organisation.same_department"):
        previewed(lambda: [merge(company, "市场部", "市场部", at).into_id], market, at=at)
