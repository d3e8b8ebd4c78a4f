from django.apps import AppConfig


class RequestsConfig(AppConfig):
    name = "ymach.citizens.requests"
    label = "citizens_requests"
