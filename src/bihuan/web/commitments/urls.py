"""Addresses of commitments."""

from django.urls import path

from bihuan.web.commitments import views

app_name = "commitments"
urlpatterns = [
    path("commitments/<int:commitment_id>/", views.commitment, name="commitment"),
    path("commitments/<int:commitment_id>/assign", views.assign, name="assign"),
    path("commitments/<int:commitment_id>/claim", views.claim, name="claim"),
    path("commitments/<int:commitment_id>/verify", views.verify, name="verify"),
    path("commitments/<int:commitment_id>/hand-over", views.hand_over, name="hand_over"),
    path("commitments/<int:commitment_id>/cancel", views.cancel, name="cancel"),
]
