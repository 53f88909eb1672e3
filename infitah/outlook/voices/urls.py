from django.urls import path

from . import views

app_name = "voices"
urlpatterns = [path("organisations/<int:number>/", views.organisation, name="organisation")]
