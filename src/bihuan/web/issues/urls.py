"""Addresses of risks. A risk is begun on the page of its matter."""

from django.urls import path

from bihuan.web.issues import views

app_name = "issues"
urlpatterns = [
    path("risks/<int:risk_id>", views.risk, name="risk"),
    path("risks/<int:risk_id>/close", views.close, name="close"),
]
