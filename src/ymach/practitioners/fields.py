"""The column types of this package."""

from __future__ import annotations

from ymach.base.weekly_field import WeeklyScheduleField

__all__ = ["WeeklyScheduleField"]
