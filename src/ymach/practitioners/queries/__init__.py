"""Asking about practitioners. Every look-up for a person starts from `visible_to`; `profile` is everything on one day."""

from ymach.practitioners.queries.facts import (
    PastPractice,
    author_keys,
    cme_hours,
    facility_scopes,
    licence_on,
    licence_state,
    months_without_practice,
    practice_of,
    provinces_of,
    require_registered,
    responsible_province,
    stops_of,
)
from ymach.practitioners.queries.profile import PROFILE_STATEMENTS, PractitionerProfile, profile
from ymach.practitioners.queries.seeing import find_practitioner_by_licence, visible_to
from ymach.practitioners.queries.staff import StaffFilter, days_without_head, staff, technical_head, warnings_for

__all__ = [
    "PROFILE_STATEMENTS",
    "PastPractice",
    "PractitionerProfile",
    "StaffFilter",
    "author_keys",
    "cme_hours",
    "days_without_head",
    "facility_scopes",
    "find_practitioner_by_licence",
    "licence_on",
    "licence_state",
    "months_without_practice",
    "practice_of",
    "profile",
    "provinces_of",
    "require_registered",
    "responsible_province",
    "staff",
    "stops_of",
    "technical_head",
    "visible_to",
    "warnings_for",
]
