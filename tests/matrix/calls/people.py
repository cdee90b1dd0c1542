"""Calls of the organisation, its calendars, imports and the way in."""

from base64 import b64encode
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from bihuan.organisation import operations as organisation
from bihuan.organisation.models import Absence, Department, Deputy, DutyTurn, Person, PlannedChange, Post
from bihuan.organisation.operations import DayValues
from tests.matrix.call import DAY, Call, Words
from tests.matrix.world import TODAY, Side

COMPANY: tuple[Words, ...] = ({"pk": 0},)


COMPANY_BY_API: tuple[Words, ...] = ({"calendar_id": 0},)


def handed_in(side: Side) -> Words:
    return {"files": SimpleUploadedFile("matters.csv", "编号,标题\nby-hand,一件事\n".encode())}


def looked_at(side: Side) -> Words:
    return {"revision": 1, "s0": "collaborations", "s0.was": "collaborations", "s0.0": "id", "s0.1": "title"}


def sent_in(side: Side) -> Words:
    content = b64encode("编号,标题\nby-program,一件事\n".encode()).decode()
    return {"files": [{"name": "matters.csv", "content": content}]}


def columns_said(side: Side) -> Words:
    return {"seen_revision": 1, "sheets": [{"table": "collaborations", "fields": ["id", "title"]}]}


def new_department(side: Side) -> Words:
    return {"name": "法务部", "function": "NONE"}


def changed_department(side: Side) -> Words:
    return {**new_department(side), "revision": Department.objects.get(pk=side.market.pk).revision}


def handed_over(side: Side) -> Words:
    return {"to_all": side.person("recorder").pk, "reason": "离职"}


def handed_over_by_line(side: Side) -> Words:
    post = Post.objects.get(person=side.person("contact"), kind="CONTACT")
    successions = [{"key": f"organisation.post.{post.pk}", "successor_id": side.person("recorder").pk}]
    return {"successions": successions, "reason": "离职"}


def part_of_department(side: Side) -> Words:
    post = Post.objects.get(person=side.person("staff"))
    return {"name": "品牌部", "posts": [post.pk], "revision": Department.objects.get(pk=side.market.pk).revision}


def part_by_api(side: Side) -> Words:
    words = part_of_department(side)
    return {"name": words["name"], "post_ids": words["posts"], "seen_revision": words["revision"]}


def part_planned(side: Side) -> Words:
    words = part_by_api(side)
    return {"begins_on": "2027-06-01", "name": words["name"], "post_ids": words["post_ids"]}


def change_planned(side: Side) -> None:
    who = {"actor": side.actor("administrator"), "at": TODAY}
    day = TODAY.date() + timedelta(days=30)
    row = organisation.plan_change(side.market.pk, begins_on=day, name="品牌市场部", parent_id=None, **who)
    PlannedChange.objects.filter(pk=row.pk).update(id=1)


def on_duty(side: Side) -> None:
    who = {"actor": side.actor("administrator"), "at": TODAY}
    row = organisation.put_on_duty(side.person("pmo").pk, **who)
    DutyTurn.objects.filter(pk=row.pk).update(id=1)


def deputy_named(side: Side) -> None:
    who = {"deputy_id": side.person("recorder").pk, "actor": side.actor("administrator"), "at": TODAY}
    row = organisation.name_deputy(side.person("contact").pk, **who)
    Deputy.objects.filter(pk=row.pk).update(id=1)


def absence_noted(side: Side) -> None:
    day = TODAY.date() + timedelta(days=3)
    who = {"starts_on": None, "ends_on": day, "actor": side.actor("administrator"), "at": TODAY}
    row = organisation.note_absence(side.person("contact").pk, **who)
    Absence.objects.filter(pk=row.pk).update(id=1)


def changed_site(side: Side) -> Words:
    site = side.site
    seen = {"seen_name": site.name, "seen_time_zone": site.time_zone}
    return {"name": "成都二部", "time_zone": "Asia/Shanghai", **seen}


def changed_person(side: Side) -> Words:
    return {"name": "单雨薇薇", "revision": Person.objects.get(pk=side.colleague.pk).revision}


def day_closed(side: Side) -> None:
    organisation.set_day(
        None, day=TODAY.date(), values=DayValues(kind="CLOSED"), seen_revision=0, actor=side.actor("pmo"), at=TODAY
    )


