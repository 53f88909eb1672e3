from django.urls import path

from . import views

app_name = "calls"
urlpatterns = [
    path("calls/", views.calls, name="calls"),
    path("calls/new/", views.new, name="new"),
    path("calls/<int:number>/", views.call, name="call"),
    path("calls/<int:number>/edit/", views.edit, name="edit"),
    path("calls/<int:number>/publish/", views.publish, name="publish"),
    path("calls/<int:number>/apply/", views.apply, name="apply"),
    path("calls/<int:number>/apply/<str:token>/", views.application, name="application"),
    path("calls/<int:number>/apply/<str:token>/withdraw/", views.withdraw, name="withdraw"),
    path("calls/<int:number>/apply/<str:token>/erase/", views.erase, name="erase"),
    path("calls/<int:number>/apply/<str:token>/copy.json", views.copy, name="copy"),
    path("calls/<int:number>/apply/<str:token>/papers/<int:paper>/", views.own_paper, name="own_paper"),
    path("calls/<int:number>/applications/", views.applications, name="applications"),
    path("calls/<int:number>/applications/<int:pk>/", views.review, name="review"),
    path("calls/<int:number>/applications/<int:pk>/advise/", views.advise, name="advise"),
    path("calls/<int:number>/applications/<int:pk>/answer/", views.answer, name="answer"),
    path("calls/<int:number>/applications/<int:pk>/papers/<int:paper>/", views.paper, name="paper"),
]
