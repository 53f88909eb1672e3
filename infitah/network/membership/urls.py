from django.urls import URLPattern, path

from . import views

app_name = "membership"
urlpatterns: list[URLPattern] = [
    path("members/admit/", views.admit, name="admit"),
    path("members/<slug:slug>/", views.member, name="member"),
    path("members/<slug:slug>/adhere/", views.adhere, name="adhere"),
    path("members/<slug:slug>/rest/", views.rest, name="rest"),
    path("members/<slug:slug>/wake/", views.wake, name="wake"),
    path("members/<slug:slug>/leave/", views.leave, name="leave"),
    path("charter/", views.charter, name="charter"),
]
