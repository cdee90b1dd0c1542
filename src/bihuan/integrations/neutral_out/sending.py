"""A parcel as the bytes somebody downloads. Packed when it is fetched, outside every transaction."""

import tempfile
from pathlib import Path

from bihuan.files.models import Parcel
from bihuan.files.queries import folder_of, is_outdated, parts_of
from bihuan.integrations.neutral_out.packing import SUFFIX, pack
from bihuan.integrations.neutral_out.sheets import TooLongForSheet
from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import NotFound, Refused
from bihuan.kernel.findings import error


def packed(parcel: Parcel, actor: Actor) -> tuple[str, bytes]:
    """Its name, and the file; nothing of it stays on the disk.

    Raises ``NotFound`` while it is not whole or when its files are gone, ``Refused`` where a workbook is too small, or
    where the actor has lost an office since it was made: what that let him see may be in it.
    """
    folder = folder_of(parcel)
    if parcel.ended_at is None or not folder.is_dir():
        raise NotFound
    if is_outdated(parcel, actor):
        raise Refused([error("integrations.export_outdated", "form")])
    if parcel.form not in SUFFIX:  # made whole by another room, as a dossier is
        (made_whole,) = parts_of(parcel)
        return made_whole.name, made_whole.read_bytes()
    name = f"bihuan-{parcel.asked_at:%Y-%m-%d}-{parcel.form}{SUFFIX[parcel.form]}"
    with tempfile.TemporaryDirectory() as made:
        target = Path(made) / name
        try:
            pack(folder, parcel.form, target)
        except TooLongForSheet as sheet:
            raise Refused([error("integrations.sheet_too_small", "form", sheet=str(sheet))]) from None
        return name, target.read_bytes()
