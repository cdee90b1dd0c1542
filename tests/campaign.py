"""The user growth campaign in the words of the domain: each method is what one post does on one day."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial, wraps
from typing import Any, ClassVar

import pytest

from bihuan.approvals import operations as approvals
from bihuan.approvals import queries as approval_queries
from bihuan.approvals.enums import Decision
from bihuan.approvals.models import Signoff
from bihuan.approvals.operations import PartDecision
from bihuan.approvals.policy import Condition
from bihuan.collaborations import operations, queries
from bihuan.collaborations.models import Collaboration, Milestone
from bihuan.kernel.actor import SYSTEM
from bihuan.kernel.subjects import SubjectRef
from bihuan.organisation.models import Department
from bihuan.organisation.queries import day_of
from bihuan.plans import operations as plans
from bihuan.plans.models import Task
from bihuan.progress import operations as progress
from bihuan.progress.models import Report
from bihuan.progress.policy import Told
from bihuan.records import operations as records
from bihuan.records import queries as record_queries
from bihuan.records.models import Record, Version
from bihuan.resources import operations as resources
from bihuan.resources.enums import Answer
from bihuan.resources.models import Need
from tests import forms_samples as samples
from tests.scenes import STAGE

HEADS = {"市场部": "市场部负责人", "技术部": "技术部负责人", "运营部": "运营部负责人"}
PLAN_TESTS = {"goal_ok": True, "resources_ok": True, "risks_ok": True}


def open_weeks(at: datetime) -> int:
    """What the worker does every hour, without the worker; how many weeks and turns were opened."""
    due = progress.matters_without_week(at)
    return sum(len(progress.open_due_week(pk, actor=SYSTEM, at=at)) for pk in due)


def scene(act: Callable[..., None]) -> Callable[..., None]:
    """What the posts do from one state of the matter to another, repeated where it was done before."""

    @wraps(act)
    def played(campaign: "Campaign", *words: str) -> None:
        def moment() -> datetime:
            act(campaign, *words)
            return campaign.at

        campaign.at = STAGE.play((act.__name__, *words, campaign.at, campaign.collaboration.pk), moment)
        campaign.refreshed()

    return played


@dataclass
class Campaign:
    """One campaign of one company, carried by its posts."""

    company: Any
    at: datetime
    collaboration: Collaboration
    LEADING: ClassVar[str] = "产品经理"

    @classmethod
    def begin(cls, company: Any, at: datetime, playbook: str = "SEED_B") -> "Campaign":
        collaboration = operations.start_collaboration(
            title="2024年Q3用户增长活动",
            department_id=company.departments["产品部"].pk,
            playbook=playbook,
            actor=company.actor("产品经理", at),
            at=at,
        )
        return cls(company, at, collaboration)

    # who and when ----------------------------------------------------------------------------------------------

    @property
    def cast(self) -> samples.Cast:
        departments, people = self.company.departments, self.company.people
        return samples.Cast(
            product=departments["产品部"].pk,
            marketing=departments["市场部"].pk,
            technology=departments["技术部"].pk,
            operations=departments["运营部"].pk,
            product_manager=people["产品经理"].pk,
            product_head=people["产品部负责人"].pk,
            promotion_manager=people["推广经理"].pk,
            development_lead=people["开发组长"].pk,
            operations_manager=people["运营经理"].pk,
        )

    def head_of(self, department: Department) -> str:
        """The post of the head of an involved department, whatever the department is called."""
        return next(post for name, post in HEADS.items() if self.company.departments[name].pk == department.pk)

    @property
    def root(self) -> SubjectRef:
        return SubjectRef("collaboration", self.collaboration.pk)

    @property
    def today(self) -> date:
        return day_of(self.at)

    @property
    def start(self) -> date:
        return day_of(self.collaboration.created_at)

    def actor(self, post: str) -> Any:
        return self.company.actor(post, self.at)

    def wait(self, **span: int) -> None:
        self.at += timedelta(**span)

    def wait_until(self, day: date) -> None:
        self.wait(days=(day - self.today).days)

    @property
    def step(self) -> str:
        run = queries.current_run(Collaboration.objects.get(pk=self.collaboration.pk))
        return run.step if run else ""

    def refreshed(self) -> Collaboration:
        self.collaboration = Collaboration.objects.get(pk=self.collaboration.pk)
        return self.collaboration

    # forms -----------------------------------------------------------------------------------------------------

    def draft(self, form_code: str, post: str) -> Record:
        return operations.start_form(self.refreshed(), form_code=form_code, actor=self.actor(post), at=self.at)

    def fill(self, form_code: str, body: dict[str, Any], post: str = "产品经理") -> Record:
        record = self.draft(form_code, post)
        return records.save_draft(record, body=body, seen_revision=record.revision, actor=self.actor(post), at=self.at)

    def submit(self, form_code: str, body: dict[str, Any], post: str = "产品经理") -> Version:
        record = self.fill(form_code, body, post)
        return records.submit(record, seen_revision=record.revision, actor=self.actor(post), at=self.at)

    def paper(self, form_code: str, post: str = "产品经理", **more: Any) -> Version:
        """File a paper that is kept as a file."""
        record = self.draft(form_code, post)
        records.attach_file(record, name=f"{form_code}.pdf", pieces=[b"%PDF-1.7"], actor=self.actor(post), at=self.at)
        met = samples.met(self.at) if form_code == "F07" else {}
        return self.submit(form_code, samples.paper(self.today) | met | more, post)

    def latest(self, form_code: str) -> Version:
        version = record_queries.latest(self.root, form_code)
        assert version is not None
        return version

    # sign-off --------------------------------------------------------------------------------------------------

    def signoff(self, form_code: str, route: str) -> Signoff:
        record = record_queries.record_of(self.root, form_code)
        assert record is not None
        found = approval_queries.latest_signoff(record.subject, route)
        assert found is not None
        return found

    def decide(
        self,
        form_code: str,
        route: str,
        post: str,
        *,
        decision: Decision = Decision.APPROVE,
        opinion: str = "",
        conditions: tuple[Condition, ...] = (),
        tests: dict[str, bool] | None = None,
    ) -> None:
        """One post answers for itself; line by line where the route is."""
        self.deciding(form_code, route, post, decision=decision, opinion=opinion, conditions=conditions, tests=tests)()

    def deciding(
        self,
        form_code: str,
        route: str,
        post: str,
        *,
        decision: Decision = Decision.APPROVE,
        opinion: str = "",
        conditions: tuple[Condition, ...] = (),
        tests: dict[str, bool] | None = None,
    ) -> Callable[[], object]:
        """The same, of what is asked now, when it is called."""
        actor, signoff = self.actor(post), self.signoff(form_code, route)
        slots = approval_queries.slots_to_decide(signoff, actor)
        if signoff.by_part:
            said = [PartDecision(slot.pk, decision, opinion, conditions) for slot in slots]
            return partial(
                approvals.decide_many,
                signoff,
                decisions=said,
                seen_digest=signoff.digest,
                actor=actor,
                at=self.at,
            )
        (slot,) = slots
        return partial(
            approvals.decide,
            slot,
            decision=decision,
            opinion=opinion,
            conditions=conditions,
            tests=tests,
            seen_digest=slot.digest,
            actor=actor,
            at=self.at,
        )

    def sign_all(self, form_code: str, route: str) -> None:
        """Everybody who is asked agrees."""
        for post in self.company.people:
            if approval_queries.slots_to_decide(self.signoff(form_code, route), self.actor(post)):
                self.decide(form_code, route, post, opinion="同意")

    # the way of the campaign -----------------------------------------------------------------------------------

    @scene
    def request(self) -> None:
        self.submit("F01", samples.request(self.cast, self.start))

    def agree_to_request(self) -> None:
        for post in HEADS.values():
            self.decide("F01", "OPINIONS", post, opinion="同意")

    def reach_consensus(self) -> None:
        self.submit("F03", samples.consensus(self.cast, self.start))
        for post in HEADS.values():
            self.decide("F03", "CONSENSUS", post)

    def promise_needs(self) -> None:
        for need in Need.objects.filter(collaboration=self.collaboration, state="ASKED").select_related("provider"):
            post = self.head_of(need.provider)
            named = self.company.people[post].pk if need.type == "PEOPLE" else None
            resources.answer_need(
                need,
                answer=Answer.PROMISE,
                named_person_id=named,
                seen_revision=need.revision,
                actor=self.actor(post),
                at=self.at,
            )

    def plan(self) -> None:
        self.submit("F05", samples.duty_table(self.cast, self.start))
        self.submit("F04", samples.plan(self.cast, self.start))

    def approve_plan(self) -> None:
        self.decide("F04", "EXECUTIVE_PLAN", "分管副总", opinion="同意", tests=PLAN_TESTS)

    def file_plan(self, post: str = "行政专员") -> Version:
        return self.submit("F26", samples.filing(), post)

    def put_needs_in_place(self) -> None:
        for need in Need.objects.filter(collaboration=self.collaboration, state="PROMISED").select_related("provider"):
            resources.put_in_place(
                need,
                evidence="已到位，名单在协作空间",
                seen_revision=need.revision,
                actor=self.actor(self.head_of(need.provider)),
                at=self.at,
            )

    def report_week(self) -> None:
        """Every department says how its week went; whoever is behind says why and what he does about it."""
        for report in Report.objects.filter(period__collaboration=self.collaboration, submitted_at__isnull=True):
            owner = self.company.people["产品经理"].pk
            told = {
                row.pk: Told(
                    percent=min(row.planned_percent, 99),
                    variance_reason="等待设计稿" if row.planned_percent == 100 else "",
                    measure="加派一人" if row.planned_percent == 100 else "",
                    measure_owner_id=owner if row.planned_percent == 100 else None,
                    measure_due=self.today + timedelta(days=3) if row.planned_percent == 100 else None,
                )
                for row in report.rows.all()
            }
            progress.submit_report(
                report,
                told=told,
                next_plan="继续推进",
                seen_revision=report.revision,
                actor=self.actor("产品经理"),
                at=self.at,
            )

    def archive(self) -> Version:
        record = self.draft("F20", "产品经理")
        lines = [row["id"] for row in record.draft["checklist"]]
        return self.submit("F20", samples.archive(self.cast, lines))

    def finish_tasks(self) -> None:
        for task in Task.objects.filter(collaboration=self.collaboration).exclude(state__in=["DONE", "CANCELLED"]):
            plans.finish_task(
                task,
                output=f"{task.deliverable} 已交付",
                seen_revision=task.revision,
                actor=self._owner(task),
                at=self.at,
            )

    def _owner(self, task: Task) -> Any:
        post = next(post for post, person in self.company.people.items() if person.pk == task.owner_id)
        return self.actor(post)

    def reach_milestones(self) -> None:
        days = {"需求确认": samples.REQUIREMENTS_ON, "功能开发": samples.PAGES_ON, "活动上线": samples.LIVE_ON}
        days["数据复盘"] = samples.REVIEWED_ON
        for name, day in days.items():
            self.reach_milestone(name, day)

    def reach_milestone(self, name: str, day: int | None = None) -> None:
        """Reached today, or so many days after the beginning."""
        operations.reach_milestone(
            Milestone.objects.filter(collaboration=self.collaboration, name=name).latest("form_code"),
            reached_on=self.today if day is None else self.start + timedelta(days=day),
            evidence="协作空间 里程碑 文件夹",
            actor=self.actor("产品经理"),
            at=self.at,
        )

    def go_on(self) -> None:
        self.go_on_as(self.LEADING)

    def go_on_as(self, post: str) -> None:
        run = queries.current_run(self.refreshed())
        assert run is not None
        operations.advance(self.collaboration, seen_step_run_id=run.pk, actor=self.actor(post), at=self.at)

    @scene
    def carry_to(self, step: str) -> None:
        """Do whatever each step asks for, until the matter stands in `step`."""
        for _ in range(len(self._ways)):
            if self.step == step:
                return
            for act in self._ways[self.step]:
                act()
        assert self.step == step, self.step

    @property
    def _ways(self) -> dict[str, tuple[Callable[[], Any], ...]]:
        return {
            "REQUEST": (self.request, self.agree_to_request),
            "ALIGN": (self.talk_it_over, self.reach_consensus),
            "PLAN": (self.promise_needs, self.plan),
            "APPROVAL": (self.approve_plan,),
            "FILING": (self.file_plan,),
            "RESOURCE": (self.put_needs_in_place,),
            "EXECUTE": (self.work, self.go_on),
            "ACCEPT": (self.accept, self.confirm_acceptance),
            "RETRO": (self.review,),
            "ARCHIVE": (self.release_needs, self.archive),
        }

    def talk_it_over(self) -> None:
        """The talks of the consensus took place two days after the beginning."""
        self.wait_until(self.start + timedelta(days=3))

    def work(self) -> None:
        """The first week is reported, every task done, every milestone reached, every window over."""
        self.report_week()
        self.finish_tasks()
        self.wait_until(self.start + timedelta(days=samples.REVIEWED_ON))
        self.reach_milestones()

    def accept(self, **measured: str) -> Version:
        return self.submit("F16", samples.acceptance(self.cast, self.start, self.today, **measured))

    def review(self) -> Version:
        return self.submit("F17", samples.review(self.cast, self.today))

    def release_needs(self) -> None:
        for need in Need.objects.filter(collaboration=self.collaboration, state="IN_PLACE"):
            resources.release_need(need, seen_revision=need.revision, actor=self.actor("产品经理"), at=self.at)

    # what is open ----------------------------------------------------------------------------------------------

    def desk(self, post: str) -> list[tuple[str, str]]:
        """What waits for a post in this matter: kind of the loop, and its part."""
        loops = queries.waiting_for(self.actor(post), at=self.at)
        return sorted((loop.kind, loop.part) for loop in loops if loop.collaboration_id == self.collaboration.pk)

    def waited_for(self, post: str) -> list[str]:
        """What a post waits for in this matter."""
        loops = queries.waited_for_by(self.actor(post), at=self.at)
        return sorted(loop.kind for loop in loops if loop.collaboration_id == self.collaboration.pk)

    def in_the_way(self) -> list[tuple[str, str]]:
        """What stands between the matter and its next step: code, and what it names."""
        findings = queries.findings_to_leave(self.refreshed(), self.at)
        return [
            (finding.code, str(finding.params.get("what") or finding.params.get("form") or "")) for finding in findings
        ]

    def confirm_acceptance(self) -> None:
        for post in ("产品部负责人", *HEADS.values()):
            self.decide("F16", "ACCEPTANCE", post)


@pytest.fixture
def playbooks(company: Any, at: datetime) -> None:
    """The shipped ones are published."""
    STAGE.play(("playbooks", at), lambda: operations.publish_shipped_playbooks(at=at))


@pytest.fixture
def campaign(company: Any, playbooks: None, at: datetime) -> Campaign:
    """A campaign that was begun a moment ago."""
    begun = STAGE.play(("campaign", at), lambda: Campaign.begin(company, at).collaboration)
    return Campaign(company, at, begun)
