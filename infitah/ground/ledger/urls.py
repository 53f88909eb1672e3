from django.urls import path

from . import views

app_name = "ledger"
urlpatterns = [
    path("ledger/<int:number>/proof.json", views.proof, name="proof"),
    path("ledger/dump.jsonl", views.dump, name="dump"),
]
