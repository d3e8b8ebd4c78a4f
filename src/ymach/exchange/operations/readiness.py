"""Whether this process can serve: what a load balancer and an operator ask."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from django.db import InterfaceError, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from ymach.base.errors import YmachError
from ymach.exchange.platform import platform_key


@dataclass(frozen=True, slots=True)
class Check:
    """One condition of serving. why: what is wrong, for an operator; empty when it holds."""

    name: str
    why: str = ""

    @property
    def holds(self) -> bool:
        return not self.why


def checks() -> list[Check]:
    """Database, schema and key, in this order; what rests on something that is missing is not asked."""
    found = [Check("database", _database()), Check("key", _key())]
    if found[0].holds:
        found.append(Check("migrations", _migrations()))
    return found


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (OperationalError, InterfaceError):
        connection.close()
        return "the database does not answer"
    return ""


def _migrations() -> str:
    try:
        _applied()
    except _Missing as missing:
        return str(missing)
    except (OperationalError, InterfaceError):
        connection.close()
        return "the database does not answer"
    return ""


class _Missing(Exception):
    """Part of the schema is not there yet."""


@cache
def _applied() -> bool:
    """True, and not asked again, once everything is applied: a schema only grows. Raises _Missing until then."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        told = f"{len(plan)} migrations are not applied, the first is {plan[0][0]}: run ymach migrate"
        raise _Missing(told)
    return True


def _key() -> str:
    try:
        platform_key()
    except (YmachError, OSError, ValueError) as error:
        return f"the key that signs receipts cannot be loaded: {type(error).__name__}"
    return ""
