from django.urls import path

from . import views

app_name = "areas"
urlpatterns = [
    path("policy-areas/", views.areas, name="areas"),
    path("policy-areas/new/", views.add, name="add"),
    path("policy-areas/<slug:key>/", views.reword, name="reword"),
    path("policy-areas/<slug:key>/retire/", views.retire, name="retire"),
    path("policy-areas/<slug:key>/restore/", views.restore, name="restore"),
]
