"""What the room makes of facts from below."""

from collections.abc import Callable

from bihuan.collaborations.facts import DepartmentReplaced, ItemsHandedOver
from bihuan.collaborations.models import Collaboration
from bihuan.issues.operations import change_department, end_risks, open_channel, take_risk
from bihuan.ledger.subscriptions import Recorded
from bihuan.records.facts import RecordSubmitted
from bihuan.records.models import Version

TAKEN: dict[str, Callable[..., object]] = {"F11": take_risk, "F25": open_channel}


def on_record_submitted(fact: RecordSubmitted, context: Recorded) -> None:
    take = TAKEN.get(fact.form_code)
    if take is None or context.root.kind != "collaboration":
        return
    version = Version.objects.select_related("record").get(record_id=fact.record_id, version=fact.version)
    take(Collaboration.objects.get(pk=context.root.id), version, actor=context.actor, at=context.at)


def on_items_handed_over(fact: ItemsHandedOver, context: Recorded) -> None:
    """A risk that was handed over goes on as a promise of its new owner."""
    end_risks(fact.ids("risk"), outcome=fact.number, actor=context.actor, at=context.at)


def on_department_replaced(fact: DepartmentReplaced, context: Recorded) -> None:
    change_department(context.root.id, before=fact.department_before, after=fact.department_id)
