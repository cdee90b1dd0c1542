"""Who may bring data in from elsewhere, and who may look at what came of it."""

from bihuan.integrations.models import ImportRun
from bihuan.kernel import principals
from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import NotAllowed


def may_import(actor: Actor) -> bool:
    """Administrators bring everything in, the PMO matters."""
    return actor.is_one_of(principals.ADMINISTRATOR) or actor.is_one_of(principals.PMO)


def may_import_organisation(actor: Actor) -> bool:
    """As by hand: departments, people and posts are for administrators."""
    return actor.is_one_of(principals.ADMINISTRATOR)


def require_import_right(actor: Actor) -> None:
    if not may_import(actor):
        raise NotAllowed


def sees_run(actor: Actor, run: ImportRun) -> bool:
    """One's own imports; administrators see all, because an import may hold the whole organisation."""
    return may_import(actor) and (run.begun_by_id == actor.person_id or may_import_organisation(actor))
