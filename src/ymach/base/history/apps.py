from django.apps import AppConfig


class HistoryConfig(AppConfig):
    name = "ymach.base.history"
    label = "history"
