"""One company, and two sets of the same matters: one of its own people, one of another branch with the same roles.

Everything is carried there by operations, once for the whole module; a test rolls back to it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.test import Client

from bihuan.agenda import operations as agenda
from bihuan.agenda.models import Feed
from bihuan.agenda.queries import secret_digest
from bihuan.approvals.enums import Decision
from bihuan.approvals.models import Slot
from bihuan.approvals.policy import Condition
from bihuan.collaborations.imports import ImportedMatter
from bihuan.collaborations.models import (
    Collaboration,
    Contribution,
    Loop,
    Metric,
    Milestone,
    RecurringPeriod,
    SavedView,
)
from bihuan.collaborations.operations import publish_shipped_playbooks
from bihuan.collaborations.operations.importing import import_collaborations
from bihuan.commitments import operations as commitments
from bihuan.commitments.enums import CommitmentKind
from bihuan.commitments.models import Commitment
from bihuan.deadlines.models import Deadline
from bihuan.files.models import Parcel
from bihuan.integrations import operations as integrations
from bihuan.integrations.models import ImportRun
from bihuan.integrations.neutral_out import run as exports
from bihuan.issues import operations as issues
from bihuan.issues.models import Risk
from bihuan.kernel import principals
from bihuan.kernel.actor import SYSTEM
from bihuan.kernel.now import now
from bihuan.kernel.subjects import SubjectRef
from bihuan.knowledge.models import Archive
from bihuan.notifications.models import Notice
from bihuan.organisation import operations as organisation
from bihuan.organisation.enums import PostKind
from bihuan.organisation.models import Department, Person, Post, Site, Token
from bihuan.plans.models import Task
from bihuan.progress.models import Report
from bihuan.records import operations as records
from bihuan.records.models import Attachment, Record
from bihuan.resources import operations as resources
from bihuan.resources.enums import Answer
from bihuan.resources.models import Need
from bihuan.search import operations as search
from tests import forms_samples as samples
from tests.campaign import HEADS, Campaign, open_weeks
from tests.cast import CAST, HIRED, Company, make_company
from tests.scenes import STAGE

BEGAN = datetime(2026, 11, 17, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
TODAY = BEGAN + timedelta(days=120)
BRANCH = ("产品部", "市场部", "技术部", "运营部", "总经办")
OFFICES = {
    "initiator": "产品经理",
    "lead": "项目负责人",
    "lead_head": "产品部负责人",
    "head": "技术部负责人",
    "peer": "市场部负责人",
    "contact": "开发组长",
    "recorder": "记录员",
    "staff": "市场专员",
    "pmo": "PMO专员",
    "filer": "行政专员",
    "executive": "分管副总",
    "administrator": "管理员",
    "outsider": "财务专员",
    "postless": "无岗位",
}


class Matter(Campaign):
    """The campaign with a project lead who is not its initiator."""

    def request(self) -> None:
        self.submit("F01", self.request_body())

    def request_body(self) -> dict[str, Any]:
        body = samples.request(self.cast, self.start)
        title = f"{body['title']}第{self.collaboration.pk}期"
        return {**body, "title": title, "project_lead": self.company["项目负责人"].pk}

    def agree_with_condition(self) -> None:
        """The technical department agrees to the request on one condition, which it names an owner for later."""
        self.request()
        for post in ("市场部负责人", "运营部负责人"):
            self.decide("F01", "OPINIONS", post, opinion="同意")
        said = Decision.APPROVE_WITH_CONDITION
        condition = (Condition("需求确认后冻结"),)
        self.decide("F01", "OPINIONS", "技术部负责人", decision=said, conditions=condition, opinion="有条件同意")

    def provider(self, need: Need) -> str:
        """The post that answers for a need."""
        name = next(name for name in HEADS if self.company.departments[name].pk == need.provider_id)
        return HEADS[name]

    def promise_needs(self) -> None:
        for need in Need.objects.filter(collaboration=self.collaboration, state="ASKED"):
            post = self.provider(need)
            named = self.company.people[post].pk if need.type == "PEOPLE" else None
            resources.answer_need(
                need,
                answer=Answer.PROMISE,
                named_person_id=named,
                seen_revision=need.revision,
                actor=self.actor(post),
                at=self.at,
            )

    def put_needs_in_place(self) -> None:
        for need in Need.objects.filter(collaboration=self.collaboration, state="PROMISED"):
            actor = self.actor(self.provider(need))
            resources.put_in_place(need, evidence="已到位", seen_revision=need.revision, actor=actor, at=self.at)

    def go_to_filing(self) -> None:
        self.agree_with_condition()
        self.reach_consensus()
        self.promise_needs()
        self.plan()
        self.approve_plan()

    def go_to_execution(self) -> None:
        self.go_to_filing()
        self.file_plan()
        self.put_needs_in_place()
        condition = Commitment.objects.get(root_kind="collaboration", root_id=self.collaboration.pk)
        commitments.claim(condition, evidence="已冻结", actor=self.actor("项目负责人"), at=self.at)
        commitments.verify(condition, accepted=True, actor=self.actor("技术部负责人"), at=self.at)

    def go_to_the_end(self) -> None:
        self.go_to_execution()
        self.wait(days=3)
        self.report_week()
        self.file_risk()
        hand_in(self)
        self.wait_until(self.start + timedelta(days=64))
        self.reach_milestones()
        self.finish_tasks()
        self.close_risk()
        for need in Need.objects.filter(collaboration=self.collaboration):
            resources.release_need(need, seen_revision=need.revision, actor=self.actor("产品经理"), at=self.at)
        self.go_on()
        self.submit("F16", samples.acceptance(self.cast, self.start, self.today))
        self.confirm_acceptance()
        self.submit("F17", samples.review(self.cast, self.today))
        self.archive()
        assert self.refreshed().ending == "CLOSED", self.step

    def close_risk(self) -> None:
        risk = Risk.objects.get(collaboration=self.collaboration)
        issues.close_risk(risk, outcome="未发生", actor=self.actor("PMO专员"), at=self.at)

    def file_risk(self) -> None:
        record = issues.start_risk(self.refreshed(), actor=self.actor("开发组长"), at=self.at)
        discovered = (self.at - timedelta(hours=1)).isoformat()
        body = samples.risk(self.cast, self.start, discovered)
        record = records.save_draft(
            record, body=body, seen_revision=record.revision, actor=self.actor("开发组长"), at=self.at
        )
        records.submit(record, seen_revision=record.revision, actor=self.actor("开发组长"), at=self.at)


@dataclass
class Side:
    """One branch of the company and its matters, by how far they are."""

    company: Company
    matters: dict[str, Matter] = field(default_factory=dict)
    imported: Any = None
    brought: Any = None

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name not in FINDERS:
            raise AttributeError(name)
        return FINDERS[name](self)

    def of(self, matter: str, model: Any, **conditions: Any) -> Any:
        found = model.objects.filter(collaboration=self.matters[matter].collaboration, **conditions)
        return found.order_by("pk").first()

    def person(self, role: str) -> Person:
        return self.company.people[OFFICES[role]]

    def actor(self, role: str) -> Any:
        return self.company.actor(OFFICES[role], TODAY)


def record_of(side: Side, matter: str, code: str) -> Any:
    pk = side.matters[matter].collaboration.pk
    return Record.objects.filter(root_kind="collaboration", root_id=pk, form_code=code).order_by("pk").first()


def slot_of(side: Side, matter: str, department: str = "技术部") -> Any:
    pk, key = side.matters[matter].collaboration.pk, str(side.company.departments[department].pk)
    slots = Slot.objects.filter(signoff__root_kind="collaboration", signoff__root_id=pk, key=key)
    return slots.select_related("signoff").order_by("-signoff", "pk").first()


def commitment_of(side: Side) -> Any:
    pk = side.matters["filing"].collaboration.pk
    return Commitment.objects.get(root_kind="collaboration", root_id=pk, kind="CONDITION")


def report_of(side: Side) -> Any:
    department = side.company.departments["技术部"]
    reports = Report.objects.filter(period__collaboration=side.matters["executing"].collaboration)
    return reports.filter(department=department).order_by("-pk").first()


def department_of(side: Side, name: str = "技术部") -> Department:
    return side.company.departments[name]


def brought(side: Side) -> ImportRun:
    """An import of the administrator's, its columns still to be looked at."""
    table = [b"\xe7\xbc\x96\xe5\x8f\xb7,\xe6\xa0\x87\xe9\xa2\x98\n", b"imported-by-hand,x\n"]
    with integrations.received([("matters.csv", table)]) as taken:
        return integrations.begin_import(taken, actor=side.actor("administrator"), at=TODAY)


