"""VNeID, as this installation reaches it."""

from __future__ import annotations

from django.conf import settings

from ymach.base.errors import NotFound
from ymach.trust.openid import Provider


def vneid() -> Provider:
    """Where people prove who they are. Raises NotFound where no VNeID is set."""
    setting = settings.ENVIRONMENT
    if not setting.vneid_url:
        raise NotFound
    return Provider(setting.vneid_url, setting.vneid_client_id, setting.vneid_client_secret.get_secret_value())
