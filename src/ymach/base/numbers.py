"""Numbers in sentences, as each language writes them."""

from __future__ import annotations

from decimal import Decimal

from ymach.base.text import Text

_VIETNAMESE = {ord(","): ".", ord("."): ","}


def number_text(value: Decimal | int) -> Text:
    """A number with the separators of each language and no zeros at the end: “1.200,5” and “1,200.5”. Exact."""
    english = f"{value:,}"
    english = english.rstrip("0").rstrip(".") if "." in english else english
    return Text(english.translate(_VIETNAMESE), english)
