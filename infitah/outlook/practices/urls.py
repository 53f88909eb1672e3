from django.urls import path

from . import views

app_name = "practices"
urlpatterns = [
    path("practices/", views.practices, name="practices"),
    path("practices/waiting/", views.waiting, name="waiting"),
    path("practices/<int:number>/", views.practice, name="practice"),
    path("practices/<int:number>/redraft/", views.redraft, name="redraft"),
    path("practices/<int:number>/hand-in/", views.hand_in, name="hand_in"),
    path("practices/<int:number>/review/", views.review, name="review"),
    path("practices/<int:number>/ask/", views.ask, name="ask"),
    path("practices/<int:number>/withdraw/", views.withdraw, name="withdraw"),
    path("practices/<int:number>/take-up/", views.take_up, name="take_up"),
    path("practices/<int:number>/adapt/", views.adapt, name="adapt"),
    path("c/<slug:slug>/practices/", views.of_place, name="of_place"),
    path("c/<slug:slug>/practices/new/", views.share, name="share"),
    path("c/<slug:slug>/projects/<int:number>/practice/", views.begin, name="begin"),
]
