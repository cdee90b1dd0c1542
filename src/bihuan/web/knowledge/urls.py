"""Addresses of the case library."""

from django.urls import path

from bihuan.web.knowledge import views

app_name = "knowledge"
urlpatterns = [
    path("library/", views.library, name="library"),
    path("library/<int:archive_id>", views.archive, name="archive"),
]
