"""What happened to a matter, fact by fact, as sentences."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from bihuan.approvals.enums import Decision
from bihuan.collaborations import queries
from bihuan.collaborations.enums import Ending, Outcome, Urgency
from bihuan.collaborations.queries import relations
from bihuan.deadlines.enums import Level
from bihuan.deadlines.sentences import RULE_NAMES
from bihuan.kernel import principals
from bihuan.kernel.actor import Actor
from bihuan.kernel.subjects import SubjectRef
from bihuan.ledger import queries as ledger
from bihuan.organisation import queries as organisation
from bihuan.records.enums import Status
from bihuan.resources.enums import Answer
from bihuan.web.approvals.standing import rule_text
from bihuan.web.collaborations.loops import form_title, step_name
from bihuan.web.formats import date_text, exact_text, instant_text

PAGE = 50
Text = str | Promise
Body = Mapping[str, Any]

PERSON_KEYS = ("lead_id", "filer_id", "initiator_id", "owner_id", "owner_before", "named_person_id")
DEPARTMENT_KEYS = ("department_id", "department_before", "provider_id")
PASSED_ON = {
    "collaborations.lead.changed", "collaborations.initiator.changed", "collaborations.contact.changed",
    "plans.task.handed_over", "records.draft.handed_over", "approvals.slots.handed_over",
    "approvals.slots.placed", "approvals.slots.transferred", "approvals.slots.consulted", "approvals.slots.given_back",
    "approvals.signer.added", "approvals.signer.removed",
    "commitments.verifier.changed", "resources.need.person_changed", "progress.reporter.changed",
}  # fmt: skip
"""Facts whose `before` and `after` are people, by id or as principals."""


@dataclass(frozen=True, slots=True)
class Told:
    """How a fact is told: its icon, its sentence, and the key of what somebody wrote beside it."""

    icon: str
    text: Text
    note: str = ""


@dataclass(frozen=True, slots=True)
class StoryEntry:
    icon: str
    text: str
    who: str
    at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class Story:
    rows: list[StoryEntry]
    before: int | None


TOLD: dict[str, Told] = {
    "collaborations.collaboration.started": Told("flag", gettext_lazy("Began the matter")),
    "collaborations.follow_up.begun": Told("arrow-right", gettext_lazy("Taken up by a follow-up: %(other)s")),
    "collaborations.follow_up.of": Told("flag", gettext_lazy("Follows up: %(other)s")),
    "collaborations.parent.set": Told("network", gettext_lazy("Became part of: %(other)s")),
    "collaborations.parent.unset": Told("network", gettext_lazy("No longer part of: %(other)s")),
    "collaborations.child.added": Told("network", gettext_lazy("Got a part: %(other)s")),
    "collaborations.child.removed": Told("network", gettext_lazy("No longer has the part: %(other)s")),
    "collaborations.collaboration.imported": Told("download", gettext_lazy("Imported from another system")),
    "collaborations.collaboration.adopted": Told(
        "hand", gettext_lazy("Adopted the matter at the step: %(step)s; project lead: %(lead)s%(carried)s"), "ground"
    ),
    "collaborations.collaboration.migrated": Told(
        "book-open", gettext_lazy("Goes on by version %(after)s of the playbook instead of %(before)s"), "reason"
    ),
    "collaborations.step.entered": Told("arrow-right", gettext_lazy("Entered the step: %(step)s%(round)s")),
    "collaborations.step.left": Told("check", gettext_lazy("Left the step %(step)s: %(outcome)s"), "reason"),
    "evidence.dossier.made": Told("download", gettext_lazy("Took a dossier of the matter along")),
    "collaborations.collaboration.ended": Told("badge-check", gettext_lazy("The matter ended: %(ending)s"), "reason"),
    "collaborations.items.handed_over": Told(
        "users", gettext_lazy("Open items outlive the matter, by %(number)s: %(handed)s")
    ),
    "collaborations.change.approved": Told(
        "file-pen", gettext_lazy("The plan is changed by %(number)s; the matter goes back to: %(step)s"), "reason"
    ),
    "collaborations.work.stopped": Told(
        "ban", gettext_lazy("The work was ended early in the step %(step)s, by %(number)s"), "reason"
    ),
    "collaborations.collaboration.suspended": Told(
        "circle-pause", gettext_lazy("The matter rests until %(until_day)s, by %(number)s"), "reason"
    ),
    "collaborations.collaboration.resumed": Told(
        "circle-dot", gettext_lazy("The matter goes on after %(rested_days)s days of rest"), "note"
    ),
    "deadlines.clocks.stopped": Told("circle-pause", gettext_lazy("The clocks of the matter stand still")),
    "deadlines.clocks.started": Told("clock", gettext_lazy("The clocks of the matter go on")),
    "collaborations.lead.changed": Told("users", gettext_lazy("Project lead: %(before)s → %(after)s"), "reason"),
    "collaborations.filer.named": Told("user", gettext_lazy("Let %(filer)s read the matter, to file its plan")),
    "collaborations.initiator.changed": Told(
        "users", gettext_lazy("Stands for the initiator: %(before)s → %(after)s"), "reason"
    ),
    "collaborations.contact.changed": Told(
        "users", gettext_lazy("Contact person of %(department)s: %(before)s → %(after)s"), "reason"
    ),
    "collaborations.department.replaced": Told(
        "building-2", gettext_lazy("After a reorganisation %(department)s stands in the place of %(department_before)s")
    ),
    "collaborations.lines.projected": Told("list-checks", gettext_lazy("Took over the lines of: %(form)s")),
    "collaborations.metric.measured": Told("target", gettext_lazy("Measured %(metric)s: %(value)s"), "evidence"),
    "collaborations.milestone.reached": Told("flag", gettext_lazy("Reached the milestone: %(milestone)s"), "evidence"),
    "collaborations.problem.synced": Told("send", gettext_lazy("Told of the problem %(number)s: %(departments)s")),
    "collaborations.problem.acknowledged": Told("check", gettext_lazy("Acknowledged the problem for %(department)s")),
    "collaborations.acknowledgements.passed": Told(
        "clock-alert", gettext_lazy("Went on without an acknowledgement of: %(departments)s")
    ),
    "collaborations.problem.reclassified": Told(
        "triangle-alert", gettext_lazy("Classed anew: %(class_before)s → %(class_after)s"), "reason"
    ),
    "collaborations.problem.merged": Told(
        "arrow-right", gettext_lazy("The same problem as %(into_number)s, where it is solved"), "reason"
    ),
    "collaborations.problem.taken_in": Told(
        "plus", gettext_lazy("Another report of this problem is merged into it: %(from_number)s%(earlier)s"), "reason"
    ),
    "collaborations.problem.lead_claimed": Told("hand", gettext_lazy("%(department)s wants to lead"), "reason"),
    "collaborations.problem.lead_refused": Told("hand", gettext_lazy("%(department)s does not want to lead"), "reason"),
    "collaborations.problem.lead_decided": Told(
        "building-2", gettext_lazy("Decided who leads: %(department_before)s → %(department)s"), "reason"
    ),
    "collaborations.join.asked": Told("users", gettext_lazy("%(department)s asked to take part"), "reason"),
    "collaborations.join.granted": Told("check", gettext_lazy("%(department)s takes part from now on"), "expected"),
    "collaborations.join.refused": Told("x", gettext_lazy("%(department)s does not take part"), "reason"),
    "collaborations.problem.kept_apart": Told("check", gettext_lazy("Another problem than %(other_number)s"), "reason"),
    "collaborations.period.opened": Told("calendar", gettext_lazy("The period %(key)s is over; what it needs is owed")),
    "collaborations.contribution.given": Told("send", gettext_lazy("Gave to %(key)s: %(what)s%(attached)s%(late)s")),
    "collaborations.period.gathered": Told("file-text", gettext_lazy("%(key)s is consolidated%(lacking)s")),
    "collaborations.period.accepted": Told(
        "circle-check", gettext_lazy("Accepted %(key)s%(told_late)s%(told_waived)s")
    ),
    "collaborations.waiver.asked": Told("circle", gettext_lazy("Asked to do without, in %(key)s: %(what)s"), "reason"),
    "collaborations.waiver.answered": Told("check", gettext_lazy("%(granted)s, in %(key)s: %(what)s"), "note"),
    "collaborations.waiver.dropped": Told("check", gettext_lazy("It came after all, in %(key)s: %(what)s")),
    "collaborations.loop.urged": Told("bell", gettext_lazy("Urged %(owner)s (no. %(times)s)")),
    "records.record.started": Told("file-pen", gettext_lazy("Began to fill in: %(form)s")),
    "records.record.discarded": Told("trash-2", gettext_lazy("Threw away the draft: %(form)s")),
    "records.draft.handed_over": Told(
        "users", gettext_lazy("The draft went from %(before)s to %(after)s: %(form)s"), "reason"
    ),
    "records.record.submitted": Told("send", gettext_lazy("Submitted %(form)s %(number)s, version %(version)s")),
    "records.record.returned": Told("undo-2", gettext_lazy("%(form)s went back for change"), "reason"),
    "records.record.settled": Told("file-text", gettext_lazy("%(form)s %(number)s: %(status)s")),
    "records.record.sent": Told("send", gettext_lazy("Sent %(form)s %(number)s to %(people)s to be read")),
    "records.record.withdrawn": Told("ban", gettext_lazy("Withdrew %(form)s %(number)s"), "reason"),
    "records.record.superseded": Told("history", gettext_lazy("%(form)s %(number)s was replaced by a newer one")),
    "approvals.signoff.opened": Told("signature", gettext_lazy("Asked %(parties)s to decide on %(paper)s")),
    "approvals.slot.decided": Told("signature", gettext_lazy("Decided on %(paper)s: %(decision)s"), "opinion"),
    "approvals.parts.decided": Told(
        "signature", gettext_lazy("Decided on %(lines)s of %(paper)s: %(decision)s"), "opinion"
    ),
    "approvals.amendment.taken": Told("check", gettext_lazy("Took over what %(party)s wanted otherwise: %(what)s")),
    "approvals.amendment.declined": Told(
        "undo-2", gettext_lazy("Declined what %(party)s wanted otherwise: %(what)s"), "reason"
    ),
    "approvals.signoff.voided": Told("ban", gettext_lazy("Withdrew the question about %(paper)s"), "reason"),
    "approvals.slots.handed_over": Told(
        "users", gettext_lazy("The decision on %(paper)s went from %(before)s to %(after)s"), "reason"
    ),
    "approvals.slots.transferred": Told(
        "users", gettext_lazy("Passed the decision on %(paper)s from %(before)s on to %(after)s"), "reason"
    ),
    "approvals.slots.consulted": Told(
        "message-square", gettext_lazy("Asked %(after)s for advice on %(paper)s; %(before)s decides"), "reason"
    ),
    "approvals.slots.given_back": Told(
        "undo-2",
        gettext_lazy("The decision on %(paper)s is with %(after)s again, after %(before)s was asked"),
        "reason",
    ),
    "approvals.signer.added": Told("plus", gettext_lazy("Asked %(after)s to sign %(paper)s too, %(where)s"), "reason"),
    "approvals.signer.removed": Told("ban", gettext_lazy("Asks %(before)s no longer to sign %(paper)s"), "reason"),
    "approvals.decision.taken_back": Told("undo-2", gettext_lazy("Took back the decision on %(paper)s"), "reason"),
    "approvals.signoff.returned": Told("undo-2", gettext_lazy("Sent %(paper)s back to %(where_to)s"), "reason"),
    "approvals.copies.sent": Told("send", gettext_lazy("Sent copies of %(paper)s to %(people)s")),
    "approvals.remark.made": Told("message-square", gettext_lazy("Wrote beside %(paper)s"), "text"),
    "approvals.office.vacated": Told(
        "users", gettext_lazy("%(label)s is to decide on %(paper)s, and nobody holds the office any more")
    ),
    "approvals.slots.placed": Told(
        "users", gettext_lazy("The decision on %(paper)s is asked of %(after)s instead of %(before)s%(because)s")
    ),
    "commitments.commitment.made": Told("flag", gettext_lazy("Promised: %(text)s")),
    "commitments.commitment.assigned": Told("user", gettext_lazy("%(owner)s keeps a promise until %(due_on)s")),
    "commitments.commitment.claimed": Told("check", gettext_lazy("Reported a promise as done"), "evidence"),
    "commitments.commitment.verified": Told("circle-check", gettext_lazy("Confirmed that a promise is kept"), "note"),
    "commitments.commitment.returned": Told("undo-2", gettext_lazy("A promise is not kept yet"), "note"),
    "commitments.commitment.cancelled": Told("ban", gettext_lazy("Cancelled a promise"), "reason"),
    "commitments.commitment.handed_over": Told(
        "users", gettext_lazy("A promise went from %(owner_before)s to %(owner)s"), "reason"
    ),
    "commitments.verifier.changed": Told(
        "users", gettext_lazy("Verifying a promise went from %(before)s to %(after)s"), "reason"
    ),
    "plans.tasks.assigned": Told("list-checks", gettext_lazy("The duty table became %(tasks)s")),
    "plans.task.started": Told("circle-dot", gettext_lazy("Began the task: %(duty)s")),
    "plans.task.reported": Told("circle-dot", gettext_lazy("Task at %(percent)s%%: %(duty)s"), "reason"),
    "plans.task.blocked": Told("circle-pause", gettext_lazy("The task is blocked: %(duty)s"), "blocker"),
    "plans.task.resumed": Told("circle-dot", gettext_lazy("The task goes on: %(duty)s")),
    "plans.task.done": Told("circle-check", gettext_lazy("Finished the task: %(duty)s"), "output"),
    "plans.task.cancelled": Told("ban", gettext_lazy("Cancelled the task: %(duty)s"), "reason"),
    "plans.task.handed_over": Told(
        "users", gettext_lazy("The task went from %(before)s to %(after)s: %(duty)s"), "reason"
    ),
    "resources.needs.asked": Told("briefcase", gettext_lazy("Asked the departments for what is needed: %(needs)s")),
    "resources.need.answered": Told("message-square", gettext_lazy("%(answer)s: %(what)s (%(provider)s)"), "text"),
    "resources.need.offer_accepted": Told("check", gettext_lazy("Took the offer for: %(what)s"), "offer"),
    "resources.need.person_changed": Told("users", gettext_lazy("%(after)s instead of %(before)s: %(what)s"), "reason"),
    "resources.need.dropped": Told("ban", gettext_lazy("No longer needed: %(what)s"), "reason"),
    "resources.need.in_place": Told("circle-check", gettext_lazy("In place: %(what)s (%(provider)s)"), "evidence"),
    "resources.need.released": Told("rotate-ccw", gettext_lazy("Released: %(what)s (%(provider)s)")),
    "progress.period.opened": Told("calendar", gettext_lazy("The week from %(starts_on)s opened")),
    "progress.period.locked": Told("lock", gettext_lazy("The week from %(starts_on)s was locked")),
    "progress.reporter.changed": Told(
        "users", gettext_lazy("The week of %(department)s is reported by %(after)s instead of %(before)s"), "reason"
    ),
    "progress.report.submitted": Told("send", gettext_lazy("%(department)s reported the week: %(number)s")),
    "progress.table.opened": Told("calendar", gettext_lazy("The table of the problem is asked for: %(starts_on)s")),
    "progress.table.locked": Told("lock", gettext_lazy("The turn of the table from %(starts_on)s is over")),
    "progress.table.filed": Told("send", gettext_lazy("Brought the table of the problem up to date: %(number)s")),
    "issues.risk.filed": Told("triangle-alert", gettext_lazy("Filed the risk %(number)s: %(title)s")),
    "issues.risk.closed": Told("circle-check", gettext_lazy("Closed the risk %(number)s"), "outcome"),
    "issues.channel.opened": Told("triangle-alert", gettext_lazy("Opened the green channel: %(number)s")),
    "knowledge.matter.archived": Told("archive", gettext_lazy("Archived as %(number)s")),
    "deadlines.deadlines.started": Told("clock", gettext_lazy("Due %(until)s: %(owed)s")),
    "deadlines.deadlines.kept": Told("circle-check", gettext_lazy("%(lateness)s: %(owed)s")),
    "deadlines.deadlines.missed": Told("circle-x", gettext_lazy("Missed for good: %(owed)s")),
    "deadlines.deadlines.cancelled": Told("ban", gettext_lazy("No longer due: %(owed)s"), "reason"),
    "deadlines.deadlines.moved": Told("calendar", gettext_lazy("Due at another time, %(until)s: %(owed)s"), "reason"),
    "deadlines.deadlines.reclassed": Told(
        "calendar", gettext_lazy("Due by another urgency, %(until)s: %(owed)s"), "reason"
    ),
    "deadlines.deadlines.handed_over": Told("users", gettext_lazy("Somebody else is to act: %(owed)s")),
    "deadlines.deadline.warned": Told("clock-alert", gettext_lazy("%(level)s: %(owed)s")),
    "deadlines.deadline.paused": Told("circle-pause", gettext_lazy("The clock stands still: %(owed)s"), "reason"),
    "deadlines.deadline.resumed": Told("clock", gettext_lazy("The clock goes on, due %(until)s: %(owed)s")),
}
BECAUSE: dict[str, Text] = {
    "SUPERIOR": gettext_lazy(", the next superior"),
    "LATE": gettext_lazy(", because nobody answered in time"),
}
FEW = 3
AMENDING = {"approvals.amendment.taken", "approvals.amendment.declined"}


def entries(matter: Any, actor: Actor, *, at: datetime, limit: int, before: int | None = None) -> Story:
    """One page of the story, newest first, in a fixed number of queries. `before` of the answer leads to the next."""
    root = SubjectRef("collaboration", matter.pk)
    told = relations.scopes_told(matter, actor, at=at)
    found = ledger.timeline(root, scope_ids=told, limit=limit + 1, before=before)
    shown = found[:limit]
    names = organisation.names_of({key for entry in shown for key in _named(entry)}, at)
    papers = papers_by_route(matter)
    return Story(
        rows=[_entry(entry, names, papers) for entry in shown],
        before=shown[-1].seq if len(found) > limit else None,
    )


def papers_by_route(matter: Any) -> dict[str, str]:
    """Route → the form it decides on, as the matter's playbook says; requests about the matter itself besides."""
    return queries.FORM_OF | {route.code: route.form for step in queries.plan_of(matter).steps for route in step.routes}


