"""How records say no, besides the findings."""

from bihuan.kernel.errors import NotAllowed, Stale


class DraftChanged(Stale):
    """Somebody saved the draft since the actor read it. Params: who, at."""

    code = "records.draft_changed"


class NotADraft(Stale):
    """The record is not being filled in at the moment. Params: number."""

    code = "records.not_a_draft"


class NotTheFiller(NotAllowed):
    code = "records.not_the_filler"
