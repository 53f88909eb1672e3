from django.urls import path

from . import views

app_name = "indicators"
urlpatterns = [
    path("figures/", views.figures, name="figures"),
    path("figures/<str:code>/", views.indicator, name="indicator"),
    path("figures/<str:code>/list/", views.records, name="records"),
]
