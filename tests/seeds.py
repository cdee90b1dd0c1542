"""The campaign on the other playbooks that are shipped: the same posts, other steps."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bihuan.approvals.enums import Decision
from bihuan.collaborations import operations
from bihuan.commitments import operations as commitments
from bihuan.commitments import queries as commitment_queries
from bihuan.commitments.models import Commitment
from bihuan.records.models import Version
from tests import forms_samples as samples
from tests.campaign import HEADS, Campaign

REVIEWED = {"quantified_ok": True, "reasonable_ok": True, "feasible_ok": True}


@dataclass
class Seed(Campaign):
    """A campaign whose heads answer for every department that takes part."""

    @classmethod
    def on(cls, playbook: str, company: Any, at: datetime) -> "Seed":
        operations.publish_shipped_playbooks(at=at)
        return cls(company, at, cls.begin(company, at, playbook).collaboration)

    def review_request(self) -> None:
        self.decide("F01", "HEAD_REVIEW", "产品部负责人", opinion="同意", tests=REVIEWED)

    def return_request(self) -> None:
        self.decide(
            "F01", "HEAD_REVIEW", "产品部负责人", decision=Decision.REFUSE, opinion="资源估得太高",
            tests=REVIEWED | {"reasonable_ok": False},
        )  # fmt: skip

    def approve_request(self) -> None:
        self.decide("F01", "COLLAB_MANAGER", "产品部负责人", opinion="同意")
        if self.signoff("F01", "COLLAB_MANAGER").state == "OPEN":
            self.decide("F01", "COLLAB_MANAGER", "分管副总", opinion="同意")

    def minutes(self) -> Version:
        return self.paper("F07", **samples.kickoff(self.cast, self.start))

    def matrix(self) -> Version:
        version = self.submit("F06", samples.matrix(self.cast, self.start, self.draft("F06", "产品经理").draft))
        self.sign_all("F06", "RACI")
        return version

    def sign_minutes(self) -> None:
        for post in ("产品部负责人", *HEADS.values()):
            self.decide("F07", "MINUTES", post, opinion="同意")

    def actions(self) -> list[Commitment]:
        return [
            one
            for one in commitment_queries.of_root(self.root, self.actor("产品经理"), self.at)
            if one.kind == "ACTION"
        ]

    def do_actions(self) -> None:
        """Each owner says it is done, and the initiator has looked."""
        for one in self.actions():
            owner = next(post for post, person in self.company.people.items() if person.pk == one.owner_id)
            claimed = commitments.claim(one, evidence="已完成", actor=self.actor(owner), at=self.at)
            commitments.verify(claimed, accepted=True, actor=self.actor("产品经理"), at=self.at)

    def judge(self, **actual: str) -> Version:
        given = self.draft("F16", "产品经理").draft["items"]
        return self.submit("F16", samples.judged(self.cast, self.today, given, **actual))

    def put_in_place_and_file(self, tracker: str) -> None:
        self.put_needs_in_place()
        self.do_actions()
        self.paper("F08")
        self.submit(tracker, samples.paper(self.today) | {"none": True})
        self.wait_until(self.start + timedelta(days=samples.REVIEWED_ON))
        self.reach_milestone("活动上线", samples.LIVE_ON)

    @property
    def _ways(self) -> dict[str, tuple[Callable[[], Any], ...]]:
        is_a = self.collaboration.playbook_version.playbook.key == "SEED_A"
        agreed = (self.minutes, self.sign_minutes) if is_a else (self.minutes, self.matrix)
        return super()._ways | {
            "REQUEST": (self.request,),
            "FIRST_REVIEW": (self.review_request,),
            "APPROVAL": (self.approve_request,),
            "KICKOFF": (self.promise_needs, *agreed, lambda: self.paper("F23")),
            "EXECUTE": (lambda: self.put_in_place_and_file("F12" if is_a else "F14"), self.go_on),
            "ACCEPT": (lambda: self.judge(m1="102000", m2="15.8"), self.confirm_acceptance),
        }


@dataclass
class Project(Seed):
    """The whole way: every form, every approval and the kick-off."""

    def plan(self) -> None:
        self.submit("F05", samples.duty_table(self.cast, self.start))
        self.matrix()
        self.submit("F04", samples.plan(self.cast, self.start))

    def nothing_to_escalate(self) -> None:
        for tracker in ("F12", "F14"):
            self.submit(tracker, samples.paper(self.today) | {"none": True})

    @property
    def _ways(self) -> dict[str, tuple[Callable[[], Any], ...]]:
        return super()._ways | {
            "REQUEST": (self.request, self.agree_to_request),
            "PLAN": (self.promise_needs, self.plan),
            "APPROVAL_PLAN": (self.approve_plan,),
            "KICKOFF": (self.minutes, self.sign_minutes, lambda: self.paper("F23")),
            "EXECUTE": (self.do_actions, self.nothing_to_escalate, self.work, self.go_on),
            "ACCEPT": (self.accept, self.confirm_acceptance),
        }
