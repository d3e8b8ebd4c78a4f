"""Putting the history trigger on a table, from a migration."""

from __future__ import annotations

from django.db.migrations import RunSQL

from ymach.base.history.statements import drops, triggers


def keep_history(
    table: str,
    *,
    key: str = "id",
    subject: str = "",
    through: tuple[str, str] | None = None,
    beside: str = "",
    leave_out: tuple[str, ...] = (),
) -> RunSQL:
    """A migration operation: every change of `table` is recorded, and refused without actor and reason.

    key: the column that names the row in the history. subject: the uuid column that names the profile the row belongs
    to (`practitioner_id`, `facility_id`); without it the row is its own subject, if its key is a uuid. through: where
    the row knows its subject only by way of another table, the row's column and that table, e.g. `("licence_id",
    "practitioners_licence")`; `subject` is then a column of that table. beside: a uuid column of a second profile
    concerned (a registration belongs to the practitioner, and concerns the facility). leave_out: columns never copied
    (secrets).

    The triggers run once per statement, so that a bulk load costs one insert into the history and not one per row.
    """
    column, other = through or ("", "")
    arguments = ", ".join(f"'{argument}'" for argument in (key, subject or key, column, other, beside, *leave_out))
    forwards = triggers("keep_history", table, f"ymach_record_history({arguments})")
    # TRUNCATE would pass the triggers by.
    forwards += f"REVOKE TRUNCATE ON {table} FROM ymach_app;"
    backwards = "".join(drops("keep_history", table))
    return RunSQL(forwards, backwards)