def hand_in(matter: "Matter") -> None:
    """A paper with its file, beside what the playbook asks for."""
    collaboration, actor, at = matter.refreshed(), matter.actor("产品经理"), matter.at
    root = SubjectRef("collaboration", collaboration.pk)
    draft = records.start_draft("F23", root=root, scope_id=collaboration.scope_id, actor=actor, at=at)
    records.attach_file(draft, name="频道.pdf", pieces=[b"%PDF-1.7"], actor=actor, at=at)
    kept = records.save_draft(draft, body=samples.paper(matter.today), seen_revision=draft.revision, actor=actor, at=at)
    records.submit(kept, seen_revision=kept.revision, actor=actor, at=at)


def owe_to_period(matter: "Matter") -> None:
    """A contribution of the technical department to a period that is over, and its consolidation."""
    collaboration, people, actor = matter.refreshed(), matter.company.people, matter.actor("产品经理")
    period = RecurringPeriod.objects.create(
        collaboration=collaboration, key="2026-11", starts_on=date(2026, 11, 1), ends_on=date(2026, 11, 30),
        opened_at=TODAY - timedelta(days=60),
    )  # fmt: skip
    for line, owner in (("c1", "开发组长"), ("", "产品经理")):
        row = Contribution.objects.create(
            period=period, line_id=line, data="人力成本", counts_from=period.opened_at, limit="3wd",
            due_at=TODAY - timedelta(days=50),
        )  # fmt: skip
        owed = commitments.promise(
            kind=CommitmentKind.CONTRIBUTION, text=row.data, owner_id=people[owner].pk,
            department_id=matter.company.departments["技术部" if line else "产品部"].pk,
            due_on=row.due_at.date(), source=row.subject, root=SubjectRef("collaboration", collaboration.pk),
            scope_id=collaboration.scope_id, verifier=matter.company.head("产品部"), actor=actor, at=matter.at,
        )  # fmt: skip
        Contribution.objects.filter(pk=row.pk).update(commitment=owed)


