from django.apps import AppConfig


class HeldConfig(AppConfig):
    name = "ymach.exchange.held"
    label = "held"
