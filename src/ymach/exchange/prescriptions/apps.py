from django.apps import AppConfig


class PrescriptionsConfig(AppConfig):
    name = "ymach.exchange.prescriptions"
    label = "prescriptions"
