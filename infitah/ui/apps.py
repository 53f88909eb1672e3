"""When the house opens, what its pages are made of is there."""

from django.apps import AppConfig

from . import assets


class UiConfig(AppConfig):
    name = "infitah.ui"

    def ready(self) -> None:
        assets.build()
