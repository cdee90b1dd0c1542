from django.apps import AppConfig


class ResourcesConfig(AppConfig):
    name = "bihuan.resources"
    label = "resources"
