from django.apps import AppConfig


class RegistersConfig(AppConfig):
    name = "ymach.registers"
    label = "registers"
