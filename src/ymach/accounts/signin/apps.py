from django.apps import AppConfig


class SigninConfig(AppConfig):
    name = "ymach.accounts.signin"
    label = "signin"
