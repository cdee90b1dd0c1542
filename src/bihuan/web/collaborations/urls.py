"""Addresses of matters."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from bihuan.web.collaborations import (
    acts,
    beginning,
    consensus,
    kept,
    periods,
    periods_file,
    petitions,
    portfolio,
    relations,
    views,
)
from bihuan.web.collaborations.sections import SECTIONS
from bihuan.web.tables import TABLE_FILE


class SectionConverter(StringConverter):
    """Only the sections there are, so that other pages may stand below a matter's address too."""

    regex = "|".join(key for key in SECTIONS if key != "overview")


class FormConverter(StringConverter):
    regex = r"F\d{2}[a-z]?"


register_converter(SectionConverter, "matter_section")
register_converter(FormConverter, "form_code")

app_name = "collaborations"
urlpatterns = [
    path("matters/", portfolio.portfolio, name="portfolio"),
    path("matters/new", beginning.new, name="new"),
    path("matters/count", portfolio.count, name="count"),
    path(f"matters/export.<{TABLE_FILE}:form>", kept.export, name="export"),
    path("matters/views", kept.save_view, name="save_view"),
    path("matters/views/<int:pk>/remove", kept.remove_view, name="remove_view"),
    path("matters/<int:pk>/", views.overview, name="overview"),
    path("matters/<int:pk>/<matter_section:section>", views.section, name="section"),
    path("matters/<int:pk>/forms/<form_code:code>/start", acts.start_form, name="start_form"),
    path("matters/<int:pk>/forms/<form_code:code>/revise", acts.revise_form, name="revise_form"),
    path("matters/<int:pk>/advance", acts.advance, name="advance"),
    path("matters/<int:pk>/withdraw", acts.withdraw, name="withdraw"),
    path("matters/<int:pk>/resume", acts.resume, name="resume"),
    path("matters/<int:pk>/forms/<form_code:code>/withdraw", acts.withdraw_proposal, name="withdraw_proposal"),
    path("matters/<int:pk>/filer", acts.name_filer, name="name_filer"),
    path("matters/<int:pk>/acknowledge", acts.acknowledge, name="acknowledge"),
    path("matters/<int:pk>/urgency", acts.reclassify, name="reclassify"),
    path("matters/<int:pk>/merge", acts.merge, name="merge"),
    path("matters/<int:pk>/apart", acts.keep_apart, name="keep_apart"),
    path("matters/<int:pk>/who-leads", petitions.say_who_leads, name="say_who_leads"),
    path("matters/<int:pk>/who-leads/decide", petitions.decide_lead, name="decide_lead"),
    path("matters/<int:pk>/join", petitions.ask_to_join, name="ask_to_join"),
    path("matters/<int:pk>/join/<int:petition>", petitions.answer_join, name="answer_join"),
    path("matters/<int:pk>/follow-up", relations.follow_up, name="follow_up"),
    path("matters/<int:pk>/parent", relations.set_parent, name="set_parent"),
    path("matters/<int:pk>/parent/leave", relations.unset_parent, name="unset_parent"),
    path("matters/<int:pk>/consensus", consensus.consensus, name="consensus"),
    path("matters/<int:pk>/consensus/answer", consensus.answer, name="answer_amendments"),
    path("matters/<int:pk>/lead", acts.change_lead, name="change_lead"),
    path("matters/<int:pk>/adopt", acts.adopt, name="adopt"),
    path("matters/<int:pk>/risks/report", acts.start_risk, name="start_risk"),
    path("metrics/<int:pk>/measure", acts.measure, name="measure"),
    path("milestones/<int:pk>/reach", acts.reach, name="reach"),
    path(f"matters/<int:pk>/periods.<{TABLE_FILE}:form>", periods_file.export, name="periods_file"),
    path("contributions/<int:pk>", periods.contribution, name="contribution"),
    path("contributions/<int:pk>/give", periods.give, name="give"),
    path("contributions/<int:pk>/begin", periods.begin, name="begin_incomplete"),
    path("contributions/<int:pk>/accept", periods.accept, name="accept_period"),
    path("contributions/<int:pk>/waiver", periods.ask_waiver, name="ask_waiver"),
    path("contributions/<int:pk>/waive", periods.answer_waiver, name="answer_waiver"),
    path("contributions/<int:pk>/files/<int:number>", periods.file, name="contribution_file"),
    path("loops/<int:pk>/urge", acts.urge, name="urge"),
]
