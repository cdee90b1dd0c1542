"""Playbooks to look at: all of them, one with its versions and what changed, as text and as BPMN."""

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from bihuan.collaborations import queries
from bihuan.collaborations.policy.bpmn import as_bpmn
from bihuan.collaborations.policy.playbook import read_playbook
from bihuan.collaborations.policy.playbook_diff import changes
from bihuan.collaborations.policy.playbook_text import write_text
from bihuan.collaborations.queries.walking_through import walk_through
from bihuan.collaborations.rules import may_edit_playbooks
from bihuan.web.http import Request
from bihuan.web.playbooks.drawing import (
    cadences_of,
    clocks_of,
    in_words,
    name_of,
    names_of_steps,
    obligations_of,
    ring_of,
    steps_of,
    thresholds_of,
    walked_in_words,
)
from bihuan.web.render import render
from bihuan.web.routes.supposing import asked_of


@require_safe
def playbooks(request: Request) -> HttpResponse:
    """Every playbook in its newest version, and how many of the reader's matters run on it."""
    rows = [{"version": version, "name": name_of(version)} for version in queries.published()]
    running = queries.running_on(request.actor, at=request.at)
    context = {"rows": rows, "running": running, "may_edit": may_edit_playbooks(request.actor)}
    return render(request, "playbooks/list.html", context)


@require_safe
def playbook(request: Request, key: str) -> HttpResponse:
    return _page(request, queries.newest(key))


@require_safe
def version(request: Request, key: str, number: int) -> HttpResponse:
    return _page(request, queries.version_of(key, number))


def _page(request: Request, shown: Any) -> HttpResponse:
    """One version, its steps, and what it changed against the one before."""
    key = shown.playbook.key
    versions = queries.versions_of(key)
    before = next((one.version for one in versions if one.version < shown.version), None)
    changed = changes(queries.version_of(key, before).body, shown.body) if before else []
    context = {
        "shown": shown, "name": name_of(shown), "steps": steps_of(shown.body),
        "obligations": obligations_of(shown.body), "clocks": clocks_of(shown.body),
        "cadences": cadences_of(shown.body),
        "thresholds": thresholds_of(shown.body),
        "ring_steps": ring_of(read_playbook(shown.body)), "versions": versions, "before": before,
        "changed": [in_words(change) for change in changed], "may_edit": may_edit_playbooks(request.actor),
    }  # fmt: skip
    return render(request, "playbooks/show.html", context)


@require_safe
def walk(request: Request, key: str) -> HttpResponse:
    """A dry run: who fills in what, who signs, and by when; asked by address, so that it can be sent to somebody."""
    shown = queries.newest(key)
    asked = asked_of(request, playbook=key)
    way = walk_through(shown, asked.matter, request.at) if asked.matter else []
    context = {
        "shown": shown, "draft": None, "name": name_of(shown), **asked.shown,
        "way": [walked_in_words(one) for one in way],
    }  # fmt: skip
    return render(request, "playbooks/try.html", context)


@require_safe
def text(_request: Request, key: str, number: int) -> HttpResponse:
    """The version as a file to keep, to compare and to bring into another installation."""
    found = queries.version_of(key, number)
    return _file(write_text(found.body).encode(), "application/yaml; charset=utf-8", f"{key}-v{number}.yaml")


@require_safe
def bpmn(_request: Request, key: str, number: int) -> HttpResponse:
    """The order of the steps as BPMN 2.0."""
    found = queries.version_of(key, number)
    plan = read_playbook(found.body)
    document = as_bpmn(plan, title=name_of(found), names=names_of_steps(plan))
    return _file(document, "application/xml; charset=utf-8", f"{key}-v{number}.bpmn")


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
