from django.apps import AppConfig


class ConsentConfig(AppConfig):
    name = "ymach.consent"
    label = "consent"
