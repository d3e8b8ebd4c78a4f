"""The three kinds of statements that change a table, and the rows each shows to a trigger that runs once a statement."""

from __future__ import annotations

from collections.abc import Iterator

ROWS = {"INSERT": ("new_rows",), "UPDATE": ("old_rows", "new_rows"), "DELETE": ("old_rows",)}
"""By statement: the names under which its trigger finds the rows before and after."""


def trigger(name: str, event: str, table: str, call: str) -> str:
    """SQL: after each statement `event` on `table`, `call` a trigger function. The trigger is `<name>_<event>`."""
    shown = " ".join(f"{rows.split('_')[0].upper()} TABLE AS {rows}" for rows in ROWS[event])
    return (
        f"CREATE TRIGGER {name}_{event.lower()} AFTER {event} ON {table} REFERENCING {shown} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {call};\n"
    )


def triggers(name: str, table: str, call: str) -> str:
    """SQL: the trigger for all three."""
    return "".join(trigger(name, event, table, call) for event in ROWS)


def drops(name: str, table: str) -> Iterator[str]:
    """SQL that takes the three away again."""
    return (f"DROP TRIGGER {name}_{event.lower()} ON {table};\n" for event in ROWS)
