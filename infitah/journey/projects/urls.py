from django.urls import path

from . import views

app_name = "projects"
urlpatterns = [
    path("c/<slug:slug>/board/", views.board, name="board"),
    path("c/<slug:slug>/board/answer/", views.answer, name="answer"),
    path("c/<slug:slug>/board/new/", views.draft, name="draft"),
    path("c/<slug:slug>/board/<int:number>/", views.redraft, name="redraft"),
    path("c/<slug:slug>/board/<int:number>/activities/", views.plan, name="plan"),
    path("c/<slug:slug>/board/<int:number>/targets/", views.aim, name="aim"),
    path("c/<slug:slug>/board/<int:number>/drop/", views.drop, name="drop"),
    path("c/<slug:slug>/board/<int:number>/restore/", views.restore_project, name="restore"),
    path("c/<slug:slug>/board/<int:number>/ideas/<int:idea>/let-go/", views.let_go, name="let_go"),
]
