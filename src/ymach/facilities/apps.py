from django.apps import AppConfig


class FacilitiesConfig(AppConfig):
    name = "ymach.facilities"
    label = "facilities"

    def ready(self) -> None:
        from ymach.facilities.telling import addresses
        from ymach.notices.recipients import knows_addresses

        knows_addresses(addresses)
