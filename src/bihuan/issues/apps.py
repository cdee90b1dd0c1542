from django.apps import AppConfig


class IssuesConfig(AppConfig):
    name = "bihuan.issues"
    label = "issues"
