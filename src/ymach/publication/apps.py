from django.apps import AppConfig


class PublicationConfig(AppConfig):
    name = "ymach.publication"
    label = "publication"
