from django.apps import AppConfig

from bihuan.kernel import sentences


class ApiConfig(AppConfig):
    """The API. No tables; an app so that what it says stands in the catalogue."""

    name = "bihuan.api"
    label = "api"

    def ready(self) -> None:
        from bihuan.api.sentences import SENTENCES

        sentences.register(SENTENCES)
