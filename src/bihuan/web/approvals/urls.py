"""Addresses of signing."""

from django.urls import path

from bihuan.web.approvals import views

app_name = "approvals"
urlpatterns = [
    path("sign/<int:slot_id>/", views.sign, name="sign"),
    path("sign/<int:slot_id>/decision", views.decision, name="decision"),
    path("sign/<int:slot_id>/decide", views.decide, name="decide"),
    path("sign/<int:slot_id>/decide-lines", views.decide_lines, name="decide_lines"),
]
