from django.urls import path

from . import views

app_name = "custody"
urlpatterns = [
    path("c/<slug:slug>/ideas/<int:number>/", views.idea, name="idea"),
    path("c/<slug:slug>/projects/<int:number>/", views.project, name="project"),
    path("c/<slug:slug>/missions/<int:number>/", views.mission, name="mission"),
    # Printed without a language, /r/…/: the reader's is put before it on arrival.
    path("r/", views.find, name="find"),
    path("r/<str:receipt>/", views.receipt, name="receipt"),
]
