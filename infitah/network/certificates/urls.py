from django.urls import URLPattern, path

from . import views

app_name = "certificates"
urlpatterns: list[URLPattern] = [
    path("meetings/registrations/<str:code>/certificate/", views.certify, name="certify"),
    path("verify/", views.find, name="find"),
    path("verify/<str:code>/", views.verify, name="verify"),
]
