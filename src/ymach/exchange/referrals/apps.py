from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    name = "ymach.exchange.referrals"
    label = "referrals"