def _named(entry: ledger.TimelineEntry) -> Iterable[str]:
    """Every person, department and office that a sentence names."""
    body = entry.body or {}
    yield from (principals.person(body[key]) for key in PERSON_KEYS if isinstance(body.get(key), int))
    yield from (principals.department(body[key]) for key in DEPARTMENT_KEYS if isinstance(body.get(key), int))
    if isinstance(body.get("owner"), str):
        yield body["owner"]
    if entry.name in AMENDING:
        yield f"d:{str(body.get('key', '')).partition('@')[0]}"
    yield from (principals.person(pk) for pk in body.get("person_ids", ()))
    yield from (principals.department(pk) for pk in body.get("departments", ()))
    if entry.name in PASSED_ON:
        yield from (_principal(body[key]) for key in ("before", "after") if body.get(key))
    yield from {slot["principal"] for slot in body.get("slots", ()) if isinstance(slot, dict) and "principal" in slot}


def _principal(said: int | str) -> str:
    return principals.person(said) if isinstance(said, int) else said


def _entry(entry: ledger.TimelineEntry, names: Mapping[str, str], papers: Mapping[str, str]) -> StoryEntry:
    told = TOLD.get(entry.name)
    who = entry.actor_name if entry.actor_kind == "PERSON" else _("the system")
    if entry.body is None:
        return StoryEntry("lock", _("The text of this entry was erased."), who, entry.at, "")
    if told is None:
        return StoryEntry("circle", entry.name, who, entry.at, "")
    note = _note(entry.body, told.note)
    return StoryEntry(told.icon, str(told.text) % _Words(entry, names, papers), who, entry.at, note)


