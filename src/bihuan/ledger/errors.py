from bihuan.kernel.errors import DomainError


class KeyIsNotOurs(DomainError):
    """The key of the data directory is gone or is another than the ledger knows: nothing is sealed with it."""

    code = "ledger.key_is_not_ours"
    status = 409


class KeyIsThere(DomainError):
    """A key that can still sign is not given up as lost."""

    code = "ledger.key_is_there"
    status = 409


class NotInTransaction(Exception):
    """A fact was to be recorded outside the transaction of the change it tells of."""


class HeadMoved(Exception):
    """The head of a chain moved although it was locked."""


class FactUndone(Exception):
    """A handler went on after a refusal that had undone a fact recorded before it."""
