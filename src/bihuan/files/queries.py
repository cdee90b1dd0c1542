"""Where stored bytes lie, and what is being made for whom."""

from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet

from bihuan.files.models import Parcel
from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import NotFound

FOLDER = "files"
PARCELS = "parcels"


def path_of(key: str) -> Path:
    """The place of a file under the data directory. Keys are ours: hexadecimal, nothing else."""
    if not key.isalnum():
        raise ValueError(key)
    return root() / key[:2] / key


def root() -> Path:
    """Where the bytes lie, in folders by the beginning of their keys."""
    return Path(settings.DATA_DIR) / FOLDER


def folder_of(parcel: Parcel) -> Path:
    return Path(settings.DATA_DIR) / PARCELS / parcel.key


def parts_of(parcel: Parcel) -> list[Path]:
    """The files of a parcel, in the order of their names."""
    return sorted(folder_of(parcel).glob("*"))


def parcels_of(actor: Actor) -> QuerySet[Parcel]:
    """What is being made, or was made, for the actor; newest first."""
    return Parcel.objects.filter(owner=actor.person_id).order_by("-pk")


def parcel_for(actor: Actor, pk: int) -> Parcel:
    """One of them; raises ``NotFound`` for everybody but its owner."""
    found = parcels_of(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def is_outdated(parcel: Parcel, actor: Actor) -> bool:
    """Whether its owner answers no more to something that let him see what may be in it."""
    return not set(parcel.principals) <= actor.principals
