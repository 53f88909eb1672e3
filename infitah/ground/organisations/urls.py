from django.urls import path

from . import views

app_name = "organisations"
urlpatterns = [
    path("c/<slug:slug>/organisations/", views.organisations, name="list"),
    path("c/<slug:slug>/organisations/new/", views.register, name="register"),
    path("organisations/<int:number>/reword/", views.reword, name="reword"),
    path("organisations/<int:number>/verify/", views.verify, name="verify"),
    path("organisations/<int:number>/withhold/", views.withhold, name="withhold"),
    path("organisations/<int:number>/speakers/", views.speakers, name="speakers"),
    path("organisations/speakers/<int:number>/accept/", views.accept, name="accept"),
    path("organisations/speakers/<int:number>/end/", views.end, name="end"),
]
