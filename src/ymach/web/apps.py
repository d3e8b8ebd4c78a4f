from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "ymach.web"
    label = "web"
