"""Carries a matter along its steps, each one on its day, by the people whose turn it is."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from bihuan.approvals import operations as approvals
from bihuan.approvals import queries as approval_queries
from bihuan.approvals.enums import Decision
from bihuan.approvals.operations import PartDecision
from bihuan.approvals.policy import Condition
from bihuan.cli.demo.bodies import Bodies, Draft, Plot
from bihuan.cli.demo.company import Company, contact_of, head_of
from bihuan.collaborations import operations, queries
from bihuan.issues import operations as issues
from bihuan.kernel.actor import SYSTEM, Actor
from bihuan.kernel.subjects import SubjectRef
from bihuan.organisation.queries import day_of
from bihuan.plans import operations as plans
from bihuan.plans import queries as plan_queries
from bihuan.progress import operations as progress
from bihuan.progress import queries as progress_queries
from bihuan.progress.policy import Told
from bihuan.records import operations as records
from bihuan.records import queries as record_queries
from bihuan.resources import operations as resources
from bihuan.resources import queries as resource_queries
from bihuan.resources.enums import Answer

PLAYBOOK = "SEED_B"
TESTS = {
    "EXECUTIVE_PLAN": {"goal_ok": True, "resources_ok": True, "risks_ok": True},
    "HEAD_REVIEW": {"quantified_ok": True, "reasonable_ok": True, "feasible_ok": True},
}
"""The questions a route asks with a signature."""


def morning(at: datetime) -> datetime:
    """Half past nine of that day, or of the Friday before when it is a weekend."""
    day = day_of(at)
    day -= timedelta(days=max(day.weekday() - 4, 0))
    return datetime.combine(day, time(9, 30), ZoneInfo(settings.TIME_ZONE))


@dataclass(slots=True)
class Story:
    """One matter of the company. `at` is when the next thing happens, never later than `now`."""

    company: Company
    plot: Plot
    at: datetime
    now: datetime
    pk: int = field(default=0)
    bodies: Bodies = field(init=False)

    def __post_init__(self) -> None:
        self.bodies = Bodies(self.company, self.plot, day_of(self.at))

    @classmethod
    def begin(cls, company: Company, plot: Plot, *, days_ago: int, now: datetime, playbook: str = PLAYBOOK) -> "Story":
        at = morning(now - timedelta(days=days_ago))
        story = cls(company, plot, at, now)
        started = operations.start_collaboration(
            title=plot.title,
            department_id=company.departments[plot.dept],
            playbook=playbook,
            actor=story.actor(plot.lead),
            at=at,
        )
        story.pk = started.pk
        return story

    def actor(self, account: str) -> Actor:
        return self.company.actor(account, self.at)

    @property
    def lead(self) -> Actor:
        return self.actor(self.plot.lead)

    @property
    def root(self) -> SubjectRef:
        return SubjectRef("collaboration", self.pk)

    @property
    def departments(self) -> list[str]:
        return [part.dept for part in self.plot.parts]

    def wait(self, *, days: int = 0, hours: int = 0) -> None:
        self.at = min(self.at + timedelta(days=days, hours=hours), self.now)

    def submit(self, form_code: str, body: Draft, account: str = "") -> None:
        account = account or self.plot.lead
        draft = self._draft(form_code, account)
        saved = records.save_draft(
            draft, body=body, seen_revision=draft.revision, actor=self.actor(account), at=self.at
        )
        records.submit(saved, seen_revision=saved.revision, actor=self.actor(account), at=self.at)
        self.wait(hours=5)

    def _draft(self, form_code: str, account: str):  # type: ignore[no-untyped-def]  # a row of a room below
        matter = queries.collaboration_for(self.actor(account), self.pk, at=self.at)
        return operations.start_form(matter, form_code=form_code, actor=self.actor(account), at=self.at)

    def sign(
        self, form_code: str, route: str, account: str, *, opinion: str = "", conditions: tuple[Condition, ...] = ()
    ) -> None:
        """One person answers every slot that is his and not answered yet."""
        actor = self.actor(account)
        record = record_queries.record_of(self.root, form_code)
        signoff = approval_queries.latest_signoff(record.subject, route) if record else None
        if signoff is None:
            return
        decision = Decision.APPROVE_WITH_CONDITION if conditions else Decision.APPROVE
        slots = approval_queries.slots_to_decide(signoff, actor)
        if signoff.by_part:
            said = [PartDecision(slot.pk, decision, opinion, conditions) for slot in slots]
            approvals.decide_many(signoff, decisions=said, seen_digest=signoff.digest, actor=actor, at=self.at)
        else:
            for slot in slots:
                approvals.decide(
                    slot,
                    decision=decision,
                    opinion=opinion,
                    conditions=conditions,
                    tests=TESTS.get(route),
                    seen_digest=slot.digest,
                    actor=actor,
                    at=self.at,
                )
        self.wait(hours=2)

    # the way from request to archive --------------------------------------------------------------------------

    def request(self) -> None:
        self.submit("F01", self.bodies.request())

    def opinions(self, *departments: str) -> None:
        for department in departments or self.departments:
            self.sign("F01", "OPINIONS", head_of(department), opinion="同意参加")

    def consensus(self) -> None:
        self.wait(days=2)
        self.submit("F03", self.bodies.consensus(day_of(self.at)))

    def confirm(self, *departments: str) -> None:
        for department in departments or self.departments:
            self.sign("F03", "CONSENSUS", head_of(department))

    def duties(self) -> None:
        self.wait(days=1)
        self.submit("F05", self.bodies.duty_table())

    def plan(self) -> None:
        self.submit("F04", self.bodies.plan())

    def promise(self, *departments: str) -> None:
        """Heads promise what is asked of them, people by name."""
        for need in resource_queries.needs_of(queries.collaboration_for(self.lead, self.pk, at=self.at)):
            department = need.provider.name
            if need.state == "ASKED" and (not departments or department in departments):
                resources.answer_need(
                    need,
                    answer=Answer.PROMISE,
                    named_person_id=self.bodies.contact(department) if need.type == "PEOPLE" else None,
                    seen_revision=need.revision,
                    actor=self.actor(head_of(department)),
                    at=self.at,
                )

    def approve(self, executive: str) -> None:
        self.wait(days=1)
        self.sign("F04", "EXECUTIVE_PLAN", executive, opinion="同意，请按周汇报")

    def file(self) -> None:
        self.submit("F26", {"confirmed": True, "remark": "方案与职责分工表齐全"}, contact_of("行政部"))

    def release(self) -> None:
        """What was lent goes back."""
        for need in resource_queries.needs_of(queries.collaboration_for(self.lead, self.pk, at=self.at)):
            resources.release_need(need, seen_revision=need.revision, actor=self.lead, at=self.at)

    def put_in_place(self, *departments: str) -> None:
        for need in resource_queries.needs_of(queries.collaboration_for(self.lead, self.pk, at=self.at)):
            department = need.provider.name
            if need.state == "PROMISED" and (not departments or department in departments):
                resources.put_in_place(
                    need,
                    evidence="已到位，名单与到位日期在协作空间",
                    seen_revision=need.revision,
                    actor=self.actor(head_of(department)),
                    at=self.at,
                )

    def to_execution(self, executive: str) -> None:
        self.to_approval()
        self.approve(executive)
        self.file()
        self.put_in_place()

    def to_approval(self) -> None:
        """From the submitted request to a plan that waits for the executive."""
        self.opinions()
        self.consensus()
        self.confirm()
        self.duties()
        self.promise()
        self.plan()

    # execution ------------------------------------------------------------------------------------------------

    def weeks_until(self, end: datetime) -> None:
        """Every Monday a week opens and is reported by Friday; in the last one by one department only."""
        while self.at < end:
            friday = self.at + timedelta(days=(4 - self.at.weekday()) % 7)
            monday = friday + timedelta(days=3)
            self.at = min(friday, end)
            if monday >= end:
                self.report(self.departments[1])
                break
            self.report_all()
            self.at = monday
            matter = queries.collaboration_for(self.lead, self.pk, at=self.at)
            progress.open_week(matter, actor=SYSTEM, at=self.at)

    def report_all(self) -> None:
        for department in [self.plot.dept, *self.departments]:
            self.report(department)

    def report(self, department: str) -> None:
        """The contact person reports the open week: as planned, finished where its day has come."""
        matter = queries.collaboration_for(self.lead, self.pk, at=self.at)
        actor = self.actor(contact_of(department))
        for period in progress_queries.periods_of(matter, limit=1):
            for report in period.reports.all():
                if report.department.name != department or report.submitted_at:
                    continue
                rows = {row.pk: (row.planned_percent, row.task.deliverable) for row in report.rows.all()}
                progress.submit_report(
                    report,
                    told={pk: Told(planned, f"{what} 已交付") for pk, (planned, what) in rows.items()},
                    next_plan="按计划推进",
                    seen_revision=report.revision,
                    actor=actor,
                    at=self.at,
                )
                self.wait(hours=1)

    def find_risk(self) -> None:
        account = contact_of(self.departments[0])
        matter = queries.collaboration_for(self.actor(account), self.pk, at=self.at)
        draft = issues.start_risk(matter, actor=self.actor(account), at=self.at)
        body = self.bodies.risk((self.at - timedelta(hours=6)).isoformat())
        saved = records.save_draft(
            draft, body=body, seen_revision=draft.revision, actor=self.actor(account), at=self.at
        )
        records.submit(saved, seen_revision=saved.revision, actor=self.actor(account), at=self.at)

    def block(self, department: str, blocker: str) -> None:
        matter = queries.collaboration_for(self.lead, self.pk, at=self.at)
        for row in plan_queries.tasks_of(matter, self.at):
            if row.task.department.name == department and row.task.state != "DONE":
                plans.block_task(
                    row.task,
                    blocker=blocker,
                    seen_revision=row.task.revision,
                    actor=self.actor(contact_of(department)),
                    at=self.at,
                )

    def reach_milestones(self, count: int) -> None:
        """The first so many milestones were reached on the planned day, or today."""
        matter = queries.collaboration_for(self.lead, self.pk, at=self.at)
        for milestone in queries.milestones_of(matter)[:count]:
            if milestone.reached_on is None and milestone.due_on:
                operations.reach_milestone(
                    milestone,
                    reached_on=min(milestone.due_on, day_of(self.at)),
                    evidence="协作空间 里程碑 文件夹",
                    actor=self.lead,
                    at=self.at,
                )

    # the end --------------------------------------------------------------------------------------------------

    def finish_tasks(self) -> None:
        matter = queries.collaboration_for(self.lead, self.pk, at=self.at)
        for row in plan_queries.tasks_of(matter, self.at):
            if row.task.state not in {"DONE", "CANCELLED"}:
                plans.finish_task(
                    row.task,
                    output=f"{row.task.deliverable} 已交付，见协作空间",
                    seen_revision=row.task.revision,
                    actor=self.actor(contact_of(row.task.department.name)),
                    at=self.at,
                )

    def go_on(self) -> None:
        matter = queries.collaboration_for(self.lead, self.pk, at=self.at)
        run = queries.current_run(matter)
        if run is not None:
            operations.advance(matter, seen_step_run_id=run.pk, actor=self.lead, at=self.at)
        self.wait(days=1)

    def accept(self) -> None:
        self.submit("F16", self.bodies.acceptance(self._draft("F16", self.plot.lead).draft["items"], day_of(self.at)))

    def confirm_acceptance(self, *departments: str) -> None:
        for department in departments or (self.plot.dept, *self.departments):
            self.sign("F16", "ACCEPTANCE", head_of(department), opinion="确认")

    def review(self) -> None:
        self.wait(days=2)
        self.submit("F17", self.bodies.review(day_of(self.at)))

    def archive(self) -> None:
        self.wait(days=1)
        self.submit("F20", self.bodies.archive(self._draft("F20", self.plot.lead).draft["checklist"]))

    def withdraw(self, reason: str) -> None:
        matter = queries.collaboration_for(self.lead, self.pk, at=self.at)
        operations.withdraw_collaboration(matter, reason=reason, actor=self.lead, at=self.at)
