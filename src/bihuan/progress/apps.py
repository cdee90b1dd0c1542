from django.apps import AppConfig


class ProgressConfig(AppConfig):
    name = "bihuan.progress"
    label = "progress"

    def ready(self) -> None:
        from bihuan.collaborations import guards, statistics
        from bihuan.collaborations.facts import DepartmentReplaced, LeadChanged, StepEntered, StepLeft
        from bihuan.collaborations.queries import health
        from bihuan.kernel import sentences as catalogue
        from bihuan.ledger.subscriptions import subscribe
        from bihuan.progress import duties, handlers, queries, sentences, timing, watching
        from bihuan.progress.searching import reports
        from bihuan.records.facts import RecordSubmitted
        from bihuan.search.registry import register_source

        catalogue.register(sentences.SENTENCES)
        register_source("report", unit="collaboration", documents=reports)
        duties.register_duties()
        guards.register("G23", watching.last_due_report_is_filed)
        statistics.register("late_updates", queries.late_updates)
        health.register_sign("behind", health.YELLOW, queries.rows_behind, "report__period__collaboration")
        subscribe(StepEntered, handlers.on_step_entered, room="progress")
        subscribe(StepLeft, handlers.on_step_left, room="progress")
        subscribe(RecordSubmitted, handlers.on_submitted, room="progress")
        subscribe(LeadChanged, handlers.on_lead_changed, room="progress")
        subscribe(DepartmentReplaced, handlers.on_department_replaced, room="progress")
        timing.bind_rules()
