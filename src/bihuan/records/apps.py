from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "bihuan.records"
    label = "records"

    def ready(self) -> None:
        from bihuan.kernel import sentences  # noqa: PLC0415 - registrations wait until the apps are loaded
        from bihuan.records.sentences import SENTENCES  # noqa: PLC0415 - as above

        sentences.register(SENTENCES)
