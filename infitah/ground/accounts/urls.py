from django.urls import path

from . import views

app_name = "accounts"
urlpatterns = [
    path("me/", views.me, name="me"),
    path("me/export.json", views.export, name="export"),
    path("me/erase/", views.erase, name="erase"),
    path("roles/", views.roles, name="roles"),
    path("c/<slug:slug>/people/", views.people, name="people"),
    path("people/<int:number>/revoke/", views.revoke, name="revoke"),
    path("demo/in/<str:token>/", views.demo, name="demo"),
]
