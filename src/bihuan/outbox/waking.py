"""How a worker in the same process learns of a new delivery without waiting for its next look."""

import threading

_BELLS: set[threading.Event] = set()


def hang(bell: threading.Event) -> None:
    _BELLS.add(bell)


def remove(bell: threading.Event) -> None:
    _BELLS.discard(bell)


def ring() -> None:
    for bell in tuple(_BELLS):
        bell.set()
