from django.apps import AppConfig


class AgendaConfig(AppConfig):
    name = "bihuan.agenda"
    label = "agenda"

    def ready(self) -> None:
        from bihuan.agenda import sentences
        from bihuan.kernel import sentences as catalogue

        catalogue.register(sentences.SENTENCES)
