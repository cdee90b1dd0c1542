from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "bihuan.plans"
    label = "plans"

    def ready(self) -> None:
        from bihuan.collaborations import guards
        from bihuan.collaborations.facts import DepartmentReplaced, ItemsHandedOver, StepEntered, WorkStopped
        from bihuan.kernel import sentences as catalogue
        from bihuan.ledger.subscriptions import subscribe
        from bihuan.plans import duties, handlers, registration, sentences, timing, watching
        from bihuan.plans.searching import tasks
        from bihuan.records.facts import RecordSettled
        from bihuan.search.registry import register_source

        catalogue.register(sentences.SENTENCES)
        register_source("task", unit="collaboration", documents=tasks)
        registration.register_forms()
        duties.register_duties()
        guards.register("G06", watching.duties_hold)
        guards.register("G12", watching.matrix_covers_all)
        subscribe(RecordSettled, handlers.on_record_settled, room="plans")
        subscribe(StepEntered, handlers.on_step_entered, room="plans")
        subscribe(WorkStopped, handlers.on_work_stopped, room="plans")
        subscribe(ItemsHandedOver, handlers.on_items_handed_over, room="plans")
        subscribe(DepartmentReplaced, handlers.on_department_replaced, room="plans")
        timing.bind_rules()
