"""Addresses of forms. A form is begun on the page of its matter."""

from django.urls import path

from bihuan.web.records import views

app_name = "records"
urlpatterns = [
    path("records/<int:pk>", views.read, name="read"),
    path("records/<int:pk>/edit", views.edit, name="edit"),
    path("records/<int:pk>/draft", views.save, name="save"),
    path("records/<int:pk>/submit", views.submit, name="submit"),
    path("records/<int:pk>/discard", views.discard, name="discard"),
    path("records/<int:pk>/print", views.paper, name="print"),
    path("records/<int:pk>/versions/<int:number>", views.version, name="version"),
]
