"""The green channel in the words of the domain: a batch complaint on a Saturday night (AS15)."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bihuan.collaborations import operations
from bihuan.commitments import operations as commitments
from bihuan.commitments.models import Commitment
from bihuan.deadlines.models import Deadline
from tests import forms_samples as samples
from tests.problem import HEAD, RELATED, REPORTER, Trouble

OTHERS = ("技术部负责人", "市场部负责人", "财务部负责人")
DUTY = "PMO专员"
SHANGHAI = ZoneInfo("Asia/Shanghai")
RECEIVED = datetime(2026, 11, 21, 22, 10, tzinfo=SHANGHAI)
OPENED = datetime(2026, 11, 21, 23, 50, tzinfo=SHANGHAI)


class Emergency(Trouble):
    @classmethod
    def at_night(cls, company, post=DUTY, at=OPENED, department="项目管理办公室"):
        begun = operations.start_collaboration(
            title="华南批次质量投诉", department_id=company.departments[department].pk, playbook="EMERGENCY",
            actor=company.actor(post, at), at=at,
        )  # fmt: skip
        return cls(company, at, begun)

    def channel(self, **said):
        return {
            "lead_dept": self.department("运营部"),
            "project_lead": self.company[REPORTER].pk,
            "received_at": RECEIVED.isoformat(),
            "description": "华南客户集中反映同一批次产品无法启动。",
            "customer": "YES",
            "urgent_because": "仍在发货，每小时新增投诉",
            "related_depts": [{"id": f"r{at}", "dept": self.department(name)} for at, name in enumerate(RELATED)],
            "measures": [{"id": "m1", "text": "暂停该批次发货", "owner": self.company[HEAD].pk}],
            "spending_limit": "20000",
            "spending": "3000",
            **said,
        }

    def open(self, post=DUTY, **said):
        return self.submit("F25", self.channel(**said), post)

    def meet(self):
        due = (self.today + timedelta(days=1)).isoformat()
        action = {"id": "a1", "text": "现场排查", "owner": self.company["开发组长"].pk, "due": due}
        return self.paper("F07", REPORTER, actions=[action])

    def solve(self):
        self.paper("F15", REPORTER)
        self.decide("F15", "LEAD_CONFIRM", HEAD, opinion="确认")

    def make_up(self):
        """The assessment, its signature, the application and its approval."""
        record = self.draft("F13", REPORTER)
        given = {key: record.draft[key] for key in ("description", "occurred_at", "urgency", "related_depts")}
        self.submit("F13", self.assessment(**given), REPORTER)
        self.decide("F13", "ASSESSMENT", HEAD)
        until = {hours: f"{self.at + timedelta(hours=hours):%Y-%m-%d %H:%M}" for hours in (1, 3)}
        asks = [{**row, "reply_due": until[1]} for row in self.application()["dept_asks"]]
        self.apply(dept_asks=asks, resolution_due=until[3])
        self.approve()

    def answer(self, **said):
        """One answer of all to the customer."""
        behind = self.company["开发组长"].pk
        body = {
            "answered_by": self.company[REPORTER].pk,
            "first_contact_at": (RECEIVED + timedelta(hours=1, minutes=45)).isoformat(),
            "sent_at": self.at.isoformat(),
            "joined_by": [{"id": "j1", "dept": self.department("技术部"), "person": behind, "part": "原因与修复"}],
            **said,
        }
        return self.paper("F32", REPORTER, **body)

    def sign_afterwards(self):
        for post in (HEAD, *OTHERS):
            self.decide("F07", "MINUTES", post, opinion="同意")
        for post in OTHERS:
            self.decide("F15", "CONFIRM_AFTER", post, opinion="确认")

    def keep_promises(self):
        for row in Commitment.objects.filter(kind="ACTION", state="OPEN", root_id=self.collaboration.pk):
            post = next(post for post, person in self.company.people.items() if person.pk == row.owner_id)
            claimed = commitments.claim(row, evidence="已完成", actor=self.actor(post), at=self.at)
            verifier = DUTY if row.verifier == f"p:{self.company[DUTY].pk}" else REPORTER
            commitments.verify(claimed, accepted=True, actor=self.actor(verifier), at=self.at)

    def due(self, rule):
        return Deadline.objects.get(root_id=self.collaboration.pk, rule=rule)

    def confirm(self):
        for post in (HEAD, *OTHERS):
            self.decide("F16", "ACCEPTANCE", post)

    def work(self):
        self.keep_promises()
        self.answer()
        self.submit("F14", samples.paper(self.today) | {"none": True}, REPORTER)
        self.at = max(self.at, OPENED + timedelta(days=5))

    def review(self):
        present = {"participants": self.draft("F17", REPORTER).draft["participants"]}
        self.submit("F17", samples.review(self.cast, self.today) | present, REPORTER)

    @property
    def _ways(self):
        return {
            "ASSESS": (self.open,),
            "KICKOFF": (self.meet,),
            "PLAN": (self.solve, self.make_up),
            "EXECUTE": (self.work, self.go_on),
            "ACCEPT": (lambda: self.accept_effect("97"), self.confirm, self.sign_afterwards, self.keep_promises),
            "RETRO": (self.review,),
            "ARCHIVE": (self.archive,),
        }
