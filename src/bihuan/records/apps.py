from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "bihuan.records"
    label = "records"

    def ready(self) -> None:
        from bihuan.kernel import sentences
        from bihuan.records.duties import register_duties
        from bihuan.records.sentences import SENTENCES

        sentences.register(SENTENCES)
        register_duties()
