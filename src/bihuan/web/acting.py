"""Acts on the page of one thing: done once, or the page again with what was typed and why it did not work."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from django.http import HttpResponse, HttpResponseRedirect

from bihuan.kernel.errors import DomainError, NotAllowed, NotFound
from bihuan.kernel.findings import Finding
from bihuan.organisation import queries as organisation
from bihuan.web.http import Request, number_of, text_of
from bihuan.web.render import notify

HIDDEN = {"csrfmiddlewaretoken", "seen_revision"}
NOBODY = 0
"""Stands for a name that is nobody's: the operation says so at its field."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What a refused act had sent; its own form shows it again, the other forms of the page do not."""

    act: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)
    refusal: DomainError | None = None

    @property
    def status(self) -> int:
        return self.refusal.status if self.refusal else 200

    @property
    def findings(self) -> list[Finding]:
        return list(self.refusal.findings) if self.refusal else []

    def value(self, act: str, name: str, default: object = "") -> object:
        return self.typed.get(name, "") if act == self.act else default

    def said(self, act: str, name: str) -> list[Finding]:
        return [finding for finding in self.findings if act == self.act and finding.place == name]

    def general(self, offered: Collection[str]) -> list[Finding]:
        """What is said about no field, or about one whose form is not on the page."""
        is_shown = self.act in offered
        return [finding for finding in self.findings if not is_shown or finding.place not in self.typed]

    def left_over(self, offered: Collection[str]) -> list[str]:
        """Sentences whose form is not offered any more, so that nobody types them twice."""
        if not self.act or self.act in offered:
            return []
        return [text for name, text in self.typed.items() if text.strip() and not text.isdigit() and name not in HIDDEN]


Act = Callable[[], object]
Show = Callable[[Sent], HttpResponse]


def carry_out(request: Request, name: str, act: Act, *, show: Show, address: str, done: str) -> HttpResponse:
    """Do it and go back to the page; htmx gets the part anew. A refusal shows the page with what was typed."""
    try:
        act()
    except (NotFound, NotAllowed):
        raise
    except DomainError as refusal:
        typed = {key: str(value) for key, value in request.POST.items()}
        return show(Sent(name, typed, refusal))
    answer = show(Sent()) if request.htmx else HttpResponseRedirect(address)
    return notify(request, answer, done)


def person_of(request: Request, name: str) -> int | None:
    """The picked person; without JavaScript the one person of exactly the typed name. None when nothing was typed."""
    picked, typed = number_of(request, name), text_of(request, f"{name}__text")
    if picked is not None or not typed:
        return picked
    same = [card for card in organisation.search_people(typed, request.at, limit=10) if card.name == typed]
    return same[0].id if len(same) == 1 else NOBODY


def seen_revision(request: Request) -> int:
    return number_of(request, "seen_revision") or 0
