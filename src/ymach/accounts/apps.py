from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "ymach.accounts"
    label = "accounts"
