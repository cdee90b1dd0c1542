"""Whether every route of a playbook finds somebody to sign: some of whom it asks only its form can name."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from bihuan.approvals.policy.routes import RoutePlan, StepPlan
from bihuan.collaborations.policy.playbook import PlaybookPlan
from bihuan.kernel.findings import Finding, error

NAMED_BY: Mapping[str, str] = MappingProxyType({
    "LENT_PERSON": "F19", "LENDING": "F19", "BORROWING": "F19", "ANSWERABLE": "F06",
})  # fmt: skip
"""Roles and groups of departments that stand in a form, and in which."""


def check_signers(
    plan: PlaybookPlan, routes: Mapping[str, RoutePlan], signed_lists: Mapping[str, frozenset[str]]
) -> Iterator[Finding]:
    """Routes of which a step would ask nobody, because the form it decides on names nobody it asks, or has none of the
    lines it has signed one by one. `signed_lists` are those of each form; unknown routes and forms are told elsewhere.
    """
    asking = [(f"steps.{index}", step) for index, step in enumerate(plan.steps)]
    asking += [(f"obligations.{index}", owed.step) for index, owed in enumerate(plan.obligations)]
    for place, step in asking:
        for at, said in enumerate(step.routes):
            if said.code not in routes or said.form not in signed_lists:
                continue
            where = f"{place}.routes.{at}"
            for each in routes[said.code].steps:
                if not _names_somebody(each, said.form):
                    forms = ", ".join(sorted({NAMED_BY[slot.selector.name] for slot in each.slots}))
                    yield error(
                        "collaborations.playbook_route_without_signer", where, route=said.code, form=said.form,
                        forms=forms,
                    )  # fmt: skip
                elif each.parts and signed_lists[said.form].isdisjoint(each.parts):
                    yield error(
                        "collaborations.playbook_route_without_lines", where, route=said.code, form=said.form,
                        lines=", ".join(each.parts),
                    )  # fmt: skip


def _names_somebody(step: StepPlan, form: str) -> bool:
    return any(NAMED_BY.get(slot.selector.name, form) == form for slot in step.slots)
