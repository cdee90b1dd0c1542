"""Writes to the organisation. Each records one fact on the chain `organisation:1`."""

from bihuan.organisation.operations.attempts import count_attempt
from bihuan.organisation.operations.calendars import (
    DayValues,
    HoursValues,
    clear_day,
    load_official_year,
    load_official_years,
    set_day,
    set_hours,
)
from bihuan.organisation.operations.credentials import (
    OwnSettings,
    change_own_settings,
    check_credentials,
    forget_attempts,
    issue_token,
    note_token_use,
    revoke_token,
    set_password,
)
from bihuan.organisation.operations.departments import (
    DepartmentValues,
    add_department,
    add_site,
    change_department,
    change_site,
    close_department,
    recognise_department,
)
from bihuan.organisation.operations.deputies import end_absence, end_deputy, name_deputy, note_absence
from bihuan.organisation.operations.imports import (
    DepartmentRow,
    Outcome,
    PersonRow,
    PostRow,
    import_departments,
    import_people,
    import_posts,
    upsert_department,
    upsert_person,
    upsert_post,
)
from bihuan.organisation.operations.leaving import Succession, hand_over_duties
from bihuan.organisation.operations.people import PersonValues, add_person, change_person, deactivate_person
from bihuan.organisation.operations.planning import (
    cancel_planned,
    carry_out_planned,
    plan_change,
    plan_merger,
    plan_split,
)
from bihuan.organisation.operations.posts import appoint, end_post, put_in_charge
from bihuan.organisation.operations.previewing import Shift, before_and_after, preview_change
from bihuan.organisation.operations.reorganising import merge_department, note_progress, split_department
from bihuan.organisation.operations.turns import end_turn, put_on_duty

__all__ = [
    "DayValues",
    "DepartmentRow",
    "DepartmentValues",
    "HoursValues",
    "Outcome",
    "OwnSettings",
    "PersonRow",
    "PersonValues",
    "PostRow",
    "Shift",
    "Succession",
    "add_department",
    "add_person",
    "add_site",
    "appoint",
    "before_and_after",
    "cancel_planned",
    "carry_out_planned",
    "change_department",
    "change_own_settings",
    "change_person",
    "change_site",
    "check_credentials",
    "clear_day",
    "close_department",
    "count_attempt",
    "deactivate_person",
    "end_absence",
    "end_deputy",
    "end_post",
    "end_turn",
    "forget_attempts",
    "hand_over_duties",
    "import_departments",
    "import_people",
    "import_posts",
    "issue_token",
    "load_official_year",
    "load_official_years",
    "merge_department",
    "name_deputy",
    "note_absence",
    "note_progress",
    "note_token_use",
    "plan_change",
    "plan_merger",
    "plan_split",
    "preview_change",
    "put_in_charge",
    "put_on_duty",
    "recognise_department",
    "revoke_token",
    "set_day",
    "set_hours",
    "set_password",
    "split_department",
    "upsert_department",
    "upsert_person",
    "upsert_post",
]
