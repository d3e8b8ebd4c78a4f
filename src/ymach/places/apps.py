from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "ymach.places"
    label = "places"
