from django.http import Http404, HttpRequest, HttpResponse

from bihuan.web.design import samples
from bihuan.web.render import render

PAGES = ("desk", "collaboration", "sign", "form", "read", "list")


def components(request: HttpRequest) -> HttpResponse:
    return render(request, "design/components.html", samples.everything(request.at, request.GET))


def drawn(request: HttpRequest, page: str) -> HttpResponse:
    if page not in PAGES:
        raise Http404
    return render(request, f"design/{page}.html", samples.everything(request.at, request.GET))


def search(request: HttpRequest) -> HttpResponse:
    found = [card for card in samples.PEOPLE.values() if request.GET.get("q", "") in card.name + card.title]
    return render(request, "design/options.html", {"cards": found})