SPOKEN: dict[str, Text] = {
    "AMENDED": gettext_lazy("a department wanted a line otherwise"),
    "JOINED": gettext_lazy("a department joined"),
}
"""Reasons that the product gives."""


def _note(body: Body, key: str) -> str:
    """What was written beside it; of several lines decided in one act, every opinion."""
    if key and "decisions" in body:
        said = [str(each.get(key) or "") for each in body["decisions"]]
    else:
        said = [str(body.get(key) or "")] if key else []
    return "；".join(str(SPOKEN.get(text, text)) for text in dict.fromkeys(said) if text and text != "FAIL")


class _Words(dict[str, str]):
    """The values of a sentence, put into words as they are asked for."""

    def __init__(self, entry: ledger.TimelineEntry, names: Mapping[str, str], papers: Mapping[str, str]) -> None:
        super().__init__()
        self.body: Body = entry.body or {}
        self.names = names
        self.papers = papers

    def __missing__(self, key: str) -> str:
        say = getattr(self, f"say_{key}", None)
        return str(say() if say else self.body.get(key) or "")

    def _person(self, key: str) -> str:
        found = self.body.get(key)
        return self.names.get(_principal(found), "") if isinstance(found, int | str) else ""

    def _choice(self, choices: type[TextChoices], key: str) -> str:
        value = self.body.get(key)
        return str(choices(value).label) if value in choices.values else ""

    def say_form(self) -> str:
        return form_title(self.body.get("form_code", ""))

    def say_paper(self) -> str:
        return form_title(self.papers.get(self.body.get("route", ""), ""))

    def say_party(self) -> str:
        key = str(self.body.get("key", ""))
        return self.names.get(f"d:{key.partition('@')[0]}", "") or _("a party")

    def say_where(self) -> str:
        before = _("before the own signature")
        return before if self.body.get("where") == "BEFORE" else _("after the own signature")

    def say_where_to(self) -> str:
        step = self.body.get("to_step")
        return _("step %(number)s of the route") % {"number": step} if step else _("its author")

    def say_people(self) -> str:
        return "、".join(self.names.get(principals.person(pk), "") for pk in self.body.get("person_ids", ()))

    def say_because(self) -> str:
        """Why the machine asks somebody else, with the rule of a deputy."""
        rule = self.body.get("rule") or {}
        if not rule:
            return str(BECAUSE.get(self.body.get("why", ""), ""))
        return _(", deputy of %(name)s: %(rule)s") % {"name": rule["absent"], "rule": rule_text(rule)}

    def say_step(self) -> str:
        return step_name(self.body.get("step", ""))

    def say_handed(self) -> str:
        return "；".join(item["what"] for item in self.body.get("items", ()))

    def say_until_day(self) -> str:
        return date_text(self.body["until"], weekday=False)

    def say_earlier(self) -> str:
        """A report merged into the matter may be the earlier one."""
        since = self.body.get("runs_from")
        return _("; the clock runs from %(when)s") % {"when": instant_text(since)} if since else ""

    def say_carried(self) -> str:
        """The steps an adoption took as carried out elsewhere."""
        steps = "、".join(step_name(key) for key in self.body.get("carried_out", ()))
        return _(". Carried out before: %(steps)s") % {"steps": steps} if steps else ""

    def say_attached(self) -> str:
        given = [each["name"] for each in self.body.get("files", ())] or [self.body.get("file", "")]
        return f" · {'、'.join(given)}" if any(given) else ""

    def say_late(self) -> str:
        return _(" (late)") if self.body.get("late_minutes") else ""

    def say_lacking(self) -> str:
        """What a period is consolidated without."""
        lacking = "；".join(f"{each['who']} {each['what']}" for each in self.body.get("missing", ()))
        return _(" as incomplete, without: %(what)s") % {"what": lacking} if lacking else ""

    def say_told_late(self) -> str:
        return self._listed(_(". Late: %(what)s"), "late")

    def say_told_waived(self) -> str:
        return self._listed(_(". Waived: %(what)s"), "waived")

    def _listed(self, pattern: str, key: str) -> str:
        return pattern % {"what": "、".join(self.body[key])} if self.body.get(key) else ""

    def say_granted(self) -> str:
        return _("Waived") if self.body.get("granted") else _("Not waived")

    def say_round(self) -> str:
        again = int(self.body.get("round") or 1)
        return _(" (time %(number)s)") % {"number": again} if again > 1 else ""

    def say_outcome(self) -> str:
        return self._choice(Outcome, "outcome")

    def say_ending(self) -> str:
        return self._choice(Ending, "ending")

    def say_status(self) -> str:
        return self._choice(Status, "after")

    def say_answer(self) -> str:
        return self._choice(Answer, "answer")

    def say_lead(self) -> str:
        return self._person("lead_id")

    def say_filer(self) -> str:
        return self._person("filer_id")

    def say_owner(self) -> str:
        return self._person("owner_id") or self.names.get(str(self.body.get("owner", "")), "")

    def say_owner_before(self) -> str:
        return self._person("owner_before")

    def say_before(self) -> str:
        return self._person("before") or "—"

    def say_after(self) -> str:
        return self._person("after")

    def say_department(self) -> str:
        return self.names.get(f"d:{self.body.get('department_id')}", "")

    def say_departments(self) -> str:
        return "、".join(self.names.get(f"d:{pk}", "") for pk in self.body.get("departments", ()))

    def say_class_before(self) -> str:
        return self._choice(Urgency, "before")

    def say_class_after(self) -> str:
        return self._choice(Urgency, "after")

    def say_department_before(self) -> str:
        return self.names.get(f"d:{self.body.get('department_before')}", "")

    def say_provider(self) -> str:
        return self.names.get(f"d:{self.body.get('provider_id')}", "")

    def say_parties(self) -> str:
        asked = {slot["label"] or self.names.get(slot["principal"], "") for slot in self.body.get("slots", ())}
        return pgettext("list", ", ").join(sorted(asked))

    def say_decision(self) -> str:
        decided = {each["decision"] for each in self.body.get("decisions", ())} or {self.body.get("decision")}
        return pgettext("list", ", ").join(str(DECISIONS.get(each, each)) for each in sorted(decided))

    def say_lines(self) -> str:
        count = len(self.body.get("decisions", ()))
        return ngettext("%(count)d line", "%(count)d lines", count) % {"count": count}

    def say_tasks(self) -> str:
        count = len(self.body.get("created", ()))
        return ngettext("%(count)d task", "%(count)d tasks", count) % {"count": count}

    def _deadlines(self) -> list[Body]:
        rule = self.body.get("rule")
        return [{"rule": rule, **each} for each in self.body.get("deadlines", (self.body,))]

    def say_owed(self) -> str:
        """What the deadlines are about, the first few of them."""
        owed = [f"{RULE_NAMES.get(each['rule'], '')} {each['what']}".strip() for each in self._deadlines()]
        few = pgettext("list", ", ").join(dict.fromkeys(owed[:FEW]))
        return few + (" …" if len(owed) > FEW else "")

    def say_until(self) -> str:
        return instant_text(min(each["due_at"] for each in self._deadlines()))

    def say_lateness(self) -> str:
        late = max(each["late_minutes"] for each in self._deadlines())
        return _("Done %(span)s late") % {"span": exact_text(late)} if late else _("Done in time")

    def say_level(self) -> str:
        return str(Level(self.body["level"]).label)

    def say_needs(self) -> str:
        count = len(self.body.get("created", ()))
        return ngettext("%(count)d need", "%(count)d needs", count) % {"count": count}


DECISIONS: dict[str, Text] = {
    Decision.APPROVE: gettext_lazy("agreed"),
    Decision.APPROVE_WITH_CONDITION: gettext_lazy("agreed on condition"),
    Decision.REFUSE: gettext_lazy("refused"),
    Decision.RESERVE: gettext_lazy("signed with reservation"),
    Decision.AMEND: gettext_lazy("wanted otherwise"),
}
