from django.urls import URLPattern, path

from . import views

app_name = "territories"
urlpatterns: list[URLPattern] = [
    path("find/", views.find, name="find"),
]
