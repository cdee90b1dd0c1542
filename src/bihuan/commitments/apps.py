from django.apps import AppConfig


class CommitmentsConfig(AppConfig):
    name = "bihuan.commitments"
    label = "commitments"

    def ready(self) -> None:
        from bihuan.commitments.sentences import SENTENCES  # noqa: PLC0415 (texts need the app registry)
        from bihuan.kernel import sentences  # noqa: PLC0415

        sentences.register(SENTENCES)
