from django.urls import path

from . import views

app_name = "spaces"
urlpatterns = [
    path("c/<slug:slug>/", views.space, name="space"),
    path("c/<slug:slug>/programme/", views.programme, name="programme"),
    path("c/<slug:slug>/documents/", views.documents, name="documents"),
    path("c/<slug:slug>/documents/new/", views.publish, name="publish"),
]
