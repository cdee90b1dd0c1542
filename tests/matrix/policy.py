"""The oracle of the permission matrix: who may do what, through every door.

One row is one act on one thing: its pages and its API operations, and what each role is answered.

    ok   it is shown or done                       no   403: he sees the thing, but the act is not his
    ..   404: the thing does not exist for him     in   he must sign in first (page: to sign-in; API: 401)
    409, 422 …   it is his to do, but not now or not so

`own` is a matter in which the roles take part; `other` one whose same roles are held by people of another branch;
`draft` one that was begun and not yet shown to anybody; `-` where no matter is meant. The recorder is who took the
minutes: no room knows that office yet, so he is staff of an involved department without an office (`staff` is another
one, of another involved department). `peer` is the head of another involved department than the one the thing belongs
to, `lead_head` the head of the department that leads, `filer` the office that files plans (administration).

A method of a route that stands in no row is answered 405. GET never writes.
"""

from dataclasses import dataclass

ROLES = (
    "initiator", "lead", "lead_head", "head", "peer", "contact", "recorder", "staff", "pmo", "filer", "executive",
    "administrator", "outsider", "postless", "nobody",
)  # fmt: skip
RELATIONS = ("-", "own", "other", "draft", "filing")


@dataclass(frozen=True, slots=True)
class Row:
    method: str
    doors: tuple[str, ...]
    relation: str
    expected: dict[str, str]

    def __str__(self) -> str:
        return f"{self.method} {' '.join(self.doors)} {self.relation}"


def parse(table: str) -> list[Row]:
    """A line is `relation, fifteen answers, method, doors`; a line that begins with `&` adds doors to the one above."""
    rows: list[Row] = []
    for line in table.splitlines():
        words = line.split("#")[0].split()
        if not words:
            continue
        if words[0] == "&":
            last = rows.pop()
            rows.append(Row(last.method, (*last.doors, *words[1:]), last.relation, last.expected))
            continue
        relation, answers, (method, *doors) = words[0], words[1 : 1 + len(ROLES)], words[1 + len(ROLES) :]
        rows.append(Row(method, tuple(doors), relation, dict(zip(ROLES, answers, strict=True))))
    return rows


