from django.urls import URLPattern, path

from . import views

app_name = "meetings"
urlpatterns: list[URLPattern] = [
    path("c/<slug:slug>/meetings/", views.meetings, name="meetings"),
    path("c/<slug:slug>/meetings/new/", views.announce, name="announce"),
    path("c/<slug:slug>/meetings/<int:number>/hold/", views.hold, name="hold"),
    path("c/<slug:slug>/meetings.ics", views.calendar, name="calendar"),
]
