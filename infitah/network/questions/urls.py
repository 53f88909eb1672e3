from django.urls import path

from . import views

app_name = "questions"
urlpatterns = [
    path("questions/", views.questions, name="questions"),
    path("questions/ask/", views.ask, name="ask"),
    path("questions/<int:number>/", views.question, name="question"),
    path("questions/<int:number>/answer/", views.answer, name="answer"),
    path("questions/<int:number>/retract/", views.retract, name="retract"),
    path("questions/<int:number>/answers/<int:answer>/accept/", views.accept, name="accept"),
    path("questions/<int:number>/answers/<int:answer>/retract/", views.retract_answer, name="retract_answer"),
]
