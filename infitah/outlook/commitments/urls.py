from django.urls import path

from . import views

app_name = "commitments"
urlpatterns = [
    path("c/<slug:slug>/commitments/", views.commitments, name="commitments"),
    path("c/<slug:slug>/commitments/declare/", views.declare, name="declare"),
    path("c/<slug:slug>/commitments/<int:number>/withdraw/", views.withdraw, name="withdraw"),
    path("charter/commitments/", views.network, name="network"),
    path("charter/commitments/<slug:evidence>/", views.shown, name="shown"),
]
