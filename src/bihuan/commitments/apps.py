from django.apps import AppConfig


class CommitmentsConfig(AppConfig):
    name = "bihuan.commitments"
    label = "commitments"
