from django.urls import path

from . import views

app_name = "handover"
urlpatterns = [path("c/<slug:slug>/hand-over/", views.handover, name="handover")]
