from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "ymach.exchange"
    label = "exchange"
