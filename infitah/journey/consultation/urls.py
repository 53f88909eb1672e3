from django.urls import path

from . import views

app_name = "consultation"
urlpatterns = [
    path("c/<slug:slug>/consultation/", views.consultation, name="consultation"),
    path("c/<slug:slug>/consultation/open/", views.open_draft, name="open"),
    path("c/<slug:slug>/consultation/projects/<int:number>/", views.project, name="project"),
    path("c/<slug:slug>/consultation/opinions/", views.opinions, name="opinions"),
    path("c/<slug:slug>/consultation/opinions/enter/", views.enter, name="enter"),
    path("c/<slug:slug>/consultation/opinions/<int:number>/reply/", views.reply, name="reply"),
    path("c/<slug:slug>/versions/", views.versions, name="versions"),
    path("c/<slug:slug>/versions/<int:number>/", views.version, name="version"),
    path("c/<slug:slug>/versions/<int:number>/programme.json", views.download, name="download"),
    path("c/<slug:slug>/versions/<int:older>/<int:newer>/", views.compare, name="compare"),
]
