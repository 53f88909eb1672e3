from django.urls import URLPattern, path

from . import views

app_name = "pool"
urlpatterns: list[URLPattern] = [
    path("pool/", views.pool, name="pool"),
    path("pool/coaches/new/", views.enrol, name="enrol"),
    path("pool/coaches/<int:number>/", views.describe, name="describe"),
    path("pool/coaches/<int:number>/leave/", views.leave, name="leave"),
    path("pool/requests/", views.requests, name="requests"),
    path("pool/requests/<int:number>/", views.propose, name="propose"),
    path("c/<slug:slug>/help/", views.ask, name="help"),
    path("c/<slug:slug>/help/<int:number>/withdraw/", views.withdraw, name="withdraw"),
    path("c/<slug:slug>/missions/<int:number>/agree/", views.agree, name="agree"),
    path("c/<slug:slug>/missions/<int:number>/decline/", views.step, {"step": views.DECLINE}, name="decline"),
    path("c/<slug:slug>/missions/<int:number>/note/", views.step, {"step": views.NOTE}, name="note"),
    path("c/<slug:slug>/missions/<int:number>/end/", views.step, {"step": views.END}, name="end"),
    path("c/<slug:slug>/missions/<int:number>/stop/", views.step, {"step": views.CUT_SHORT}, name="cut_short"),
    path("c/<slug:slug>/missions/<int:number>/word/", views.step, {"step": views.SAY}, name="say"),
]
