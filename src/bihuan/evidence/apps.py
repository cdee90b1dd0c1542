from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """What somebody outside can check without us: dossiers, certificates, what witnesses were given."""

    name = "bihuan.evidence"
    label = "evidence"

    def ready(self) -> None:
        from bihuan.evidence import operations, witnesses
        from bihuan.outbox.jobs import job

        job(operations.TOPIC)(operations.put_together)
        job(witnesses.TOPIC, outside=True, given_up=witnesses.note_given_up)(witnesses.hand_over)
