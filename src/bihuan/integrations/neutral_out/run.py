"""Everything a person may see, put together: by the worker batch by batch, or at once on the command line."""

import shutil
import tempfile
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from bihuan.files import operations as parcels
from bihuan.files.models import Parcel
from bihuan.integrations.neutral_out import gathering
from bihuan.integrations.neutral_out.facts import ExportMade
from bihuan.integrations.neutral_out.packing import FORMS, ORGANISATION, by_file, pack, part_name
from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import Refused
from bihuan.kernel.findings import error
from bihuan.kernel.subjects import SubjectRef
from bihuan.ledger import operations as ledger
from bihuan.organisation import queries as organisation
from bihuan.outbox import operations as outbox

TOPIC = "integrations.export"
Progress = Callable[[int, int], None]


@transaction.atomic
def ask_for_export(*, form: str, actor: Actor, at: datetime) -> Parcel:
    """Owe the actor everything he may read, as he may read it when it is put together. ``ExportMade`` follows.

    Raises ``Refused`` for a form there is not, ``NotAllowed`` for who is no person.
    """
    if form not in FORMS:
        raise Refused([error("integrations.export_form", "form", forms=", ".join(FORMS))])
    total = gathering.count_of(actor, at=at)
    parcel = parcels.open_parcel(form=form, total=total, actor=actor, at=at)
    outbox.post(TOPIC, {"parcel": parcel.pk, "number": 0, "after": 0, "done": 0, "lines": 0}, at=at)
    return parcel


def carry_on(payload: Mapping[str, Any], at: datetime, delivery_id: str) -> None:
    """Put the next batch into the parcel and owe the one behind it; each has its own name, so a repetition is harmless.

    Records ``ExportMade`` with the last one. A parcel thrown away meanwhile, or whose owner has left, is left as it is.
    """
    parcel = Parcel.objects.select_related("owner").filter(pk=payload["parcel"], ended_at=None).first()
    if parcel is None or not parcel.owner.is_active:
        return
    actor = organisation.actor_for(parcel.owner, at)
    number, done, lines = payload["number"], payload["done"], payload["lines"]
    if number == 0:
        parcels.add_part(parcel, ORGANISATION, gathering.organisation_text(actor, at=at).encode(), done=0, reader=actor)
    batch = gathering.matters(actor, after=payload["after"], at=at)
    for name, content in by_file(batch.lines).items():
        parcels.add_part(parcel, part_name(number, name), content, done=done + batch.count, reader=actor)
    if batch.count:
        following = {"number": number + 1, "after": batch.last, "done": done + batch.count}
        outbox.post(TOPIC, {"parcel": parcel.pk, "lines": lines + len(batch.lines), **following}, at=at)
    elif parcels.close_parcel(parcel, at=at):
        _tell(parcel.subject, ExportMade(form=parcel.form, matters=done, lines=lines), actor, at)


def _tell(root: SubjectRef, fact: ExportMade, actor: Actor, at: datetime) -> None:
    ledger.record(fact, actor=actor, root=root, scope_id=None, at=at)


def export_to(target: Path, *, form: str, actor: Actor, at: datetime, progress: Progress | None = None) -> int:
    """Write everything the actor may read to a file, or as JSON into a folder; the number of matters.

    Records ``ExportMade``. Raises ``FileExistsError``: nothing is overwritten.
    """
    if target.exists():
        raise FileExistsError(target)
    total, done, number, lines, after = gathering.count_of(actor, at=at), 0, 0, 0, 0
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        (folder / ORGANISATION).write_text(gathering.organisation_text(actor, at=at), encoding="utf-8")
        while (batch := gathering.matters(actor, after=after, at=at)).count:
            for name, content in by_file(batch.lines).items():
                (folder / part_name(number, name)).write_bytes(content)
            done, number, lines, after = done + batch.count, number + 1, lines + len(batch.lines), batch.last
            if progress:
                progress(done, total)
        _put(folder, form, target)
    with transaction.atomic():
        root = SubjectRef("person", actor.person_id or 0)
        _tell(root, ExportMade(form=form, matters=done, lines=lines), actor, at)
    return done


def _put(folder: Path, form: str, target: Path) -> None:
    """A folder of JSON for a name without a suffix, else one file."""
    if form != "json" or target.suffix:
        pack(folder, form, target)
        return
    packed = folder / "all.zip"
    pack(folder, form, packed)
    shutil.unpack_archive(packed, target, "zip")
