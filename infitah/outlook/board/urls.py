from django.urls import URLPattern, path

from . import views

app_name = "board"
urlpatterns: list[URLPattern] = [
    path("board/", views.board, name="board"),
    path("board/members.<slug:form>", views.export, name="export"),
    path("board/cohorts/", views.cohorts, name="cohorts"),
    path("board/silent/", views.silent, name="silent"),
    path("board/silent/<slug:slug>/called/", views.call, name="call"),
    path("board/announcements/", views.announcements, name="announcements"),
    path("board/announce/", views.announce, name="announce"),
]
