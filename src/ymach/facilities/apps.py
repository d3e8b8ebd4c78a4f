from django.apps import AppConfig


class FacilitiesConfig(AppConfig):
    name = "ymach.facilities"
    label = "facilities"
