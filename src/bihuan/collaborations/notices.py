"""What people are told about a matter, in words; and what is told when a fact happens."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.approvals.facts import AmendmentDeclined, AmendmentTaken
from bihuan.approvals.models import Slot
from bihuan.collaborations.enums import Ending, LoopKind, Step
from bihuan.collaborations.facts import (
    ChangeApproved,
    CollaborationEnded,
    CollaborationResumed,
    CollaborationSuspended,
    ContactChanged,
    InitiatorChanged,
    JoinGranted,
    JoinRefused,
    LeadChanged,
    LeadDecided,
    Urged,
    WorkStopped,
)
from bihuan.collaborations.models import Collaboration, Loop, Petition
from bihuan.collaborations.operations.distributing import REPORT
from bihuan.collaborations.operations.telling import said_of
from bihuan.collaborations.policy.playbook import MINUTES
from bihuan.kernel import principals
from bihuan.ledger.subscriptions import Recorded, subscribe
from bihuan.notifications import operations as notifications
from bihuan.notifications import registry
from bihuan.notifications.enums import Urgency
from bihuan.notifications.registry import RootCard, Text
from bihuan.organisation import queries as organisation
from bihuan.records.facts import RecordSent
from bihuan.records.registry import registered

ROOM = "collaborations"
WAITS: dict[str, Text] = {
    LoopKind.SIGNOFF: gettext_lazy("You are asked to decide on: %(form)s"),
    LoopKind.AMENDMENT: gettext_lazy("%(what)s wants a line otherwise; take it over or decline it: %(form)s"),
    LoopKind.FORM: gettext_lazy("Please fill in: %(form)s"),
    LoopKind.FILER: gettext_lazy("Please name who files the plan."),
    LoopKind.STEP: gettext_lazy("The matter can go on to: %(step)s"),
    LoopKind.COMMITMENT: gettext_lazy("You owe: %(what)s"),
    LoopKind.VERIFY: gettext_lazy("Please confirm that it is done: %(what)s"),
    LoopKind.NEED_ANSWER: gettext_lazy("Please answer the need: %(what)s"),
    LoopKind.NEED_SETTLE: gettext_lazy("Please settle the answer to the need: %(what)s"),
    LoopKind.NEED_IN_PLACE: gettext_lazy("Please put in place: %(what)s"),
    LoopKind.NEED_RELEASE: gettext_lazy("Please release: %(what)s"),
    LoopKind.TASK: gettext_lazy("Your task: %(what)s"),
    LoopKind.REPORT: gettext_lazy("Please report the week: %(what)s"),
    LoopKind.RISK: gettext_lazy("Please follow up the risk: %(what)s"),
    LoopKind.PROBLEM: gettext_lazy("Please see that it is solved: %(what)s"),
    LoopKind.ACKNOWLEDGE: gettext_lazy("Please acknowledge the problem: %(what)s"),
    LoopKind.DUPLICATE: gettext_lazy("Please say whether this is the same problem as %(what)s."),
    LoopKind.OBLIGATION: gettext_lazy("Please make up for the papers: %(what)s"),
    LoopKind.WAIVER: gettext_lazy("Please decide whether to do without: %(what)s"),
    LoopKind.LEADER: gettext_lazy("Please say which department leads the problem: %(what)s"),
    LoopKind.JOIN: gettext_lazy("A department asks to take part: %(what)s"),
    LoopKind.RESUME: gettext_lazy("The matter rests. Resume it, or ask for longer; it waits for: %(what)s"),
}
KEPT_UP = gettext_lazy("Please bring up to date: %(form)s")
RETURNED = gettext_lazy("Found not done yet: %(what)s (%(returned)s)")
STEPS: dict[str, Text] = dict(Step.choices)
ENDINGS: dict[str, Text] = dict(Ending.choices)


def waits(params: Mapping[str, Any]) -> str:
    """What is owed, as a demand in the active language."""
    forms = registered()
    several = params.get("one_of") or [params["form"]]
    words = {
        "form": _(" or ").join(str(forms[code].form.title) if code in forms else code for code in several),
        "step": str(STEPS.get(params["step"], params["step"])),
        "what": params["what"],
        "returned": params["returned"],
    }
    said = str(_demand(params["loop"], words)) % words
    if params["loop"] == LoopKind.SIGNOFF and words["what"]:
        return _("%(demand)s, for %(who)s") % {"demand": said, "who": words["what"]}
    return said


def _demand(kind: str, words: Mapping[str, str]) -> Text:
    if words["returned"]:
        return RETURNED
    return KEPT_UP if kind == LoopKind.REPORT and words["form"] else WAITS[kind]


def urged(params: Mapping[str, Any]) -> str:
    return _("%(who)s urges you. %(demand)s") % {"who": params["who"], "demand": waits(params)}


def ended(params: Mapping[str, Any]) -> str:
    how = str(ENDINGS.get(params["ending"], params["ending"]))
    return _("This matter has ended: %(how)s.") % {"how": how}


STANDING: dict[str, Text] = {
    ChangeApproved.name: gettext_lazy("The plan of this matter is changed by %(number)s; it goes back to: %(step)s."),
    WorkStopped.name: gettext_lazy("The work of this matter was ended early; review and archive still follow."),
    CollaborationSuspended.name: gettext_lazy("This matter rests until %(until)s; nothing of it is due meanwhile."),
    CollaborationResumed.name: gettext_lazy("This matter goes on; what was due is due again."),
}


def standing(params: Mapping[str, Any]) -> str:
    step = params.get("step", "")
    return str(STANDING[params["fact"]]) % {**params, "step": STEPS.get(step, step)}


ANSWERED: dict[str, Text] = {
    LeadDecided.name: gettext_lazy("It is decided who leads this problem: %(department)s"),
    JoinGranted.name: gettext_lazy("Your department takes part in this matter from now on: %(department)s"),
    JoinRefused.name: gettext_lazy("Your department was not let into this matter: %(department)s. %(reason)s"),
}


AMENDMENTS: dict[str, Text] = {
    AmendmentTaken.name: gettext_lazy("What you wanted otherwise stands in the consensus now: %(what)s"),
    AmendmentDeclined.name: gettext_lazy("The line stays as it is, please decide on it: %(what)s. Reason: %(reason)s"),
}
ANSWERED |= AMENDMENTS


def answered(params: Mapping[str, Any]) -> str:
    return str(ANSWERED[params["fact"]]) % params


def register_notices() -> None:
    """Called once the apps are loaded."""
    for key, label in (
        ("waits.decision", gettext_lazy("Decisions asked of you")),
        ("waits.form", gettext_lazy("Forms to fill in, steps to take")),
        ("waits.promise", gettext_lazy("Promises to keep or to confirm")),
        ("waits.need", gettext_lazy("Needs to answer and to provide")),
        ("waits.work", gettext_lazy("Tasks and progress reports")),
        ("waits.risk", gettext_lazy("Risks to follow up")),
    ):
        registry.register_kind(key, label, waits)
    registry.register_kind("collaborations.urged", gettext_lazy("Somebody urges you"), urged)
    handed = registry.sentence(gettext_lazy("From now on this is yours in this matter: %(office)s"))
    registry.register_kind(
        "collaborations.handed_over", gettext_lazy("Something is handed over to you"), _office(handed)
    )
    registry.register_kind(
        "collaborations.standing", gettext_lazy("A matter rests, goes on, or is ended early"), standing
    )
    registry.register_kind("collaborations.answered", gettext_lazy("What your department asked is answered"), answered)
    registry.register_kind("collaborations.ended", gettext_lazy("A matter of yours has ended"), ended)
    reported = registry.sentence(gettext_lazy("A problem is solved; its report is here: %(number)s"))
    registry.register_kind("collaborations.reported", gettext_lazy("Reports on solved problems"), reported)
    minutes = registry.sentence(gettext_lazy("Minutes were sent to you, please read them: %(number)s"))
    registry.register_kind("collaborations.minutes", gettext_lazy("Minutes that were sent to you"), minutes)
    registry.register_root("collaboration", root_cards)
    subscribe(LeadDecided, tell_answered, room=ROOM)
    subscribe(AmendmentTaken, tell_amendment_answered, room=ROOM)
    subscribe(AmendmentDeclined, tell_amendment_answered, room=ROOM)
    subscribe(JoinGranted, tell_answered, room=ROOM)
    subscribe(JoinRefused, tell_answered, room=ROOM)
    subscribe(Urged, tell_urged, room=ROOM)
    subscribe(CollaborationEnded, tell_ended, room=ROOM)
    subscribe(ChangeApproved, tell_standing, room=ROOM)
    subscribe(WorkStopped, tell_standing, room=ROOM)
    subscribe(CollaborationSuspended, tell_standing, room=ROOM)
    subscribe(CollaborationResumed, tell_standing, room=ROOM)
    subscribe(RecordSent, tell_sent, room=ROOM)
    subscribe(LeadChanged, tell_new_holder, room=ROOM)
    subscribe(InitiatorChanged, tell_new_holder, room=ROOM)
    subscribe(ContactChanged, tell_new_holder, room=ROOM)


OFFICES: dict[str, Text] = {
    LeadChanged.name: gettext_lazy("project lead"),
    InitiatorChanged.name: gettext_lazy("initiator"),
    ContactChanged.name: gettext_lazy("contact person"),
}


def _office(say: registry.Say) -> registry.Say:
    return lambda params: say({"office": str(OFFICES[params["office"]])})


def root_cards(ids: Iterable[int]) -> dict[int, RootCard]:
    """Number and title of each matter. One query."""
    rows = Collaboration.objects.filter(pk__in=set(ids)).values_list("pk", "number", "title", "short_name")
    return {pk: RootCard(number or "", short or title) for pk, number, title, short in rows}


def tell_urged(fact: Urged, context: Recorded) -> None:
    loop = Loop.objects.select_related("collaboration__playbook_version").get(pk=fact.loop_id)
    params = said_of(loop.collaboration, loop) | {"who": context.actor.name}
    notifications.tell(
        "collaborations.urged", [fact.owner], context, key=f"urged:{fact.loop_id}:{fact.times}", params=params
    )


def tell_ended(fact: CollaborationEnded, context: Recorded) -> None:
    """Everybody who carried it, in the message of the day."""
    params = {"ending": fact.ending}
    notifications.tell(
        "collaborations.ended", _carriers(context), context,
        key=f"ended:{context.root}", params=params, urgency=Urgency.DIGEST,
    )  # fmt: skip


def tell_answered(fact: LeadDecided | JoinGranted | JoinRefused, context: Recorded) -> None:
    """Whoever asked for a department hears the answer; its head, too, that it takes part from now on."""
    asked = Petition.objects.filter(collaboration=context.root.id, settled_at=context.at, is_granted__isnull=False)
    if not isinstance(fact, LeadDecided):
        asked = asked.filter(pk=context.subject.id)
    told = [principals.person(pk) for pk in sorted(set(asked.values_list("asked_by", flat=True)))]
    if isinstance(fact, JoinGranted):
        told.append(principals.head(fact.department_id))
    department = principals.department(fact.department_id)
    name = organisation.names_of([department], context.at)[department]
    params = {"fact": fact.name, "department": name, "reason": getattr(fact, "reason", "")}
    key = f"{fact.name}:{context.subject}:{context.at.isoformat()}"
    notifications.tell("collaborations.answered", told, context, key=key, params=params)


def tell_amendment_answered(fact: AmendmentTaken | AmendmentDeclined, context: Recorded) -> None:
    """Whoever wanted a line otherwise hears what became of it."""
    office = Slot.objects.get(pk=fact.slot_id).office
    params = {"fact": fact.name, "what": fact.what, "reason": getattr(fact, "reason", "")}
    key = f"{fact.name}:{fact.slot_id}:{fact.amended}:{context.at.isoformat()}"
    notifications.tell("collaborations.answered", [office], context, key=key, params=params)


def _carriers(context: Recorded) -> list[str]:
    """Lead, initiator and contact persons."""
    matter = Collaboration.objects.prefetch_related("parties").get(pk=context.root.id)
    contacts = [party.contact_id for party in matter.parties.all()]
    people = {pk for pk in (matter.lead_id, matter.initiator_id, *contacts) if pk is not None}
    return [principals.person(pk) for pk in sorted(people)]


def tell_standing(
    fact: ChangeApproved | WorkStopped | CollaborationSuspended | CollaborationResumed, context: Recorded
) -> None:
    """Everybody who carries it hears at once that its plan changes, that it rests, goes on, or is ended early."""
    params = {"fact": fact.name} | {name: getattr(fact, name, "") for name in ("until", "number", "step")}
    key = f"{fact.name}:{context.root}:{context.at.isoformat()}"
    notifications.tell("collaborations.standing", _carriers(context), context, key=key, params=params)


SENT = {MINUTES: "collaborations.minutes", REPORT: "collaborations.reported"}


def tell_sent(fact: RecordSent, context: Recorded) -> None:
    """Who was sent minutes or the report on a solved problem hears of it, and is led to the paper."""
    if fact.form_code not in SENT or not fact.person_ids:
        return
    keys = [principals.person(pk) for pk in fact.person_ids]
    key = f"sent:{fact.record_id}:{fact.version}:{min(fact.person_ids)}"
    notifications.tell(SENT[fact.form_code], keys, context, key=key, params={"number": fact.number})


def tell_new_holder(fact: LeadChanged | InitiatorChanged | ContactChanged, context: Recorded) -> None:
    if fact.before is None:
        return
    key = f"{fact.name}:{context.root}:{context.at.isoformat()}"
    notifications.tell(
        "collaborations.handed_over", [principals.person(fact.after)], context, key=key, params={"office": fact.name}
    )
