"""Texts of the catalogues, kept: a list asks for the same few words fifty times."""

from functools import lru_cache

from django.utils.translation import get_language, gettext


def said(message: str) -> str:
    """The message in the reader's language."""
    return said_in(get_language(), message)


@lru_cache(maxsize=4096)
def said_in(_language: str | None, message: str) -> str:
    return gettext(message)
