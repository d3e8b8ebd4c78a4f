from django.apps import AppConfig


class CitizensConfig(AppConfig):
    name = "ymach.citizens"
    label = "citizens"
