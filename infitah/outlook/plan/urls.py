from django.urls import path

from . import views

app_name = "plan"
urlpatterns = [
    path("plan/", views.plan, name="plan"),
    path("plan/history/", views.history, name="history"),
    path("plan/begin/", views.begin, name="begin"),
    path("plan/<int:number>/in-force/", views.bring_into_force, name="bring_into_force"),
    path("plan/commitments/<int:number>/amend/", views.amend, name="amend"),
    path("plan/commitments/<int:number>/review/", views.record_review, name="record_review"),
    path("plan/commitments/<int:number>/activities/<int:activity>/", views.reschedule, name="reschedule"),
]
