from django.urls import path

from . import views

app_name = "notifications"
urlpatterns = [
    path("ledger/", views.ledger, name="ledger"),
    path("notices/", views.notices, name="notices"),
    path("notices/forget/<str:token>/", views.forget, name="forget"),
    path("to/<str:kind>/<int:number>/", views.to, name="to"),
    path("notices/quiet/<str:token>/", views.quiet, name="quiet"),
    path("follow/<str:kind>/<int:number>/", views.follow, name="follow"),
]
