"""Rules of the schema, read from the live catalogue of PostgreSQL: ready for many machines, and out of reach of the
running role."""

from __future__ import annotations

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db

DISTRIBUTED = {
    "exchange_submission": "facility_id",
    "exchange_submission_content": "facility_id",
    "exchange_receipt": "facility_id",
    "exchange_amended_receipt": "facility_id",
    "exchange_cancellation": "facility_id",
    "exchange_dossier_head": "facility_id",
    "exchange_delivery": "facility_id",
    "exchange_delivery_event": "facility_id",
    "exchange_counter": "facility_id",
    "exchange_author_mention": "facility_id",
    "exchange_mention_cursor": "facility_id",
    "exchange_held_item": "facility_id",
    "exchange_held_tally": "facility_id",
    "exchange_upload": "facility_id",
    "exchange_upload_chunk": "facility_id",
    "exchange_record": "citizen_id",
    "exchange_emergency": "citizen_id",
    "exchange_prescription": "code",
    "exchange_dispensing": "code",
    "exchange_dispensed_line": "code",
    "exchange_referral": "facility_id",
    "exchange_referral_step": "facility_id",
    "exchange_appointment": "facility_id",
    "exchange_appointment_reminder": "facility_id",
    "consent_consent": "citizen_id",
    "consent_assent": "citizen_id",
    "consent_withdrawal": "citizen_id",
    "conformance_run": "facility_id",
    "conformance_try": "facility_id",
    "audit_event": "facility_id",
    "audit_head": "facility_id",
    "audit_leaf": "facility_id",
}
WHOLE = {
    *("exchange_policy", "exchange_policy_change", "exchange_mention_progress", "exchange_subscription"),
    *("exchange_reevaluation", "exchange_reevaluation_cursor"),
    *("audit_root", "audit_check"),
}
"""Small tables of the exchange that stay whole on every coordinator."""


def rows(statement: str, *parameters: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


def test_every_table_of_the_exchange_declares_its_distribution() -> None:
    tables = rows(
        "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relname ~ '^(exchange|audit|conformance|consent)_'"
    )
    assert {name for (name,) in tables} == DISTRIBUTED.keys() | WHOLE


@pytest.mark.parametrize(("table", "key"), DISTRIBUTED.items())
def test_unique_indexes_carry_the_distribution_key(table: str, key: str) -> None:
    indexes = rows(
        "SELECT i.relname, array_agg(a.attname) FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid"
        " JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = ANY(x.indkey)"
        " WHERE x.indrelid = %s::regclass AND x.indisunique GROUP BY 1",
        table,
    )
    assert indexes
    assert all(key in columns for _, columns in indexes), indexes


@pytest.mark.parametrize("table", DISTRIBUTED)
def test_distributed_tables_have_no_foreign_keys_and_no_triggers(table: str) -> None:
    keys = rows(
        "SELECT conname FROM pg_constraint WHERE contype = 'f' AND %s::regclass IN (conrelid, confrelid)", table
    )
    triggers = rows("SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal", table)
    assert (keys, triggers) == ([], [])


def test_registry_tables_keep_history() -> None:
    guarded = rows("SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE 'keep_history%%'")
    tables = rows(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relname ~ '^(facilities|practitioners|accounts)_'"
    )
    assert {name for (name,) in tables} <= {name for (name,) in guarded}


@pytest.mark.parametrize(
    "table",
    [
        *("history_entry", "audit_event", "exchange_receipt", "exchange_submission_content", "exchange_delivery_event"),
        *("exchange_amended_receipt", "exchange_cancellation", "exchange_emergency"),
        *(
            "consent_consent",
            "consent_assent",
            "consent_withdrawal",
            "citizens_proxy",
            "citizens_proxy_end",
            "citizens_paper",
        ),
    ],
)
@pytest.mark.parametrize("right", ["UPDATE", "DELETE", "TRUNCATE"])
def test_running_role_cannot_rewrite_what_happened(table: str, right: str) -> None:
    assert rows("SELECT has_table_privilege('ymach_app', %s, %s)", table, right) == [(False,)]


def test_running_role_is_no_superuser_and_owns_nothing() -> None:
    assert rows("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user") == [(False, False)]
    assert rows("SELECT current_user") == [("ymach_app",)]
    owned = (
        "SELECT relname FROM pg_class WHERE relowner = 'ymach_app'::regrole AND relnamespace = 'public'::regnamespace"
    )
    assert rows(owned) == []
