from django.apps import AppConfig


class PoliciesConfig(AppConfig):
    name = "ymach.exchange.policies"
    label = "policies"
