from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "ymach.exchange.operations"
    label = "operations"