TABLE = """
#      ini lea lhd hea per con rec sta pmo fil exe adm out pos nobody

# Doors that are open to everyone
-      ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  GET  signin:login
-      422 422 422 422 422 422 422 422 422 422 422 422 422 422 422 POST signin:login  # a wrong password
-      ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  POST signin:logout signin:theme set_language
# The demo company's switches: not there in test and production
-      ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  GET  signin:demo api-root nothing-here
-      ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  POST signin:demo
-      ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  in  POST signin:clock

# One's own desk, lists of what one may see, the organisation to look at
-      ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  in  GET  desk:desk desk:waited desk_waiting desk_waited
& inbox:inbox inbox:bell inbox:wishes notifications_notices notifications_wishes
& collaborations:portfolio collaborations:count collaborations:export collaborations:new collaborations_portfolio
& deadlines:rules deadlines_time_rules
& commitments_mine deadlines:list deadlines_mine deadlines:outcomes deadlines:export_outcomes deadlines_outcomes
& knowledge:library knowledge_library search:results search:suggest search_search exports:show exports_mine
& organisation:calendars organisation:calendar calendars_calendars calendars_calendar agenda:mine agenda:department
& agenda:feeds agenda:day agenda:month agenda_mine agenda_department agenda_feeds
& organisation:departments organisation:department organisation:search_departments organisation:people
& organisation:person organisation:search_people organisation:settings
& organisation_me organisation_people organisation_person organisation_departments organisation_department
& deputies_deputies reorganising_reorganisations organisation:history organisation_history
& playbooks:list playbooks:show playbooks:version playbooks:text playbooks:bpmn
& routes:list routes:show routes:version routes:text routes:try playbooks:try routes_all_routes routes_route_version
& playbooks_playbooks playbooks_playbook_version playbooks_suggested_playbooks
& organisation:duty_list duty_turns reorganising_planned reorganising_planned_of
# the link of a message leads somewhere for the one it was sent to only (tests/web/test_entering.py)
-      ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  in  GET  inbox:enter
# the description of the API stands in the public repository as well
-      ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  GET  openapi-json

# When a limit is over, anybody may ask, and who would sign
-      ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  in  POST calendars_due routes_try_route
& playbooks_try_playbook

# Working calendars are edited by the PMO (playbooks.md 3.7)
-      no  no  no  no  no  no  no  no  ok  no  no  no  no  no  in  GET  organisation:load_official
-      no  no  no  no  no  no  no  no  ok  no  no  no  no  no  in  POST organisation:load_official
& organisation:set_hours organisation:set_day organisation:clear_day
& deadlines:choose_profile deadlines_choose_profile
& calendars_set_hours calendars_set_day calendars_clear_day calendars_load_official calendars_preview

# Playbooks too, and routes
-      no  no  no  no  no  no  no  no  ok  no  no  no  no  no  in  GET  playbooks:write playbooks:matters routes:write
& playbooks_playbook_matters
-      no  no  no  no  no  no  no  no  ok  no  no  no  no  no  in  POST playbooks:check playbooks:publish
& playbooks:arrange
& playbooks:rehearse playbooks_check_playbook playbooks_try_draft playbooks_publish_playbook
& routes:arrange routes:check routes:publish routes_check_route routes_publish_route
& routes:retire routes_retire_one
-      no  no  no  no  no  no  no  no  409 no  no  no  no  no  in  POST playbooks:matters playbooks_migrate_matters
& routes:restore routes_restore_one

# Who of the PMO is on duty is said by the PMO itself, or by an administrator
-      no  no  no  no  no  no  no  no  ok  no  no  ok  no  no  in  POST organisation:put_on_duty organisation:end_turn
& duty_put duty_end

# The organisation is edited by administrators
-      no  no  no  no  no  no  no  no  no  no  no  ok  no  no  in  GET  organisation:add_department
& organisation:change_department organisation:appoint organisation:put_in_charge organisation:add_site
& organisation:change_site organisation:add_person organisation:change_person organisation:set_password
& organisation:merge_department organisation:split_department organisation:guide reorganising_touched
& organisation:plan_change organisation:close_department organisation:end_post
-      no  no  no  no  no  no  no  no  no  no  no  ok  no  no  in  POST organisation:add_department
& organisation:change_department organisation:close_department organisation:appoint organisation:put_in_charge
& organisation:end_post organisation:add_site organisation:change_site organisation:add_person
& organisation:change_person organisation:set_password organisation:deactivate_person
& organisation:merge_department organisation:split_department reorganising_merge reorganising_split
& reorganising_deactivate organisation:plan_change organisation:cancel_planned
& reorganising_plan_change reorganising_plan_merger reorganising_plan_split reorganising_cancel_planned
& reorganising_preview posts_preview_end posts_end
# What somebody holds (here the contact person) is handed over by himself, by his head, by administrators
-      no  no  no  ok  no  ok  no  no  no  no  no  ok  no  no  in  GET  organisation:hand_over
& organisation_duties
-      no  no  no  ok  no  ok  no  no  no  no  no  ok  no  no  in  POST organisation:hand_over
& organisation_hand_over organisation:name_deputy organisation:end_deputy organisation:note_absence
& organisation:end_absence deputies_name deputies_end deputies_note_absence deputies_end_absence
# Everybody's own settings; a token is revoked by its owner, or by an administrator
-      ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  in  POST organisation:change_settings
& organisation:issue_token
-      422 422 422 422 422 422 422 422 422 422 422 422 422 422 in  POST organisation:change_password
-      ok  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ok  ..  ..  in  POST organisation:revoke_token

# A notice exists for who was told alone
-      ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  in  POST inbox:read_all notifications_read_all
& inbox:wishes
-      ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  in  PUT  notifications_change_wishes
-      ok  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  in  POST inbox:read notifications_read

# Everybody takes along what he may read; a parcel exists for its owner alone
-      ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  in  POST exports:ask exports_ask
-      ok  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  in  GET  exports:fetch exports_export exports_file

# Everybody keeps views of the portfolio; one that is not shared does not exist for others
-      ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  in  POST collaborations:save_view
-      ok  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  in  POST collaborations:remove_view

# Everybody lets a calendar program read what he may; its address is known to its owner and opens for whoever has it
-      ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  in  POST agenda:issue_feed agenda_issue
-      ok  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  in  POST agenda:rotate_feed agenda:revoke_feed
& agenda_address agenda_revoke
-      ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  GET  agenda:read_feed

# Who may read a matter may have it put together; how the ledger is kept provable is for administrators
own    ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ..  ..  ..  in  POST evidence:ask_dossier evidence_ask
other  ..  ..  ..  ..  ..  ..  ..  ..  ok  ok  ..  ..  ..  ..  in  POST evidence:ask_dossier evidence_ask
-      no  no  no  no  no  no  no  no  no  no  no  ok  no  no  in  GET  evidence:show evidence_standing
-      no  no  no  no  no  no  no  no  no  no  no  ok  no  no  in  POST evidence:change_key evidence_change_key

# A matter is begun by people of the department that leads it
-      ok  ok  ok  422 422 422 422 422 422 422 422 422 422 422 in  POST collaborations:new
-      ok  ok  ok  no  no  no  no  no  no  no  no  no  no  no  in  POST collaborations_start

# Reading a matter and all that belongs to it
own    ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ..  ..  ..  in  GET  collaborations:overview
& collaborations:section progress:week progress:print agenda:matter agenda_matter
& collaborations_collaboration collaborations_ring collaborations_loops collaborations_timeline lines_metrics
& relations_related collaborations:periods_file
& recurrence_of_collaboration
& lines_milestones records_of_collaboration commitments_of_collaboration plans_of_collaboration
& resources_of_collaboration progress_of_collaboration issues_of_collaboration
& evidence:certificate evidence_certificate records:export
& records:read records:print records:version records_record records_versions records_version records_paper
& plans:task plans_task resources:need resources_need progress:report progress_report issues:risk issues_risk
& collaborations:contribution recurrence_contribution
& knowledge:archive knowledge_archive commitments:commitment commitments_commitment
& deadlines:show deadlines_deadline deadlines_of_collaboration
other  ..  ..  ..  ..  ..  ..  ..  ..  ok  ok  ..  ..  ..  ..  in  GET  collaborations:overview
& collaborations:section progress:week progress:print agenda:matter agenda_matter
& collaborations_collaboration collaborations_ring collaborations_loops collaborations_timeline lines_metrics
& relations_related collaborations:periods_file
& recurrence_of_collaboration
& lines_milestones records_of_collaboration commitments_of_collaboration plans_of_collaboration
& resources_of_collaboration progress_of_collaboration issues_of_collaboration
& evidence:certificate evidence_certificate records:export
& records:read records:print records:version records_record records_versions records_version records_paper
& plans:task plans_task resources:need resources_need progress:report progress_report issues:risk issues_risk
& collaborations:contribution recurrence_contribution
& knowledge:archive knowledge_archive commitments:commitment commitments_commitment
& deadlines:show deadlines_deadline deadlines_of_collaboration
draft  ok  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  in  GET  collaborations:overview
& collaborations:section collaborations_collaboration collaborations_ring collaborations_loops collaborations_timeline
& relations_related collaborations:periods_file
& agenda:matter agenda_matter
& recurrence_of_collaboration
& lines_metrics lines_milestones records_of_collaboration commitments_of_collaboration plans_of_collaboration
& deadlines_of_collaboration
& resources_of_collaboration progress_of_collaboration issues_of_collaboration
& records:read records_record records_versions
# what was never submitted has no paper
draft  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  in  GET  records:print records:export records:version
& evidence:certificate evidence_certificate
& records_version records_paper
# the filing office's draft is the filing office's
filing ..  ..  ..  ..  ..  ..  ..  ..  ok  ok  ..  ..  ..  ..  in  GET  records:read records_record

# Sign-offs are read by who reads the matter (asked before filing, so not by the filing office)
own    ok  ok  ok  ok  ok  ok  ok  ok  ok  ..  ok  ..  ..  ..  in  GET  approvals:sign approvals:decision
& approvals_signoff approvals_of_record
other  ..  ..  ..  ..  ..  ..  ..  ..  ok  ..  ..  ..  ..  ..  in  GET  approvals:sign approvals:decision
& approvals_signoff approvals_of_record
# and signed by the one office that is asked; never by the author, however high he stands
own    no  no  no  ok  no  no  no  no  no  ..  no  ..  ..  ..  in  POST approvals:decide approvals_decide
& approvals:decide_lines approvals_decide_parts
other  ..  ..  ..  ..  ..  ..  ..  ..  no  ..  ..  ..  ..  ..  in  POST approvals:decide approvals_decide
other  ..  ..  ..  ..  ..  ..  ..  ..  no  no  ..  ..  ..  ..  in  POST approvals:decide_lines
& approvals_decide_parts
# what a department wants otherwise in the consensus is read by who reads the matter, answered by who carries it
own    ok  ok  ok  ok  ok  ok  ok  ok  ok  ..  ok  ..  ..  ..  in  GET  collaborations:consensus consensus_consensus
other  ..  ..  ..  ..  ..  ..  ..  ..  ok  ok  ..  ..  ..  ..  in  GET  collaborations:consensus consensus_consensus
own    ok  ok  ok  no  no  no  no  no  no  ..  no  ..  ..  ..  in  POST collaborations:answer_amendments
& consensus_answer_amendments
other  ..  ..  ..  ..  ..  ..  ..  ..  no  no  ..  ..  ..  ..  in  POST collaborations:answer_amendments
& consensus_answer_amendments
# several at once: what waits for oneself, and an answer for each; what is not one's own is refused inside it
-      ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  in  GET  approvals:several
-      ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  in  POST approvals:answer_several approvals_decide_each
# who is asked asks others, sends it back; nobody here was consulted, and nothing is decided yet that could be undone
own    no  no  no  ok  no  no  no  no  no  ..  no  ..  ..  ..  in  POST approvals:ask approvals_ask
& approvals:return approvals_send_back
own    no  no  no  no  no  no  no  no  no  ..  no  ..  ..  ..  in  POST approvals:advise approvals_advise
own    no  no  no  409 no  no  no  no  no  ..  no  ..  ..  ..  in  POST approvals:undo approvals_undo
# its author and all who are asked send copies; who reads it may speak
own    ok  no  no  ok  ok  no  no  no  no  ..  no  ..  ..  ..  in  POST approvals:copy approvals_copies
own    ok  ok  ok  ok  ok  ok  ok  ok  ok  ..  ok  ..  ..  ..  in  POST approvals:remark approvals_remark
own    ok  ok  ok  ok  ok  ok  ok  ok  ok  ..  ok  ..  ..  ..  in  GET  approvals_remarks
other  ..  ..  ..  ..  ..  ..  ..  ..  no  ..  ..  ..  ..  ..  in  POST approvals:ask approvals_ask
& approvals:return approvals_send_back approvals:advise approvals_advise approvals:undo approvals_undo
& approvals:copy approvals_copies
other  ..  ..  ..  ..  ..  ..  ..  ..  ok  ..  ..  ..  ..  ..  in  POST approvals:remark approvals_remark
other  ..  ..  ..  ..  ..  ..  ..  ..  ok  ..  ..  ..  ..  ..  in  GET  approvals_remarks

# What moves a matter is for who carries it: initiator, lead, head of the leading department
own    422 422 422 no  no  no  no  no  no  no  no  ..  ..  ..  in  POST collaborations:advance
& collaborations_advance
other  ..  ..  ..  ..  ..  ..  ..  ..  no  no  ..  ..  ..  ..  in  POST collaborations:advance
& collaborations_advance
own    ok  ok  ok  no  no  no  no  no  no  no  no  ..  ..  ..  in  POST collaborations:change_lead
& collaborations_change_lead
other  ..  ..  ..  ..  ..  ..  ..  ..  no  no  ..  ..  ..  ..  in  POST collaborations:change_lead
& collaborations_change_lead
draft  ok  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  in  POST collaborations:change_lead
& collaborations_change_lead
# an ended matter is taken up by whoever reads it, for a department of his own (here the one that led)
own    ok  ok  ok  422 422 422 422 422 422 422 422 ..  ..  ..  in  POST collaborations:follow_up
own    ok  ok  ok  no  no  no  no  no  no  no  no  ..  ..  ..  in  POST relations_follow_up
other  ..  ..  ..  ..  ..  ..  ..  ..  422 422 ..  ..  ..  ..  in  POST collaborations:follow_up
other  ..  ..  ..  ..  ..  ..  ..  ..  no  no  ..  ..  ..  ..  in  POST relations_follow_up
# what is part of what is for whoever carries both, and the PMO
own    ok  ok  ok  no  no  no  no  no  ok  no  no  ..  ..  ..  in  POST collaborations:set_parent
& collaborations:unset_parent relations_set_parent
# (the one of the other branch has ended and is part of none)
other  ..  ..  ..  ..  ..  ..  ..  ..  422 no  ..  ..  ..  ..  in  POST collaborations:set_parent relations_set_parent
other  ..  ..  ..  ..  ..  ..  ..  ..  422 422 ..  ..  ..  ..  in  POST collaborations:unset_parent
own    ok  ok  ok  no  no  no  no  no  ok  no  ok  ..  ..  ..  in  POST collaborations:resume
& collaborations_resume
other  ..  ..  ..  ..  ..  ..  ..  ..  409 no  ..  ..  ..  ..  in  POST collaborations:resume
& collaborations_resume
own    ok  ok  ok  no  no  no  no  no  no  no  no  ..  ..  ..  in  POST collaborations:withdraw_proposal
& collaborations_withdraw_request
other  ..  ..  ..  ..  ..  ..  ..  ..  no  no  ..  ..  ..  ..  in  POST collaborations:withdraw_proposal
& collaborations_withdraw_request
# who files a secret matter's plan is named by the executive in charge; PMO and administration see its outline only
own    no  no  no  no  no  no  ..  ..  ..  ..  ok  ..  ..  ..  in  POST collaborations:name_filer
& collaborations_name_filer
other  ..  ..  ..  ..  ..  ..  ..  ..  no  no  ..  ..  ..  ..  in  POST collaborations:name_filer
& collaborations_name_filer
own    ok  no  no  no  no  no  no  no  no  ..  no  ..  ..  ..  in  POST collaborations:withdraw
& collaborations_withdraw
other  ..  ..  ..  ..  ..  ..  ..  ..  no  ..  ..  ..  ..  ..  in  POST collaborations:withdraw
& collaborations_withdraw
draft  ok  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  in  POST collaborations:withdraw
& collaborations_withdraw
# a problem is classed by who carries it and the PMO; the contact person and the head of a department acknowledge it
own    ok  ok  ok  no  no  no  no  no  ok  ..  no  ..  ..  ..  in  POST collaborations:reclassify
& assessments_reclassify assessments_preview_urgency
other  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  in  POST collaborations:reclassify
& assessments_reclassify assessments_preview_urgency
# whether two problems are one is for the PMO to say; here none sounds like another
own    no  no  no  no  no  no  no  no  422 ..  no  ..  ..  ..  in  POST collaborations:merge collaborations:keep_apart
& assessments_merge assessments_keep_apart
other  ..  ..  ..  ..  ..  ..  ..  ..  422 ..  ..  ..  ..  ..  in  POST collaborations:merge collaborations:keep_apart
& assessments_merge assessments_keep_apart
# who leads a problem is said by heads (here of 技术部) and decided by the PMO; here nothing is disputed
own    no  no  no  ok  no  no  no  no  no  ..  no  ..  ..  ..  in  POST collaborations:say_who_leads
& assessments_say_who_leads
other  ..  ..  ..  ..  ..  ..  ..  ..  no  ..  ..  ..  ..  ..  in  POST collaborations:say_who_leads
& assessments_say_who_leads
own    no  no  no  no  no  no  no  no  422 ..  no  ..  ..  ..  in  POST collaborations:decide_lead
& assessments_decide_lead
other  ..  ..  ..  ..  ..  ..  ..  ..  409 ..  ..  ..  ..  ..  in  POST collaborations:decide_lead
& assessments_decide_lead
# a department asks to take part through anybody of it (here the PMO), and is answered by who carries the matter
own    no  no  no  no  no  no  no  no  ok  ..  no  ..  ..  ..  in  POST collaborations:ask_to_join
& relations_ask_to_join
other  ..  ..  ..  ..  ..  ..  ..  ..  ok  ..  ..  ..  ..  ..  in  POST collaborations:ask_to_join
& relations_ask_to_join
own    ok  ok  ok  no  no  no  no  no  no  ..  no  ..  ..  ..  in  POST collaborations:answer_join
& relations_grant_join relations_refuse_join
other  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  in  POST collaborations:answer_join
& relations_grant_join relations_refuse_join
own    ok  ok  ok  ok  ok  ok  ok  ok  ok  ..  ok  ..  ..  ..  in  GET  relations_joins
other  ..  ..  ..  ..  ..  ..  ..  ..  ok  ..  ..  ..  ..  ..  in  GET  relations_joins
own    no  no  no  ok  no  ok  no  no  no  ..  no  ..  ..  ..  in  POST collaborations:acknowledge
& assessments_acknowledge
other  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  in  POST collaborations:acknowledge
& assessments_acknowledge
own    ok  ok  ok  ok  ok  ok  ok  ok  ok  ..  ok  ..  ..  ..  in  GET  assessments_problem
other  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  in  GET  assessments_problem
# Adopting is for the head of the department it is imported for, and the PMO; all staff read what was imported
own    no  no  ok  no  no  no  no  no  ok  no  no  no  no  no  in  POST collaborations:adopt
& collaborations_adopt
other  no  no  no  no  no  no  no  no  ok  no  no  no  no  no  in  POST collaborations:adopt
& collaborations_adopt
own    no  no  ok  no  no  no  no  no  ok  no  no  no  no  no  in  POST imports:adopt_many adoption_adopt_many
other  no  no  no  no  no  no  no  no  ok  no  no  no  no  no  in  POST imports:adopt_many adoption_adopt_many
-      ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  in  GET  imports:adopt_many adoption_adoptable
own    ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  in  GET  imports:source
other  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  in  GET  imports:source
# Data is brought in by administrators and, matters only, by the PMO; another's import is none of the PMO's business
-      no  no  no  no  no  no  no  no  ok  no  no  ok  no  no  in  GET  imports:imports imports_imports
& imports_tables
-      no  no  no  no  no  no  no  no  ok  no  no  ok  no  no  in  POST imports:add imports_begin
-      no  no  no  no  no  no  no  no  ..  no  no  ok  no  no  in  GET  imports:run imports:report
& imports_show imports_remarks imports_changes imports_report
-      no  no  no  no  no  no  no  no  ..  no  no  ok  no  no  in  POST imports:check imports_check
-      no  no  no  no  no  no  no  no  ..  no  no  409 no  no  in  POST imports:start imports:stop
& imports_start imports_stop
own    ok  ok  ok  no  no  no  no  no  no  ..  no  ..  ..  ..  in  POST collaborations:revise_form
& records_revise
other  ..  ..  ..  ..  ..  ..  ..  ..  no  ..  ..  ..  ..  ..  in  POST collaborations:revise_form
& records_revise
own    no  no  no  no  no  no  no  no  ok  ok  no  ..  ..  ..  in  POST collaborations:start_form
& records_start
other  ..  ..  ..  ..  ..  ..  ..  ..  409 409 ..  ..  ..  ..  in  POST collaborations:start_form
& records_start
draft  409 ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  in  POST collaborations:start_form
& records_start
# whoever reads a matter may report a risk of it
own    ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ..  ..  ..  in  POST collaborations:start_risk
& issues_start
# progress is told by who carries it and by the contact persons
own    ok  ok  ok  no  no  ok  no  no  no  no  no  ..  ..  ..  in  POST collaborations:measure
& collaborations:reach lines_measure lines_reach
other  ..  ..  ..  ..  ..  ..  ..  ..  no  no  ..  ..  ..  ..  in  POST collaborations:measure
& collaborations:reach lines_measure lines_reach
# urged is what one waits for: by who asked for it, who carries the matter, and the PMO
own    ok  ok  ok  no  no  no  no  no  ok  ..  no  ..  ..  ..  in  POST collaborations:urge
& collaborations_urge
other  ..  ..  ..  ..  ..  ..  ..  ..  ok  ..  ..  ..  ..  ..  in  POST collaborations:urge
& collaborations_urge

# A draft is for who may fill it in; what is frozen is nobody's to change
draft  ok  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  in  GET  records:edit
own    ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ..  ..  ..  in  GET  records:edit  # leads to reading
other  ..  ..  ..  ..  ..  ..  ..  ..  ok  ok  ..  ..  ..  ..  in  GET  records:edit  # leads to reading
filing ..  ..  ..  ..  ..  ..  ..  ..  ok  ok  ..  ..  ..  ..  in  GET  records:edit
draft  ok  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  in  POST records:save records:submit
& records:discard records_findings records_submit records_discard
draft  ok  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  in  PUT  records_save
draft  422 ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  in  POST records:attach files_attach
& records:remove_file files_remove
own    409 409 409 no  no  no  no  no  no  no  no  ..  ..  ..  in  POST records:attach records:remove_file
& files_attach files_remove
other  ..  ..  ..  ..  ..  ..  ..  ..  no  no  ..  ..  ..  ..  in  POST records:attach records:remove_file
& files_attach files_remove
draft  ok  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  in  GET  files_of_record
own    ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ..  ..  ..  in  GET  files_of_record files_fetch records:file
other  ..  ..  ..  ..  ..  ..  ..  ..  ok  ok  ..  ..  ..  ..  in  GET  files_of_record files_fetch records:file
own    409 409 409 no  no  no  no  no  no  no  no  ..  ..  ..  in  POST records:save records:submit
& records:discard records_submit records_discard
own    409 409 409 no  no  no  no  no  no  no  no  ..  ..  ..  in  PUT  records_save
other  ..  ..  ..  ..  ..  ..  ..  ..  no  no  ..  ..  ..  ..  in  POST records:save records:submit
& records:discard records_submit records_discard records_findings
other  ..  ..  ..  ..  ..  ..  ..  ..  no  no  ..  ..  ..  ..  in  PUT  records_save

# Commitments: here the lead owes one to the head of an involved department, who asked for it and confirms it
own    no  no  ok  ok  no  no  no  no  no  no  no  ..  ..  ..  in  POST commitments:assign
& commitments_assign
own    no  ok  no  no  no  no  no  no  no  no  no  ..  ..  ..  in  POST commitments:claim
& commitments_claim
own    no  no  no  ok  no  no  no  no  no  no  no  ..  ..  ..  in  POST commitments:verify
& commitments_verify
own    no  ok  ok  ok  no  no  no  no  no  no  no  ..  ..  ..  in  POST commitments:hand_over
& commitments_hand_over
own    no  no  no  ok  no  no  no  no  no  no  no  ..  ..  ..  in  POST commitments:cancel
& commitments_cancel
other  ..  ..  ..  ..  ..  ..  ..  ..  no  no  ..  ..  ..  ..  in  POST commitments:assign
& commitments:claim commitments:verify commitments:hand_over commitments:cancel commitments_assign commitments_claim
& commitments_verify commitments_hand_over commitments_cancel

# Contributions to a period: who owes one gives it; who carries the matter begins without it and asks for a waiver
own    no  no  no  no  no  ok  no  no  no  no  no  ..  ..  ..  in  POST collaborations:give recurrence_give
own    ok  ok  ok  no  no  no  no  no  no  no  no  ..  ..  ..  in  POST collaborations:begin_incomplete
& recurrence_begin_incomplete collaborations:ask_waiver recurrence_ask_waiver
# the head of the lead department was asked, the PMO decides as well; only who receives it accepts, here too soon
own    no  no  ok  no  no  no  no  no  ok  no  no  ..  ..  ..  in  POST collaborations:answer_waiver
& recurrence_answer_waiver
own    no  no  409 no  no  no  no  no  no  no  no  ..  ..  ..  in  POST collaborations:accept_period
& recurrence_accept_period
other  ..  ..  ..  ..  ..  ..  ..  ..  no  no  ..  ..  ..  ..  in  POST collaborations:give
& collaborations:begin_incomplete collaborations:accept_period collaborations:ask_waiver collaborations:answer_waiver
& recurrence_give recurrence_begin_incomplete recurrence_accept_period recurrence_ask_waiver recurrence_answer_waiver
# nothing was handed in as a file
own    ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  in  GET  collaborations:contribution_file
& recurrence_file
other  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  in  GET  collaborations:contribution_file
& recurrence_file

# Clocks: here of a decision that the initiator asked of the head; the PMO may let one go on that stands still
own    ok  no  no  ok  no  no  no  no  no  ..  no  ..  ..  ..  in  POST deadlines:pause deadlines_pause
own    ok  no  no  ok  no  no  no  no  ok  ..  no  ..  ..  ..  in  POST deadlines:resume deadlines_resume
other  ..  ..  ..  ..  ..  ..  ..  ..  no  ..  ..  ..  ..  ..  in  POST deadlines:pause deadlines_pause
other  ..  ..  ..  ..  ..  ..  ..  ..  409 ..  ..  ..  ..  ..  in  POST deadlines:resume deadlines_resume

# Tasks: the owner (here the contact person), the head and the contact person of his department, and who carries it
own    ok  ok  ok  ok  no  ok  no  no  no  no  no  ..  ..  ..  in  POST plans:start plans:report
& plans:block plans:resume plans:finish plans_start plans_report plans_block plans_resume plans_finish
own    ok  ok  ok  no  no  no  no  no  no  no  no  ..  ..  ..  in  POST plans:cancel plans_cancel
own    ok  ok  ok  ok  no  no  no  no  no  no  no  ..  ..  ..  in  POST plans:hand_over plans_hand_over
other  ..  ..  ..  ..  ..  ..  ..  ..  no  no  ..  ..  ..  ..  in  POST plans:start plans:report
& plans:block plans:resume plans:finish plans:cancel plans:hand_over plans_start plans_report plans_block plans_resume
& plans_finish plans_cancel plans_hand_over

# Needs: answered by the providing department or, where departments do not agree, the PMO; given by the department;
# accepted and dropped by who carries the matter
own    no  no  no  ok  no  ok  no  no  ok  ..  no  ..  ..  ..  in  POST resources:answer resources_answer
own    ok  ok  ok  no  no  no  no  no  no  ..  no  ..  ..  ..  in  POST resources:accept resources:drop
& resources_accept_offer resources_drop
own    no  no  no  ok  no  ok  no  no  no  no  no  ..  ..  ..  in  POST resources:put_in_place
& resources_put_in_place
own    ok  ok  ok  ok  no  ok  no  no  no  no  no  ..  ..  ..  in  POST resources:release resources_release
other  ..  ..  ..  ..  ..  ..  ..  ..  no  ..  ..  ..  ..  ..  in  POST resources:accept resources:drop
& resources_accept_offer resources_drop
other  ..  ..  ..  ..  ..  ..  ..  ..  no  no  ..  ..  ..  ..  in  POST resources:put_in_place
& resources:release resources_put_in_place resources_release
other  ..  ..  ..  ..  ..  ..  ..  ..  ok  ..  ..  ..  ..  ..  in  POST resources:answer resources_answer

# The weekly report: the reporter (contact person), the head, and who carries the matter
own    ok  ok  ok  ok  no  ok  no  no  no  no  no  ..  ..  ..  in  POST progress:submit progress_submit
other  ..  ..  ..  ..  ..  ..  ..  ..  no  no  ..  ..  ..  ..  in  POST progress:submit progress_submit

# A risk is closed by the PMO
own    no  no  no  no  no  no  no  no  ok  no  no  ..  ..  ..  in  POST issues:close issues_close
other  ..  ..  ..  ..  ..  ..  ..  ..  409 no  ..  ..  ..  ..  in  POST issues:close issues_close
other  ..  ..  ..  ..  ..  ..  ..  ..  409 409 ..  ..  ..  ..  in  POST collaborations:start_risk issues_start
"""
ROWS = parse(TABLE)
