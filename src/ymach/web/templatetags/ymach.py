"""Template tags of the project, loaded everywhere."""

from __future__ import annotations

from django import template
from django.utils.translation import get_language

register = template.Library()


@register.simple_tag
def t(vi: str, en: str) -> str:
    """One sentence in both languages, the reader's is shown: `{% t "Biên nhận" "Receipt" %}`."""
    return en if (get_language() or "vi").startswith("en") else vi
