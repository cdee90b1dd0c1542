"""Which page shows what a notice is about."""

from bihuan.notifications.enums import INBOX
from bihuan.notifications.queries import ENTRY, WISHES
from bihuan.notifications.registry import register_page

DECIDES = {"slot"}
PAGES = {
    "collaboration": "collaborations:overview",
    "record": "records:read",
    "slot": "approvals:sign",
    "commitment": "commitments:commitment",
    "contribution": "collaborations:contribution",
    "need": "resources:need",
    "task": "plans:task",
    "report": "progress:report",
    "risk": "issues:risk",
    "person": "organisation:person",
}


def register_pages() -> None:
    for kind, route in PAGES.items():
        register_page(kind, route, decides=kind in DECIDES)
    register_page(INBOX, "inbox:inbox")
    register_page(WISHES, "inbox:wishes")
    register_page(ENTRY, "inbox:enter")
