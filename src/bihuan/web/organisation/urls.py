from django.urls import path

from bihuan.web.organisation import calendars, departments, leaving, people, settings, views

app_name = "organisation"
urlpatterns = [
    path("departments/", views.departments, name="departments"),
    path("departments/search", views.search_departments, name="search_departments"),
    path("departments/add", departments.add, name="add_department"),
    path("departments/<int:pk>/", views.department, name="department"),
    path("departments/<int:pk>/change", departments.change, name="change_department"),
    path("departments/<int:pk>/close", departments.close, name="close_department"),
    path("departments/<int:pk>/merge", reorganising.merge, name="merge_department"),
    path("departments/<int:pk>/split", reorganising.split, name="split_department"),
    path("departments/<int:pk>/appoint", departments.appoint, name="appoint"),
    path("departments/<int:pk>/executive", departments.put_in_charge, name="put_in_charge"),
    path("posts/<int:pk>/end", departments.end_post, name="end_post"),
    path("sites/add", departments.add_site, name="add_site"),
    path("calendars/", calendars.calendars, name="calendars"),
    path("calendars/official", calendars.load_official, name="load_official"),
    path("calendars/<int:pk>/", calendars.calendar, name="calendar"),
    path("calendars/<int:pk>/hours", calendars.set_hours, name="set_hours"),
    path("calendars/<int:pk>/day", calendars.set_day, name="set_day"),
    path("calendars/<int:pk>/clear", calendars.clear_day, name="clear_day"),
    path("people/", views.people, name="people"),
    path("people/search", views.search_people, name="search_people"),
    path("people/add", people.add, name="add_person"),
    path("people/<int:pk>/", views.person, name="person"),
    path("people/<int:pk>/change", people.change, name="change_person"),
    path("people/<int:pk>/password", people.set_password, name="set_password"),
    path("people/<int:pk>/hand-over", leaving.hand_over, name="hand_over"),
    path("people/<int:pk>/deactivate", people.deactivate, name="deactivate_person"),
    path("settings", settings.show, name="settings"),
    path("settings/change", settings.change, name="change_settings"),
    path("settings/password", settings.change_password, name="change_password"),
    path("settings/tokens", settings.issue_token, name="issue_token"),
    path("settings/tokens/<int:pk>/revoke", settings.revoke_token, name="revoke_token"),
]
