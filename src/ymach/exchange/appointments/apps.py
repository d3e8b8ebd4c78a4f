from django.apps import AppConfig


class AppointmentsConfig(AppConfig):
    name = "ymach.exchange.appointments"
    label = "appointments"
