from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """What somebody outside can check without us: dossiers, certificates."""

    name = "bihuan.evidence"
    label = "evidence"

    def ready(self) -> None:
        from bihuan.evidence.operations import TOPIC, put_together
        from bihuan.outbox.jobs import job

        job(TOPIC)(put_together)
