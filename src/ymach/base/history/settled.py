"""Putting the triggers of a settler on the tables it follows, from a migration (see `settling`)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.migrations import RunSQL

from ymach.base.history.statements import ROWS, trigger


@dataclass(frozen=True, slots=True)
class Followed:
    """A table, and the query that finds the ids concerned among the rows a statement changed.

    ids: one uuid a row; `{rows}` stands for the rows, old and new alike. event: the one kind of statement that matters,
    for a query which compares `old_rows` with `new_rows`; empty for all three.
    """

    table: str
    ids: str
    event: str = ""

    def queries(self) -> dict[str, str]:
        """The query of each kind of statement."""
        if self.event:
            return {self.event: self.ids}
        return {event: " UNION ".join(self.ids.format(rows=one) for one in rows) for event, rows in ROWS.items()}


def keep_settled(settler: str, *, name: str, followed: tuple[Followed, ...]) -> RunSQL:
    """A migration operation: `settler`, a database function of ids, runs for those that a change of a table concerns.

    name: of the triggers, and in the names of their functions.
    """
    places = [(one.table, event, query) for one in followed for event, query in one.queries().items()]
    forwards = "".join(_one(settler, name, table, event, query) for table, event, query in places)
    backwards = "".join(
        f"DROP TRIGGER {name}_{event.lower()} ON {table}; DROP FUNCTION {_function(name, table, event)}();\n"
        for table, event, _ in places
    )
    return RunSQL(forwards, backwards)


def _function(name: str, table: str, event: str) -> str:
    return f"ymach_{name}_{table}_{event.lower()}"


def _one(settler: str, name: str, table: str, event: str, query: str) -> str:
    function = _function(name, table, event)
    # Changed rows are few or a whole country's; either way what they belong to is found by its key.
    return f"""
CREATE FUNCTION {function}() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public SET enable_seqscan = off AS $$
BEGIN
  PERFORM ymach_settle('{settler}', ARRAY({query}));
  RETURN NULL;
END $$;
{trigger(name, event, table, f"{function}()")}"""