def contribution_of(side: Side) -> Contribution:
    rows = Contribution.objects.filter(period__collaboration=side.matters["executing"].collaboration)
    return rows.select_related("period").get(line_id="c1")


def paper_file(side: Side) -> Attachment:
    pk = side.matters["executing"].collaboration.pk
    return Attachment.objects.get(record__root_kind="collaboration", record__root_id=pk)


def empty_department(side: Side) -> Department:
    """One that nobody works in, so that it can be closed."""
    return Department.objects.get(name="法律事务部")


FINDERS: dict[str, Callable[[Side], Any]] = {
    "matter": lambda s: s.matters["executing"].collaboration,
    "ended": lambda s: s.matters["archived"].collaboration,
    "begun": lambda s: s.matters["begun"].collaboration,
    "draft": lambda s: record_of(s, "begun", "F01"),
    "filing_matter": lambda s: s.matters["filing"].collaboration,
    "filing_draft": lambda s: record_of(s, "filing", "F26"),
    "record": lambda s: record_of(s, "executing", "F01"),
    "asked_record": lambda s: record_of(s, "asked", "F01"),
    "asked_matter": lambda s: s.matters["asked"].collaboration,
    "slot": lambda s: slot_of(s, "asked"),
    "peer_slot": lambda s: slot_of(s, "asked", "市场部"),
    "signoff": lambda s: slot_of(s, "asked").signoff,
    "consenting_matter": lambda s: s.matters["consenting"].collaboration,
    "line_slot": lambda s: slot_of(s, "consenting"),
    "line_signoff": lambda s: slot_of(s, "consenting").signoff,
    "peer_line_slot": lambda s: slot_of(s, "consenting", "市场部"),
    "condition": commitment_of,
    "deadline": lambda s: Deadline.objects.filter(
        root_kind="collaboration", root_id=s.matters["executing"].collaboration.pk
    )[0],
    "decision": lambda s: Deadline.objects.get(
        rule="T29",
        root_id=s.matters["asked"].collaboration.pk,
        owner=principals.head(department_of(s).pk),
        ended_at=None,
    ),
    "paper_file": paper_file,
    "task": lambda s: s.of("executing", Task, department=department_of(s)),
    "asked_need": lambda s: s.of("asked", Need, provider=department_of(s)),
    "need": lambda s: s.of("executing", Need, provider=department_of(s)),
    "promised_need": lambda s: s.of("filing", Need, provider=department_of(s)),
    "report": report_of,
    "contribution": contribution_of,
    "risk": lambda s: s.of("executing", Risk),
    "archive": lambda s: s.of("archived", Archive),
    "metric": lambda s: s.of("executing", Metric),
    "milestone": lambda s: s.of("executing", Milestone, form_code="F04"),
    "site": lambda s: Site.objects.get(name="重庆"),
    "market": lambda s: Department.objects.get(pk=department_of(s, "市场部").pk),
    "finance": empty_department,
    "post": lambda s: Post.objects.get(person=s.person("staff")),
    "colleague": lambda s: Person.objects.get(pk=s.person("staff").pk),
    "subordinate": lambda s: Person.objects.get(pk=s.person("contact").pk),
    "view": lambda s: SavedView.objects.get(owner=s.person("initiator")),
    "notice": lambda s: Notice.objects.filter(person=s.person("initiator"), read_at=None)[0],
    "parcel": lambda s: Parcel.objects.get(owner=s.person("initiator")),
    "feed": lambda s: Feed.objects.get(owner=s.person("initiator")),
    "token": lambda s: Token.objects.get(person=s.person("initiator")),
    "loop": lambda s: s.of("asked", Loop, closed_at=None, kind="SIGNOFF", owner=f"h:{department_of(s).pk}"),
}


