from django.urls import path

from . import views

app_name = "moderation"
urlpatterns = [
    path("rules/", views.published_rules, name="rules"),
    path("report/<str:kind>/<int:number>/", views.report, name="report"),
    path("c/<slug:slug>/moderation/", views.desk, name="desk"),
    path("moderation/rulings/<int:number>/", views.ruling, name="ruling"),
    path("moderation/appeals/<int:number>/", views.answer_appeal, name="answer_appeal"),
    path("moderation/<str:kind>/<int:number>/", views.rule, name="rule"),
]
