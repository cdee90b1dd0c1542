"""What must hold of a request whose process is killed (FA01, FA02); apart from the tests to plant faults in it."""

from collections.abc import Callable

from django.http import HttpResponse

from tests.outbox.checks import in_a_process_killed_at
from tests.witness import everything

Send = Callable[[], HttpResponse]


def check_a_killed_request_loses_and_halves_nothing(send: Send, *, stride: int = 1, least: int = 10) -> None:
    """kill -9 before the first statement of a request, and before every `stride`th after, until one comes to its end.

    Whatever was killed left nothing at all. The last one wrote everything, though nobody heard its answer: sent again
    under the same key it is answered the same, and nothing is done twice.
    """
    untouched, statement = everything(), 1
    while not in_a_process_killed_at(statement, send):
        assert everything() == untouched, f"something is left of a request killed before statement {statement}"
        statement += stride
    assert statement > least
    done = everything()
    assert done != untouched
    answer = send()
    assert (answer.status_code < 300, answer["Idempotency-Replayed"]) == (True, "true")
    assert everything() == done
