"""Why a file is not read. Known without Django, because the reading child knows none."""

from typing import Any


class Unsafe(Exception):
    """The file is refused; `code` is a key of `sentences`, `params` are what the sentence names."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = f"documents.{code}"
        self.params = params
