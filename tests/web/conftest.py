from pathlib import Path

import pytest
from django.conf import settings
from tests.support.browser import browser
from tests.support.site import site

__all__ = ["browser", "site"]


@pytest.fixture(autouse=True, scope="session")
def _static_root() -> None:
    """WhiteNoise warns about a folder that is missing; static files come from the finders."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
