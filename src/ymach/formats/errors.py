"""A refusal of the whole input, carrying the finding that says why."""

from __future__ import annotations

from ymach.base.refusal import Refused

__all__ = ["Refused"]
