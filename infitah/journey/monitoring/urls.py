from django.urls import path

from . import views

app_name = "monitoring"
ACTIVITY = "c/<slug:slug>/projects/<int:number>/activities/<int:activity>/"
urlpatterns = [
    path("c/<slug:slug>/progress/", views.progress, name="progress"),
    path("c/<slug:slug>/progress/targets/<int:target>/", views.read, name="read"),
    path(ACTIVITY, views.activity, name="activity"),
    path(f"{ACTIVITY}report/", views.report, name="report"),
    path(f"{ACTIVITY}prove/", views.prove, name="prove"),
    path(f"{ACTIVITY}rate/", views.rate, name="rate"),
    path(f"{ACTIVITY}evidence/<int:evidence>/", views.evidence, name="evidence"),
]
