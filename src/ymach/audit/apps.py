from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "ymach.audit"
    label = "audit"
