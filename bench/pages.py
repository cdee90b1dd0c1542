"""What people wait for: each operation as one request of the one who does it."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.test import Client

from bench.prepared import HEAD, Bench
from bihuan.records import policy, registry
from bihuan.records.models import Record

Send = Callable[[], Any]
Ready = Callable[[], Send]
HTMX = {"HX-Request": "true"}
FORM = "application/x-www-form-urlencoded"
LEAD, PMO = "产品经理", "PMO专员"
BUSY = "技术部负责人"  # a head for whom everything waits until the end


def operations(bench: Bench) -> dict[str, Ready]:
    """By name, a function that makes a request ready; only sending it is measured."""
    draft = next(bench.drafts)
    matter, all_of_them = f"/matters/{bench.running.collaboration.pk}/", {"state": "all"}
    return {
        "desk, forty waiting": reading(bench, BUSY, "/"),
        "portfolio, everything": reading(bench, PMO, "/matters/", **all_of_them),
        "portfolio, one department": reading(bench, PMO, "/matters/", department=bench.busiest, **all_of_them),
        "portfolio, mine": reading(bench, LEAD, "/matters/", mine=1, **all_of_them),
        "portfolio, far page by key": reading(bench, PMO, "/matters/", before=bench.middle, **all_of_them),
        "one matter": reading(bench, LEAD, matter),
        "one matter, its story": reading(bench, LEAD, f"{matter}timeline"),
        "save a draft": lambda: save(bench, draft),
        "submit a form": lambda: submit(bench),
        "decide": lambda: decide(bench),
        "department": reading(bench, LEAD, f"/departments/{bench.department}/"),
        "people picker": reading(bench, LEAD, "/people/search", q="li"),
        "API, fifty matters": api(bench, "/api/v1/collaborations", **all_of_them),
    }


def reading(bench: Bench, post: str, address: str, **query: Any) -> Ready:
    client = bench.client(post)
    return lambda: lambda: client.get(address, query)


def api(bench: Bench, address: str, **query: Any) -> Ready:
    client = Client(headers={"authorization": f"Bearer {bench.token}"})
    return lambda: lambda: client.get(address, query)


def save(bench: Bench, draft: Record) -> Send:
    return sending(bench, LEAD, f"/records/{draft.pk}/draft", typed(draft))


def submit(bench: Bench) -> Send:
    draft = next(bench.drafts)
    return sending(bench, LEAD, f"/records/{draft.pk}/submit", typed(draft))


def decide(bench: Bench) -> Send:
    slot = next(bench.slots)
    said = {"decision": "APPROVE", "opinion": "同意", "seen_digest": slot.digest, "request_key": f"bench-{slot.pk}"}
    return sending(bench, HEAD, f"/sign/{slot.pk}/decide", said)


def sending(bench: Bench, post: str, address: str, fields: dict[str, str]) -> Send:
    client, body = bench.client(post), urlencode(fields)
    return lambda: client.post(address, body, content_type=FORM, headers=HTMX)


def typed(draft: Record) -> dict[str, str]:
    """What the page of the draft sends."""
    draft.refresh_from_db(fields=["revision"])
    shown = dict(policy.to_form(registry.form(draft.form_code), draft.draft))
    return {**shown, "revision": str(draft.revision), "typed": "1"}
