from django.apps import AppConfig


class ProvisionalConfig(AppConfig):
    name = "ymach.citizens.provisional"
    label = "citizens_provisional"
