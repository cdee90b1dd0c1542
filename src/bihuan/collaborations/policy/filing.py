"""F26: what must be true before a plan is registered (G07, AS04)."""

from dataclasses import dataclass

from bihuan.collaborations.policy.body import Body, yes
from bihuan.kernel.findings import Finding, error


@dataclass(frozen=True, slots=True)
class FilingContext:
    approval_present: bool
    duty_table_complete: bool
    resources_answered: bool


def check(body: Body, context: FilingContext) -> list[Finding]:
    found = [
        error(f"collaborations.filing_without_{what}", f"checks.{key}")
        for key, what in (
            ("approval_present", "approval"),
            ("duty_table_complete", "duty_table"),
            ("resources_answered", "answers"),
        )
        if not getattr(context, key)
    ]
    if body.get("confirmed") is not None and not yes(body, "confirmed"):
        found.append(error("collaborations.filing_not_confirmed", "confirmed"))
    return found


def computed(context: FilingContext) -> dict[str, dict[str, bool]]:
    """The computed part of the body."""
    return {
        "checks": {
            "approval_present": context.approval_present,
            "duty_table_complete": context.duty_table_complete,
            "resources_answered": context.resources_answered,
        }
    }
