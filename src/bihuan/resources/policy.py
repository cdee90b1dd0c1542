"""What an answer must say, and at which steps of a playbook needs are answered and put in place."""

from bihuan.collaborations.policy.playbook import PlaybookPlan
from bihuan.kernel.findings import Finding, error
from bihuan.resources.enums import RESOURCE

PLAN, WORK = "PLAN", "EXECUTE"


def answered_before(plan: PlaybookPlan) -> str:
    """The gate that an unanswered need holds shut (playbooks.md §3.2): out of the plan, else into the work."""
    return f"leave:{PLAN}" if plan.has(PLAN) else f"enter:{WORK}"


def step_of_supply(plan: PlaybookPlan) -> str:
    """The step in which what was promised is put in place: its own where there is one, else that of the work."""
    return RESOURCE if plan.has(RESOURCE) else WORK


def answer_findings(answer: str, *, text: str, offer: str, needs_name: bool, is_named: bool) -> list[Finding]:
    """A refusal needs a reason, another offer says what is offered, promised people are named (F19a)."""
    findings = []
    if answer == "REFUSE" and not text.strip():
        findings.append(error("resources.refusal_without_reason", "text"))
    if answer == "COUNTER" and not offer.strip():
        findings.append(error("resources.offer_missing", "offer"))
    if answer == "PROMISE" and needs_name and not is_named:
        findings.append(error("resources.person_not_named", "named_person"))
    return findings
