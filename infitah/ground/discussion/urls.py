from django.urls import path

from . import views

app_name = "discussion"
urlpatterns = [
    path("discussion/<str:kind>/<int:number>/", views.say, name="say"),
    path("discussion/comments/<int:number>/retract/", views.retract, name="retract"),
]
