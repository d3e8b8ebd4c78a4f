from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "ymach.exchange.events"
    label = "events"
