class NotInTransaction(Exception):
    """A fact was to be recorded outside the transaction of the change it tells of."""


class HeadMoved(Exception):
    """The head of a chain moved although it was locked."""


class FactUndone(Exception):
    """A handler went on after a refusal that had undone a fact recorded before it."""
