"""For how many days a confirmation counts: one setting, which the database is told when the schema is brought up to date.

The figures are kept by triggers, which read the number from the function `figures_confirmation_days`.
"""

from __future__ import annotations

from django.conf import settings
from django.db import connection, transaction

_RENEWED = (
    (
        "SELECT figures_refresh_practitioners(coalesce(array_agg(id), '{}')) FROM practitioners_practitioner"
        " WHERE confirmed_at IS NOT NULL"
    ),
    (
        "SELECT figures_refresh_facilities(coalesce(array_agg(id), '{}')) FROM facilities_facility"
        " WHERE confirmed_at IS NOT NULL"
    ),
)


def after_migration(**_signal: object) -> None:
    """Bring the database's number of days to the setting's."""
    keep(settings.ENVIRONMENT.confirmed_days)


def keep(days: int) -> bool:
    """Let a confirmation count for `days` and count everybody who confirmed anew; whether anything changed.

    Under the role that owns the schema alone. A database without the figures yet is left alone.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT to_regprocedure('figures_confirmation_days()') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return False
        cursor.execute("SELECT figures_confirmation_days()")
        if cursor.fetchone()[0] == days:
            return False
        cursor.execute(
            "CREATE OR REPLACE FUNCTION figures_confirmation_days() RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE"
            f" AS 'SELECT {int(days)}'"
        )
        # Nobody has changed by it: the day of the last change stays.
        cursor.execute("SELECT set_config('ymach.at', '1900-01-01T00:00:00Z', true)")
        for statement in _RENEWED:
            cursor.execute(statement)
    return True