def issued(side: Side) -> None:
    organisation.issue_token(name="机器", scopes=["read"], expires_at=None, actor=side.actor("initiator"), at=TODAY)


def adopted(side: Side) -> Words:
    return {"playbook": "SEED_B", "lead": side.person("lead").pk}


PAGES: dict[str, Call] = {
    "signin:login": Call(body=lambda s: {"username": "lin", "password": "not this one"}),
    "signin:logout": Call(),
    "signin:theme": Call(body=lambda s: {"theme": "dark"}),
    "signin:demo": Call(body=lambda s: {"person": s.person("administrator").pk}),
    "signin:clock": Call(body=lambda s: {"hours": "1"}),
    "set_language": Call(body=lambda s: {"language": "en"}),
    "imports:imports": Call(),
    "imports:add": Call(body=handed_in),
    "imports:run": Call("brought"),
    "imports:check": Call("brought", looked_at),
    "imports:start": Call("brought", looked_at),
    "imports:stop": Call("brought"),
    "imports:report": Call("brought"),
    "imports:source": Call("imported"),
    "imports:adopt_many": Call(body=lambda s: {**adopted(s), "matter": s.imported.pk}),
    "organisation:departments": Call(),
    "organisation:search_departments": Call(),
    "organisation:add_department": Call(body=new_department),
    "organisation:department": Call("market"),
    "organisation:change_department": Call("market", changed_department),
    "organisation:close_department": Call("finance", lambda s: {"revision": s.finance.revision}),
    "organisation:guide": Call(),
    "organisation:history": Call(),
    "organisation:merge_department": Call(
        "finance", lambda s: {"into": s.market.pk, "revision": Department.objects.get(pk=s.finance.pk).revision}
    ),
    "organisation:split_department": Call("market", part_of_department),
    "organisation:plan_change": Call("market", lambda s: {"begins_on": "2027-06-01", "name": "品牌市场部"}),
    "organisation:cancel_planned": Call(more=({"pk": 1},), before=change_planned),
    "organisation:appoint": Call(
        "market", lambda s: {"person": s.person("postless").pk, "title": "策划", "kind": "STAFF", "starts_on": DAY}
    ),
    "organisation:put_in_charge": Call("market", lambda s: {"person": s.person("lead_head").pk}),
    "organisation:end_post": Call("post", lambda s: {"ends_on": DAY}),
    "organisation:add_site": Call(body=lambda s: {"name": "成都", "time_zone": "Asia/Shanghai"}),
    "organisation:calendars": Call(),
    "organisation:duty_list": Call(),
    "organisation:put_on_duty": Call(body=lambda s: {"person": s.person("pmo").pk}),
    "organisation:end_turn": Call(more=({"pk": 1},), before=on_duty),
    "organisation:calendar": Call(more=COMPANY),
    "organisation:set_hours": Call(
        body=lambda s: {"starts_on": DAY, "hours": "08:00-17:00", "country": "CN", "revision": 0}, more=COMPANY
    ),
    "organisation:set_day": Call(
        body=lambda s: {"day": DAY, "kind": "CLOSED", "name": "盘点", "revision": 0}, more=COMPANY
    ),
    "organisation:clear_day": Call(body=lambda s: {"day": DAY, "revision": 1}, more=COMPANY, before=day_closed),
    "organisation:load_official": Call(
        body=lambda s: {"country": "DE", "text": "date,is_workday,name\n2027-05-06,0,Himmelfahrt\n"}
    ),
    "organisation:change_site": Call("site", changed_site),
    "organisation:people": Call(),
    "organisation:search_people": Call(),
    "organisation:add_person": Call(body=lambda s: {"username": "new", "name": "新人"}),
    "organisation:person": Call("colleague"),
    "organisation:change_person": Call("colleague", changed_person),
    "organisation:set_password": Call("colleague", lambda s: {"password": "long enough 7 words"}),
    "organisation:name_deputy": Call("subordinate", lambda s: {"deputy": s.person("recorder").pk}),
    "organisation:end_deputy": Call("subordinate", more=({"row": 1},), before=deputy_named),
    "organisation:note_absence": Call("subordinate", lambda s: {"away_until": "2027-06-01"}),
    "organisation:end_absence": Call("subordinate", more=({"row": 1},), before=absence_noted),
    "organisation:hand_over": Call("subordinate", handed_over),
    "organisation:deactivate_person": Call("colleague"),
    "organisation:settings": Call(),
    "organisation:change_settings": Call(body=lambda s: {"language": "en"}),
    "organisation:change_password": Call(body=lambda s: {"present": "", "password": "long enough 7 words"}),
    "organisation:issue_token": Call(body=lambda s: {"name": "机器", "scopes": ["read"], "expires_on": "2027-06-01"}),
    "organisation:revoke_token": Call("token", before=issued),
}


