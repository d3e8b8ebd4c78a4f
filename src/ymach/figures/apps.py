from django.apps import AppConfig
from django.db.models.signals import post_migrate


class FiguresConfig(AppConfig):
    name = "ymach.figures"
    label = "figures"

    def ready(self) -> None:
        from ymach.figures.confirmation import after_migration

        post_migrate.connect(after_migration, sender=self)
