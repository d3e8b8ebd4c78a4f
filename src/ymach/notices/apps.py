from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "ymach.notices"
    label = "notices"
