from django.apps import AppConfig


class ResourcesConfig(AppConfig):
    name = "bihuan.resources"
    label = "resources"

    def ready(self) -> None:
        from bihuan.collaborations.facts import DepartmentReplaced, StepEntered, WorkStopped
        from bihuan.kernel import sentences as catalogue
        from bihuan.ledger.subscriptions import subscribe
        from bihuan.records.facts import RecordSubmitted
        from bihuan.resources import duties, handlers, sentences
        from bihuan.resources.searching import needs
        from bihuan.search.registry import register_source

        catalogue.register(sentences.SENTENCES)
        register_source("need", unit="collaboration", documents=needs)
        duties.register_duties()
        subscribe(RecordSubmitted, handlers.on_record_submitted, room="resources")
        subscribe(StepEntered, handlers.on_step_entered, room="resources")
        subscribe(WorkStopped, handlers.on_work_stopped, room="resources")
        subscribe(DepartmentReplaced, handlers.on_department_replaced, room="resources")
