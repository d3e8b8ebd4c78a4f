from django.apps import AppConfig


class ReconciliationConfig(AppConfig):
    name = "ymach.exchange.reconciliation"
    label = "reconciliation"
