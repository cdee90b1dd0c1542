from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "bihuan.plans"
    label = "plans"
