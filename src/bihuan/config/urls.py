"""Every page and the API, as a sitemap."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("bihuan.web.approvals.urls")),
    path("", include("bihuan.web.commitments.urls")),
]
