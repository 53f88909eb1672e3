from django.urls import URLPattern, path

from . import views

app_name = "membership"
urlpatterns: list[URLPattern] = [
    path("members/admit/", views.admit, name="admit"),
    path("members/cohorts/", views.cohorts, name="cohorts"),
    path("members/cohorts/new/", views.plan, name="plan"),
    path("members/cohorts/<int:number>/", views.plan, name="replan"),
    path("members/<slug:slug>/", views.member, name="member"),
    path("members/<slug:slug>/adhere/", views.adhere, name="adhere"),
    path("members/<slug:slug>/rest/", views.rest, name="rest"),
    path("members/<slug:slug>/wake/", views.wake, name="wake"),
    path("members/<slug:slug>/leave/", views.leave, name="leave"),
    path("charter/", views.charter, name="charter"),
    path("charter/<int:version>/", views.charter, name="version"),
    path("charter/awaited/", views.awaited, name="awaited"),
    path("charter/draft/", views.draft, name="draft"),
    path("charter/draft/publish/", views.publish, name="publish"),
    path("c/<slug:slug>/hand-over/name/", views.hand_over, name="hand_over"),
    path("c/<slug:slug>/hand-over/<int:number>/read/", views.acknowledge, name="acknowledge"),
]
