from django.apps import AppConfig
from django.conf import settings

from ymach.base import workdays


class ChangesConfig(AppConfig):
    name = "ymach.changes"
    label = "changes"

    def ready(self) -> None:
        """Read the operator's days off before the first term is counted."""
        if settings.ENVIRONMENT.holidays:
            workdays.configure(settings.ENVIRONMENT.holidays)
