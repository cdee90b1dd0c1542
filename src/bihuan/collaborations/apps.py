from django.apps import AppConfig


class CollaborationsConfig(AppConfig):
    name = "bihuan.collaborations"
    label = "collaborations"
