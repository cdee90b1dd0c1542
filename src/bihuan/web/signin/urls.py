from django.urls import path

from bihuan.web.signin import demo, views

app_name = "signin"
urlpatterns = [
    path("signin", views.sign_in, name="login"),
    path("signout", views.sign_out, name="logout"),
    path("theme", views.choose_theme, name="theme"),
    path("signin/demo", demo.switch_person, name="demo"),
    path("demo/clock", demo.move_clock, name="clock"),
]
