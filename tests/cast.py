"""The named cast of every test: the company of the growth campaign (playbooks.md §3.14), built through operations."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

import pytest
from django.test import Client

from bihuan.kernel import principals
from bihuan.kernel.actor import SYSTEM, Actor
from bihuan.organisation import operations, queries
from bihuan.organisation.enums import Function, PostKind
from bihuan.organisation.models import Department, Person
from tests.scenes import STAGE

HIRED = date(2024, 3, 1)
DEPARTMENTS = {
    "总经办": Function.NONE,
    "产品部": Function.NONE,
    "市场部": Function.NONE,
    "技术部": Function.NONE,
    "运营部": Function.NONE,
    "财务部": Function.NONE,
    "项目管理办公室": Function.PMO,
    "行政部": Function.ADMINISTRATION,
}
CAST = (
    # office in the tests, account, name, posts as (department, title, kind)
    ("产品经理", "lin", "林晓彤", (("产品部", "产品经理", PostKind.STAFF), ("产品部", "接口人", PostKind.CONTACT))),
    ("产品部负责人", "zhou", "周建国", (("产品部", "产品总监", PostKind.HEAD),)),
    ("市场部负责人", "wang", "王敏", (("市场部", "市场总监", PostKind.HEAD),)),
    ("技术部负责人", "chen", "陈志远", (("技术部", "技术总监", PostKind.HEAD),)),
    ("运营部负责人", "liu", "刘雅琴", (("运营部", "运营总监", PostKind.HEAD),)),
    ("财务部负责人", "hu", "胡慧兰", (("财务部", "财务总监", PostKind.HEAD),)),
    ("推广经理", "zhao", "赵思远", (("市场部", "推广经理", PostKind.CONTACT),)),
    ("开发组长", "sun", "孙浩", (("技术部", "开发组长", PostKind.CONTACT),)),
    ("运营经理", "wu", "吴佳怡", (("运营部", "运营经理", PostKind.CONTACT),)),
    ("分管副总", "xu", "徐国栋", (("总经办", "副总经理", PostKind.STAFF),)),
    ("PMO专员", "he", "何静", (("项目管理办公室", "项目管理专员", PostKind.STAFF),)),
    ("行政专员", "ma", "马丽", (("行政部", "行政专员", PostKind.STAFF),)),
    ("管理员", "gao", "高翔", ()),
    ("财务专员", "qian", "钱美玲", (("财务部", "会计", PostKind.STAFF),)),
    ("市场专员", "shan", "单雨薇", (("市场部", "市场专员", PostKind.STAFF),)),
    ("无岗位", "mei", "梅若兰", ()),
)
IN_CHARGE = ("产品部", "市场部", "技术部", "运营部", "财务部", "项目管理办公室", "行政部")
OUTSIDER, STAFF, NOBODY = "财务专员", "市场专员", "无岗位"


@dataclass(frozen=True)
class Company:
    """`people` by office, `departments` by name."""

    people: dict[str, Person]
    departments: dict[str, Department]
    at: datetime

    def __getitem__(self, office: str) -> Person:
        return self.people[office]

    def actor(self, office: str, at: datetime | None = None) -> Actor:
        """Who the holder is at a moment; read afresh, so that posts given or ended since count."""
        return queries.actor_for(Person.objects.get(pk=self.people[office].pk), at or self.at)

    def principal(self, office: str) -> str:
        return principals.person(self.people[office].pk)

    def head(self, department: str) -> str:
        return principals.head(self.departments[department].pk)

    @property
    def lead(self) -> Person:
        return self.people["产品经理"]

    @property
    def administrator(self) -> Actor:
        return self.actor("管理员")

    @property
    def outsider(self) -> Person:
        return self.people[OUTSIDER]

    @property
    def staff(self) -> Person:
        return self.people[STAFF]

    @property
    def nobody(self) -> Person:
        return self.people[NOBODY]


def make_company(at: datetime) -> Company:
    departments = {
        name: operations.add_department(name=name, function=function, actor=SYSTEM, at=at)
        for name, function in DEPARTMENTS.items()
    }
    departments["PMO"] = departments["项目管理办公室"]
    people = {}
    for office, account, name, posts in CAST:
        people[office] = operations.add_person(
            username=account, name=name, is_administrator=office == "管理员", actor=SYSTEM, at=at
        )
        for department, title, kind in posts:
            operations.appoint(
                person_id=people[office].pk,
                department_id=departments[department].pk,
                title=title,
                kind=kind,
                starts_on=HIRED,
                actor=SYSTEM,
                at=at,
            )
    for department in IN_CHARGE:
        operations.put_in_charge(
            person_id=people["分管副总"].pk,
            department_id=departments[department].pk,
            starts_on=HIRED,
            actor=SYSTEM,
            at=at,
        )
    return Company(people, departments, at)


@pytest.fixture
def company(db: None, at: datetime) -> Company:
    company: Company = STAGE.play(("company", at), lambda: make_company(at))
    return company


@pytest.fixture
def client_for() -> Callable[[Person], Client]:
    """A browser in which the person is signed in."""

    def signed_in(person: Person) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return signed_in
