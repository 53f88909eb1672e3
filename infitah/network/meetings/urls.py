from django.urls import URLPattern, path

from . import views

app_name = "meetings"
urlpatterns: list[URLPattern] = [
    path("c/<slug:slug>/meetings/", views.meetings, name="meetings"),
    path("c/<slug:slug>/meetings/new/", views.announce, name="announce"),
    path("c/<slug:slug>/meetings/<int:number>/hold/", views.hold, name="hold"),
    path("c/<slug:slug>/meetings.ics", views.calendar, name="calendar"),
    path("meetings/", views.network, name="network"),
    path("meetings.ics", views.feed, name="feed"),
    path("meetings/<int:number>/", views.meeting, name="meeting"),
    path("meetings/<int:number>.ics", views.invitation, name="invitation"),
    path("meetings/<int:number>/change/", views.change, name="change"),
    path("meetings/<int:number>/call-off/", views.call_off, name="call_off"),
    path("meetings/<int:number>/register/", views.register, name="register"),
    path("meetings/<int:number>/check-in/", views.desk, name="desk"),
    path("meetings/<int:number>/check-in/<str:code>/", views.check_in, name="check_in"),
    path("meetings/<int:number>/material/", views.add, name="add"),
    path("meetings/<int:number>/material/<int:material>/withdraw/", views.withdraw, name="withdraw"),
    path("meetings/<int:number>/minutes/", views.publish, name="publish"),
    path("meetings/<int:number>/minutes/<int:version>/", views.minutes, name="minutes"),
    path("meetings/registrations/<str:code>/", views.registration, name="registration"),
    path("meetings/registrations/<str:code>/cancel/", views.cancel, name="cancel"),
]
