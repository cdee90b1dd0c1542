"""Addresses of what is brought in from elsewhere."""

from django.urls import path

from bihuan.web.imports import adopting, source, views

app_name = "imports"
urlpatterns = [
    path("imports/", views.imports, name="imports"),
    path("imports/add", views.add, name="add"),
    path("imports/<int:pk>/", views.run, name="run"),
    path("imports/<int:pk>/check", views.check, name="check"),
    path("imports/<int:pk>/start", views.start, name="start"),
    path("imports/<int:pk>/stop", views.stop, name="stop"),
    path("imports/<int:pk>/report.xlsx", views.report, name="report"),
    path("matters/adopt", adopting.adopt_many, name="adopt_many"),
    path("matters/<int:pk>/source", source.source, name="source"),
]