API: dict[str, Call] = {
    "calendars_calendars": Call(),
    "calendars_calendar": Call(more=COMPANY_BY_API),
    "calendars_due": Call(body=lambda s: {"start": DAY, "limit": "3wd"}, more=COMPANY_BY_API),
    "calendars_preview": Call(
        body=lambda s: {"day": {"day": DAY, "kind": "CLOSED", "seen_revision": 0}}, more=COMPANY_BY_API
    ),
    "calendars_set_hours": Call(
        body=lambda s: {"starts_on": DAY, "hours": "08:00-17:00", "country": "CN", "seen_revision": 0},
        more=COMPANY_BY_API,
    ),
    "calendars_set_day": Call(body=lambda s: {"day": DAY, "kind": "CLOSED", "seen_revision": 0}, more=COMPANY_BY_API),
    "calendars_clear_day": Call(
        body=lambda s: {"day": DAY, "seen_revision": 1}, more=COMPANY_BY_API, before=day_closed
    ),
    "calendars_load_official": Call(
        body=lambda s: {"country": "DE", "year": 2027, "days": [{"date": "2027-05-06", "isOffDay": True}]}
    ),
    "organisation_me": Call(),
    "organisation_people": Call(),
    "organisation_person": Call("colleague"),
    "organisation_duties": Call("subordinate"),
    "organisation_hand_over": Call("subordinate", handed_over_by_line),
    "imports_imports": Call(),
    "imports_tables": Call(),
    "imports_begin": Call(body=sent_in),
    "imports_show": Call("brought"),
    "imports_remarks": Call("brought"),
    "imports_changes": Call("brought"),
    "imports_report": Call("brought"),
    "imports_check": Call("brought", columns_said),
    "imports_start": Call("brought", lambda _: {"seen_revision": 1}),
    "imports_stop": Call("brought"),
    "duty_turns": Call(),
    "duty_put": Call(body=lambda s: {"person_id": s.person("pmo").pk}),
    "duty_end": Call(more=({"turn_id": 1},), before=on_duty),
    "deputies_deputies": Call("colleague"),
    "deputies_name": Call("subordinate", lambda s: {"deputy_id": s.person("recorder").pk}),
    "deputies_end": Call(more=({"deputy_row_id": 1},), before=deputy_named),
    "deputies_note_absence": Call("subordinate", lambda s: {"ends_on": "2027-06-01"}),
    "deputies_end_absence": Call(more=({"absence_id": 1},), before=absence_noted),
    "reorganising_reorganisations": Call("market"),
    "reorganising_touched": Call("market"),
    "reorganising_merge": Call(
        "finance",
        lambda s: {"into_id": s.market.pk, "seen_revision": Department.objects.get(pk=s.finance.pk).revision},
    ),
    "reorganising_split": Call("market", part_by_api),
    "reorganising_preview": Call("market", lambda s: {"split": part_by_api(s)}),
    "reorganising_planned": Call(),
    "reorganising_planned_of": Call("market"),
    "reorganising_plan_change": Call("market", lambda s: {"begins_on": "2027-06-01", "name": "品牌市场部"}),
    "reorganising_plan_merger": Call("finance", lambda s: {"begins_on": "2027-06-01", "into_id": s.market.pk}),
    "reorganising_plan_split": Call("market", part_planned),
    "reorganising_cancel_planned": Call(more=({"planned_id": 1},), before=change_planned),
    "reorganising_deactivate": Call("colleague"),
    "posts_preview_end": Call("post", lambda s: {"ends_on": DAY}),
    "posts_end": Call("post", lambda s: {"ends_on": DAY}),
    "organisation_history": Call(),
    "organisation_departments": Call(),
    "organisation_department": Call("market"),
}
