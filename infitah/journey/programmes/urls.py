from django.urls import path

from . import views

app_name = "programmes"
urlpatterns = [
    path("c/<slug:slug>/programme/setup/", views.setup, name="setup"),
    path("c/<slug:slug>/programme/setup/axes/", views.axes, name="axes"),
    path("c/<slug:slug>/programme/setup/phases/", views.phases, name="phases"),
    path("c/<slug:slug>/programme/setup/phases/<slug:kind>/", views.shift, name="shift"),
    path("c/<slug:slug>/programme/setup/committee/", views.committee, name="committee"),
    path("c/<slug:slug>/programme/setup/committee/seats/", views.seat, name="seat"),
    path("c/<slug:slug>/programme/setup/committee/seats/<int:number>/end/", views.unseat, name="unseat"),
    path("c/<slug:slug>/programme/setup/committee/seats/<int:number>/for/", views.represent, name="represent"),
    path("c/<slug:slug>/programme/setup/close/", views.close, name="close"),
    path("c/<slug:slug>/committee/", views.composition, name="composition"),
]
