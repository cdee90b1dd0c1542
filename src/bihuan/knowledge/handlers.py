"""What the library makes of facts from below."""

from bihuan.collaborations.models import Collaboration
from bihuan.knowledge.operations import archive_matter
from bihuan.ledger.subscriptions import Recorded
from bihuan.records.facts import RecordSubmitted
from bihuan.records.models import Version


def on_record_submitted(fact: RecordSubmitted, context: Recorded) -> None:
    if fact.form_code != "F20" or context.root.kind != "collaboration":
        return
    version = Version.objects.select_related("record").get(record_id=fact.record_id, version=fact.version)
    archive_matter(Collaboration.objects.get(pk=context.root.id), version, actor=context.actor, at=context.at)