@dataclass
class World:
    """`own` is the branch of the roles, `other` the one whose roles are held by other people; `rows` is all that is
    written, `cookies` are those of the browser of each role."""

    own: Side
    other: Side
    cookies: dict[str, dict[str, str]] = field(default_factory=dict)
    rows: dict[str, set[Any]] = field(default_factory=dict)


def make_world() -> World:
    """What is carried is carried once in a process, and then repeated; what is found and sent lies outside of rows."""
    STAGE.behind = ()
    own, other = STAGE.play(("world",), carry_both)
    company = own.company
    search.follow_all(at=TODAY)
    make_parcel(own)
    make_feed(own)
    world = World(own, other)
    world.cookies = {role: cookies_of(company.people[office]) for role, office in OFFICES.items()} | {"nobody": {}}
    return world


def carry_both() -> tuple[Side, Side]:
    publish_shipped_playbooks(at=BEGAN)
    company = with_more_people(make_company(BEGAN))
    own, other = Side(company), Side(make_branch(company))
    carry_own(own)
    carry_other(other)
    return own, other


def cookies_of(person: Person) -> dict[str, str]:
    """Of a browser in which the person is signed in."""
    client = Client()
    client.force_login(person)
    return {name: morsel.value for name, morsel in client.cookies.items()}


SECRET = "bf_known-to-the-matrix-alone"


def make_feed(side: Side) -> None:
    """An address of the initiator whose secret the table knows."""
    feed, _secret = agenda.issue_feed("MINE", actor=side.actor("initiator"), at=TODAY)
    Feed.objects.filter(pk=feed.pk).update(digest=secret_digest(SECRET))


def make_parcel(side: Side) -> None:
    """What the initiator may read, put together and not fetched yet."""
    parcel = exports.ask_for_export(form="json", actor=side.actor("initiator"), at=TODAY)
    payload = {"parcel": parcel.pk, "number": 0, "after": 0, "done": 0, "lines": 0}
    exports.carry_on(payload, TODAY, "")
    exports.carry_on({**payload, "number": 1, "after": 10**9}, TODAY, "")


