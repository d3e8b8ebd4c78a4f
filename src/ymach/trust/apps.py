from django.apps import AppConfig


class TrustConfig(AppConfig):
    name = "ymach.trust"
    label = "trust"
