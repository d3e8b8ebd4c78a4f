from django.apps import AppConfig


class ReadingConfig(AppConfig):
    name = "ymach.exchange.reading"
    label = "reading"
