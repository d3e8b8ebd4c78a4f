from django.apps import AppConfig


class FiguresConfig(AppConfig):
    name = "ymach.figures"
    label = "figures"
