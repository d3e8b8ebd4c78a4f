from django.apps import AppConfig


class PopulationConfig(AppConfig):
    name = "ymach.population"
    label = "population"
