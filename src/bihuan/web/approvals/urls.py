"""Addresses of signing."""

from django.urls import path

from bihuan.web.approvals import batch, verbs, views

app_name = "approvals"
urlpatterns = [
    path("sign/", batch.several, name="several"),
    path("sign/several", batch.answer, name="answer_several"),
    path("sign/<int:slot_id>/", views.sign, name="sign"),
    path("sign/<int:slot_id>/decision", views.decision, name="decision"),
    path("sign/<int:slot_id>/decide", views.decide, name="decide"),
    path("sign/<int:slot_id>/decide-lines", views.decide_lines, name="decide_lines"),
    path("sign/<int:slot_id>/ask", verbs.ask, name="ask"),
    path("sign/<int:slot_id>/advise", verbs.advise, name="advise"),
    path("sign/<int:slot_id>/undo", verbs.undo, name="undo"),
    path("sign/<int:slot_id>/return", verbs.send_back, name="return"),
    path("sign/<int:slot_id>/copy", verbs.copy, name="copy"),
    path("sign/<int:slot_id>/remark", verbs.remark, name="remark"),
]
