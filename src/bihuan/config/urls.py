"""Every page and the API, as a sitemap."""

from django.urls import URLPattern, URLResolver, include, path

from bihuan.web.signin.views import choose_language

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("bihuan.web.signin.urls")),
    path("language", choose_language, name="set_language"),
    path("", include("bihuan.web.desk.urls")),
    path("", include("bihuan.web.notifications.urls")),
    path("", include("bihuan.web.imports.urls")),
    path("", include("bihuan.web.agenda.urls")),
    path("", include("bihuan.web.deadlines.urls")),
    path("", include("bihuan.web.collaborations.urls")),
    path("", include("bihuan.web.organisation.urls")),
    path("", include("bihuan.web.approvals.urls")),
    path("", include("bihuan.web.commitments.urls")),
    path("", include("bihuan.web.records.urls")),
    path("", include("bihuan.web.plans.urls")),
    path("", include("bihuan.web.resources.urls")),
    path("", include("bihuan.web.progress.urls")),
    path("", include("bihuan.web.issues.urls")),
    path("", include("bihuan.web.knowledge.urls")),
    path("", include("bihuan.web.playbooks.urls")),
    path("", include("bihuan.web.routes.urls")),
    path("", include("bihuan.web.search.urls")),
    path("", include("bihuan.web.exports.urls")),
    path("", include("bihuan.web.evidence.urls")),
    path("api/v1/", include("bihuan.api.urls", namespace="api-v1")),
    path("design/", include("bihuan.web.design.urls")),
]
handler400 = "bihuan.web.errors.bad_request"
handler403 = "bihuan.web.errors.forbidden"
handler404 = "bihuan.web.errors.not_found"
handler500 = "bihuan.web.errors.broken"
