from django.urls import path

from . import views

app_name = "evaluation"
urlpatterns = [
    path("c/<slug:slug>/evaluation/", views.evaluation, name="evaluation"),
    path("c/<slug:slug>/evaluation/open/", views.open, name="open"),
    path("c/<slug:slug>/evaluation/answers/", views.answers, name="answers"),
    path("c/<slug:slug>/evaluation/answers/<int:number>/", views.answer, name="answer"),
    path("c/<slug:slug>/evaluation/file/", views.file, name="file"),
    path("c/<slug:slug>/evaluation/evidence/<int:number>/", views.evidence, name="evidence"),
    path("c/<slug:slug>/projects/<int:number>/review/", views.review, name="review"),
    path("c/<slug:slug>/projects/<int:number>/review/evidence/<int:finding>/", views.proof, name="proof"),
]
