from django.urls import path

from . import views

app_name = "opendata"
urlpatterns = [
    path("data/", views.catalog, name="catalog"),
    path("data/<str:name>.<str:form>", views.download, name="download"),
]
