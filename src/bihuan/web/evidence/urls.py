"""Addresses of what can be proved."""

from django.urls import path

from bihuan.web.evidence import views

app_name = "evidence"
urlpatterns = [
    path("records/<int:pk>/certificate", views.certificate, name="certificate"),
    path("matters/<int:pk>/dossier", views.ask_dossier, name="ask_dossier"),
    path("evidence/", views.show, name="show"),
    path("evidence/key", views.change_key, name="change_key"),
]
