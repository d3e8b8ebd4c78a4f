from django.apps import AppConfig


class ConformanceConfig(AppConfig):
    name = "ymach.exchange.conformance"
    label = "conformance"
