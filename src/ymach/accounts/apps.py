from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "ymach.accounts"
    label = "accounts"

    def ready(self) -> None:
        from ymach.accounts.queries import addresses
        from ymach.notices.recipients import knows_addresses

        knows_addresses(addresses)
