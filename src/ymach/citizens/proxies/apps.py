from django.apps import AppConfig


class ProxiesConfig(AppConfig):
    name = "ymach.citizens.proxies"
    label = "proxies"
