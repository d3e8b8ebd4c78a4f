from django.apps import AppConfig


class CataloguesConfig(AppConfig):
    name = "ymach.catalogues"
    label = "catalogues"
