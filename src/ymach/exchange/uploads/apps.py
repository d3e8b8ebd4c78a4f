from django.apps import AppConfig


class UploadsConfig(AppConfig):
    name = "ymach.exchange.uploads"
    label = "uploads"
