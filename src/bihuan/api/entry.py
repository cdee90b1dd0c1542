"""The API as a whole: its routers and its description."""

from typing import Any, ClassVar

from django.http import HttpRequest
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from bihuan.api import (
    adoption,
    agenda,
    approvals,
    assessments,
    calendars,
    collaborations,
    commitments,
    consensus,
    deadlines,
    deputies,
    desk,
    duty,
    evidence,
    exports,
    files,
    imports,
    issues,
    knowledge,
    lines,
    notifications,
    organisation,
    plans,
    playbooks,
    posts,
    problems,
    progress,
    records,
    recurrence,
    relations,
    reorganising,
    resources,
    routes,
    search,
)
from bihuan.api.errors import NotSignedIn
from bihuan.api.http import JSON
from bihuan.api.parsing import StrictParser

ROOMS = (
    organisation, posts, deputies, duty, reorganising, calendars, agenda, desk, collaborations, adoption, assessments,
    relations, recurrence, consensus, lines,
    records, approvals, commitments, deadlines, plans, playbooks, resources, progress, issues, knowledge, search,
    exports, imports, notifications, evidence, routes, files,
)  # fmt: skip
DESCRIPTION = (
    "Every operation of the pages, with the same findings. Instants are UTC, lists go on with ?before=, "
    "refusals are application/problem+json, and every act carries an Idempotency-Key."
)


class Api(NinjaAPI):
    """ninja, with refusals described as what they are."""

    described: ClassVar[dict[str, OpenAPISchema]] = {}

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """Made once: it takes a second of the processor, and whoever is not signed in may ask for it."""
        key = path_prefix or ""
        if key not in self.described:
            schema = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
            for path in schema["paths"].values():
                for operation in path.values():
                    _name_problems(operation["responses"])
            self.described[key] = schema
        return self.described[key]


def _name_problems(responses: dict[int, Any]) -> None:
    for status, answer in responses.items():
        if status >= 400 and JSON in answer.get("content", {}):
            answer["content"] = {problems.PROBLEM_JSON: answer["content"].pop(JSON)}


def nobody(request: HttpRequest) -> None:
    """Default deny: a route that names no right lets nobody in."""
    raise NotSignedIn


def make_api() -> Api:
    api = Api(
        title="Bihuan", version="1", description=DESCRIPTION, urls_namespace="api-v1", docs_url=None,
        openapi_url="/openapi.json", parser=StrictParser(),
        auth=nobody,
    )  # fmt: skip
    problems.install(api)
    for room in ROOMS:
        api.add_router("", room.routes.router)
    return api


api = make_api()
