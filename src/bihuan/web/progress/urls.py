"""Addresses of weekly reports."""

from django.urls import path

from bihuan.web.progress import views

app_name = "progress"
urlpatterns = [
    path("reports/<int:report_id>", views.report, name="report"),
    path("reports/<int:report_id>/submit", views.submit, name="submit"),
    path("matters/<int:matter_id>/week", views.week, name="week"),
    path("matters/<int:matter_id>/week/print", views.paper, name="print"),
]
