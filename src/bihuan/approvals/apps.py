from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    name = "bihuan.approvals"
    label = "approvals"
