"""What an answer must say."""

from bihuan.kernel.findings import Finding, error


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
