"""Every door there is, from the URL configuration itself."""

import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from ninja.operation import PathView

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
NO_ROUTE = "nowhere/at/all"


@dataclass(frozen=True, slots=True)
class Door:
    """`methods` are empty for a page: its view knows them. Doors of one address share it."""

    name: str
    template: str
    methods: tuple[str, ...] = ()

    @property
    def is_api(self) -> bool:
        return self.template.startswith("api/")

    def address(self, thing: int, more: dict[str, Any]) -> str:
        """The first part of the address that is not in `more` is the thing."""
        return "/" + PARAMETER.sub(lambda found: str(more.get(found[1], thing)), self.template)


def doors() -> list[Door]:
    return list(dict.fromkeys(_walk(get_resolver().url_patterns, "", ())))  # ninja gives a pattern for each method


def _walk(patterns: list[Any], prefix: str, namespaces: tuple[str, ...]) -> Iterator[Door]:
    for pattern in patterns:
        template = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inside = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from _walk(pattern.url_patterns, template, inside)
        else:
            yield from _doors(pattern, template, namespaces)


def _doors(pattern: URLPattern, template: str, namespaces: tuple[str, ...]) -> Iterator[Door]:
    view = _path_view(pattern.callback)
    if view is not None:
        for operation in view.operations:
            yield Door(str(operation.operation_id), template, tuple(sorted(operation.methods)))
    elif template.startswith("api/"):
        yield Door(str(pattern.name), template.replace("^.*$", NO_ROUTE), ("GET",))
    else:
        yield Door(":".join((*namespaces, str(pattern.name))), template)


def _path_view(callback: Any) -> PathView | None:
    """ninja's view inside its wrappers."""
    while hasattr(callback, "__wrapped__"):
        callback = callback.__wrapped__
    found = inspect.getclosurevars(callback).nonlocals.get("self") if inspect.isfunction(callback) else None
    return found if isinstance(found, PathView) else None
