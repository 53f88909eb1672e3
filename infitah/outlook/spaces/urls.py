from django.urls import path

from . import views

app_name = "spaces"
urlpatterns = [
    path("c/<slug:slug>/", views.space, name="space"),
    path("c/<slug:slug>/programme/", views.programme, name="programme"),
]
