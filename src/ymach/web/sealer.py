"""Who seals what a page gives out as a PDF: the platform, with its own certificate."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from django.conf import settings

from ymach.base.clock import now
from ymach.exchange.platform import platform_key

if TYPE_CHECKING:
    from ymach.publication.certificates import Sealer


@lru_cache(maxsize=1)
def sealer() -> Sealer:
    """The platform as the one who seals."""
    from ymach.publication.certificates import (  # on use: the libraries of PDF take a second to load
        Sealer,
        load_or_make_certificate,
    )

    environment = settings.ENVIRONMENT
    path = environment.platform_certificate or environment.secrets_folder / "platform-certificate.pem"
    key = platform_key()
    made = load_or_make_certificate(path, key=key, is_demo=environment.demo, at=now())
    return Sealer(key, made, environment.demo)
