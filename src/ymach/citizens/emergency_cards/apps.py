from django.apps import AppConfig


class EmergencyCardsConfig(AppConfig):
    name = "ymach.citizens.emergency_cards"
    label = "emergency_cards"
