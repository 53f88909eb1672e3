from django.urls import path

from . import views

app_name = "adoption"
urlpatterns = [
    path("c/<slug:slug>/council/", views.council, name="council"),
    path("c/<slug:slug>/council/validate/", views.validate, name="validate"),
    path("c/<slug:slug>/council/agenda/", views.agenda, name="agenda"),
    path("c/<slug:slug>/council/<int:number>/adopt/", views.adopt, name="adopt"),
    path("c/<slug:slug>/council/<int:number>/postpone/", views.postpone, name="postpone"),
    path("c/<slug:slug>/council/<int:number>/reject/", views.reject, name="reject"),
    path("c/<slug:slug>/programme.<slug:language>.pdf", views.programme_pdf, name="programme_pdf"),
]
