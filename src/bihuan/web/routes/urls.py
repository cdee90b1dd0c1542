"""Addresses of the routes: looked at and tried out by everybody, written by the PMO."""

from django.urls import path

from bihuan.web.routes import views, writing

app_name = "routes"
urlpatterns = [
    path("routes/", views.routes, name="list"),
    path("routes/write", writing.write, name="write"),
    path("routes/arrange", writing.arrange, name="arrange"),
    path("routes/check", writing.check, name="check"),
    path("routes/publish", writing.publish, name="publish"),
    path("routes/<slug:key>/", views.route, name="show"),
    path("routes/<slug:key>/retire", writing.retire, name="retire"),
    path("routes/<slug:key>/restore", writing.restore, name="restore"),
    path("routes/<slug:key>/try", views.rehearse, name="try"),
    path("routes/<slug:key>/<int:number>", views.version, name="version"),
    path("routes/<slug:key>/<int:number>/text", views.text, name="text"),
]
