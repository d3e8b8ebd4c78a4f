from django.apps import AppConfig


class LinksConfig(AppConfig):
    name = "ymach.citizens.links"
    label = "citizens_links"
