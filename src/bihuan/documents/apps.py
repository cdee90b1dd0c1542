from django.apps import AppConfig

from bihuan.documents.sentences import SENTENCES
from bihuan.kernel import sentences


class DocumentsConfig(AppConfig):
    """No tables; an app so that what is refused about a file can be told on every page."""

    name = "bihuan.documents"
    label = "documents"

    def ready(self) -> None:
        sentences.register(SENTENCES)
