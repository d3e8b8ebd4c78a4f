from django.apps import AppConfig


class PractitionersConfig(AppConfig):
    name = "ymach.practitioners"
    label = "practitioners"
