"""Putting the history trigger on a table, from a migration."""

from __future__ import annotations

from django.db.migrations import RunSQL

_EVENTS = {
    "INSERT": "NEW TABLE AS new_rows",
    "UPDATE": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "DELETE": "OLD TABLE AS old_rows",
}


def keep_history(table: str, *, key: str = "id", leave_out: tuple[str, ...] = ()) -> RunSQL:
    """A migration operation: every change of `table` is recorded, and refused without actor and reason.

    key: the column that names the row in the history; leave_out: columns never copied (secrets). The triggers run
    once per statement, so that a bulk load costs one insert into the history and not one per row.
    """
    arguments = ", ".join(f"'{column}'" for column in (key, *leave_out))
    forwards = "".join(
        f"CREATE TRIGGER keep_history_{event.lower()} AFTER {event} ON {table} REFERENCING {tables} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION ymach_record_history({arguments});\n"
        for event, tables in _EVENTS.items()
    )
    # TRUNCATE would pass the triggers by.
    forwards += f"REVOKE TRUNCATE ON {table} FROM ymach_app;"
    backwards = "".join(f"DROP TRIGGER keep_history_{event.lower()} ON {table};\n" for event in _EVENTS)
    return RunSQL(forwards, backwards)
