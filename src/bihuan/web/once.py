"""A form that was sent twice acts once: every form that makes something new carries a key of its own."""

import secrets
from collections.abc import Callable

from markupsafe import Markup

from bihuan.kernel import principals
from bihuan.kernel.canonical import digest
from bihuan.outbox import operations as outbox
from bihuan.outbox.operations import Answer
from bihuan.web.http import Request

NAME = "request_key"
LIMIT = 64
SEE_OTHER = 303


def once_input() -> Markup:
    """The hidden field that makes the form one form, however often it is sent."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(NAME, secrets.token_urlsafe(16))


def once(request: Request, act: Callable[[], str]) -> str:
    """The address `act` leads to. The same form sent again leads there too and does nothing.

    Raises what `act` raises; then nothing is kept, and the key can be used again.
    """
    key = request.POST.get(NAME, "")[:LIMIT]
    if not key.isprintable() or not key:
        return act()
    caller = principals.person(request.actor.person_id or 0)
    asked = digest([request.path])
    answer = outbox.once(
        caller=caller, key=f"form {key}", asked=asked, at=request.at, act=lambda: Answer(SEE_OTHER, act())
    )
    return answer.body
