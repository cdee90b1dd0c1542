from django.apps import AppConfig


class KnowledgeConfig(AppConfig):
    name = "bihuan.knowledge"
    label = "knowledge"
