from django.apps import AppConfig


class ProgressConfig(AppConfig):
    name = "bihuan.progress"
    label = "progress"
