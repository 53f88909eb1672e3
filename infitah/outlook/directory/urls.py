from django.urls import URLPattern, path

from . import views

app_name = "directory"
urlpatterns: list[URLPattern] = [
    path("members/", views.members, name="members"),
    path("members/members.csv", views.table, name="table"),
    path("c/<slug:slug>/since/", views.since, name="since"),
]
