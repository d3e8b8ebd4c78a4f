from django.apps import AppConfig


class ChangesConfig(AppConfig):
    name = "ymach.changes"
    label = "changes"
