from django.http import Http404, HttpResponse

from bihuan.web.design import samples
from bihuan.web.http import Request
from bihuan.web.render import render

PAGES = ("desk", "collaboration", "sign", "form", "read", "list")


def components(request: Request) -> HttpResponse:
    return render(request, "design/components.html", samples.everything(request.at, request.GET))


def drawn(request: Request, page: str) -> HttpResponse:
    if page not in PAGES:
        raise Http404
    return render(request, f"design/{page}.html", samples.everything(request.at, request.GET))


def search(request: Request) -> HttpResponse:
    found = [card for card in samples.PEOPLE.values() if request.GET.get("q", "") in card.name + card.title]
    return render(request, "design/options.html", {"cards": found})
