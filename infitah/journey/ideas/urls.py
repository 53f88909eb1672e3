from django.urls import path

from . import views

app_name = "ideas"
urlpatterns = [
    path("c/<slug:slug>/ideas/", views.ideas, name="list"),
    path("c/<slug:slug>/ideas/new/", views.new, name="new"),
    path("c/<slug:slug>/ideas/similar/", views.similar, name="similar"),
    path("c/<slug:slug>/ideas/inbox/", views.inbox, name="inbox"),
    path("c/<slug:slug>/ideas/waiting/", views.waiting, name="waiting"),
    path("c/<slug:slug>/ideas/enter/", views.enter, name="enter"),
    path("c/<slug:slug>/ideas/slips/", views.slips, name="slips"),
    path("c/<slug:slug>/ideas/import/", views.bring, name="import"),
    path("c/<slug:slug>/ideas/import/<int:number>/", views.batch, name="batch"),
    path("c/<slug:slug>/ideas/import/<int:number>/undo/", views.undo, name="undo"),
    path("c/<slug:slug>/ideas/<int:number>/support/", views.support, name="support"),
    path("c/<slug:slug>/ideas/<int:number>/withdraw/", views.withdraw, name="withdraw"),
    path("c/<slug:slug>/ideas/<int:number>/ungroup/", views.ungroup, name="ungroup"),
    path("c/<slug:slug>/ideas/<int:number>/propose/", views.propose, name="propose"),
    path("c/<slug:slug>/ideas/<int:number>/decide/", views.decide, name="decide"),
]
