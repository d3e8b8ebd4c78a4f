from django.apps import AppConfig


class MatchingConfig(AppConfig):
    name = "ymach.citizens.matching"
    label = "citizens_matching"
