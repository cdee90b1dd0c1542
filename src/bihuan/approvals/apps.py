from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    name = "bihuan.approvals"
    label = "approvals"

    def ready(self) -> None:
        from bihuan.approvals.sentences import SENTENCES  # noqa: PLC0415 (texts need the app registry)
        from bihuan.kernel import sentences  # noqa: PLC0415

        sentences.register(SENTENCES)
