"""Addresses of the playbooks: looked at by everybody, written by the PMO."""

from django.urls import path

from bihuan.web.playbooks import moving, views, writing

app_name = "playbooks"
urlpatterns = [
    path("playbooks/", views.playbooks, name="list"),
    path("playbooks/write", writing.write, name="write"),
    path("playbooks/arrange", writing.arrange, name="arrange"),
    path("playbooks/check", writing.check, name="check"),
    path("playbooks/rehearse", writing.rehearse, name="rehearse"),
    path("playbooks/publish", writing.publish, name="publish"),
    path("playbooks/<slug:key>/", views.playbook, name="show"),
    path("playbooks/<slug:key>/matters", moving.matters, name="matters"),
    path("playbooks/<slug:key>/try", views.walk, name="try"),
    path("playbooks/<slug:key>/<int:number>", views.version, name="version"),
    path("playbooks/<slug:key>/<int:number>/text", views.text, name="text"),
    path("playbooks/<slug:key>/<int:number>/bpmn", views.bpmn, name="bpmn"),
]