def with_more_people(company: Company) -> Company:
    people = dict(company.people)
    people["项目负责人"] = make_person("fang", "方可", company.departments["产品部"], PostKind.STAFF)
    people["记录员"] = make_person("ji", "季晨", company.departments["技术部"], PostKind.STAFF)
    organisation.add_department(name="法律事务部", actor=SYSTEM, at=BEGAN)
    organisation.add_site(name="重庆", time_zone="Asia/Shanghai", actor=SYSTEM, at=BEGAN)
    return replace(company, people=people)


def make_person(account: str, name: str, department: Department, kind: str) -> Person:
    made = organisation.add_person(username=account, name=name, actor=SYSTEM, at=BEGAN)
    organisation.appoint(
        person_id=made.pk, department_id=department.pk, title="专员", kind=kind, starts_on=HIRED, actor=SYSTEM, at=BEGAN
    )
    return made


def make_branch(company: Company) -> Company:
    """The departments of a branch with people of their own; PMO and administration are those of the company."""
    departments = dict(company.departments)
    for name in BRANCH:
        departments[name] = organisation.add_department(name=f"分公司{name}", actor=SYSTEM, at=BEGAN)
    people = dict(company.people)
    for office, account, name, posts in CAST:
        if posts and posts[0][0] in BRANCH:
            people[office] = make_person(f"{account}2", f"{name}二", departments[posts[0][0]], posts[-1][2])
    people["项目负责人"] = make_person("fang2", "方可二", departments["产品部"], PostKind.STAFF)
    for name in BRANCH[:-1]:
        organisation.put_in_charge(
            person_id=people["分管副总"].pk,
            department_id=departments[name].pk,
            starts_on=HIRED,
            actor=SYSTEM,
            at=BEGAN,
        )
    return Company(people, departments, BEGAN)


def carry_own(side: Side) -> None:
    """Matters at every place where somebody may do something."""
    archived = side.matters["archived"] = Matter.begin(side.company, BEGAN)
    archived.go_to_the_end()
    for name in ("asked", "consenting", "filing", "executing"):
        side.matters[name] = Matter.begin(side.company, TODAY - timedelta(days=9))
    side.matters["begun"] = Matter.begin(side.company, TODAY)
    begun, consenting, filing = (side.matters[name] for name in ("begun", "consenting", "filing"))
    begun.fill("F01", begun.request_body())
    side.matters["asked"].request()
    consenting.request()
    consenting.agree_to_request()
    consenting.submit("F03", samples.consensus(consenting.cast, consenting.start))
    filing.go_to_filing()
    filing.fill("F26", samples.filing(), "行政专员")
    executing = side.matters["executing"]
    executing.go_to_execution()
    executing.at = TODAY
    open_weeks(TODAY)
    executing.file_risk()
    hand_in(executing)
    owe_to_period(executing)
    side.imported = import_one(side.company)
    side.brought = brought(side)


def carry_other(side: Side) -> None:
    """One matter that is asked about, and one that went all the way and stands for every later place."""
    asked = side.matters["asked"] = Matter.begin(side.company, TODAY - timedelta(days=9))
    asked.request()
    archived = Matter.begin(side.company, BEGAN)
    archived.go_to_the_end()
    owe_to_period(archived)
    side.matters |= dict.fromkeys(("begun", "consenting", "filing", "executing", "archived"), archived)
    side.imported = import_one(side.company)


def import_one(company: Company) -> Collaboration:
    """A matter of another system, of the product department."""
    department = company.departments["产品部"]
    Department.objects.filter(pk=department.pk).update(source_key=f"d{department.pk}")
    key = f"matter-{department.pk}"
    matter = ImportedMatter(key, "{}", "0" * 64, title="导入的协作", lead_department_key=f"d{department.pk}")
    import_collaborations([matter], actor=SYSTEM, at=BEGAN)
    return Collaboration.objects.get(source_key=key)


@contextmanager
def clock_at(instant: datetime) -> Iterator[None]:
    """The pages' clock, moved so that it shows this instant now."""
    before = settings.OPTIONS.clock_offset
    settings.OPTIONS.clock_offset += round((instant - now()).total_seconds())
    try:
        yield
    finally:
        settings.OPTIONS.clock_offset = before


@contextmanager
def rolled_back() -> Iterator[None]:
    """Everything written inside is undone."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
