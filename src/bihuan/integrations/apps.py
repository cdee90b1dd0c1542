from django.apps import AppConfig

from bihuan.integrations.sentences import SENTENCES
from bihuan.kernel import sentences


class IntegrationsConfig(AppConfig):
    """No tables; an app so that what an import reports can be told on every page."""

    name = "bihuan.integrations"
    label = "integrations"

    def ready(self) -> None:
        sentences.register(SENTENCES)
