"""What the ledger itself does with every fact: owe a live event to those who may see its scope."""

import secrets
import threading
from functools import partial

from django.db import connection, transaction

from bihuan.kernel.actor import ActorKind
from bihuan.kernel.facts import Fact
from bihuan.ledger.subscriptions import Recorded
from bihuan.outbox.operations import post_unless_posted

LIVE = "live"
_here = threading.local()


def owe_live_event(fact: Fact, context: Recorded) -> None:
    """One delivery per root and scope and transaction. Imports stay silent, and so do facts nobody may see."""
    if context.scope_id is None or context.actor.kind is ActorKind.IMPORT:
        return
    key = f"{LIVE}:{transaction_token()}:{context.root}:{context.scope_id}"
    if not is_owed(key):
        post_unless_posted(LIVE, {"id": str(context.root), "scope_id": context.scope_id}, key=key, at=context.at)
        transaction.on_commit(partial(owed, key))


def is_owed(key: str) -> bool:
    """Whether it was posted in this transaction, and not in a savepoint that was taken back."""
    return any(isinstance(hook[1], partial) and hook[1].args == (key,) for hook in connection.run_on_commit)


def owed(key: str) -> None:
    """Stands in the transaction for as long as what was posted does."""


def transaction_token() -> str:
    """A text that stays the same until the transaction commits.

    After a rollback it may be used again: the rows that carried it are gone as well.
    """
    if getattr(_here, "token", None) is None:
        _here.token = secrets.token_hex(8)
    transaction.on_commit(forget_token)
    token: str = _here.token
    return token


def forget_token() -> None:
    _here.token = None
